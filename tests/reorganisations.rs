//! Decisions among others: at the same time, ahead of their day, told of, said again.

use std::future::IntoFuture;

use futures_util::future::join_all;
use liendoan::tree::reorganisations::announce::announce_due;
use serde_json::{Value, json};

use crate::support::{App, Chart, decision, end_into, establish, rename, transfer};

async fn stand(app: &App) -> Chart {
    let chart = Chart::empty(app).await;
    let mut root = establish("tld", "confederation", "x");
    root.as_object_mut().unwrap().remove("parent");
    let mut lines = vec![
        root,
        establish("hn", "provincial_federation", "tld"),
        establish("q1", "district_federation", "hn"),
        establish("q2", "district_federation", "hn"),
    ];
    for n in 0..40 {
        lines.push(establish(&format!("u{n}"), "grassroots_union", "q1"));
    }
    chart.open(&lines).await;
    chart
}

on_both_engines! {
    async fn a_planned_decision_is_told_of_twice(app: App) {
        let start = app.feed_end().await;
        let chart = stand(&app).await;
        let id = chart.decide("2026-03-01", &[transfer("u1", "hn")]).await;
        assert_eq!(app.get(&format!("/reorganisations/{id}")).await.ok()["state"], "planned");
        assert_eq!(chart.parent("u1", "2026-01-15").await, "q1");
        assert_eq!(chart.parent("u1", "2026-03-01").await, "hn");
        assert_eq!(announce_due(&app.store).await.unwrap(), 0);

        // 17:00 in London is midnight in Vietnam.
        app.clock.set("2026-02-28T17:00:00Z".parse().unwrap());
        assert_eq!(announce_due(&app.store).await.unwrap(), 1);
        assert_eq!(announce_due(&app.store).await.unwrap(), 0);
        assert_eq!(app.get(&format!("/reorganisations/{id}")).await.ok()["state"], "in_effect");
        let unit = app.get("/units/code:u1").await.ok();
        assert_eq!(unit["parent"]["code"], "hn");

        // A document, an opening, the plan, and its day.
        let events = app.events(start, 4).await;
        let types: Vec<&str> = events.iter().map(|event| event["type"].as_str().unwrap()).collect();
        assert_eq!(
            types,
            [
                "document.created",
                "reorganisation.recorded",
                "reorganisation.recorded",
                "reorganisation.took_effect"
            ]
        );
        assert_eq!(events[3]["id"], id);
    }

    async fn a_plan_that_was_called_off_is_not_told_of_on_its_day(app: App) {
        let chart = stand(&app).await;
        let id = chart.decide("2026-03-01", &[transfer("u1", "hn")]).await;
        chart.annul(id).await;
        app.clock.set("2026-03-01T05:00:00Z".parse().unwrap());
        assert_eq!(announce_due(&app.store).await.unwrap(), 0);
        assert_eq!(chart.parent("u1", "2026-03-01").await, "q1");
    }

    async fn of_two_that_move_a_unit_at_once_one_sees_the_other(app: App) {
        let chart = stand(&app).await;
        let decisions: Vec<Value> = ["hn", "q2"]
            .iter()
            .map(|to| decision(Some("2024-01-01"), &[transfer("u1", to)]))
            .collect();
        let mut seen = Vec::new();
        for one in &decisions {
            let preview = chart.preview(one).await.ok();
            seen.push(format!("fingerprint={}", preview["fingerprint"].as_str().unwrap()));
        }
        let asked = decisions.iter().zip(&seen).map(|(one, seen)| chart.ask(seen, one));
        let mut statuses: Vec<u16> = join_all(asked).await.iter().map(|a| a.status.as_u16()).collect();
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 412]);
    }

    async fn those_that_touch_different_units_all_succeed_at_once(app: App) {
        let chart = stand(&app).await;
        let start = revision(&app).await;
        let mut asked = Vec::new();
        for n in 0..12 {
            let one = decision(Some("2024-01-01"), &[rename(&format!("u{n}"), "Tên mới")]);
            let preview = chart.preview(&one).await.ok();
            asked.push((format!("fingerprint={}", preview["fingerprint"].as_str().unwrap()), one));
        }
        for answer in join_all(asked.iter().map(|(seen, one)| chart.ask(seen, one))).await {
            answer.created();
        }
        assert_eq!(revision(&app).await, start + 12);
        let listed = app.all("/reorganisations?from=2024-01-01&to=2024-01-02").await;
        let mut places: Vec<i64> = listed.iter().map(|one| one["day_seq"].as_i64().unwrap()).collect();
        places.sort_unstable();
        assert_eq!(places, (1..=12).collect::<Vec<i64>>());
    }

    async fn readers_never_see_half_of_a_decision(app: App) {
        let chart = stand(&app).await;
        let one = decision(Some("2025-07-01"), &[end_into("q1", "hn")]);
        let preview = chart.preview(&one).await.ok();
        let seen = format!("fingerprint={}", preview["fingerprint"].as_str().unwrap());
        let commit = async { chart.ask(&seen, &one).await.created() };
        let reads = async {
            let mut counts = Vec::new();
            for _ in 0..30 {
                let page = app.get("/units/code:hn/subtree?as_of=2025-07-01&limit=200").await.ok();
                let items = page["items"].as_array().unwrap();
                let under = |code: &str| items.iter().filter(|i| i["parent"]["code"] == code).count();
                counts.push((under("q1"), under("hn")));
            }
            counts
        };
        let (_, counts) = futures_util::future::join(commit, reads).await;
        for count in &counts {
            assert!([(40, 2), (0, 41)].contains(count), "{count:?}");
        }
        let page = app.get("/units/code:hn/children?as_of=2025-07-01&limit=1").into_future().await;
        assert_eq!(page.ok()["child_count"], 41);
    }

    async fn what_a_decision_moves_below_a_unit_ends_with_it(app: App) {
        let chart = stand(&app).await;
        chart.open(&[establish("s0", "section", "u0"), establish("s1", "section", "u1")]).await;
        let lines = [
            transfer("u0", "q2"),
            json!({"op": "merge", "units": ["q1"], "into": "q2"}),
            json!({"op": "end", "unit": "q2", "subtree": true}),
        ];
        chart.decide("2024-03-01", &lines).await;
        let living = app.all("/units?as_of=2024-03-01").await;
        let living: Vec<&str> = living.iter().map(|unit| unit["code"].as_str().unwrap()).collect();
        assert_eq!(living, ["tld", "hn"]);
    }

    async fn a_decision_sent_twice_is_recorded_once(app: App) {
        let chart = stand(&app).await;
        let mut one = decision(Some("2024-01-01"), &[rename("u1", "Tên mới")]);
        let preview = chart.preview(&one).await.ok();
        one["document_id"] = json!(1);
        let path = format!("/reorganisations?fingerprint={}", preview["fingerprint"].as_str().unwrap());
        let first = app.post(&path, &one).key("once").await;
        let again = app.post(&path, &one).key("once").await;
        assert_eq!(first.created(), again.created());
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(again.header("tree-revision"), first.header("tree-revision"));
        app.post(&path, &one).await.problem(400, "idempotency_key_required");
    }

    async fn a_correction_keeps_what_was_said_before(app: App) {
        let chart = stand(&app).await;
        let id = chart.decide("2024-01-01", &[rename("u1", "Ten sai")]).await;
        chart.correct(id, &decision(Some("2024-02-01"), &[rename("u1", "Tên đúng")])).await;
        assert_eq!(chart.name("u1", "2024-01-31").await, "Đơn vị u1");
        assert_eq!(chart.name("u1", "2024-02-01").await, "Tên đúng");
        let kept = app.get(&format!("/reorganisations/{id}/versions")).await.ok();
        assert_eq!(kept["items"].as_array().unwrap().len(), 1);
        assert_eq!(kept["items"][0]["content"]["lines"][0]["name"], "Ten sai");
        assert_eq!(kept["items"][0]["content"]["effective_on"], "2024-01-01");
        let now = app.get(&format!("/reorganisations/{id}")).await.ok();
        assert_eq!((&now["version"], &now["effective_on"]), (&json!(2), &json!("2024-02-01")));
    }

    async fn what_a_preview_tells_beside_rows(app: App) {
        let chart = stand(&app).await;
        let one = decision(Some("2025-01-01"), &[rename("u1", "Đơn vị u2"), end_into("q1", "q2")]);
        let preview = chart.preview(&one).await.ok();
        assert_eq!(preview["units_total"], 41);
        assert_eq!(preview["warnings"][0], json!({"code": "same_name_as_sibling", "unit": "u2", "other": "u1"}));
        let merge = json!({"op": "merge", "units": ["q1"], "into": "q2"});
        let preview = chart.preview(&decision(Some("2025-01-01"), &[merge])).await.ok();
        assert_eq!(
            preview["links"]["added"],
            json!([{"unit": "q1", "other": "q2", "kind": "successor", "on": "2025-01-01"}])
        );
        chart.decide("2021-01-01", &[establish("s1", "section", "u3"), establish("s2", "section", "s1")]).await;
        let moved = chart.preview(&decision(Some("2025-01-01"), &[transfer("u3", "q2")])).await.ok();
        assert_eq!((&moved["units_total"], &moved["carried_along"]), (&json!(1), &json!(2)));
    }

    async fn a_name_typed_on_a_mac_is_stored_composed(app: App) {
        let chart = stand(&app).await;
        chart.decide("2024-01-01", &[rename("u1", "Lie\u{302}n \u{111}oa\u{300}n")]).await;
        assert_eq!(chart.name("u1", "2024-01-01").await, "Liên đoàn");
    }
}

async fn revision(app: &App) -> i64 {
    let read = app.get("/units?limit=1").await;
    read.header("tree-revision").unwrap().parse().unwrap()
}
