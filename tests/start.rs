//! Start and stop: what stands in the way is said in one line, and nothing under way is dropped.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use diesel::sql_types::Text;
use tempfile::TempDir;

use crate::support::{Ended, Engine, Launch, Process, Program, Remote, open, until};
use crate::unit_kinds::kind;

/// Holds a start to have failed by one line that contains these words.
#[track_caller]
fn refuses(ended: &Ended, words: &[&str]) {
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert_eq!(ended.stdout, "", "nothing is announced");
    assert!(ended.stderr.starts_with("liendoan: "), "{ended:?}");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
    for word in words {
        assert!(ended.stderr.contains(word), "{word} is missing: {ended:?}");
    }
}

fn serve(url: &str) -> Ended {
    Launch::of("serve").on(url).run()
}

#[test]
fn an_unknown_engine_is_named_without_the_password() {
    let ended = serve("mysql://liendoan:opensesame@db.example/liendoan");
    refuses(
        &ended,
        &["database.url", "mysql", "sqlite://", "postgres://"],
    );
    assert!(!ended.stderr.contains("opensesame"));
}

#[test]
fn a_server_that_does_not_answer_is_named_without_the_password() {
    // Nobody may listen on port 1 without being asked to.
    let ended = serve("postgres://liendoan:opensesame@127.0.0.1:1/liendoan");
    refuses(&ended, &["cannot reach PostgreSQL", "127.0.0.1"]);
    assert!(!ended.stderr.contains("opensesame"));
}

#[test]
fn a_wrong_password_is_said() {
    let program = Program::on_empty(Engine::Postgres);
    let mut url = url::Url::parse(program.url()).unwrap();
    url.set_password(Some("opensesame")).unwrap();
    let ended = serve(url.as_str());
    refuses(
        &ended,
        &["cannot reach PostgreSQL", "password authentication failed"],
    );
    assert!(!ended.stderr.contains("opensesame"));
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    // Not even root may make a folder there.
    refuses(
        &serve("sqlite:///proc/liendoan/test.db"),
        &["/proc/liendoan/test.db"],
    );
}

#[test]
fn a_folder_in_place_of_the_file_is_named() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().display().to_string();
    refuses(
        &serve(&format!("sqlite://{path}")),
        &["cannot use the SQLite file", &path],
    );
}

#[test]
fn a_file_that_is_no_database_stays_as_it_is() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("letter.txt");
    let letter = "Kính gửi Ban Chấp hành, ".repeat(100);
    std::fs::write(&file, &letter).unwrap();
    let ended = serve(&format!("sqlite://{}", file.display()));
    refuses(&ended, &["letter.txt", "file is not a database"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), letter);
}

#[test]
fn an_address_that_others_reach_needs_an_https_issuer() {
    let program = Program::on_empty(Engine::Sqlite);
    let everywhere = || program.command("serve").with("server.listen", "0.0.0.0:0");
    let words = ["server.listen", "0.0.0.0:0", "access.issuer", "https://"];
    refuses(&everywhere().run(), &words);
    let plain = everywhere().with("access.issuer", "http://union.example");
    refuses(&plain.run(), &words);
    let process = everywhere().with("access.issuer", "https://union.example");
    actix_web::rt::System::new().block_on(answers_and_stops(process.start()));
}

/// Holds a process to have started well.
async fn answers_and_stops(process: Process) {
    process.remote.get_root("/health/ready").await.ok();
    assert_eq!(process.stop().code, Some(0));
}

/// A file of the secret; its folder goes with the first.
fn secret_file(text: &str) -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("secret.key");
    std::fs::write(&file, text).unwrap();
    (folder, file)
}

/// With the secret of this file, and of nothing else.
fn with_secret_of(launch: Launch, file: &Path) -> Launch {
    launch
        .with("access.secret", "")
        .with("access.secret_file", file.to_str().unwrap())
}

#[test]
fn a_secret_that_is_missing_short_or_a_placeholder_is_refused() {
    let program = Program::on_empty(Engine::Sqlite);
    let folder = TempDir::new().unwrap();
    let missing = folder.path().join("secret.key");
    let ended = with_secret_of(program.command("serve"), &missing).run();
    let named = missing.to_str().unwrap();
    refuses(&ended, &["access.secret", named, "liendoan secret"]);
    for (text, why) in [
        ("", "missing"),
        ("tR7vJ2pZ9tKc4LwRb8NyGd3HsFe6UaX\n", "shorter than 32"),
        ("change-me-tR7vJ2pZ9tKc4LwRb8NyGd3HsFe6UaX", "a placeholder"),
        (&"ab".repeat(32), "guessable"),
    ] {
        let (_folder, file) = secret_file(text);
        let in_a_file = with_secret_of(program.command("serve"), &file).run();
        refuses(&in_a_file, &["secret", why]);
        assert!(text.is_empty() || !in_a_file.stderr.contains(text.trim()));
        if !text.is_empty() {
            let given = program.command("serve").with("access.secret", text).run();
            refuses(&given, &["secret", why]);
            assert!(!given.stderr.contains(text.trim()));
        }
    }
}

