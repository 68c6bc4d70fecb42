//! How the databases find what lists of records show: by an index, never by reading a whole table. The statements
//! are the service's own, overheard while it is asked for every list in every way.

use liendoan_plans::records::{GROWING, lists};
use serde_json::json;

use crate::kinds::{KINDS, planned};
use crate::support::{App, Chart, Engine, Remote, establish, open, run, sql};

/// Tables that grow beside those of records.
const BESIDE: [&str; 6] = [
    "partners",
    "partner_names",
    "partner_words",
    "period_locks",
    "period_lock_exceptions",
    "saved_filters",
];

const DISTRICTS: usize = 20;
const UNIONS: usize = 2_000;
/// Of each kind.
const RECORDS: usize = 4_000;

/// A city of 20 districts with 100 unions each.
async fn stand(app: &App) {
    let mut root = establish("tld", "confederation", "x");
    root.as_object_mut().unwrap().remove("parent");
    let mut lines = vec![root, establish("hn", "provincial_federation", "tld")];
    let district = |number| establish(&format!("d{number}"), "district_federation", "hn");
    lines.extend((0..DISTRICTS).map(district));
    let union = |number| {
        let district = format!("d{}", number % DISTRICTS);
        establish(&format!("u{number}"), "grassroots_union", &district)
    };
    lines.extend((0..UNIONS).map(union));
    Chart::empty(app).await.open(&lines).await;
}

/// What one record of each kind, one partner, one lock and one filter become when there are many of them.
const MANY: &str = "\
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {records})
INSERT INTO records (version, kind, unit_id, state, number, approved_number, starts_on, ends_on, record_day, title,
  category, status, content, recorded_by, submitted_by, submitted_at, created_at, updated_at, due_on, likeness)
SELECT 1, t.kind, (SELECT MAX(id) FROM units) - n.i % {unions},
  CASE n.i % 19 WHEN 0 THEN 'draft' WHEN 1 THEN 'submitted' WHEN 2 THEN 'returned' WHEN 3 THEN 'withdrawn' ELSE 'approved' END,
  1, CASE WHEN n.i % 19 < 3 THEN 0 ELSE 1 END, {day}, {day}, {day}, t.title, t.category, t.status, t.content, t.recorded_by,
  t.recorded_by, CASE n.i % 19 WHEN 1 THEN t.created_at END, t.created_at, t.updated_at,
  CASE WHEN t.kind IN ('agreement', 'inspection') AND n.i % 3 <> 0 THEN {day} END, t.likeness || (n.i % 1000)
FROM records t CROSS JOIN n ORDER BY n.i, t.id;

WITH RECURSIVE up(unit_id, above_id, height) AS (
  SELECT id, id, 0 FROM units UNION ALL
  SELECT up.unit_id, s.parent_id, up.height + 1 FROM up JOIN unit_states s ON s.unit_id = up.above_id
  WHERE s.parent_id IS NOT NULL)
INSERT INTO record_places (record_id, ancestor_id, kind, record_day, is_then, height)
SELECT r.id, up.above_id, r.kind, r.record_day, TRUE, up.height FROM records r JOIN up ON up.unit_id = r.unit_id
WHERE r.id > {made};

INSERT INTO record_words (record_id, words)
SELECT r.id, CASE r.id % 700 WHEN 0 THEN ' chung hiem' ELSE ' chung' END FROM records r WHERE r.id > {made};
INSERT INTO record_mentions (record_id, subject, subject_id)
SELECT r.id, 'partner', 1 + r.id % 2000 FROM records r WHERE r.id > {made} UNION ALL
SELECT r.id, 'campaign', 1 + r.id % 2000 FROM records r WHERE r.id > {made} UNION ALL
SELECT r.id, 'unit', r.unit_id FROM records r WHERE r.id > {made} UNION ALL
SELECT r.id, 'replaced', r.id - 5 FROM records r WHERE r.id > {made} AND r.id % 50 = 0;
INSERT INTO record_links (from_id, to_id, kind)
SELECT r.id, r.id - 1, 'follows' FROM records r WHERE r.id > {made};
INSERT INTO record_steps (record_id, number, action, state, done_by, done_at)
SELECT r.id, 1, 'submit', 'submitted', r.recorded_by, r.created_at FROM records r WHERE r.id > {made};
INSERT INTO record_versions (record_id, number, content, recorded_by, approved_by, approved_at)
SELECT r.id, 1, r.content, r.recorded_by, r.recorded_by, r.created_at FROM records r
WHERE r.id > {made} AND r.approved_number = 1;
INSERT INTO record_people (record_id, number, person)
SELECT r.id, 1, '{}' FROM records r WHERE r.id > {made} AND r.kind = 'award' AND r.id % 2 = 0;

INSERT INTO partners (version, name, aliases, kind, created_at, updated_at)
SELECT 1, p.name || ' ' || u.id, p.aliases, p.kind, p.created_at, p.updated_at FROM partners p CROSS JOIN units u;
INSERT INTO partner_names (partner_id, name_key) SELECT p.id, 'quan uy ' || p.id FROM partners p;
INSERT INTO partner_words (partner_id, word) SELECT p.id, 'w' || p.id FROM partners p;
INSERT INTO period_locks (version, unit_id, period, starts_on, ends_on, valid_to, reason, locked_by, created_at, updated_at)
SELECT 1, u.id, l.period, l.starts_on, l.ends_on, l.valid_to, l.reason, l.locked_by, l.created_at, l.updated_at
FROM period_locks l CROSS JOIN units u;
INSERT INTO period_lock_exceptions (lock_id, unit_id, valid_to, reason)
SELECT l.id, l.unit_id, l.valid_to, l.reason FROM period_locks l;
INSERT INTO accounts (version, name, state, second_factor_on, second_factor_step, created_at, updated_at)
SELECT 1, 'crowd.' || u.id, a.state, a.second_factor_on, a.second_factor_step, a.created_at, a.updated_at
FROM (SELECT * FROM accounts ORDER BY id LIMIT 1) a CROSS JOIN units u;
INSERT INTO saved_filters (version, account_id, name, list, parameters, created_at, updated_at)
SELECT 1, a.id, f.name, f.list, f.parameters, f.created_at, f.updated_at FROM saved_filters f CROSS JOIN accounts a
WHERE a.name LIKE 'crowd.%';";

