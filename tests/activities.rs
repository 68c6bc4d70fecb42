//! Activities on their way: recorded, sent up, returned, approved, corrected, withdrawn.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Answer, App, Call, Chart, Remote, Signed, decision, end_into, establish, transfer,
};

/// A city with two districts, and a union in each.
pub async fn stand(app: &App) -> Chart {
    let mut root = establish("tld", "confederation", "x");
    root.as_object_mut().unwrap().remove("parent");
    let chart = Chart::empty(app).await;
    chart
        .open(&[
            root,
            establish("hn", "provincial_federation", "tld"),
            establish("q1", "district_federation", "hn"),
            establish("q2", "district_federation", "hn"),
            establish("a", "grassroots_union", "q1"),
            establish("b", "grassroots_union", "q2"),
        ])
        .await;
    chart
}

pub fn activity(unit: &str, period: &str) -> Value {
    json!({
        "unit": unit, "kind": "visit", "status": "held", "title": "Thăm đoàn viên ốm đau", "period": period,
        "participants": 12, "women": 7, "amounts": [{"source": "unit", "amount": 8_500_000}],
    })
}

pub fn step(remote: &Remote, id: &Value, name: &str, version: i64) -> Call {
    let call = remote.call(Method::POST, &format!("/records/{id}:{name}"));
    call.header("if-match", &format!("\"{version}\""))
        .json(&json!({}))
}

pub fn step_because(remote: &Remote, id: &Value, name: &str, version: i64, reason: &str) -> Call {
    let call = remote.call(Method::POST, &format!("/records/{id}:{name}"));
    call.header("if-match", &format!("\"{version}\""))
        .json(&json!({ "reason": reason }))
}

pub fn patch(remote: &Remote, id: &Value, version: i64, body: &Value) -> Call {
    let call = remote.call(Method::PATCH, &format!("/activities/{id}"));
    let call = call.header("if-match", &format!("\"{version}\""));
    call.header("content-type", "application/merge-patch+json")
        .body(body.to_string())
}

pub async fn drafted(remote: &Remote, content: &Value) -> Value {
    remote.post("/activities", content).await.created()["id"].clone()
}

/// Somebody who records for a unit, and somebody who approves on another.
pub async fn staff(app: &App, records: &str, approves: &str) -> (Signed, Signed) {
    (
        app.account("recorder", Some(records)).await,
        app.account("approver", Some(approves)).await,
    )
}

pub async fn ids(remote: &Remote, path: &str) -> Vec<i64> {
    remote
        .all(path)
        .await
        .iter()
        .map(|item| item["id"].as_i64().unwrap())
        .collect()
}