/// The line by which a command says that it did its work.
#[track_caller]
fn says(ended: &Ended, words: &[&str]) {
    assert_eq!(ended.code, Some(0), "{ended:?}");
    for word in words {
        assert!(ended.stdout.contains(word), "{word} is missing: {ended:?}");
    }
}

#[test]
fn a_secret_is_made_once_and_for_its_owner_alone() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("new").join("secret.key");
    let named = file.to_str().unwrap();
    let make = || with_secret_of(Launch::of("secret"), &file).run();
    says(&make(), &[named, "keep a copy"]);
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let made = std::fs::read_to_string(&file).unwrap();
    let digits = made.trim_end();
    assert!(digits.len() >= 64 && digits.bytes().all(|b| b.is_ascii_hexdigit()));

    says(&make(), &[named, "stays as it is"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), made);
    let program = Program::on_empty(Engine::Sqlite);
    let process = with_secret_of(program.command("serve"), &file).start();
    actix_web::rt::System::new().block_on(answers_and_stops(process));

    let (_folder, theirs) = secret_file("short");
    let make = with_secret_of(Launch::of("secret"), &theirs).run();
    says(&make, &["stays as it is"]);
    assert_eq!(std::fs::read_to_string(&theirs).unwrap(), "short");
}

#[test]
fn an_unknown_setting_is_named_with_its_file() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("own.toml");
    std::fs::write(&file, "[server]\nlistens = \"127.0.0.1:1\"\n").unwrap();
    let file = file.to_str().unwrap();
    let ended = Launch::of("serve").args(&["--config", file]).run();
    refuses(&ended, &["configuration", "listens"]);
}

#[test]
fn an_unknown_variable_is_named() {
    let ended = Launch::of("serve")
        .with("server.listens", "127.0.0.1:1")
        .run();
    refuses(&ended, &["configuration", "listens"]);
}

#[test]
fn a_file_of_settings_that_is_missing_is_named() {
    let ended = Launch::of("serve")
        .args(&["--config", "/nowhere/own.toml"])
        .run();
    refuses(&ended, &["configuration", "/nowhere/own.toml"]);
}

#[test]
fn a_second_process_on_one_file_is_refused_and_the_first_goes_on() {
    actix_web::rt::System::new().block_on(async {
        let program = Program::on_empty(Engine::Sqlite);
        let first = program.serve();
        refuses(&serve(program.url()), &["another process uses it"]);
        refuses(
            &program.command("migrate").run(),
            &["another process uses it"],
        );
        first
            .remote
            .post("/unit_kinds", &kind("trial"))
            .await
            .created();
    });
}

#[test]
fn the_file_is_kept_with_a_write_ahead_log() {
    #[derive(QueryableByName)]
    struct Mode {
        #[diesel(sql_type = Text)]
        journal_mode: String,
    }
    let program = Program::on_empty(Engine::Sqlite);
    assert_eq!(program.command("migrate").run().code, Some(0));
    let mode: Mode = diesel::sql_query("PRAGMA journal_mode")
        .get_result(&mut open(program.url()))
        .unwrap();
    assert_eq!(mode.journal_mode, "wal");
}

#[test]
fn what_is_shown_of_the_settings_hides_the_password() {
    let ended = Launch::of("config")
        .on("postgres://liendoan:opensesame@db.example/liendoan")
        .with(
            "database.direct_url",
            "postgres://liendoan:opensesame@other.example/liendoan",
        )
        .run();
    assert_eq!(ended.code, Some(0));
    assert!(
        ended.stdout.contains("liendoan:hidden@db.example"),
        "{ended:?}"
    );
    assert!(
        ended.stdout.contains("liendoan:hidden@other.example"),
        "{ended:?}"
    );
    assert!(!format!("{ended:?}").contains("opensesame"));
}

#[test]
fn what_is_shown_of_the_settings_hides_the_secret() {
    const TEXT: &str = "tR7vJ2pZ9tKc4LwRb8NyGd3HsFe6UaXq";
    let given = Launch::of("config").with("access.secret", TEXT).run();
    says(&given, &["secret = \"hidden\""]);
    assert!(!format!("{given:?}").contains(TEXT));
    let (_folder, file) = secret_file(TEXT);
    let in_a_file = with_secret_of(Launch::of("config"), &file).run();
    says(&in_a_file, &["secret = \"\"", file.to_str().unwrap()]);
    assert!(!format!("{in_a_file:?}").contains(TEXT));
}

