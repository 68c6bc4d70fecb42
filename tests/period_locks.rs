//! Closed periods: what lies in them stays as it is, but for those who are let in for a time.

use reqwest::Method;
use serde_json::{Value, json};

use crate::activities::{activity, allowed, drafted, ids, patch, staff, stand, step, step_because};
use crate::support::{Answer, Remote, establish, transfer};

fn lock(unit: &str, period: &str) -> Value {
    json!({"unit": unit, "period": period, "reason": "Đã chốt số liệu"})
}

async fn change(remote: &Remote, id: &Value, version: i64, body: &Value) -> Answer {
    let call = remote.call(Method::PATCH, &format!("/period_locks/{id}"));
    let call = call.header("if-match", &format!("\"{version}\""));
    let call = call.header("content-type", "application/merge-patch+json");
    call.body(body.to_string()).await
}

async fn reopen(remote: &Remote, id: &Value, version: i64) -> Answer {
    let call = remote.call(Method::POST, &format!("/period_locks/{id}:reopen"));
    let call = call.header("if-match", &format!("\"{version}\""));
    call.json(&json!({"reason": "Thống kê lại"})).await
}

async fn actions(remote: &Remote, id: &Value) -> Vec<String> {
    let shown = remote.get(&format!("/activities/{id}")).await.ok();
    allowed(&shown).into_iter().map(str::to_owned).collect()
}

