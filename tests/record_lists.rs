//! Records found by their words, and counted by state: within what the caller reads, on both engines alike.

use std::collections::BTreeSet;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};

use crate::activities::{activity, drafted, ids, patch, staff, stand, step};
use crate::support::{App, Remote, seed};

async fn titled(remote: &Remote, unit: &str, day: &str, title: &str, text: Option<&str>) -> i64 {
    let mut content = activity(unit, day);
    content["title"] = json!(title);
    content["text"] = json!(text);
    drafted(remote, &content).await.as_i64().unwrap()
}

async fn found(remote: &Remote, q: &str) -> Vec<i64> {
    ids(remote, &format!("/activities?q={q}")).await
}

async fn by_state(remote: &Remote, filter: &str) -> Value {
    let path = format!("/activities?limit=1&counts=by_state{filter}");
    remote.get(&path).await.ok()["by_state"].clone()
}

/// Enough of one word that it is looked for in the order of the list.
const MANY: i64 = 2_100;

/// Records beside those that are made by requests, each with the word `chung` and one in seven with `hiem`.
async fn plant(app: &App) {
    let unit = crate::support::unit_id(&mut crate::support::open(&app.url), "a");
    let superiors = ["a", "q1", "hn", "tld"]
        .map(|code| crate::support::unit_id(&mut crate::support::open(&app.url), code));
    let of = |number: i64| {
        let day = format!("2021-{:02}-{:02}", number % 12 + 1, number % 28 + 1);
        let content = activity("a", &day).to_string().replace('\'', "''");
        let words = if number % 7 == 0 {
            " chung hiem"
        } else {
            " chung"
        };
        let id = 100_000 + number;
        let overriding = if app.url.starts_with("postgres") {
            "OVERRIDING SYSTEM VALUE"
        } else {
            ""
        };
        let truth = if app.url.starts_with("postgres") {
            "TRUE"
        } else {
            "1"
        };
        let places: Vec<String> = superiors
            .iter()
            .enumerate()
            .map(|(height, above)| {
                format!("({id}, {above}, 'activity', '{day}', {truth}, {height})")
            })
            .collect();
        format!(
            "INSERT INTO records (id, version, kind, unit_id, state, number, approved_number, starts_on, ends_on, record_day, \
             title, category, status, content, recorded_by, created_at, updated_at) {overriding} VALUES \
             ({id}, 1, 'activity', {unit}, 'approved', 1, 1, '{day}', '{day}', '{day}', 'x', 'visit', 'held', '{content}', \
             'account:1', '2026-01-01 00:00:00', '2026-01-01 00:00:00'); \
             INSERT INTO record_places (record_id, ancestor_id, kind, record_day, is_then, height) VALUES {}; \
             INSERT INTO record_words (record_id, words) VALUES ({id}, '{words}');",
            places.join(", ")
        )
    };
    let mut db = crate::support::open(&app.url);
    let all: String = (0..MANY).map(of).collect();
    crate::support::sql(&mut db, &format!("BEGIN; {all} COMMIT;")).unwrap();
}