pub fn allowed(answer: &Value) -> Vec<&str> {
    answer["allowed_actions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|action| action.as_str().unwrap())
        .collect()
}

fn refused(answer: &Answer, status: u16, code: &str) -> Value {
    answer.problem(status, code)
}

on_both_engines! {
    async fn what_is_recorded_is_sent_up_approved_and_locked(app: App) {
        stand(&app).await;
        let (recorder, approver) = staff(&app, "a", "q1").await;
        let draft = recorder.post("/activities", &activity("a", "2020-03-05")).await.created();
        let id = &draft["id"];
        assert_eq!((&draft["state"], &draft["record_day"]), (&json!("draft"), &json!("2020-03-05")));
        assert_eq!((&draft["content"]["participants"], &draft["approved_number"]), (&json!(12), &Value::Null));
        assert_eq!(allowed(&draft), ["edit", "delete", "submit"]);

        let submitted = step(&recorder, id, "submit", 1).await.ok();
        assert_eq!((&submitted["state"], &submitted["title"]), (&json!("submitted"), &draft["content"]["title"]));
        assert_eq!(allowed(&submitted), ["recall"]);
        let waiting = approver.all("/inbox").await;
        assert_eq!(waiting[0]["id"], *id);
        assert_eq!(allowed(&waiting[0]), ["approve", "return"]);
        let approved = step(&approver, id, "approve", 2).await.ok();
        assert_eq!((&approved["state"], &approved["approved_number"]), (&json!("approved"), &json!(1)));
        assert_eq!(ids(&approver, "/inbox").await, [0; 0]);

        let locked = patch(&recorder, id, 3, &json!({"women": 8})).await;
        let locked = refused(&locked, 409, "state_forbids");
        assert_eq!(locked["params"], json!({"state": "approved", "action": "edit"}));
        let delete = recorder.call(Method::DELETE, &format!("/activities/{id}")).header("if-match", "*");
        refused(&delete.await, 409, "state_forbids");
        let versions = recorder.all(&format!("/records/{id}/versions")).await;
        assert_eq!((&versions[0]["number"], &versions[0]["content"]["women"]), (&json!(1), &json!(7)));
        let steps = recorder.all(&format!("/records/{id}/steps")).await;
        let done: Vec<_> = steps.iter().map(|step| step["action"].as_str().unwrap()).collect();
        assert_eq!(done, ["submit", "approve"]);
    }

    async fn what_is_returned_says_why_and_where_and_is_mended(app: App) {
        stand(&app).await;
        let (recorder, approver) = staff(&app, "a", "q1").await;
        let id = drafted(&recorder, &activity("a", "2020-03-05")).await;
        step(&recorder, &id, "submit", 1).await.ok();
        let without = step(&approver, &id, "return", 2).await;
        without.refuses(&[("/reason", "required")]);
        let because = json!({"reason": "Thiếu danh sách\nkèm theo", "places": ["/participants"]});
        let call = approver.call(Method::POST, &format!("/records/{id}:return")).header("if-match", "\"2\"");
        assert_eq!(call.json(&because).await.ok()["state"], "returned");
        let steps = recorder.all(&format!("/records/{id}/steps")).await;
        assert_eq!((&steps[1]["reason"], &steps[1]["places"]), (&because["reason"], &because["places"]));
        patch(&recorder, &id, 3, &json!({"participants": 15})).await.ok();
        step(&recorder, &id, "submit", 4).await.ok();
        step(&approver, &id, "approve", 5).await.ok();
        let shown = recorder.get(&format!("/activities/{id}")).await.ok();
        assert_eq!((&shown["state"], &shown["content"]["participants"]), (&json!("approved"), &json!(15)));
    }

    async fn nobody_approves_what_they_wrote_or_sent(app: App) {
        stand(&app).await;
        let both = app.account("administrator", Some("q1")).await;
        let (recorder, _) = staff(&app, "a", "hn").await;
        let id = drafted(&recorder, &activity("a", "2020-03-05")).await;
        patch(&both, &id, 1, &json!({"place": "Hội trường"})).await.ok();
        step(&recorder, &id, "submit", 2).await.ok();
        // Whoever had a hand in it is passed over, and with them the unit at which nobody else may.
        refused(&step(&both, &id, "approve", 3).await, 403, "self_approval");
        refused(&step(&recorder, &id, "approve", 3).await, 403, "forbidden");
        let above = app.account("approver", Some("hn")).await;
        assert_eq!(ids(&above, "/inbox").await, [id.as_i64().unwrap()]);
        step(&above, &id, "approve", 3).await.ok();
    }

    async fn the_nearest_superior_decides_and_nobody_above(app: App) {
        stand(&app).await;
        let (recorder, near) = staff(&app, "a", "q1").await;
        let far = app.account("approver", Some("hn")).await;
        let id = drafted(&recorder, &activity("a", "2020-03-05")).await;
        step(&recorder, &id, "submit", 1).await.ok();
        refused(&step(&far, &id, "approve", 2).await, 403, "not_the_approver");
        assert_eq!(ids(&far, "/inbox").await, [0; 0]);
        assert_eq!(ids(&near, "/inbox").await, [id.as_i64().unwrap()]);
        let elsewhere = app.account("approver", Some("q2")).await;
        refused(&step(&elsewhere, &id, "approve", 2).await, 404, "not_found");
    }

    async fn a_correction_waits_beside_what_counts(app: App) {
        stand(&app).await;
        let (recorder, approver) = staff(&app, "a", "q1").await;
        let id = drafted(&recorder, &activity("a", "2020-03-05")).await;
        step(&recorder, &id, "submit", 1).await.ok();
        step(&approver, &id, "approve", 2).await.ok();
        step(&recorder, &id, "correct", 3).await.refuses(&[("/reason", "required")]);
        let open = step_because(&recorder, &id, "correct", 3, "Đếm sai").await.ok();
        assert_eq!((&open["state"], &open["number"], &open["approved_number"]), (&json!("draft"), &json!(2), &json!(1)));
        patch(&recorder, &id, 4, &json!({"unit": "b"})).await.problem(422, "invalid");
        patch(&recorder, &id, 4, &json!({"participants": 20})).await.ok();
        let first = &recorder.all(&format!("/records/{id}/versions")).await[0];
        assert_eq!(first["content"]["participants"], 12);

        // Thrown away, it leaves what counted.
        let path = format!("/activities/{id}");
        recorder.call(Method::DELETE, &path).header("if-match", "\"5\"").await.is(204);
        let back = recorder.get(&path).await.ok();
        assert_eq!((&back["state"], &back["number"], &back["content"]["participants"]), (&json!("approved"), &json!(1), &json!(12)));

        step_because(&recorder, &id, "correct", 6, "Đếm sai").await.ok();
        patch(&recorder, &id, 7, &json!({"participants": 21})).await.ok();
        step(&recorder, &id, "submit", 8).await.ok();
        step(&approver, &id, "approve", 9).await.ok();
        let versions = recorder.all(&format!("/records/{id}/versions")).await;
        let told: Vec<_> = versions.iter().map(|version| &version["content"]["participants"]).collect();
        assert_eq!(told, [&json!(12), &json!(21)]);
        step_because(&approver, &id, "withdraw", 10, "Ghi trùng").await.ok();
        assert_eq!(recorder.get(&path).await.ok()["state"], "withdrawn");
    }

    async fn a_draft_can_be_deleted_and_the_feed_says_so(app: App) {
        stand(&app).await;
        let recorder = app.account("recorder", Some("a")).await;
        let id = drafted(&recorder, &activity("a", "2020-03-05")).await;
        let path = format!("/activities/{id}");
        refused(&recorder.call(Method::DELETE, &path).header("if-match", "\"9\"").await, 412, "version_outdated");
        recorder.call(Method::DELETE, &path).header("if-match", "\"1\"").await.is(204);
        refused(&recorder.get(&path).await, 404, "not_found");
        let gone = app.event("activity.deleted").await;
        assert_eq!((&gone["id"], &gone["data"]["content"]["title"]), (&id, &json!("Thăm đoàn viên ốm đau")));
    }

    async fn the_feed_tells_of_records_to_those_who_read_them(app: App) {
        stand(&app).await;
        let recorder = app.account("recorder", Some("a")).await;
        drafted(&recorder, &activity("a", "2020-03-05")).await;
        app.event("activity.created").await;
        let hears = async |who: &Signed| {
            let page = who.get("/events?after=0&limit=200").await.ok();
            let events = page["items"].as_array().unwrap();
            assert_eq!(page["after"], page["position"], "{page}");
            events.iter().any(|event| event["type"] == "activity.created")
        };
        assert!(hears(&app.account("integrator", Some("q1")).await).await);
        assert!(!hears(&app.account("integrator", Some("q2")).await).await);
    }

    async fn bad_activities_are_refused_with_the_place(app: App) {
        stand(&app).await;
        let recorder = app.account("recorder", Some("q1")).await;
        let refuses = async |field: &str, value: Value, code: &str| {
            let mut content = activity("a", "2020-03-05");
            content[field] = value;
            recorder.post("/activities", &content).await.refuses(&[(&format!("/{field}"), code)]);
        };
        refuses("unit", json!("nowhere"), "unit_unknown").await;
        refuses("kind", json!("nothing"), "activity_kind_unknown").await;
        refuses("period", json!("2020-13"), "period_invalid").await;
        refuses("period", json!("2020-01/2020-03"), "period_not_simplest").await;
        refuses("period", json!("2090"), "period_in_future").await;
        refuses("women", json!(13), "more_women_than_participants").await;
        refuses("participants", json!(1_i64 << 53), "out_of_range").await;
        refuses("participants", json!(-1), "out_of_range").await;
        let mut content = activity("a", "2020-03-05");
        content["documents"] = json!([999]);
        recorder.post("/activities", &content).await.refuses(&[("/documents/0", "document_unknown")]);
    }

    async fn a_unit_has_records_of_the_days_on_which_it_lived(app: App) {
        let chart = stand(&app).await;
        chart.decide("2021-01-01", &[establish("late", "grassroots_union", "q1")]).await;
        chart.decide("2022-07-01", &[end_into("q2", "hn")]).await;
        let admin = app.admin();
        admin.post("/activities", &activity("late", "2020-12-31")).await.refuses(&[("/period", "outside_life")]);
        admin.post("/activities", &activity("q2", "2022-07-01")).await.refuses(&[("/period", "outside_life")]);
        let year = admin.post("/activities", &activity("q2", "2022")).await.created();
        assert_eq!(year["record_day"], "2022-06-30");
        let begun = admin.post("/activities", &activity("late", "2021-H1")).await.created();
        assert_eq!(begun["record_day"], "2021-06-30");
    }

    async fn lists_show_the_tree_of_then_and_of_now(app: App) {
        let chart = stand(&app).await;
        let admin = app.admin();
        let mut made = Vec::new();
        for (unit, period) in [("a", "2020-05-01"), ("a", "2023-05-01"), ("b", "2020-06-01"), ("q1", "2021")] {
            made.push(drafted(&admin, &activity(unit, period)).await.as_i64().unwrap());
        }
        chart.decide("2022-01-01", &[transfer("a", "q2")]).await;
        let under = async |unit: &str, tree: &str| ids(&admin, &format!("/activities?unit=code:{unit}&tree={tree}")).await;
        assert_eq!(under("q1", "then").await, [made[3], made[0]]);
        assert_eq!(under("q2", "then").await, [made[1], made[2]]);
        assert_eq!(under("q1", "now").await, [made[3]]);
        assert_eq!(under("q2", "now").await, [made[1], made[2], made[0]]);
        assert_eq!(under("hn", "then").await, [made[1], made[3], made[2], made[0]]);
        assert_eq!(ids(&admin, "/activities").await, [made[1], made[3], made[2], made[0]]);

        // Who answers for the old superior reads what was reported under it then; the new one reads it all.
        let (old, new) = (app.account("viewer", Some("q1")).await, app.account("viewer", Some("q2")).await);
        assert_eq!(ids(&old, "/activities").await, [made[3], made[0]]);
        assert_eq!(ids(&new, "/activities").await, [made[1], made[2], made[0]]);
        refused(&old.get(&format!("/activities/{}", made[1])).await, 404, "not_found");
        assert_eq!(ids(&old, "/activities?unit=code:hn&tree=now").await, [made[3], made[0]]);

        let (mut walked, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = new.get(&format!("/activities?limit=1{cursor}")).await.ok();
            walked.push(page["items"][0]["id"].as_i64().unwrap());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(walked, [made[1], made[2], made[0]]);
    }

    async fn lists_are_narrowed(app: App) {
        stand(&app).await;
        let (recorder, admin) = (app.account("recorder", Some("a")).await, app.admin());
        let held = drafted(&recorder, &activity("a", "2020-05-01")).await.as_i64().unwrap();
        let mut plan = activity("a", "2021-05-01");
        plan["status"] = json!("planned");
        plan["kind"] = json!("good_labour_contest");
        let planned = drafted(&recorder, &plan).await.as_i64().unwrap();
        step(&recorder, &json!(held), "submit", 1).await.ok();
        for (filter, expected) in [
            ("state=submitted", held),
            ("state=draft", planned),
            ("kind=good_labour_contest", planned),
            ("status=held", held),
            ("from=2021-01-01", planned),
            ("to=2021-01-01", held),
        ] {
            assert_eq!(ids(&admin, &format!("/activities?{filter}")).await, [expected], "{filter}");
            assert_eq!(ids(&recorder, &format!("/activities?{filter}")).await, [expected], "{filter}");
            let under = format!("/activities?unit=code:q1&tree=now&{filter}");
            assert_eq!(ids(&admin, &under).await, [expected], "{filter}");
        }
        admin.get("/activities?tree=now").await.problem(400, "parameter_invalid");
        admin.get("/activities?unit=q1").await.problem(400, "unit_address_invalid");
    }

    async fn what_waits_passes_to_the_superior_of_the_day(app: App) {
        let chart = stand(&app).await;
        let (recorder, first) = staff(&app, "a", "q1").await;
        let second = app.account("approver", Some("q2")).await;
        let id = drafted(&recorder, &activity("a", "2020-05-01")).await;
        step(&recorder, &id, "submit", 1).await.ok();
        assert_eq!(ids(&first, "/inbox").await.len(), 1);
        chart.decide("2025-01-01", &[transfer("a", "q2")]).await;
        assert_eq!(ids(&first, "/inbox").await, [0; 0]);
        assert_eq!(ids(&second, "/inbox").await, [id.as_i64().unwrap()]);
        // What ends with what waits leaves it to the superior of its superior.
        chart.decide("2025-06-01", &[json!({"op": "end", "unit": "a"})]).await;
        assert_eq!(ids(&second, "/inbox").await, [id.as_i64().unwrap()]);
        refused(&step(&first, &id, "approve", 2).await, 403, "not_the_approver");
        step(&second, &id, "approve", 2).await.ok();
    }

    async fn planned_decisions_take_records_along_on_their_day(app: App) {
        let chart = stand(&app).await;
        let admin = app.admin();
        let id = drafted(&admin, &activity("a", "2020-05-01")).await.as_i64().unwrap();
        let tomorrow = app.clock.today().succ_opt().unwrap();
        chart.decide(&tomorrow.to_string(), &[transfer("a", "hn")]).await;
        assert_eq!(ids(&admin, "/activities?unit=code:q1&tree=now").await, [id]);
        app.clock.set(app.clock.now().and_utc() + chrono::TimeDelta::days(2));
        assert_eq!(ids(&admin, "/activities?unit=code:q1&tree=now").await, [0; 0]);
        assert_eq!(ids(&admin, "/activities?unit=code:hn&tree=now").await, [id]);
        assert_eq!(ids(&admin, "/activities?unit=code:q1&tree=then").await, [id]);
    }

    async fn no_decision_leaves_what_was_sent_up_without_a_day(app: App) {
        let chart = stand(&app).await;
        let (recorder, _) = staff(&app, "a", "q1").await;
        let id = drafted(&recorder, &activity("a", "2020-05-01")).await;
        let end = json!({"op": "end", "unit": "a"});
        let ask = async |on: &str| chart.ask("dry_run=true", &decision(Some(on), std::slice::from_ref(&end))).await;
        assert_eq!(ask("2020-01-01").await.status, 200);
        step(&recorder, &id, "submit", 1).await.ok();
        let refusal = refused(&ask("2020-01-01").await, 409, "records_outside_life");
        assert_eq!(refusal["params"], json!({"records": [id], "count": 1}));
        assert_eq!(ask("2020-05-02").await.status, 200);
    }

    async fn many_steps_are_answered_one_by_one(app: App) {
        stand(&app).await;
        let (recorder, approver) = staff(&app, "a", "q1").await;
        let mut items = Vec::new();
        for number in 1..=5 {
            let id = drafted(&recorder, &activity("a", &format!("2020-05-0{number}"))).await;
            items.push(json!({"id": id, "version": 1, "action": "submit"}));
        }
        items.push(json!({"id": items[0]["id"], "version": 1, "action": "submit"}));
        items.push(json!({"id": 999_999, "version": 1, "action": "submit"}));
        items.push(json!({"id": items[1]["id"], "version": 2, "action": "return"}));
        let sent = recorder.post("/records:batch", &json!({ "items": items })).key("up").await.is(207);
        assert_eq!((&sent["succeeded"], &sent["failed"]), (&json!(5), &json!(3)));
        let codes: Vec<_> = sent["items"].as_array().unwrap()[5..].iter().map(|item| item["problem"]["code"].clone()).collect();
        assert_eq!(codes, ["version_outdated", "not_found", "forbidden"]);
        let approve = |item: &Value| json!({"id": item["id"], "version": 2, "action": "approve"});
        let all: Vec<Value> = items[..5].iter().map(approve).collect();
        let done = approver.post("/records:batch", &json!({ "items": all })).key("yes").await.is(207);
        assert_eq!(done["succeeded"], 5);
        let too_many = json!({"items": vec![all[0].clone(); 1_001]});
        approver.post("/records:batch", &too_many).key("many").await.refuses(&[("/items", "too_many")]);
    }

    async fn a_document_that_a_record_names_stays(app: App) {
        stand(&app).await;
        let admin = app.admin();
        let paper = admin.post("/documents", &json!({"number": "12/BC"})).await.created();
        let mut content = activity("a", "2020-05-01");
        content["documents"] = json!([paper["id"]]);
        let id = drafted(&admin, &content).await;
        let path = format!("/documents/{}", paper["id"]);
        let delete = || admin.call(Method::DELETE, &path).header("if-match", "*");
        let refusal = refused(&delete().await, 409, "document_in_use");
        assert_eq!(refusal["params"], json!({"record_id": id}));
        patch(&admin, &id, 1, &json!({"documents": []})).await.ok();
        delete().await.is(204);
    }
}