on_both_engines! {
    async fn nothing_that_counts_changes_in_a_closed_period(app: App) {
        stand(&app).await;
        let (recorder, approver) = staff(&app, "a", "q1").await;
        let mut made = Vec::new();
        for _ in 0..3 {
            made.push(drafted(&recorder, &activity("a", "2020-03-05")).await);
        }
        let [draft, waiting, approved] = &made[..] else { unreachable!() };
        for id in [waiting, approved] {
            step(&recorder, id, "submit", 1).await.ok();
        }
        step(&approver, approved, "approve", 2).await.ok();
        let closed = approver.post("/period_locks", &lock("q1", "2020-Q1")).await.created();

        let told = json!({
            "lock_id": closed["id"], "unit": "q1", "period": "2020-Q1", "until": null,
            "locked_by": format!("account:{}", approver.id)
        });
        let refused = step(&recorder, draft, "submit", 1).await.problem(409, "period_locked");
        assert_eq!(refused["params"], told);
        step(&approver, waiting, "approve", 2).await.problem(409, "period_locked");
        step_because(&recorder, approved, "correct", 3, "Sai").await.problem(409, "period_locked");
        step_because(&approver, approved, "withdraw", 3, "Trùng").await.problem(409, "period_locked");
        let item = json!({"id": waiting, "version": 2, "action": "approve"});
        let batch = approver.post("/records:batch", &json!({"items": [item]})).key("k").await.is(207);
        assert_eq!(batch["items"][0]["problem"]["code"], "period_locked");

        assert_eq!(actions(&recorder, draft).await, ["edit", "delete"]);
        assert_eq!(actions(&approver, waiting).await, ["return"]);
        assert_eq!(actions(&recorder, approved).await, [""; 0]);
        assert_eq!(allowed(&recorder.all("/activities").await[2]), ["edit", "delete"]);
        // What does not count can be worked on still.
        patch(&recorder, draft, 1, &json!({"women": 5})).await.ok();
        step_because(&approver, waiting, "return", 2, "Sửa lại").await.ok();

        reopen(&approver, &closed["id"], 1).await.ok();
        assert_eq!(actions(&recorder, draft).await, ["edit", "delete", "submit"]);
        step(&recorder, draft, "submit", 2).await.ok();
    }

    async fn a_lock_keeps_what_lies_in_its_period_under_its_unit_and_nothing_else(app: App) {
        stand(&app).await;
        let admin = app.admin();
        admin.post("/period_locks", &lock("q1", "2020")).await.created();
        let is_kept = async |unit: &str, period: &str| {
            let id = drafted(&admin, &activity(unit, period)).await;
            step(&admin, &id, "submit", 1).await.status == 409
        };
        assert!(is_kept("a", "2020-01-01").await && is_kept("a", "2020-12-31").await);
        // Its day is the last of its period.
        assert!(is_kept("a", "2020").await && !is_kept("a", "2020/2021").await);
        assert!(is_kept("q1", "2020-05").await, "its own too");
        assert!(!is_kept("a", "2021-01-01").await && !is_kept("a", "2019-12-31").await);
        assert!(!is_kept("b", "2020-05-05").await && !is_kept("hn", "2020-05-05").await);
    }

    async fn whoever_counted_it_then_and_whoever_counts_it_now_may_close_it(app: App) {
        let chart = stand(&app).await;
        let admin = app.admin();
        let id = drafted(&admin, &activity("a", "2020-03-05")).await;
        chart.decide("2022-01-01", &[transfer("a", "q2")]).await;
        for unit in ["q1", "q2"] {
            let closed = admin.post("/period_locks", &lock(unit, "2020")).await.created();
            step(&admin, &id, "submit", 1).await.problem(409, "period_locked");
            reopen(&admin, &closed["id"], 1).await.ok();
        }
        step(&admin, &id, "submit", 1).await.ok();
    }

    async fn a_unit_is_let_in_until_its_day(app: App) {
        stand(&app).await;
        let (recorder, approver) = staff(&app, "a", "q1").await;
        let id = drafted(&recorder, &activity("a", "2020-03-05")).await;
        let mut content = lock("q1", "2020");
        content["until"] = json!("2026-03-01");
        let closed = approver.post("/period_locks", &content).await.created();
        let refused = step(&recorder, &id, "submit", 1).await.problem(409, "period_locked");
        assert_eq!(refused["params"]["until"], "2026-03-01");

        let exception = json!({"unit": "a", "until": "2026-01-16", "reason": "Nộp muộn"});
        let changed = change(&approver, &closed["id"], 1, &json!({"exceptions": [exception]})).await.ok();
        assert_eq!((&changed["version"], &changed["exceptions"]), (&json!(2), &json!([exception])));
        assert_eq!(actions(&recorder, &id).await, ["edit", "delete", "submit"]);
        let other = drafted(&app.admin(), &activity("q1", "2020-03-05")).await;
        step(&app, &other, "submit", 1).await.problem(409, "period_locked");
        step(&recorder, &id, "submit", 1).await.ok();
        // The next day it is over, and in March so is the lock.
        app.clock.set("2026-01-16T05:00:00Z".parse().unwrap());
        step(&approver, &id, "approve", 2).await.problem(409, "period_locked");
        app.clock.set("2026-03-01T05:00:00Z".parse().unwrap());
        assert_eq!(approver.get(&format!("/period_locks/{}", closed["id"])).await.ok()["is_closed"], false);
        step(&approver, &id, "approve", 2).await.ok();
    }

    async fn locks_are_listed_and_all_that_is_done_to_them_is_told(app: App) {
        stand(&app).await;
        let approver = app.account("approver", Some("q1")).await;
        let closed = approver.post("/period_locks", &lock("q1", "2020")).await.created();
        assert_eq!(closed["allowed_actions"], json!(["edit", "reopen"]));
        app.admin().post("/period_locks", &lock("hn", "2019")).await.created();
        assert_eq!(ids(&approver, "/period_locks?unit=code:q1").await, [closed["id"].as_i64().unwrap()]);
        let all = approver.all("/period_locks").await;
        assert_eq!((all.len(), &all[1]["unit"], &all[1]["allowed_actions"]), (2, &json!("hn"), &json!([])));
        let reopened = reopen(&approver, &closed["id"], 1).await.ok();
        assert_eq!((&reopened["is_closed"], &reopened["reopened"]["reason"]), (&json!(false), &json!("Thống kê lại")));
        reopen(&approver, &closed["id"], 2).await.problem(409, "period_reopened");
        change(&approver, &closed["id"], 2, &json!({"reason": "Khác"})).await.problem(409, "period_reopened");
        assert_eq!(app.event("period_lock.reopened").await["data"]["reopened"]["by"], format!("account:{}", approver.id));
        let auditor = app.account("auditor", Some("q1")).await;
        let entries = auditor.all("/audit_entries?action=period_lock.").await;
        let done: Vec<_> = entries.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
        assert_eq!(done, ["period_lock.reopened", "period_lock.created"]);
    }

    async fn bad_locks_are_refused_with_the_place(app: App) {
        stand(&app).await;
        let approver = app.account("approver", Some("q1")).await;
        let refuses = async |field: &str, value: Value, places: &[(&str, &str)]| {
            let mut content = lock("q1", "2020");
            content[field] = value;
            approver.post("/period_locks", &content).await.refuses(places);
        };
        refuses("unit", json!("nowhere"), &[("/unit", "unit_unknown")]).await;
        refuses("period", json!("2020-13"), &[("/period", "period_invalid")]).await;
        refuses("reason", json!(" "), &[("/reason", "blank")]).await;
        refuses("until", json!("2026-01-15"), &[("/until", "validity_empty")]).await;
        let twice = json!({"unit": "a", "until": "2026-02-01", "reason": "x"});
        refuses("exceptions", json!([twice, twice]), &[("/exceptions/1/unit", "repeated")]).await;
        let unknown = json!([{"unit": "nowhere", "until": "2026-02-01", "reason": "x"}]);
        refuses("exceptions", unknown, &[("/exceptions/0/unit", "unit_unknown")]).await;
        approver.post("/period_locks", &lock("q2", "2020")).await.problem(403, "out_of_scope");
        let closed = approver.post("/period_locks", &lock("q1", "2020")).await.created();
        let moved = change(&approver, &closed["id"], 1, &json!({"unit": "a", "period": "2021"})).await;
        moved.refuses(&[("/unit", "read_only"), ("/period", "read_only")]);
        change(&approver, &closed["id"], 7, &json!({"reason": "x"})).await.problem(412, "version_outdated");
    }

    async fn a_record_that_moved_today_is_kept_by_the_locks_of_its_new_place_at_once(app: App) {
        let chart = stand(&app).await;
        let (recorder, _) = staff(&app, "a", "q1").await;
        let id = drafted(&recorder, &activity("a", "2020-03-05")).await;
        chart.decide("2020-01-01", &[establish("hp", "provincial_federation", "tld")]).await;
        app.admin().post("/period_locks", &lock("hp", "2020")).await.created();
        let tomorrow = app.clock.today().succ_opt().unwrap();
        chart.decide(&tomorrow.to_string(), &[transfer("a", "hp")]).await;
        app.clock.set(app.clock.now().and_utc() + chrono::TimeDelta::days(1));
        // Nobody has asked for anything on that day before.
        step(&recorder, &id, "submit", 1).await.problem(409, "period_locked");
    }
}
