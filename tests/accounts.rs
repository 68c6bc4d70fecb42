//! Accounts of people: who sees them, who may do what with them, and what it does at once.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Answer, App, Call, Chart, Remote, establish, transfer};

/// The confederation, two provinces, districts, and grassroots unions below these.
pub async fn plant(admin: &Remote) -> Chart {
    let chart = Chart::empty(admin).await;
    let root = json!({
        "op": "establish", "code": "tld", "name": "Tổng Liên đoàn", "kind": "confederation"
    });
    chart
        .open(&[
            root,
            establish("hn", "provincial_federation", "tld"),
            establish("hp", "provincial_federation", "tld"),
            establish("hn-q-btl", "district_federation", "hn"),
            establish("hn-q-hk", "district_federation", "hn"),
            establish("hp-q-hb", "district_federation", "hp"),
            establish("hn-a", "grassroots_union", "hn-q-btl"),
            establish("hn-b", "grassroots_union", "hn-q-hk"),
        ])
        .await;
    chart
}

pub async fn make(manager: &Remote, name: &str, unit: Option<&str>) -> Value {
    let content = json!({"name": name, "display_name": null, "unit": unit});
    manager.post("/accounts", &content).await.created()
}

pub async fn give(manager: &Remote, account: i64, role: &str, unit: Option<&str>) -> Answer {
    let content = json!({"account_id": account, "role": role, "unit": unit});
    manager.post("/grants", &content).await
}

pub fn id(thing: &Value) -> i64 {
    thing["id"].as_i64().unwrap()
}

/// An action on a version, without a body.
fn act(manager: &Remote, account: i64, action: &str, version: &Value) -> Call {
    let call = manager.call(Method::POST, &format!("/accounts/{account}{action}"));
    call.header("if-match", &format!("\"{version}\""))
}

async fn act_now(manager: &Remote, account: i64, action: &str) -> Answer {
    let read = manager.get(&format!("/accounts/{account}")).await.ok();
    act(manager, account, action, &read["version"]).await
}

async fn reset(manager: &Remote, account: i64, body: &Value) -> Answer {
    let read = manager.get(&format!("/accounts/{account}")).await.ok();
    let path = format!("/accounts/{account}:reset");
    let call = manager.post(&path, body);
    call.header("if-match", &format!("\"{}\"", read["version"]))
        .await
}

fn names(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| item["name"].as_str().unwrap()).collect()
}

/// Somebody who manages accounts under a unit and may give the role of a viewer there.
async fn manager(app: &App, unit: &str) -> crate::support::Signed {
    let manager = app.account("account_administrator", Some(unit)).await;
    give(&app.admin(), manager.id, "viewer", Some(unit))
        .await
        .created();
    manager
}

