//! How many statements it takes to write of a record: each is a way to the database and back, and the writer of
//! SQLite does nothing else meanwhile.

use liendoan_plans::Overheard;

use crate::activities::{activity, staff, stand, step};
use crate::support::{App, Call, Engine, run};

/// What the sealer says, which goes on beside: the tables that it alone writes, and where it takes from.
const SEALER: [&str; 7] = [
    " sealer",
    " topics",
    " events",
    " audit_entries",
    " audit_units",
    "FROM unsealed_",
    "FROM figure_changes",
];

/// How transactions begin and end, which the engines word differently.
const FRAME: [&str; 6] = [
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SAVEPOINT",
    "RELEASE",
    "SET TRANSACTION",
];

/// The statements of one request, each as often as it was sent.
fn of_request(overheard: Overheard) -> Vec<String> {
    let mut all = Vec::new();
    for (statement, heard) in overheard {
        let plain = statement.replace(['"', '`'], "");
        let is_frame = FRAME.iter().any(|word| plain.starts_with(word));
        let is_sealer = SEALER.iter().any(|word| plain.contains(word));
        if !is_frame && !is_sealer {
            all.extend(std::iter::repeat_n(plain, heard.times));
        }
    }
    all
}

/// The statements of one request, where they are more than so many.
async fn beyond(app: &App, call: Call, status: u16, most: usize) -> Option<String> {
    liendoan_plans::start(&app.url);
    call.await.is(status);
    let sent = of_request(liendoan_plans::stop(&app.url));
    let number = sent.len();
    (number > most).then(|| format!("{number}, not {most}:\n{}\n", sent.join("\n")))
}

/// Each by as many statements at most; PostgreSQL takes locks beside them.
async fn few_statements_are_sent(app: App, engine: Engine) {
    stand(&app).await;
    let (recorder, approver) = staff(&app, "a", "q1").await;
    let most = |of_sqlite: usize, locks: usize| match engine {
        Engine::Sqlite => of_sqlite,
        Engine::Postgres => of_sqlite + locks,
    };
    let create = || recorder.post("/activities", &activity("a", "2020-03-05"));
    // Who asks is known from now on.
    create().await.created();
    approver.get("/inbox").await.ok();
    let created = beyond(&app, create(), 201, most(15, 2)).await;
    let id = create().await.created()["id"].clone();
    let submit = step(&recorder, &id, "submit", 1);
    let submitted = beyond(&app, submit, 200, most(12, 3)).await;
    let approve = step(&approver, &id, "approve", 2);
    let approved = beyond(&app, approve, 200, most(20, 2)).await;
    let too_many: Vec<String> = [created, submitted, approved]
        .into_iter()
        .flatten()
        .collect();
    assert!(too_many.is_empty(), "{}", too_many.join("\n"));
}

fn over(engine: Engine) {
    // Before the application opens its connections.
    liendoan_plans::attend().unwrap();
    run(engine, |app| few_statements_are_sent(app, engine));
}

mod a_record_is_written_by_few_statements {
    use super::{Engine, over};

    #[test]
    fn sqlite() {
        over(Engine::Sqlite);
    }

    #[test]
    fn postgres() {
        over(Engine::Postgres);
    }
}
