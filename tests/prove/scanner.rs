//! ClamAV itself, asked about each file.

use reqwest::Method;
use serde_json::json;

use crate::support::tell;

/// EICAR's test file, which is harmless and which every scanner finds; in two halves, or it would be found here.
const TEST_FILE: [&str; 2] = [
    "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-",
    "ANTIVIRUS-TEST-FILE!$H+H*",
];

on_both_engines! {
    #[ignore = "needs ClamAV: make prove"]
    async fn clamav_finds_the_test_file_and_lets_others_pass(program: Program) {
        let scanner = std::env::var("TEST_CLAMD")
            .expect("this test needs ClamAV: run it by `make prove`, or by scripts/with-clamd.sh cargo test");
        let process = program.start(program.command("serve").with("files.scanner", &scanner));
        let remote = &process.remote;
        let paper = remote.post("/documents", &json!({"number": "1/QĐ"})).await.created();
        let send = |content: String| {
            let call = remote.call(Method::PUT, &format!("/documents/{}/file?name=a.txt", paper["id"]));
            call.header("if-match", "\"1\"").header("content-type", "text/plain").body(content.into_bytes())
        };
        let answer = send(TEST_FILE.concat()).await.problem(422, "file_infected");
        let found = answer["params"]["found"].as_str().unwrap();
        assert!(found.starts_with("Eicar"), "{found}");
        send("Danh sách".repeat(100_000)).await.ok();
        tell(&format!("ClamAV, {:?}: found {found}, let 1 MB of text pass", program.engine));
    }
}