/// A request whose body has not been sent to its end.
struct Unfinished {
    stream: TcpStream,
    rest: String,
}

impl Unfinished {
    fn post(remote: &Remote, body: &str) -> Self {
        let (address, authorization) = (&remote.address, remote.authorization());
        let (first, rest) = body.split_at(body.len() / 2);
        let mut stream = TcpStream::connect(address).unwrap();
        let head = format!(
            "POST /api/v1/unit_kinds HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
             {authorization}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{first}",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        let rest = rest.to_owned();
        Self { stream, rest }
    }

    fn finish(mut self) -> String {
        self.stream.write_all(self.rest.as_bytes()).unwrap();
        let mut answer = String::new();
        self.stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

on_both_engines! {
    async fn a_port_that_is_taken_is_named(program: Program) {
        let other = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = other.local_addr().unwrap().to_string();
        let taken = program.command("serve").with("server.listen", &address);
        refuses(&taken.run(), &["cannot listen", &address]);
    }

    async fn a_database_newer_than_the_program_is_left_alone(program: Program) {
        assert_eq!(program.command("migrate").run().code, Some(0));
        program
            .sql("INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000000')")
            .unwrap();
        refuses(&program.command("serve").run(), &["newer than this program", "29991231000000"]);
        refuses(&program.command("migrate").run(), &["newer than this program"]);
    }

    async fn another_secret_than_the_databases_is_refused(program: Program) {
        const OTHER: &str = "tR7vJ2pZ9tKc4LwRb8NyGd3HsFe6UaXq";
        answers_and_stops(program.serve()).await;
        let with_another = program.command("serve").with("access.secret", OTHER).run();
        refuses(&with_another, &["access.secret", "not the one that this database was made with"]);
        assert!(!with_another.stderr.contains(OTHER));
        // It has left nothing behind that would let it in the next time, or keep the right one out.
        let again = program.command("serve").with("access.secret", OTHER).run();
        refuses(&again, &["access.secret"]);
        answers_and_stops(program.serve()).await;
    }

    async fn a_second_migration_finds_nothing_to_do(program: Program) {
        let first = program.command("migrate").run();
        assert_eq!(first.code, Some(0), "{first:?}");
        assert!(!first.stdout.starts_with("0 "), "{first:?}");
        let second = program.command("migrate").run();
        assert_eq!(second.code, Some(0), "{second:?}");
        assert!(second.stdout.starts_with("0 steps applied"), "{second:?}");
    }

    async fn a_command_that_has_done_its_work_ends_in_peace(program: Program) {
        // On PostgreSQL a connection may just be opened for the sealer: cut off by the end of the process,
        // one in some hundred died of a signal.
        for _ in 0..20 {
            let ended = program.demo().run();
            assert_eq!(ended.code, Some(0), "{ended:?}");
        }
    }

    async fn started_again_it_has_kept_its_data(program: Program) {
        let first = program.serve();
        let created = first.remote.post("/unit_kinds", &kind("trial")).await.created();
        let before = first.remote.all("/unit_kinds").await;
        let end = first.remote.seeded().await as i64;
        let events = first.remote.events_to(end).await;
        assert_eq!(first.stop().code, Some(0));

        let second = program.serve();
        assert_eq!(second.remote.all("/unit_kinds").await, before);
        assert_eq!(second.remote.events_to(end).await, events);
        let path = format!("/unit_kinds/{}", created["id"]);
        assert_eq!(second.remote.get(&path).await.ok(), created);
    }

    async fn a_cursor_outlives_the_process_that_gave_it(program: Program) {
        let first = program.serve();
        let page = first.remote.get("/unit_kinds?limit=3").await.ok();
        let cursor = page["next_cursor"].as_str().unwrap();
        let next = format!("/unit_kinds?limit=3&cursor={cursor}");
        let before = first.remote.get(&next).await.ok();
        first.stop();
        assert_eq!(program.serve().remote.get(&next).await.ok(), before);
    }

    async fn asked_to_stop_it_says_so_and_finishes_what_is_under_way(program: Program) {
        let process = program.start(program.command("serve").with("server.drain_seconds", "3600"));
        let remote = process.remote.clone();
        assert!(remote.is_ready().await);
        let unfinished = Unfinished::post(&remote, &kind("trial").to_string());

        process.ask_to_stop();
        until(async || !remote.is_ready().await).await;
        let answer = remote.get_root("/health/ready").await;
        answer.problem(503, "shutting_down");
        remote.get_root("/health/live").await.ok();
        // Whoever has not noticed yet is still served.
        remote.post("/unit_kinds", &kind("late")).await.created();

        // Asked twice: at once.
        process.ask_to_stop();
        until(async || TcpStream::connect(&remote.address).is_err()).await;
        let answer = unfinished.finish();
        assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
        assert_eq!(process.wait().code, Some(0));
    }
}
