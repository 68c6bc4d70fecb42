//! From where a request comes, as the audit log tells it, and from which pages a browser may send it.

use reqwest::Method;
use serde_json::json;

use crate::audit::until;
use crate::support::{Answer, Process, Program};

/// What callers write who would rather be somebody else.
const SPOOFED: [(&str, &str); 20] = [
    ("x-forwarded-for", "10.1.2.3"),
    ("x-forwarded-for", "10.1.2.3, 10.4.5.6"),
    ("x-forwarded-for", "127.0.0.1, 10.1.2.3"),
    ("x-forwarded-for", "10.1.2.3:8080"),
    ("x-forwarded-for", "::ffff:10.1.2.3"),
    ("x-forwarded-for", "[2001:db8::7]"),
    ("x-forwarded-for", "unknown"),
    ("x-forwarded-for", "' OR 1=1 --"),
    ("x-forwarded-host", "10.1.2.3"),
    ("x-forwarded-server", "10.1.2.3"),
    ("x-forwarded", "for=10.1.2.3"),
    ("forwarded", "for=10.1.2.3"),
    ("forwarded-for", "10.1.2.3"),
    ("x-real-ip", "10.1.2.3"),
    ("x-client-ip", "10.1.2.3"),
    ("x-originating-ip", "10.1.2.3"),
    ("x-remote-addr", "10.1.2.3"),
    ("x-cluster-client-ip", "10.1.2.3"),
    ("true-client-ip", "10.1.2.3"),
    ("cf-connecting-ip", "10.1.2.3"),
];

const PAGE: &str = "https://congdoan.example";

/// What is not that page, or not quite.
const OTHER_PAGES: [&str; 30] = [
    "null",
    "*",
    "https://",
    "https://congdoan.example/",
    "https://congdoan.example:443",
    "https://congdoan.example:8443",
    "https://congdoan.example.",
    "https://congdoan.example.evil.example",
    "https://congdoan.example@evil.example",
    "https://congdoan.example%60.evil.example",
    "https://congdoan.example_.evil.example",
    "https://congdoan.example, https://evil.example",
    "https://congdoan.example https://evil.example",
    "https://evil.example?https://congdoan.example",
    "https://evil.example#https://congdoan.example",
    "https://evilcongdoan.example",
    "https://evil-congdoan.example",
    "https://sub.congdoan.example",
    "https://congdoanXexample",
    "https://congdoan.exampl",
    "https://congdoan.examplee",
    "https://CONGDOAN.EXAMPLE.evil.example",
    "http://congdoan.example",
    "ftp://congdoan.example",
    "file://congdoan.example",
    "chrome-extension://congdoan.example",
    "//congdoan.example",
    "congdoan.example",
    "https://127.0.0.1",
    "http://localhost",
];

fn serve(program: &Program, settings: &str) -> Process {
    let file = program.accounts_file().with_file_name("settings.toml");
    std::fs::write(&file, settings).unwrap();
    let launch = program.command("serve");
    program.start(launch.args(&["--config", &file.display().to_string()]))
}

/// Tries to sign in, each time as somebody else, and answers from where that was said to come.
async fn addresses_of(process: &Process, headers: &[(&str, &str)]) -> Vec<String> {
    let nobody = process.remote.anonymous();
    for (number, (name, value)) in headers.iter().enumerate() {
        let given = json!({"name": format!("nobody.{number}"), "password": "wrong"});
        let refused = nobody.post("/sessions", &given).header(name, value).await;
        refused.problem(401, "sign_in_refused");
    }
    let entries = until(&process.remote, "action=session.refused", headers.len()).await;
    let addresses = entries.iter().map(|entry| entry["address"].as_str());
    addresses
        .map(|address| address.unwrap().to_owned())
        .rev()
        .collect()
}

fn allowed_origin(answer: &Answer) -> Option<&str> {
    answer.header("access-control-allow-origin")
}

on_both_engines! {
    async fn nobody_says_by_a_header_that_they_come_from_elsewhere(program: Program) {
        let process = program.serve();
        assert_eq!(addresses_of(&process, &SPOOFED).await, ["127.0.0.1"; 20]);
    }

    async fn of_what_passed_a_trusted_proxy_only_its_own_word_counts(program: Program) {
        let process = serve(&program, "[server]\ntrusted_proxies = [\"127.0.0.1/32\"]\n");
        let told = addresses_of(&process, &[
            ("x-forwarded-for", "10.1.2.3"),
            ("x-forwarded-for", "192.0.2.1, 10.1.2.3"),
            ("x-forwarded-for", "192.0.2.1, 10.1.2.3, 127.0.0.1"),
            ("x-forwarded-for", "10.1.2.3, nonsense"),
            ("x-real-ip", "10.1.2.3"),
        ]).await;
        assert_eq!(told, ["10.1.2.3", "10.1.2.3", "10.1.2.3", "127.0.0.1", "127.0.0.1"]);
    }

    async fn pages_of_other_addresses_are_let_in_by_their_exact_name(program: Program) {
        let process = serve(&program, &format!("[access]\nallowed_origins = [\"{PAGE}\"]\n"));
        let asks = |origin: &str| process.remote.get("/unit_kinds?limit=1").header("origin", origin);
        let asks_first = |origin: &str| {
            let call = process.remote.anonymous().call(Method::OPTIONS, "/unit_kinds");
            call.header("origin", origin).header("access-control-request-method", "GET")
        };
        for answer in [asks(PAGE).await, asks_first(PAGE).await] {
            assert_eq!(allowed_origin(&answer), Some(PAGE));
            // The token is sent by the page itself; cookies are for the service's own pages.
            assert_eq!(answer.header("access-control-allow-credentials"), None);
        }
        for other in OTHER_PAGES {
            assert_eq!(allowed_origin(&asks(other).await), None, "{other}");
            assert_eq!(allowed_origin(&asks_first(other).await), None, "{other}, before it asks");
        }
    }

    async fn without_a_setting_no_other_page_is_let_in(program: Program) {
        let process = program.serve();
        for other in [PAGE, "null", "https://127.0.0.1"] {
            let answer = process.remote.get("/unit_kinds?limit=1").header("origin", other).await;
            assert_eq!(allowed_origin(&answer), None, "{other}");
        }
    }
}
