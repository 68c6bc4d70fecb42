//! Links between records: named by one, shown at both, to those who read both.

use reqwest::Method;
use serde_json::{Value, json};

use crate::activities::{activity, drafted, staff, stand, step, step_because};
use crate::audit::until;
use crate::support::{Call, Remote, transfer};

fn link(remote: &Remote, from: &Value, version: i64, kind: &str, to: &Value) -> Call {
    let call = remote.call(Method::POST, &format!("/records/{from}/links"));
    let call = call.header("if-match", &format!("\"{version}\""));
    call.json(&json!({"kind": kind, "record_id": to}))
}

fn unlink(remote: &Remote, from: &Value, version: i64, kind: &str, to: &Value) -> Call {
    let call = remote.call(
        Method::DELETE,
        &format!("/records/{from}/links/{kind}/{to}"),
    );
    call.header("if-match", &format!("\"{version}\""))
}

/// Kind, whose it is, and the other's id.
async fn links(remote: &Remote, id: &Value) -> Vec<(String, bool, Value)> {
    let all = remote.all(&format!("/records/{id}/links")).await;
    let link = |link: &Value| {
        let kind = link["kind"].as_str().unwrap().to_owned();
        let is_own = link["is_own"].as_bool().unwrap();
        (kind, is_own, link["record"]["id"].clone())
    };
    all.iter().map(link).collect()
}

fn one(kind: &str, is_own: bool, id: &Value) -> Vec<(String, bool, Value)> {
    vec![(kind.to_owned(), is_own, id.clone())]
}