on_both_engines! {
    async fn records_are_found_by_the_beginnings_of_their_words(app: App) {
        stand(&app).await;
        let recorder = app.account("recorder", Some("q1")).await;
        let first = titled(&recorder, "a", "2020-03-05", "Hội nghị người lao động", None).await;
        let text = "LĐLĐ quận Đống Đa trao 30.000 khẩu trang.\nCảm ơn!";
        let second = titled(&recorder, "q1", "2020-03-06", "Tặng quà", Some(text)).await;
        for q in ["hoi nghi", "H%E1%BB%98I NGH%E1%BB%8A", "ho%CC%A3%CC%82i", "lao dong nguoi"] {
            assert!(found(&recorder, q).await.contains(&first), "{q}");
        }
        assert_eq!(found(&recorder, "dong da").await, [second]);
        assert_eq!(found(&recorder, "lien doan lao dong").await, [second]);
        assert_eq!(found(&recorder, "L%C4%90L%C4%90").await, [second]);
        assert_eq!(found(&recorder, "dong").await, [second, first], "newest first");
        assert_eq!(found(&recorder, "khau trang 30").await, [second]);
        assert_eq!(found(&recorder, "oi nghi").await, [0; 0]);
        // With what else the list is narrowed to.
        assert_eq!(ids(&recorder, "/activities?q=dong&unit=code:a&tree=now").await, [first]);
        assert_eq!(ids(&recorder, "/activities?q=dong&state=approved").await, [0; 0]);
        assert_eq!(ids(&recorder, "/activities?q=dong&from=2020-03-06").await, [second]);
        let elsewhere = app.account("viewer", Some("q2")).await;
        assert_eq!(found(&elsewhere, "dong").await, [0; 0]);

        patch(&recorder, &json!(first), 1, &json!({"title": "Đại hội công đoàn"})).await.ok();
        assert_eq!((found(&recorder, "hoi nghi").await, found(&recorder, "dai hoi").await), (vec![], vec![first]));
        recorder.call(Method::DELETE, &format!("/activities/{first}")).header("if-match", "\"2\"").await.is(204);
        assert_eq!(found(&recorder, "dai hoi").await, [0; 0]);
        for (q, code) in [("", "blank"), ("%E2%80%93", "blank"), (&"a".repeat(201), "too_long")] {
            let refused = recorder.get(&format!("/activities?q={q}")).await.problem(400, "parameter_invalid");
            assert_eq!(refused["errors"][0]["code"], code);
        }
    }

    async fn what_many_records_have_and_what_few_have_is_found_alike(app: App) {
        stand(&app).await;
        plant(&app).await;
        let viewer = app.account("viewer", Some("q1")).await;
        let everybody = app.admin();
        for remote in [&viewer.remote, &everybody] {
            let (many, few) = (found(remote, "chung").await, found(remote, "chu hiem").await);
            assert_eq!((many.len() as i64, few.len() as i64), (MANY, MANY.div_euclid(7)));
            let of_many: Vec<i64> = many.iter().copied().filter(|id| (id - 100_000) % 7 == 0).collect();
            assert_eq!(of_many, few, "the same, in the same order");
            let distinct: BTreeSet<_> = many.iter().collect();
            assert_eq!(distinct.len(), many.len());
            let under = ids(remote, "/activities?q=chung&unit=code:a&tree=then&from=2021-06-01&to=2021-07-01").await;
            assert_eq!(under, ids(remote, "/activities?from=2021-06-01&to=2021-07-01").await);
        }
        let counts = json!({"draft": 0, "submitted": 0, "returned": 0, "approved": 1000, "withdrawn": 0});
        assert_eq!(by_state(&viewer, "").await, counts, "as many, or more");
        assert_eq!(by_state(&viewer, "&q=hiem").await["approved"], MANY.div_euclid(7));
        assert_eq!(by_state(&app.account("viewer", Some("q2")).await.remote, "").await["approved"], 0);
    }

    async fn a_list_tells_how_many_there_are_in_each_state(app: App) {
        stand(&app).await;
        let (recorder, approver) = staff(&app, "q1", "hn").await;
        let mut made = Vec::new();
        for day in 1..=6 {
            made.push(drafted(&recorder, &activity("a", &format!("2020-03-0{day}"))).await);
        }
        for id in &made[..4] {
            step(&recorder, id, "submit", 1).await.ok();
        }
        for id in &made[..3] {
            step(&approver, id, "approve", 2).await.ok();
        }
        let counts = json!({"draft": 2, "submitted": 1, "returned": 0, "approved": 3, "withdrawn": 0});
        for remote in [&recorder.remote, &approver.remote, &app.admin()] {
            assert_eq!(by_state(remote, "").await, counts);
            // The state that the page is narrowed to is not that of the counts.
            assert_eq!(by_state(remote, "&state=draft&unit=code:q1&tree=then").await, counts);
        }
        assert_eq!(by_state(&recorder, "&from=2020-03-04").await, json!(
            {"draft": 2, "submitted": 1, "returned": 0, "approved": 0, "withdrawn": 0}));
        assert_eq!(by_state(&app.account("viewer", Some("q2")).await.remote, "").await["approved"], 0);
        assert_eq!(recorder.get("/activities").await.ok().get("by_state"), None);
    }

    async fn words_of_records_of_an_older_database_are_entered_at_the_start(program: Program) {
        let first = program.serve();
        stand_remote(&first.remote).await;
        let id = titled(&first.remote, "tld", "2020-03-05", "Hội nghị", None).await;
        first.stop();
        program.sql("DELETE FROM record_words").unwrap();
        let second = program.serve();
        assert_eq!(found(&second.remote, "hoi nghi").await, [id]);
        second.stop();
    }

    async fn whatever_is_typed_is_answered_as_a_look_at_every_record_would(app: App) {
        stand(&app).await;
        let admin = app.admin();
        let mut random = StdRng::seed_from_u64(seed());
        let words = ["hội", "hoi", "Hội-nghị", "lao", "động", "đống", "30.000", "ﬁ", "ß", "Ⅳ", "日本", "a'b", "e\"f", "LĐLĐ", "½"];
        let mut kept = Vec::new();
        for number in 0..40 {
            let title: Vec<&str> = (0..3).map(|_| *words.choose(&mut random).unwrap()).collect();
            let day = format!("2020-{:02}-{:02}", number / 28 + 1, number % 28 + 1);
            kept.push((titled(&admin, "a", &day, &title.join(" "), None).await, title.join(" ")));
        }
        let mut hits = 0;
        for _ in 0..40 {
            let typed = *words.choose(&mut random).unwrap();
            let cut = random.random_range(1..=typed.chars().count());
            let typed: String = typed.chars().take(cut).collect();
            let folded = liendoan_core::vietnamese::fold(&typed);
            if folded.is_empty() || typed == "LĐLĐ" {
                continue;
            }
            let has = |title: &str| {
                let mut title = liendoan_core::vietnamese::fold(title);
                if title.contains("ldld") {
                    title += " lien doan lao dong";
                }
                folded.split(' ').all(|word| title.split(' ').any(|other| other.starts_with(word)))
            };
            let expected: Vec<i64> = kept.iter().rev().filter(|(_, title)| has(title)).map(|(id, _)| *id).collect();
            hits += expected.len();
            let q: String = url::form_urlencoded::byte_serialize(typed.as_bytes()).collect();
            assert_eq!(found(&admin, &q).await, expected, "{typed}");
        }
        assert!(hits > 40, "hardly anything was found");
    }
}

async fn stand_remote(remote: &Remote) {
    let chart = crate::support::Chart::empty(remote).await;
    let mut root = crate::support::establish("tld", "confederation", "x");
    root.as_object_mut().unwrap().remove("parent");
    chart.open(&[root]).await;
}