on_both_engines! {
    async fn an_account_is_made_invited_and_opened(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let content = json!({"name": "To-Chuc.BTL", "display_name": " Ban Tổ chức ", "unit": "hn-q-btl"});
        let answer = admin.post("/accounts", &content).await;
        let account = answer.created();
        assert_eq!(answer.header("etag"), Some("\"1\""));
        assert_eq!(account["name"], "to-chuc.btl");
        assert_eq!(account["display_name"], "Ban Tổ chức");
        assert_eq!(account["unit"], "hn-q-btl");
        assert_eq!(account["state"], "invited");
        assert_eq!(account["allowed_actions"], json!(["edit", "invite", "reset", "lock", "disable", "end_sessions"]));
        let location = answer.header("location").unwrap().strip_prefix("/api/v1").unwrap();
        assert_eq!(admin.get(location).await.ok(), account);

        let first = act(&admin, id(&account), ":invite", &account["version"]).await;
        assert_eq!(first.header("cache-control"), Some("no-store"));
        let first = first.ok();
        let second = act(&admin, id(&account), ":invite", &account["version"]).await.ok();
        let token = second["token"].as_str().unwrap();
        assert!(token.starts_with("ldi_"));
        assert!(second["url"].as_str().unwrap().ends_with(&format!("/#/invitation/{token}")));
        assert_eq!(second["expires_at"], "2026-01-16T05:00:00.000000Z");
        let password = "bốn từ đứng cạnh nhau 2026";
        let accept = async |token: &Value| {
            let body = json!({"token": token, "password": password});
            app.post("/invitations:accept", &body).await
        };
        accept(&first["token"]).await.problem(410, "link_used");
        accept(&second["token"]).await.is(204);
        accept(&second["token"]).await.problem(410, "link_used");
        let opened = admin.get(location).await.ok();
        assert_eq!(opened["state"], "active");
        app.post("/sessions", &json!({"name": "to-chuc.btl", "password": password})).await.created();
        act_now(&admin, id(&account), ":invite").await.problem(409, "account_state");
    }

    async fn each_rule_names_its_place(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let refuse = async |content: Value, places: &[(&str, &str)]| {
            admin.post("/accounts", &content).await.refuses(places);
        };
        refuse(json!({"name": "a", "display_name": " ", "unit": "HN"}), &[
            ("/name", "account_name_invalid"), ("/display_name", "blank"), ("/unit", "unit_unknown"),
        ]).await;
        refuse(json!({"name": "abc", "unit": "nowhere"}), &[("/unit", "unit_unknown")]).await;
        refuse(json!({"name": "abc", "state": "active"}), &[("/state", "unknown_field")]).await;
        refuse(json!({"name": "abc", "password_hash": "x"}), &[("/password_hash", "unknown_field")]).await;
        let account = make(&admin, "abc", None).await;
        let again = json!({"name": "ABC", "unit": "hn"});
        admin.post("/accounts", &again).await.problem(409, "account_name_taken");
        let path = format!("/accounts/{}", account["id"]);
        admin.patch(&path, 1, &json!({"name": "abd"})).await.refuses(&[("/name", "read_only")]);
        admin.patch(&path, 7, &json!({"unit": "hn"})).await.problem(412, "version_outdated");
        let without = admin.call(Method::POST, &format!("{path}:lock")).await;
        without.problem(428, "precondition_required");
    }

    async fn an_account_outside_the_scope_is_not_there(app: App) {
        let admin = app.admin();
        let chart = plant(&admin).await;
        let hanoi = manager(&app, "hn").await;
        let inside = make(&admin, "inside", Some("hn-a")).await;
        let outside = make(&admin, "outside", Some("hp-q-hb")).await;
        let federal = make(&admin, "federal", None).await;

        let seen = hanoi.get(&format!("/accounts/{}", inside["id"])).await.ok();
        assert!(!seen["allowed_actions"].as_array().unwrap().is_empty());
        for hidden in [&outside, &federal] {
            let path = format!("/accounts/{}", hidden["id"]);
            hanoi.get(&path).await.problem(404, "not_found");
            hanoi.get(&format!("{path}/sessions")).await.problem(404, "not_found");
            hanoi.get(&format!("{path}/rights?unit=code:hn")).await.problem(404, "not_found");
            hanoi.patch(&path, 1, &json!({"unit": "hn"})).await.problem(404, "not_found");
            for action in [":invite", ":lock", ":unlock", ":disable", "/sessions:end"] {
                let answer = act(&hanoi, id(hidden), action, &hidden["version"]).await;
                answer.problem(404, "not_found");
            }
            let body = hanoi.post(&format!("{path}:reset"), &json!({}));
            body.header("if-match", "\"1\"").await.problem(404, "not_found");
        }
        let page = hanoi.get("/accounts?name=INSIDE").await.ok();
        assert_eq!(names(&page), ["inside"]);
        assert_eq!(names(&hanoi.get("/accounts?name=outside").await.ok()), [""; 0]);
        assert_eq!(names(&hanoi.get("/accounts?unit=code:hp-q-hb").await.ok()), [""; 0]);

        // What moves under another superior is theirs from that day on, and what moves in is ours.
        chart.decide("2025-01-10", &[transfer("hn-a", "hp-q-hb")]).await;
        hanoi.get(&format!("/accounts/{}", inside["id"])).await.problem(404, "not_found");
        assert_eq!(names(&hanoi.get("/accounts?name=inside").await.ok()), [""; 0]);
        chart.decide("2025-01-12", &[transfer("hp-q-hb", "hn")]).await;
        hanoi.get(&format!("/accounts/{}", outside["id"])).await.ok();
        assert_eq!(names(&hanoi.get("/accounts?name=inside").await.ok()), ["inside"]);
    }

    async fn units_are_no_secret_but_one_writes_for_ones_own(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let hanoi = manager(&app, "hn").await;
        let make_at = async |unit: Value| {
            let content = json!({"name": "somebody", "unit": unit});
            hanoi.post("/accounts", &content).await
        };
        make_at(json!("hp")).await.problem(403, "out_of_scope");
        make_at(json!("tld")).await.problem(403, "out_of_scope");
        make_at(Value::Null).await.problem(403, "out_of_scope");
        let made = make_at(json!("hn-q-hk")).await.created();
        let path = format!("/accounts/{}", made["id"]);
        hanoi.patch(&path, 1, &json!({"unit": "hp"})).await.problem(403, "out_of_scope");
        hanoi.patch(&path, 1, &json!({"unit": null})).await.problem(403, "out_of_scope");
        let moved = hanoi.patch(&path, 1, &json!({"unit": "hn-b"})).await.ok();
        assert_eq!((&moved["unit"], &moved["version"]), (&json!("hn-b"), &json!(2)));
        // A patch after which nothing differs makes no version.
        let same = hanoi.patch(&path, 2, &json!({"unit": "hn-b"})).await.ok();
        assert_eq!(same["version"], 2);

        let viewer = app.account("viewer", Some("hn")).await;
        viewer.get("/accounts").await.problem(403, "forbidden");
        let auditor = app.account("auditor", Some("hn")).await;
        assert_eq!(auditor.get(&path).await.ok()["allowed_actions"], json!([]));
        act(&auditor, id(&made), ":lock", &json!(2)).await.problem(403, "forbidden");
    }

    async fn accounts_are_listed_page_by_page_within_the_scope(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let hanoi = app.account("auditor", Some("hn")).await;
        for number in 0..6 {
            let unit = if number % 2 == 0 { "hn-a" } else { "hp-q-hb" };
            make(&admin, &format!("member_{number}"), Some(unit)).await;
        }
        let first = hanoi.get("/accounts?name=member&limit=2").await.ok();
        assert_eq!(names(&first), ["member_0", "member_2"]);
        let cursor = first["next_cursor"].as_str().unwrap();
        let rest = hanoi.get(&format!("/accounts?name=member&limit=2&cursor={cursor}")).await.ok();
        assert_eq!(names(&rest), ["member_4"]);
        assert_eq!(rest["next_cursor"], Value::Null);
        let all = admin.get("/accounts?name=member&state=invited").await.ok();
        assert_eq!(all["items"].as_array().unwrap().len(), 6);
        assert_eq!(names(&admin.get("/accounts?name=memberx").await.ok()), [""; 0]);
        assert_eq!(names(&admin.get("/accounts?name=member&state=active").await.ok()), [""; 0]);
        let kept = admin.get("/accounts?unit=code:hn-a&name=member").await.ok();
        assert_eq!(names(&kept), ["member_0", "member_2", "member_4"]);
        assert_eq!(names(&admin.get("/accounts?unit=code:nowhere").await.ok()), [""; 0]);
        admin.get("/accounts?unit=hn").await.problem(400, "unit_address_invalid");
        admin.get("/accounts?count=exact").await.problem(400, "unknown_parameter");
        hanoi.get(&format!("/accounts?cursor={cursor}")).await.problem(400, "cursor_of_another_list");
    }

    async fn who_is_locked_is_out_at_once(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let viewer = app.account("viewer", Some("hn")).await;
        viewer.get("/units").await.ok();
        let sessions = admin.get(&format!("/accounts/{}/sessions", viewer.id)).await.ok();
        assert_eq!(sessions["items"].as_array().unwrap().len(), 1);
        let locked = act_now(&admin, viewer.id, ":lock").await.ok();
        assert_eq!(locked["state"], "locked");
        viewer.get("/units").await.problem(401, "session_ended");
        act_now(&admin, viewer.id, ":lock").await.problem(409, "account_state");
        // The tests let somebody in without a password: so they wait for one.
        let unlocked = act_now(&admin, viewer.id, ":unlock").await.ok();
        assert_eq!(unlocked["state"], "invited");
        // The session is over for good; a new one may begin.
        viewer.get("/units").await.problem(401, "session_ended");
        let disabled = act_now(&admin, viewer.id, ":disable").await.ok();
        assert_eq!(disabled["state"], "disabled");
        assert_eq!(disabled["allowed_actions"], json!(["edit", "end_sessions"]));
        for action in [":lock", ":unlock", ":invite", ":disable"] {
            act_now(&admin, viewer.id, action).await.problem(409, "account_state");
        }
        reset(&admin, viewer.id, &json!({})).await.problem(409, "account_state");
    }

    async fn sessions_are_ended_by_who_manages_the_account(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let viewer = app.account("viewer", Some("hn")).await;
        act_now(&admin, viewer.id, "/sessions:end").await.is(204);
        viewer.get("/units").await.problem(401, "session_ended");
        let sessions = admin.get(&format!("/accounts/{}/sessions", viewer.id)).await.ok();
        assert_eq!(sessions["items"], json!([]));
    }

    async fn a_reset_voids_the_password_and_gives_a_new_link(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let viewer = app.account("viewer", Some("hn")).await;
        let answer = reset(&admin, viewer.id, &json!({"second_factor": true})).await.ok();
        assert!(answer["token"].as_str().unwrap().starts_with("ldi_"));
        viewer.get("/units").await.problem(401, "session_ended");
        let account = admin.get(&format!("/accounts/{}", viewer.id)).await.ok();
        assert_eq!(account["state"], "invited");
        assert_eq!(account["has_second_factor"], false);
        reset(&admin, viewer.id, &json!({"password": "x"})).await.refuses(&[("/password", "unknown_field")]);
        let new = json!({"token": answer["token"], "password": "một câu hoàn toàn mới 77"});
        app.post("/invitations:accept", &new).await.is(204);
        let sign_in = json!({"name": viewer.name, "password": "một câu hoàn toàn mới 77"});
        app.post("/sessions", &sign_in).await.created();
    }

    async fn an_action_sent_again_is_done_once(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let account = make(&admin, "somebody", Some("hn")).await;
        let lock = || act(&admin, id(&account), ":lock", &account["version"]).key("lock-1");
        let first = lock().await.ok();
        let again = lock().await;
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(again.ok(), first);
    }

    async fn nobody_opens_what_holds_more_than_they_do(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let hanoi = manager(&app, "hn").await;
        let strong = make(&admin, "strong", Some("hn-q-btl")).await;
        give(&admin, id(&strong), "organiser", Some("hn-q-btl")).await.created();
        let wide = make(&admin, "wide", Some("hn-q-btl")).await;
        give(&admin, id(&wide), "viewer", Some("hp")).await.created();
        let weak = make(&admin, "weak", Some("hn-q-btl")).await;
        give(&admin, id(&weak), "viewer", Some("hn-q-btl")).await.created();
        for more in [&strong, &wide] {
            let seen = hanoi.get(&format!("/accounts/{}", more["id"])).await.ok();
            assert_eq!(seen["allowed_actions"], json!(["edit", "lock", "disable", "end_sessions"]));
            act_now(&hanoi, id(more), ":invite").await.problem(403, "not_held");
            reset(&hanoi, id(more), &json!({})).await.problem(403, "not_held");
            act_now(&hanoi, id(more), ":lock").await.ok();
            act_now(&hanoi, id(more), ":unlock").await.problem(403, "not_held");
        }
        act_now(&hanoi, id(&weak), ":invite").await.ok();
    }

    async fn nobody_changes_their_own_state(app: App) {
        plant(&app.admin()).await;
        let own = app.account("administrator", None).await;
        for action in [":lock", ":unlock", ":disable", ":invite"] {
            act_now(&own, own.id, action).await.problem(403, "own_grants");
        }
        reset(&own, own.id, &json!({})).await.problem(403, "own_grants");
        let seen = own.get(&format!("/accounts/{}", own.id)).await.ok();
        assert_eq!(seen["allowed_actions"], json!(["edit", "end_sessions"]));
    }

    async fn rights_are_told_with_their_reasons(app: App) {
        let admin = app.admin();
        let chart = plant(&admin).await;
        let viewer = app.account("viewer", Some("hn-q-btl")).await;
        chart.decide("2025-01-10", &[transfer("hn-a", "hn-q-hk"), transfer("hn-b", "hn-q-btl")]).await;
        let ask = async |unit: &str, on: &str| {
            let path = format!("/accounts/{}/rights?unit=code:{unit}&on={on}", viewer.id);
            let told = viewer.get(&path).await.ok();
            assert_eq!(told, admin.get(&path).await.ok());
            assert_eq!((&told["unit"], &told["on"]), (&json!(unit), &json!(on)));
            told["permissions"].as_array().unwrap().clone()
        };
        let of = |told: &[Value], name: &str| told.iter().find(|p| p["permission"] == name).cloned();
        let away = of(&ask("hn-a", "2025-01-09").await, "records:read").unwrap();
        assert_eq!((&away["read"], &away["write"]), (&json!(true), &json!(false)));
        let because = &away["because"][0];
        assert_eq!((&because["role"], &because["unit"]), (&json!("viewer"), &json!("hn-q-btl")));
        assert_eq!((&because["then"], &because["now"]), (&json!(true), &json!(false)));
        let after = ask("hn-a", "2025-01-10").await;
        assert_eq!(of(&after, "records:read"), None);
        assert_eq!(of(&after, "units:read").unwrap()["read"], true);
        let came = of(&ask("hn-b", "2025-01-09").await, "records:read").unwrap();
        assert_eq!((&came["read"], &came["write"]), (&json!(true), &json!(true)));
        assert_eq!((&came["because"][0]["then"], &came["because"][0]["now"]), (&json!(false), &json!(true)));

        let other = app.account("viewer", Some("hn-q-btl")).await;
        other.get(&format!("/accounts/{}/rights?unit=code:hn", viewer.id)).await.problem(403, "forbidden");
        viewer.get(&format!("/accounts/{}/rights", viewer.id)).await.problem(400, "parameter_invalid");
        viewer.get(&format!("/accounts/{}/rights?unit=code:nowhere", viewer.id)).await.problem(404, "not_found");
    }
}
