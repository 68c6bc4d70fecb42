//! Ids of what is another's, by every way in: path, query, body, one among a hundred, cursor, feed, audit log.

use reqwest::Method;
use serde_json::{Value, json};

use super::world::{id, plant, record};
use crate::support::{App, Remote, Signed, establish, open, pass, transfer, unit_id};

/// What an answer says beside what names the request.
fn said(mut body: Value) -> Value {
    body["instance"] = Value::Null;
    body["request_id"] = Value::Null;
    body
}

async fn account(admin: &Remote, name: &str, unit: Option<&str>) -> i64 {
    let content = json!({"name": name, "unit": unit});
    id(&admin.post("/accounts", &content).await.created())
}

async fn grant(admin: &Remote, account: i64, unit: Option<&str>) -> i64 {
    let content = json!({"account_id": account, "role": "viewer", "unit": unit});
    id(&admin.post("/grants", &content).await.created())
}

async fn ids(remote: &Remote, path: &str) -> Vec<i64> {
    remote.all(path).await.iter().map(id).collect()
}

/// Manages accounts of the district hn-d, and may make viewers there.
async fn manager(app: &App) -> Signed {
    let manager = app.account("account_administrator", Some("hn-d")).await;
    also(app, &manager, "viewer", "hn-d");
    manager
}

fn also(app: &App, who: &Signed, role: &str, unit: &str) {
    let mut db = open(&app.url);
    let unit = unit_id(&mut db, unit);
    pass::grant(
        &mut db,
        who.id,
        role,
        Some(unit),
        ("0001-01-01", "9999-12-31"),
        &app.clock,
    );
}

