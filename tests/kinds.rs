//! What the kinds of record have of their own: partners, campaigns, awards, agreements, inspections. What they have
//! in common is tested on activities.

use reqwest::Method;
use serde_json::{Value, json};

use crate::activities::stand;
use crate::audit::until;
use crate::support::{App, Remote, Signed, transfer};

/// The kinds of record, as their addresses name them.
pub const KINDS: [&str; 6] = [
    "activities",
    "campaigns",
    "awards",
    "agreements",
    "inspections",
    "returns",
];

/// Something of a kind that a unit plans: that no day, past or to come, forbids.
pub fn planned(kind: &str, unit: &str, period: &str) -> Value {
    let mut content = json!({"unit": unit, "title": "Việc dự kiến của đơn vị", "period": period});
    let own = match kind {
        "activities" => json!({"kind": "visit", "status": "planned"}),
        "campaigns" => json!({"kind": "emulation_drive"}),
        "awards" => json!({
            "award_title": "excellent_labour_collective", "status": "proposed", "recipient": "collective"
        }),
        "agreements" => json!({"kind": "collective", "status": "negotiated"}),
        "returns" => json!({"form": null}),
        _ => json!({"kind": "working_visit", "status": "planned", "visited": [unit]}),
    };
    let own = own.as_object().unwrap().clone();
    content.as_object_mut().unwrap().extend(own);
    content
}

pub fn with(mut content: Value, own: &Value) -> Value {
    let own = own.as_object().unwrap().clone();
    content.as_object_mut().unwrap().extend(own);
    content
}

pub async fn made(remote: &Remote, path: &str, content: &Value) -> i64 {
    let made = remote.post(path, content).await.created();
    made["id"].as_i64().unwrap()
}

pub async fn step(remote: &Remote, id: i64, name: &str) -> Value {
    let call = remote.call(Method::POST, &format!("/records/{id}:{name}"));
    let call = call.header("if-match", "*");
    call.json(&json!({"reason": "Thử"})).await.ok()
}

/// Recorded for a unit, sent up and approved.
pub async fn approved(recorder: &Remote, approver: &Remote, path: &str, content: &Value) -> i64 {
    let id = made(recorder, path, content).await;
    step(recorder, id, "submit").await;
    step(approver, id, "approve").await;
    id
}

pub async fn patched(remote: &Remote, path: &str, body: &Value) -> crate::support::Answer {
    let call = remote.call(Method::PATCH, path).header("if-match", "*");
    let call = call.header("content-type", "application/merge-patch+json");
    call.body(body.to_string()).await
}

async fn ids(remote: &Remote, path: &str) -> Vec<i64> {
    let items = remote.all(path).await;
    items
        .iter()
        .map(|item| item["id"].as_i64().unwrap())
        .collect()
}

/// Records for a unit, and approves at its superior.
async fn staff(app: &App) -> (Signed, Signed) {
    (
        app.account("administrator", Some("a")).await,
        app.account("approver", Some("q1")).await,
    )
}

fn partner(name: &str) -> Value {
    json!({"name": name, "kind": "state_body"})
}