/// Makes one of each by requests and then many behind the program's back; answers how many records were made.
async fn fill(app: &App, engine: Engine) -> usize {
    for kind in KINDS {
        let content = planned(kind, "u0", "2023-01-01");
        app.post(&format!("/{kind}"), &content).await.created();
    }
    let partner = json!({"name": "Quận ủy", "kind": "state_body"});
    app.post("/partners", &partner).await.created();
    let lock = json!({"unit": "d0", "period": "2019", "reason": "Đã chốt số liệu"});
    app.post("/period_locks", &lock).await.created();
    let filter = json!({"name": "Nháp", "list": "activities", "parameters": {"state": "draft"}});
    app.post("/account/filters", &filter).await.created();
    let day = match engine {
        Engine::Sqlite => "date(t.record_day, '+' || (n.i % 1000) || ' days')",
        Engine::Postgres => "t.record_day + n.i % 1000",
    };
    let many = [
        ("{records}", RECORDS.to_string()),
        ("{unions}", UNIONS.to_string()),
        ("{made}", KINDS.len().to_string()),
        ("{day}", day.to_owned()),
    ];
    let many = many.iter().fold(MANY.to_owned(), |text, (name, value)| {
        text.replace(name, value)
    });
    let mut db = open(&app.url);
    // Of the form that lists are narrowed to, as most returns are.
    sql(
        &mut db,
        "UPDATE records SET category = 'hdcd_1' WHERE kind = 'return'",
    )
    .unwrap();
    sql(&mut db, &format!("BEGIN; {many} COMMIT;")).unwrap();
    if engine == Engine::Postgres {
        // What it does by itself after a while; the service never lets SQLite do it.
        sql(&mut db, "VACUUM ANALYZE").unwrap();
    }
    KINDS.len() * (RECORDS + 1)
}

/// Asks for the first page of a list, and for the second.
async fn ask(remote: &Remote, path: &str) {
    let page = remote.get(path).await.ok();
    if let Some(cursor) = page["next_cursor"].as_str() {
        let joint = if path.contains('?') { '&' } else { '?' };
        remote
            .get(&format!("{path}{joint}cursor={cursor}"))
            .await
            .ok();
    }
}

/// Every list of records, and what belongs to one of them.
async fn ask_for_all(remote: &Remote, record: usize) {
    for list in lists("tld", "d1", "u7") {
        ask(remote, &list).await;
    }
    for path in [
        "/inbox",
        "/partners?",
        "/partners?name=quan+uy+7",
        "/partners?name=w7&kind=state_body",
        "/partners/7",
        "/period_locks?",
        "/period_locks?unit=code:d1",
        "/account/filters",
    ] {
        ask(remote, path).await;
    }
    for part in ["steps", "versions", "links", "likely_duplicates"] {
        ask(remote, &format!("/records/{record}/{part}?limit=1")).await;
    }
    let hash = "0".repeat(64);
    let file = remote.get(&format!("/records/{record}/attachments/{hash}"));
    file.await.problem(404, "not_found");
}

async fn no_table_is_read_whole(app: App, engine: Engine) {
    stand(&app).await;
    let records = fill(&app, engine).await;
    liendoan_plans::start(&app.url);
    let district = app.account("approver", Some("d1")).await;
    let city = app.account("administrator", Some("hn")).await;
    // One that was approved, under the district.
    let path = "/activities?unit=code:d1&state=approved&limit=1";
    let approved = app.get(path).await.ok()["items"][0]["id"].clone();
    let record = approved.as_u64().unwrap() as usize;
    assert!(record <= records);
    for remote in [app.admin(), district.remote, city.remote] {
        ask_for_all(&remote, record).await;
    }
    let overheard = liendoan_plans::stop(&app.url);
    let mut db = open(&app.url);
    if engine == Engine::Postgres {
        // Else it reads these tables whole because they are small; what is left is what no index helps.
        sql(&mut db, "SET enable_seqscan = off").unwrap();
    }
    let large = [&GROWING[..], &BESIDE[..]].concat();
    let plans = liendoan_plans::explain(&mut db, &overheard, &large).unwrap();
    for table in large {
        let is_read = |plan: &liendoan_plans::Plan| plan.statement.contains(table);
        assert!(
            plans.iter().any(is_read),
            "nothing was overheard of {table}"
        );
    }
    let bad = plans.iter().filter(|plan| plan.scans);
    let bad: Vec<String> = bad
        .map(|plan| format!("{}\n  {}", plan.statement, plan.lines.join("\n  ")))
        .collect();
    let (found, all) = (bad.len(), plans.len());
    assert!(bad.is_empty(), "{found} of {all}:\n{}", bad.join("\n\n"));
}

fn over(engine: Engine) {
    // Before the application opens its connections.
    liendoan_plans::attend().unwrap();
    run(engine, |app| no_table_is_read_whole(app, engine));
}

mod no_list_of_records_reads_a_whole_table {
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