on_both_engines! {
    async fn what_is_hidden_is_answered_like_what_never_was(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let manager = manager(&app).await;
        also(&app, &manager, "integrator", "hn-d");
        let outside = account(&admin, "outside", Some("hp-d")).await;
        let inside = account(&admin, "inside", Some("hn-d-a")).await;
        let held = grant(&admin, outside, Some("hp-d")).await;
        let system = json!({"name": "Cổng", "unit": "hp-d", "scopes": ["events:read"], "valid_to": null});
        let system = id(&admin.post("/service_accounts", &system).await.created());

        for (path, hidden) in [
            ("/accounts/", outside), ("/grants/", held), ("/service_accounts/", system),
        ] {
            for rest in ["", "/sessions", "/secrets", "/rights?unit=code:hn"] {
                let answer = async |id: i64| {
                    let answer = manager.get(&format!("{path}{id}{rest}")).await;
                    said(answer.problem(404, "not_found"))
                };
                assert_eq!(answer(hidden).await, answer(999_999).await, "{path} {rest}");
            }
        }
        let give = async |account: i64| {
            let content = json!({"account_id": account, "role": "viewer", "unit": "hn-d"});
            said(manager.post("/grants", &content).await.problem(422, "invalid"))
        };
        assert_eq!(give(outside).await, give(999_999).await);

        // Filters look at no more than what is seen.
        for empty in [
            "/accounts?unit=code:hp-d".to_owned(),
            "/accounts?name=outside".to_owned(),
            format!("/grants?account={outside}"),
            "/grants?unit=code:hp-d".to_owned(),
            "/grants?role=administrator".to_owned(),
            "/grants?role=administrator&as_of=2026-01-15".to_owned(),
        ] {
            assert_eq!(ids(&manager, &empty).await, [0; 0], "{empty}");
            if empty.contains("role=") {
                assert_eq!(ids(&admin, &empty).await.len(), 1, "{empty}");
            }
        }
        assert_eq!(ids(&manager, "/accounts?name=inside").await, [inside]);
    }

    async fn a_grant_is_hidden_where_its_account_or_its_unit_is(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let manager = manager(&app).await;
        let outside = account(&admin, "outside", Some("hp-d")).await;
        let inside = account(&admin, "inside", Some("hn-d-a")).await;
        let of_outsider = grant(&admin, outside, Some("hn-d-a")).await;
        let elsewhere = grant(&admin, inside, Some("hp-d")).await;
        let everywhere = grant(&admin, inside, None).await;
        let seen = grant(&admin, inside, Some("hn-d-a")).await;
        for hidden in [of_outsider, elsewhere, everywhere] {
            let path = format!("/grants/{hidden}");
            manager.get(&path).await.problem(404, "not_found");
            let to = json!({"to": "2027-01-01"});
            manager.patch(&path, 1, &to).await.problem(404, "not_found");
            manager.delete(&path, 1).await.problem(404, "not_found");
        }
        assert_eq!(ids(&manager, &format!("/grants?account={inside}")).await, [seen]);
        assert_eq!(ids(&manager, &format!("/grants?account={outside}")).await, [0; 0]);
        manager.get(&format!("/grants/{seen}")).await.ok();
        let rights = format!("/accounts/{inside}/rights?unit=code:hn-d-a");
        let rights = manager.get(&rights).await.ok();
        for permission in rights["permissions"].as_array().unwrap() {
            for reason in permission["because"].as_array().unwrap() {
                assert_eq!(reason["grant_id"], seen, "{permission}");
            }
        }
        // Whoever holds more elsewhere is not opened by who holds less.
        let path = format!("/accounts/{inside}:invite");
        let invite = manager.call(Method::POST, &path).header("if-match", "*");
        invite.await.problem(403, "not_held");
    }

    async fn nobody_serves_themselves(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let manager = manager(&app).await;
        let content = json!({"account_id": manager.id, "role": "viewer", "unit": "hn-d-a"});
        manager.post("/grants", &content).await.problem(403, "own_grants");
        for held in ids(&manager, &format!("/grants?account={}", manager.id)).await {
            let path = format!("/grants/{held}");
            manager.delete(&path, 1).await.problem(403, "own_grants");
            let to = json!({"to": "2027-01-01"});
            manager.patch(&path, 1, &to).await.problem(403, "own_grants");
        }
        for action in ["invite", "lock", "unlock", "disable"] {
            let path = format!("/accounts/{}:{action}", manager.id);
            let call = manager.call(Method::POST, &path).header("if-match", "*");
            call.await.problem(403, "own_grants");
        }
    }

    async fn a_body_that_names_anothers_unit_is_refused(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let all = app.account("administrator", Some("hn-d")).await;
        let cluster = |code: &str, owner: &str| json!({
            "code": code, "name": "Cụm", "kind": "emulation_cluster", "owner": owner,
            "from": "2025-01-01", "to": "2026-01-01", "declared_count": null
        });
        let own = id(&all.post("/clusters", &cluster("cum-1", "hn-d")).await.created());
        let paper = id(&all.post("/documents", &json!({"number": "2/QĐ", "unit": "hn-d"})).await.created());
        for unit in ["hn-e", "hn", "hp-d", "hn-y", "hn-d-gone", "tld"] {
            let refused = async |path: &str, body: Value| {
                all.post(path, &body).await.problem(403, "out_of_scope");
            };
            refused("/accounts", json!({"name": "somebody", "unit": unit})).await;
            refused("/documents", json!({"number": "3/QĐ", "unit": unit})).await;
            refused("/clusters", cluster("cum-2", unit)).await;
            let system = json!({"name": "Cổng", "unit": unit, "scopes": ["events:read"], "valid_to": null});
            refused("/service_accounts", system).await;
            let give = json!({"account_id": all.id, "role": "viewer", "unit": unit});
            let given = all.post("/grants", &give).await;
            assert_eq!(given.status, 403, "{unit}: {}", given.text);
            let moved = all.patch(&format!("/clusters/{own}"), 1, &json!({"owner": unit})).await;
            moved.problem(403, "out_of_scope");
            let moved = all.patch(&format!("/documents/{paper}"), 1, &json!({"unit": unit})).await;
            moved.problem(403, "out_of_scope");
        }
        // Taken out of all units it would be everybody's.
        let moved = all.patch(&format!("/documents/{paper}"), 1, &json!({"unit": null})).await;
        moved.problem(403, "out_of_scope");
    }

    async fn each_unit_that_a_decision_needs_is_asked_for(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let organiser = app.account("organiser", Some("hn-d")).await;
        let document = id(&organiser.post("/documents", &json!({"number": "2/QĐ"})).await.created());
        let new = |code: &str, parent: &str| establish(code, "grassroots_union", parent);
        let ask = async |lines: &[Value]| {
            let content = json!({"document_id": document, "effective_on": "2025-06-15", "lines": lines});
            organiser.post("/reorganisations?dry_run=true", &content).await
        };
        ask(&[new("hn-d-1", "hn-d")]).await.ok();
        ask(&[transfer("hn-e-in", "hn-d-a")]).await.problem(422, "invalid");
        for lines in [
            vec![new("hn-e-1", "hn-e")],
            vec![transfer("hn-d-a", "hn-e")],
            vec![transfer("hn-e-a", "hn-d")],
            vec![json!({"op": "rename", "unit": "hn-e-a", "name": "Tên khác"})],
            vec![json!({"op": "end", "unit": "hn-e-a"})],
            vec![json!({"op": "end", "unit": "hn-d-a", "successors": ["hn-e-a"]})],
            vec![json!({"op": "merge", "units": ["hn-e-a"], "into": "hn-d-a"})],
            vec![json!({"op": "merge", "units": ["hn-d-a"], "into": "hn-e-a"})],
            // The district itself stands under the province.
            vec![json!({"op": "merge", "units": ["hn-d"], "into": "hn-e"})],
            vec![json!({"op": "end", "unit": "hn-d", "children_to": "hn-e"})],
        ] {
            let answer = ask(&lines).await;
            assert_eq!(answer.status, 403, "{lines:?}: {}", answer.text);
            answer.problem(403, "out_of_scope");
        }
        // One among a hundred: nothing at all is recorded.
        let mut lines: Vec<Value> = (0..99).map(|n| new(&format!("hn-d-n{n}"), "hn-d")).collect();
        ask(&lines).await.ok();
        lines.insert(50, new("hn-e-n", "hn-e"));
        ask(&lines).await.problem(403, "out_of_scope");
        let content = json!({"document_id": document, "effective_on": "2025-06-15", "lines": lines});
        let whole = organiser.post("/reorganisations", &content).key("hundred");
        whole.await.problem(403, "out_of_scope");
        organiser.get("/units/code:hn-d-n0").await.problem(404, "not_found");

        // A decision that others made, about units of theirs too.
        let theirs = record(&admin, document, Some("2025-06-20"), &[transfer("hn-d-a", "hn-e")]).await;
        let path = format!("/reorganisations/{theirs}");
        let annul = organiser.post(&format!("{path}:annul?dry_run=true"), &json!({"reason": "Nhầm"}));
        annul.header("if-match", "*").await.problem(403, "out_of_scope");
        let own = json!({"document_id": document, "effective_on": "2025-06-20", "lines": [new("hn-d-2", "hn-d")]});
        let correct = organiser.call(Method::PUT, &format!("{path}?dry_run=true")).json(&own);
        correct.header("if-match", "*").await.problem(403, "out_of_scope");
    }

    async fn a_preview_tells_whose_roles_it_touches_to_those_who_read_accounts(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let document = admin.post("/documents", &json!({"number": "2/QĐ"})).await.created()["id"].clone();
        let staff = account(&admin, "staff", Some("hn-e-a")).await;
        let held = grant(&admin, staff, Some("hn-e-a")).await;
        let end = json!({"op": "end", "unit": "hn-e-a", "successors": ["hn-e-in"]});
        let content = json!({"document_id": document, "effective_on": "2026-01-01", "lines": [end]});
        let organiser = app.account("organiser", Some("hn")).await;
        let touched = async |who: &Signed| {
            let preview = who.post("/reorganisations?dry_run=true", &content).await.ok();
            preview["grants"].clone()
        };
        let mut told = json!([{"grant_id": held, "account_id": null, "account": null, "role": "viewer",
            "unit": "hn-e-a", "successors": ["hn-e-in"]}]);
        assert_eq!(touched(&organiser).await, told);
        let both = app.account("organiser", Some("hn")).await;
        also(&app, &both, "account_administrator", "hn-e");
        told[0]["account_id"] = json!(staff);
        told[0]["account"] = json!("staff");
        assert_eq!(touched(&both).await, told);
    }

    async fn a_change_that_changes_nothing_is_still_anothers(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let paper = json!({"title": "Quyết định", "unit": "hp-d"});
        let paper = admin.post("/documents", &paper).await.created();
        let cluster = json!({"code": "cum-hp", "name": "Cụm", "kind": "emulation_cluster", "owner": "hp-d",
            "from": "2026-01-01", "to": "2027-01-01", "members": [], "heads": []});
        let cluster = admin.post("/clusters", &cluster).await.created();
        let organiser = app.account("organiser", Some("hn-d")).await;
        for (path, patch) in [
            (format!("/documents/{}", paper["id"]), json!({"title": "Quyết định"})),
            (format!("/clusters/{}", cluster["id"]), json!({"name": "Cụm"})),
        ] {
            organiser.patch(&path, 1, &patch).await.problem(403, "out_of_scope");
            admin.patch(&path, 1, &patch).await.ok();
        }
    }

    async fn a_batch_is_refused_item_by_item(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let district = app.account("administrator", Some("hn-d")).await;
        let kinds = admin.all("/unit_kinds").await;
        let delete = |kind: &Value| json!({"action": "delete", "id": kind["id"], "version": kind["version"]});
        let mut items: Vec<Value> = kinds.iter().map(delete).collect();
        for number in items.len()..100 {
            let mut kind = crate::unit_kinds::kind(&format!("new_{number}"));
            kind["rank"] = json!(1_000 + number);
            items.push(json!({"action": "create", "content": kind}));
        }
        let batch = district.post("/unit_kinds:batch", &json!({"items": items})).key("all").await.is(207);
        assert_eq!((&batch["succeeded"], &batch["failed"]), (&json!(0), &json!(100)));
        for item in batch["items"].as_array().unwrap() {
            assert_eq!(item["problem"]["code"], "out_of_scope", "{item}");
        }
        assert_eq!(admin.all("/unit_kinds").await, kinds);
    }

    async fn a_cursor_of_another_caller_shows_no_more(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let mut own = Vec::new();
        for number in 0..8 {
            let unit = if number % 2 == 0 { "hp-d-a" } else { "hn-d-a" };
            let account = account(&admin, &format!("member.{number}"), Some(unit)).await;
            let held = grant(&admin, account, Some(unit)).await;
            let system = json!({"name": "Cổng", "unit": unit, "scopes": ["events:read"], "valid_to": null});
            let system = id(&admin.post("/service_accounts", &system).await.created());
            if unit == "hn-d-a" {
                own.push([account, held, system]);
            }
        }
        let (here, there) = (app.account("auditor", Some("hn-d")).await, app.account("auditor", Some("hp-d")).await);
        also(&app, &here, "integrator", "hn-d");
        also(&app, &there, "integrator", "hp-d");
        for (index, path) in ["/accounts", "/grants", "/service_accounts"].into_iter().enumerate() {
            let first = there.get(&format!("{path}?limit=1")).await.ok();
            let cursor = first["next_cursor"].as_str().unwrap();
            let page = here.get(&format!("{path}?limit=200&cursor={cursor}")).await.ok();
            let shown: Vec<i64> = page["items"].as_array().unwrap().iter().map(id).collect();
            assert!(own.iter().all(|own| shown.contains(&own[index])), "{path}");
            let seen = ids(&here, path).await;
            assert!(shown.iter().all(|id| seen.contains(id)), "{path}");
        }
    }
}