on_both_engines! {
    async fn a_link_is_shown_at_both_records_to_those_who_read_both(app: App) {
        let chart = stand(&app).await;
        let district = app.account("recorder", Some("q1")).await;
        let (told, again) = (
            drafted(&district, &activity("a", "2020-03-05")).await,
            drafted(&district, &activity("q1", "2020-03-05")).await,
        );
        let linked = link(&district, &again, 1, "same_event", &told).await.created();
        assert_eq!((&linked["id"], &linked["version"]), (&again, &json!(2)));
        assert_eq!(links(&district, &again).await, one("same_event", true, &told));
        assert_eq!(links(&district, &told).await, one("same_event", false, &again));
        assert_eq!(district.all(&format!("/records/{told}/links")).await[0]["record"]["unit"], "q1");
        // Who reads but one of them sees no link, nor that there is another record.
        let union = app.account("recorder", Some("a")).await;
        assert_eq!(links(&union, &told).await, []);
        let own = drafted(&union, &activity("a", "2020-04-05")).await;
        link(&union, &own, 1, "follows", &again).await.refuses(&[("/record_id", "record_unknown")]);
        link(&union, &own, 1, "follows", &json!(999_999)).await.refuses(&[("/record_id", "record_unknown")]);
        chart.decide("2022-01-01", &[transfer("a", "q2")]).await;
        assert_eq!(links(&app.account("viewer", Some("q2")).await.remote, &told).await, []);
    }

    async fn links_change_as_the_content_does(app: App) {
        stand(&app).await;
        let (recorder, approver) = staff(&app, "a", "q1").await;
        let (whole, part) = (
            drafted(&recorder, &activity("a", "2020-03-05")).await,
            drafted(&recorder, &activity("a", "2020-03-06")).await,
        );
        link(&recorder, &part, 1, "part_of", &whole).await.created();
        step(&recorder, &part, "submit", 2).await.ok();
        unlink(&recorder, &part, 3, "part_of", &whole).await.problem(409, "state_forbids");
        step(&approver, &part, "approve", 3).await.ok();
        link(&recorder, &part, 4, "follows", &whole).await.problem(409, "state_forbids");
        step_because(&recorder, &part, "correct", 4, "Sai").await.ok();
        unlink(&recorder, &part, 5, "part_of", &whole).await.ok();
        assert_eq!(links(&recorder, &whole).await, []);
        // The log tells what changed, and not to which record: not all who read it read that one.
        let told = until(&app.admin(), "action=activity.updated", 2).await;
        let kinds = |entry: &Value| (entry["before"]["links"].clone(), entry["after"]["links"].clone());
        assert_eq!(kinds(&told[0]), (json!(["part_of"]), json!([])));
        assert_eq!(kinds(&told[1]), (json!([]), json!(["part_of"])));
        let thrown_away = recorder.call(Method::DELETE, &format!("/activities/{part}"));
        thrown_away.header("if-match", "\"6\"").await.is(204);
        assert_eq!(links(&recorder, &whole).await, one("part_of", false, &part));
    }

    async fn a_link_goes_with_either_record(app: App) {
        stand(&app).await;
        let recorder = app.account("recorder", Some("a")).await;
        let (first, second) = (
            drafted(&recorder, &activity("a", "2020-03-05")).await,
            drafted(&recorder, &activity("a", "2020-03-06")).await,
        );
        link(&recorder, &second, 1, "follows", &first).await.created();
        recorder.call(Method::DELETE, &format!("/activities/{first}")).header("if-match", "\"1\"").await.is(204);
        assert_eq!(links(&recorder, &second).await, []);
        let third = drafted(&recorder, &activity("a", "2020-03-07")).await;
        link(&recorder, &second, 2, "follows", &third).await.created();
        assert_eq!(links(&recorder, &second).await, one("follows", true, &third));
    }

    async fn bad_links_are_refused(app: App) {
        stand(&app).await;
        let (recorder, approver) = staff(&app, "a", "q1").await;
        let (first, second) = (
            drafted(&recorder, &activity("a", "2020-03-05")).await,
            drafted(&recorder, &activity("a", "2020-03-06")).await,
        );
        link(&recorder, &first, 1, "follows", &first).await.refuses(&[("/record_id", "linked_to_itself")]);
        link(&recorder, &first, 1, "causes", &second).await.refuses(&[("/kind", "unknown_value")]);
        link(&recorder, &first, 9, "follows", &second).await.problem(412, "version_outdated");
        link(&approver, &first, 1, "follows", &second).await.problem(403, "forbidden");
        link(&recorder, &first, 1, "follows", &second).await.created();
        link(&recorder, &first, 2, "follows", &second).await.problem(409, "already_linked");
        link(&recorder, &second, 1, "follows", &first).await.problem(409, "already_linked");
        link(&recorder, &second, 1, "same_event", &first).await.created();
        let third = drafted(&recorder, &activity("a", "2020-03-07")).await;
        link(&recorder, &first, 2, "same_event", &third).await.created();
        link(&recorder, &third, 1, "same_event", &second).await.problem(409, "already_linked");
        unlink(&recorder, &first, 3, "part_of", &second).await.problem(404, "not_found");
        unlink(&recorder, &first, 3, "follows", &second).await.ok();
    }

    async fn many_links_come_in_pages(app: App) {
        stand(&app).await;
        let recorder = app.account("recorder", Some("a")).await;
        let whole = drafted(&recorder, &activity("a", "2020-01-01")).await;
        let mut expected = Vec::new();
        for day in 2..=6 {
            let part = drafted(&recorder, &activity("a", &format!("2020-01-0{day}"))).await;
            link(&recorder, &part, 1, "part_of", &whole).await.created();
            link(&recorder, &whole, day - 1, "follows", &part).await.created();
            expected.extend(one("follows", true, &part));
            expected.extend(one("part_of", false, &part));
        }
        assert_eq!(links(&recorder, &whole).await, expected);
        let (mut walked, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = recorder.get(&format!("/records/{whole}/links?limit=1{cursor}")).await.ok();
            walked.push(page["items"][0]["record"]["id"].clone());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        let ids: Vec<Value> = expected.into_iter().map(|(.., id)| id).collect();
        assert_eq!(walked, ids);
    }
}