on_both_engines! {
    async fn every_kind_goes_its_way_up(app: App) {
        stand(&app).await;
        let (recorder, approver) = staff(&app).await;
        let (near, far) = (app.account("viewer", Some("q1")).await, app.account("viewer", Some("q2")).await);
        for kind in KINDS {
            let path = format!("/{kind}");
            let id = made(&recorder, &path, &planned(kind, "a", "2020")).await;
            assert_eq!(ids(&near, &path).await, [id], "{kind}");
            assert_eq!(ids(&far, &path).await, [0; 0], "{kind}");
            far.get(&format!("{path}/{id}")).await.problem(404, "not_found");
            patched(&recorder, &format!("{path}/{id}"), &json!({"title": "Tên khác"})).await.ok();
            step(&recorder, id, "submit").await;
            assert_eq!(ids(&approver, "/inbox").await, [id], "{kind}");
            step(&approver, id, "approve").await;
            let shown = near.get(&format!("{path}/{id}")).await.ok();
            let (title, state) = (&shown["content"]["title"], &shown["state"]);
            assert_eq!((title, state), (&json!("Tên khác"), &json!("approved")), "{kind}");
            assert_eq!((&shown["provenance"], &shown["masked"]), (&json!("entered"), &json!([])), "{kind}");
            let listed = ids(&near, &format!("{path}?unit=code:q1&tree=now&state=approved")).await;
            assert_eq!(listed, [id], "{kind}");
            let open = step(&recorder, id, "correct").await;
            assert_eq!(open["provenance"], "corrected", "{kind}");
        }
    }

    async fn partners_are_found_in_any_spelling(app: App) {
        stand(&app).await;
        let recorder = app.account("recorder", Some("a")).await;
        let first = json!({
            "name": "Ủy ban nhân dân TP. Hà Nội", "aliases": ["UBND Hà Nội"], "kind": "state_body",
            "tax_code": "0100111948"
        });
        let first = recorder.post("/partners", &first).await.created();
        assert_eq!((&first["unit"], &first["likely_duplicates"]), (&json!("a"), &json!([])));
        let found = [first["id"].as_i64().unwrap()];
        for query in ["uy ban nhan dan", "UBND", "hà nội ủy", "thanh pho", "ha noi ubnd"] {
            assert_eq!(ids(&recorder, &format!("/partners?name={query}")).await, found, "{query}");
        }
        assert_eq!(ids(&recorder, "/partners?name=ubnd%20hue").await, [0; 0]);
        assert_eq!(ids(&recorder, "/partners?kind=business").await, [0; 0]);

        let likely = json!([{"id": first["id"], "name": first["name"]}]);
        for twin in [
            partner("Uy ban Nhan dan Thanh pho Ha Noi"),
            with(partner("Văn phòng"), &json!({"aliases": ["ubnd, hà nội"]})),
            with(partner("Khác hẳn"), &json!({"tax_code": "0100111948"})),
        ] {
            let other = app.admin().post("/partners", &twin).await.created();
            let pointed = other["likely_duplicates"].as_array().unwrap();
            assert!(pointed.contains(&likely[0]), "{other}");
        }
        let bad = with(partner(" "), &json!({"tax_code": "12"}));
        recorder.post("/partners", &bad).await.refuses(&[("/name", "blank"), ("/tax_code", "tax_code_invalid")]);
    }

    async fn a_partner_is_kept_by_its_unit_and_by_what_names_it(app: App) {
        stand(&app).await;
        let recorder = app.account("recorder", Some("a")).await;
        let other = app.account("recorder", Some("b")).await;
        let id = made(&recorder, "/partners", &partner("Quận ủy")).await;
        let path = format!("/partners/{id}");
        patched(&other, &path, &json!({"name": "Khác"})).await.problem(403, "out_of_scope");
        // Whoever records names it; nobody deletes it from under them.
        let visit = with(planned("activities", "b", "2020-05-01"), &json!({"partners": [id]}));
        let named = made(&other, "/activities", &visit).await;
        assert_eq!(ids(&other, &format!("/activities?partner={id}")).await, [named]);
        let refused = recorder.delete(&path, 1).await.problem(409, "partner_in_use");
        assert_eq!(refused["params"], json!({"record_id": named}));
        patched(&other, &format!("/activities/{named}"), &json!({"partners": []})).await.ok();
        recorder.delete(&path, 1).await.is(204);
        let gone = with(visit, &json!({"partners": [id, id]}));
        other.post("/activities", &gone).await.refuses(&[("/partners/1", "repeated")]);
        let gone = with(gone, &json!({"partners": [id]}));
        other.post("/activities", &gone).await.refuses(&[("/partners/0", "partner_unknown")]);
    }

    async fn a_campaign_is_for_all_under_its_unit(app: App) {
        let chart = stand(&app).await;
        let (approver, admin) = (app.account("approver", Some("tld")).await, app.admin());
        let launch = |unit: &str, period: &str| {
            with(planned("campaigns", unit, period), &json!({"goals": ["100 % tham gia"]}))
        };
        let city = approved(&admin, &approver, "/campaigns", &launch("hn", "2020")).await;
        let other = approved(&admin, &approver, "/campaigns", &launch("q2", "2020")).await;
        let draft = made(&admin, "/campaigns", &launch("hn", "2020")).await;

        // Whoever reads records reads those that count; a draft, those alone who answer for it.
        let recorder = app.account("recorder", Some("a")).await;
        assert_eq!(ids(&recorder, "/campaigns").await, [other, city]);
        assert_eq!(ids(&recorder, "/campaigns?open_to=code:a").await, [city]);
        assert_eq!(ids(&recorder, "/campaigns?open_to=code:a&on=2021-01-01").await, [0; 0]);
        recorder.get(&format!("/campaigns/{city}")).await.ok();
        recorder.get(&format!("/campaigns/{draft}")).await.problem(404, "not_found");
        let alike = format!("/records/{city}/likely_duplicates");
        assert_eq!(ids(&recorder, &alike).await, [other]);
        assert_eq!(ids(&admin, &alike).await, [other, draft]);

        let part = |period: &str, campaigns: &[i64]| {
            with(planned("activities", "a", period), &json!({"campaigns": campaigns}))
        };
        let refuses = async |content: &Value, code: &str| {
            recorder.post("/activities", content).await.refuses(&[("/campaigns/0", code)]);
        };
        refuses(&part("2020-05-01", &[draft]), "campaign_unknown").await;
        refuses(&part("2020-05-01", &[999_999]), "campaign_unknown").await;
        refuses(&part("2020-05-01", &[other]), "campaign_not_above").await;
        refuses(&part("2021-05-01", &[city]), "campaign_not_then").await;
        let taken = made(&recorder, "/activities", &part("2020-05-01", &[city])).await;
        assert_eq!(ids(&recorder, &format!("/activities?campaign={city}")).await, [taken]);
        let links = format!("/records/{taken}/links");
        let link = json!({"kind": "part_of", "record_id": city});
        recorder.call(Method::POST, &links).header("if-match", "*").json(&link).await.created();
        assert_eq!(recorder.all(&links).await[0]["record"]["id"], city);

        // Of a unit above it today as well.
        chart.decide("2022-01-01", &[transfer("a", "q2")]).await;
        made(&recorder, "/activities", &part("2020-05-01", &[other])).await;
        step(&approver, city, "withdraw").await;
        refuses(&part("2020-05-02", &[city]), "campaign_unknown").await;
    }

    async fn bad_awards_are_refused_with_the_place(app: App) {
        stand(&app).await;
        let admin = app.admin();
        let old = json!({
            "code": "old_prize", "rank": 900, "name_vi": "Giải cũ", "name_en": "Old prize", "form": "prize",
            "level": "province", "issuer_kinds": ["provincial_federation"], "recipients": ["family"],
            "from": "2010-01-01", "to": "2015-01-01", "document": null
        });
        admin.post("/award_titles", &old).await.created();
        let award = |own: Value| {
            let base = json!({"award_title": "old_prize", "status": "awarded", "recipient": "family",
                "unit": "a", "title": "Gia đình tiêu biểu", "period": "2014"});
            with(base, &own)
        };
        let refuses = async |own: Value, place: &str, code: &str| {
            admin.post("/awards", &award(own)).await.refuses(&[(place, code)]);
        };
        refuses(json!({"award_title": "nothing"}), "/award_title", "award_title_unknown").await;
        refuses(json!({"period": "2016"}), "/award_title", "award_title_not_then").await;
        refuses(json!({"decided_on": "2016-01-05"}), "/award_title", "award_title_not_then").await;
        refuses(json!({"recipient": "individual"}), "/recipient", "award_recipient_not_allowed").await;
        refuses(json!({"issuer_unit": "q1"}), "/issuer_unit", "award_issuer_not_allowed").await;
        refuses(json!({"issuer_unit": "nowhere"}), "/issuer_unit", "unit_unknown").await;
        refuses(json!({"recipient_unit": "nowhere"}), "/recipient_unit", "unit_unknown").await;
        refuses(json!({"decision": 999}), "/decision", "document_unknown").await;
        refuses(json!({"status": "presented", "presented_on": "2090-01-01"}), "/presented_on", "day_in_future").await;
        refuses(json!({"count": 0}), "/count", "out_of_range").await;

        // Nobody told which title it is, nor how many exactly.
        let untitled = json!({"award_title": null, "recipient": "individual", "count": 5_000, "count_qualifier": "nearly"});
        let shown = admin.post("/awards", &award(untitled)).await.created();
        let (title, qualifier) = (&shown["content"]["award_title"], &shown["content"]["count_qualifier"]);
        assert_eq!((title, qualifier), (&Value::Null, &json!("nearly")));

        // The title's days are those of the decision: the award of 2014 was decided on, and is presented, later.
        let sound = json!({"issuer_unit": "hn", "decided_on": "2014-12-31", "presented_on": "2016-07-16",
            "status": "presented", "count": 18_520});
        let shown = admin.post("/awards", &award(sound)).await.created();
        assert_eq!((&shown["record_day"], &shown["content"]["count"]), (&json!("2014-12-31"), &json!(18_520)));
        let title = &admin.all("/award_titles?code=old_prize").await[0];
        let path = format!("/award_titles/{}", title["id"]);
        let refused = admin.delete(&path, 1).await.problem(409, "entry_in_use");
        assert_eq!(refused["params"], json!({"record_id": shown["id"]}));
    }

    async fn whom_an_award_names_is_shown_to_few_and_each_time_told(app: App) {
        stand(&app).await;
        let recorder = app.account("recorder", Some("a")).await;
        let approver = app.account("approver", Some("q1")).await;
        let award = with(planned("awards", "a", "2023"), &json!({
            "award_title": "upper_good_worker", "recipient": "individual",
            "person": {"name": "Người Được Thưởng", "position": "Công nhân"}
        }));
        let kept = recorder.post("/awards", &award).await.created();
        let id = kept["id"].as_i64().unwrap();
        let path = format!("/awards/{id}");
        let hidden = (&Value::Null, &json!(["/person"]));
        assert_eq!((&kept["content"]["person"], &kept["masked"]), hidden);
        for shown in [recorder.get(&path).await.ok(), approver.all("/awards").await[0].clone()] {
            assert_eq!((&shown["content"]["person"], &shown["masked"]), hidden);
        }
        let read = "action=award.person_read";
        assert_eq!(until(&app.admin(), read, 0).await, [json!(null); 0]);
        let shown = approver.get(&path).await.ok();
        assert_eq!((&shown["content"]["person"], &shown["masked"]), (&award["person"], &json!([])));
        let told = until(&app.admin(), read, 1).await;
        assert_eq!((&told[0]["object_id"], told.len()), (&json!(id), 1));
        assert_eq!(told[0]["actor"], format!("account:{}", approver.id));

        // It is changed in part by who does not see it, goes along with a correction, and is in no version or event.
        patched(&recorder, &path, &json!({"person": {"position": "Tổ trưởng"}})).await.ok();
        step(&recorder, id, "submit").await;
        step(&approver, id, "approve").await;
        step(&recorder, id, "correct").await;
        patched(&recorder, &path, &json!({"person": null})).await.ok();
        assert_eq!(approver.get(&path).await.ok()["content"]["person"], Value::Null);
        recorder.call(Method::DELETE, &path).header("if-match", "*").await.is(204);
        let person = approver.get(&path).await.ok()["content"]["person"].clone();
        assert_eq!(person, json!({"name": "Người Được Thưởng", "position": "Tổ trưởng"}));
        // All that was done before lies before the last reading.
        until(&app.admin(), read, 2).await;
        let versions = recorder.get(&format!("/records/{id}/versions")).await;
        let events = app.admin().get("/events?after=0&limit=200&wait=1").await;
        let log = app.admin().get("/audit_entries?action=award.&limit=200").await;
        for answer in [versions, events, log] {
            assert_eq!(answer.status, 200);
            assert!(!answer.text.contains("Người Được Thưởng"), "{}", answer.text);
        }
    }

    async fn the_same_certificate_is_pointed_out(app: App) {
        stand(&app).await;
        let admin = app.admin();
        let award = |unit: &str, own: Value| {
            with(with(planned("awards", unit, "2023"), &json!({"recipient_unit": "a"})), &own)
        };
        let child = made(&admin, "/awards", &award("a", json!({}))).await;
        let parent = made(&admin, "/awards", &award("q1", json!({"title": "Kể theo cách khác"}))).await;
        made(&admin, "/awards", &award("q1", json!({"period": "2022"}))).await;
        let counted = made(&admin, "/awards", &award("q1", json!({"count": 3}))).await;
        let alike = async |who: &Remote, id: i64| ids(who, &format!("/records/{id}/likely_duplicates")).await;
        assert_eq!(alike(&admin, parent).await, [child]);
        assert_eq!(alike(&admin, child).await, [parent]);
        assert_eq!(alike(&admin, counted).await, [0; 0]);
        // Who does not read the parent's is not told of it.
        let viewer = app.account("viewer", Some("a")).await;
        assert_eq!(alike(&viewer.remote, child).await, [0; 0]);

        let person = |unit: &str, name: &str| with(award(unit, json!({})), &json!({
            "award_title": "upper_good_worker", "recipient": "individual", "person": {"name": name}
        }));
        let one = made(&admin, "/awards", &person("a", "Trần Thị Mẫu")).await;
        let same = made(&admin, "/awards", &person("q1", "TRAN THI MAU")).await;
        made(&admin, "/awards", &person("q1", "Trần Thị Khác")).await;
        assert_eq!(alike(&admin, one).await, [same]);
    }

    async fn agreements_that_run_out_are_listed_until_they_are_replaced(app: App) {
        stand(&app).await;
        let (recorder, approver) = staff(&app).await;
        let agreement = |own: Value| {
            let base = json!({"status": "signed", "rating": "A", "better_clauses": ["Thưởng tháng lương thứ 13"]});
            with(with(planned("agreements", "a", "2023-03-01"), &base), &own)
        };
        let first = approved(&recorder, &approver, "/agreements", &agreement(json!({"valid_to": "2026-03-01"}))).await;
        let later = made(&recorder, "/agreements", &agreement(json!({"valid_to": "2027-03-01"}))).await;
        made(&recorder, "/agreements", &agreement(json!({"status": "ended", "valid_to": "2026-02-01"}))).await;
        let soon = async || ids(&recorder, "/agreements?runs_out_from=2026-01-15&runs_out_to=2026-07-01").await;
        assert_eq!(soon().await, [first]);
        assert_eq!(ids(&recorder, "/agreements?runs_out_from=2027-03-01").await, [later]);
        let anew = agreement(json!({"replaces": first, "period": "2026-01-10", "valid_to": "2029-01-10"}));
        let anew = made(&recorder, "/agreements", &anew).await;
        assert_eq!(soon().await, [first], "a draft replaces nothing");
        step(&recorder, anew, "submit").await;
        step(&approver, anew, "approve").await;
        assert_eq!(soon().await, [0; 0]);

        let refuses = async |own: Value, place: &str, code: &str| {
            recorder.post("/agreements", &agreement(own)).await.refuses(&[(place, code)]);
        };
        refuses(json!({"replaces": 999_999}), "/replaces", "agreement_unknown").await;
        refuses(json!({"valid_from": "2024-01-01", "valid_to": "2024-01-01"}), "/valid_to", "validity_empty").await;
        refuses(json!({"period": "2090"}), "/period", "signed_in_future").await;
        refuses(json!({"members_used": 5}), "/members_used", "not_applicable").await;
        refuses(json!({"count": 0}), "/count", "out_of_range").await;
        let benefit = json!({"kind": "benefit", "rating": null, "better_clauses": [], "members_used": -1});
        refuses(benefit, "/members_used", "out_of_range").await;
        let rated = json!({"kind": "coordination", "better_clauses": []});
        refuses(rated, "/rating", "not_applicable").await;
    }

    async fn tasks_of_inspections_are_followed_up(app: App) {
        stand(&app).await;
        let admin = app.admin();
        let task = |unit: &str, due: &str, state: &str| json!({"unit": unit, "task": "Bổ sung hồ sơ", "due_on": due, "state": state});
        let visit = |own: Value| with(with(planned("inspections", "q1", "2020-11-18"), &json!({
            "status": "held", "kind": "survey", "visited": ["a"], "findings": "Sổ sách đủ", "conclusions": "Đạt"
        })), &own);
        let one = made(&admin, "/inspections", &visit(json!({"tasks": [
            task("a", "2020-12-01", "done"), task("a", "2021-02-01", "open"), task("a", "2021-06-01", "open")
        ]}))).await;
        let two = made(&admin, "/inspections", &visit(json!({"visited": ["b"], "tasks": [task("b", "2020-12-01", "open")]}))).await;
        assert_eq!(ids(&admin, "/inspections?visited=a").await, [one]);
        assert_eq!(ids(&admin, "/inspections?task_due_to=2021-01-01").await, [two]);
        assert_eq!(ids(&admin, "/inspections?task_due_from=2021-01-01").await, [one]);
        let refuses = async |own: Value, place: &str, code: &str| {
            admin.post("/inspections", &visit(own)).await.refuses(&[(place, code)]);
        };
        refuses(json!({"visited": []}), "/visited", "too_few").await;
        refuses(json!({"visited": ["nowhere"]}), "/visited/0", "unit_unknown").await;
        refuses(json!({"period": "2090-01-01"}), "/period", "period_in_future").await;
        refuses(json!({"tasks": [task("nowhere", "2020-12-01", "open")]}), "/tasks/0/unit", "unit_unknown").await;
        let early = with(task("a", "2020-12-01", "open"), &json!({"done_on": "2020-12-01"}));
        refuses(json!({"tasks": [early]}), "/tasks/0/done_on", "not_applicable").await;
    }

    async fn a_kind_of_activity_in_use_stays(app: App) {
        stand(&app).await;
        let admin = app.admin();
        let entry = admin.post("/activity_kinds", &crate::catalogues::entry("activity_kinds", "trial")).await.created();
        let path = format!("/activity_kinds/{}", entry["id"]);
        let visit = with(planned("activities", "a", "2021-05-01"), &json!({"kind": "trial"}));
        let id = made(&admin, "/activities", &visit).await;
        let refused = admin.delete(&path, 1).await.problem(409, "entry_in_use");
        assert_eq!(refused["params"], json!({"record_id": id}));
        admin.call(Method::DELETE, &format!("/activities/{id}")).header("if-match", "*").await.is(204);
        admin.delete(&path, 1).await.is(204);
    }
}
