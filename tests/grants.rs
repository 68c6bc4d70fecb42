//! Roles given to accounts: nobody gives more than they hold, nobody to themselves, and one administrator stays.

use std::future::IntoFuture;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::accounts::{give, id, make, plant};
use crate::support::Answer;

fn roles(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| item["role"].as_str().unwrap()).collect()
}

fn path(grant: &Value) -> String {
    format!("/grants/{}", grant["id"])
}

on_both_engines! {
    async fn a_role_is_given_held_cut_and_taken_back(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let clerk = app.account("viewer", Some("hn")).await;
        let document = json!({"number": "7/QĐ", "title": "Về việc"});
        clerk.post("/documents", &document).await.problem(403, "forbidden");
        let answer = give(&admin, clerk.id, "recorder", Some("hn-q-btl")).await;
        let given = answer.created();
        assert_eq!(answer.header("etag"), Some("\"1\""));
        assert_eq!((&given["from"], &given["to"]), (&json!("2026-01-15"), &Value::Null));
        assert_eq!(given["allowed_actions"], json!(["edit", "delete"]));
        assert_eq!(admin.get(&path(&given)).await.ok(), given);
        // It holds from the very next request on.
        assert_ne!(clerk.post("/documents", &document).await.status.as_u16(), 403);
        let longer = admin.patch(&path(&given), 1, &json!({"from": "2026-01-01", "to": "2026-01-15"})).await;
        assert_eq!(longer.ok()["version"], 2);
        clerk.post("/documents", &document).await.problem(403, "forbidden");
        admin.patch(&path(&given), 2, &json!({"to": null})).await.ok();
        assert_ne!(clerk.post("/documents", &document).await.status.as_u16(), 403);
        admin.delete(&path(&given), 2).await.problem(412, "version_outdated");
        admin.delete(&path(&given), 3).await.is(204);
        admin.get(&path(&given)).await.problem(404, "not_found");
        clerk.post("/documents", &document).await.problem(403, "forbidden");
    }

    async fn each_rule_names_its_place(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let account = make(&admin, "somebody", Some("hn")).await;
        let content = json!({"account_id": account["id"], "role": "viewer", "unit": "hn", "from": "2026-01-15"});
        let with = |name: &str, value: Value| {
            let mut content = content.clone();
            content[name] = value;
            content
        };
        let refuse = async |content: Value, places: &[(&str, &str)]| {
            admin.post("/grants", &content).await.refuses(places);
        };
        refuse(with("account_id", json!(987_654)), &[("/account_id", "unknown_value")]).await;
        refuse(with("role", json!("king")), &[("/role", "role_unknown")]).await;
        refuse(with("role", json!("King!")), &[("/role", "role_unknown")]).await;
        refuse(with("unit", json!("nowhere")), &[("/unit", "unit_unknown")]).await;
        refuse(with("to", json!("2026-01-15")), &[("/to", "validity_empty")]).await;
        refuse(with("granted_by", json!("me")), &[("/granted_by", "unknown_field")]).await;
        let given = admin.post("/grants", &content).await.created();
        let patch = async |changes: Value, places: &[(&str, &str)]| {
            admin.patch(&path(&given), 1, &changes).await.refuses(places);
        };
        patch(json!({"role": "auditor", "unit": null}), &[("/role", "read_only"), ("/unit", "read_only")]).await;
        patch(json!({"account_id": 1}), &[("/account_id", "read_only")]).await;
        patch(json!({"to": "2026-01-01"}), &[("/to", "validity_empty")]).await;
        let same = admin.patch(&path(&given), 1, &json!({"from": "2026-01-15"})).await.ok();
        assert_eq!(same["version"], 1);
    }

    async fn nobody_gives_what_they_do_not_hold_there(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let manager = app.account("account_administrator", Some("hn")).await;
        let account = make(&admin, "somebody", Some("hn-a")).await;
        let to = async |role: &str, unit: Option<&str>| give(&manager, id(&account), role, unit).await;
        let refused = to("viewer", Some("hn")).await.problem(403, "not_held");
        assert_eq!(refused["params"]["permission"], "records:read");
        to("administrator", Some("hn-a")).await.problem(403, "not_held");
        // What they hold, within where they hold it.
        to("account_administrator", Some("hn-q-btl")).await.created();
        to("account_administrator", Some("hp")).await.problem(403, "out_of_scope");
        to("account_administrator", None).await.problem(403, "out_of_scope");
        // Held in one place, it is given there and below, not beside.
        give(&admin, manager.id, "viewer", Some("hn-q-btl")).await.created();
        to("viewer", Some("hn-q-btl")).await.created();
        to("viewer", Some("hn-a")).await.created();
        to("viewer", Some("hn-q-hk")).await.problem(403, "not_held");
    }

    async fn an_account_outside_the_scope_is_as_unknown_as_one_that_is_not_there(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let manager = app.account("account_administrator", Some("hn")).await;
        let outside = make(&admin, "outside", Some("hp")).await;
        let foreign = give(&manager, id(&outside), "account_administrator", Some("hn")).await;
        let absent = give(&manager, 987_654, "account_administrator", Some("hn")).await;
        foreign.refuses(&[("/account_id", "unknown_value")]);
        let said = |answer: &Answer| {
            let mut body = answer.is(422);
            body["request_id"] = Value::Null;
            body
        };
        assert_eq!(said(&foreign), said(&absent));

        // Neither a grant elsewhere of an account here, nor one here of an account elsewhere, is seen.
        let inside = make(&admin, "inside", Some("hn-a")).await;
        let elsewhere = give(&admin, id(&inside), "viewer", Some("hp")).await.created();
        let here = give(&admin, id(&outside), "viewer", Some("hn-a")).await.created();
        let seen = give(&admin, id(&inside), "viewer", Some("hn-a")).await.created();
        for hidden in [&elsewhere, &here] {
            manager.get(&path(hidden)).await.problem(404, "not_found");
            manager.patch(&path(hidden), 1, &json!({"to": "2027-01-01"})).await.problem(404, "not_found");
            manager.delete(&path(hidden), 1).await.problem(404, "not_found");
        }
        let listed = manager.all("/grants?role=viewer").await;
        assert_eq!(listed, [manager.get(&path(&seen)).await.ok()]);
    }

    async fn days_are_cut_by_who_manages_and_added_by_who_could_give(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let manager = app.account("account_administrator", Some("hn")).await;
        let account = make(&admin, "somebody", Some("hn-a")).await;
        let given = give(&admin, id(&account), "viewer", Some("hn-a")).await.created();
        manager.patch(&path(&given), 1, &json!({"to": "2026-06-01"})).await.ok();
        manager.patch(&path(&given), 2, &json!({"to": "2026-07-01"})).await.problem(403, "not_held");
        manager.patch(&path(&given), 2, &json!({"from": "2026-01-01"})).await.problem(403, "not_held");
        manager.patch(&path(&given), 2, &json!({"to": "2026-05-01"})).await.ok();
        manager.delete(&path(&given), 3).await.is(204);
    }

    async fn nobody_changes_their_own_grants(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let own = app.account("administrator", None).await;
        give(&own, own.id, "viewer", Some("hn")).await.problem(403, "own_grants");
        let mine = own.get(&format!("/grants?account={}", own.id)).await.ok();
        let mine = mine["items"][0].clone();
        assert_eq!(mine["allowed_actions"], json!([]));
        own.patch(&path(&mine), 1, &json!({"to": "2027-01-01"})).await.problem(403, "own_grants");
        own.delete(&path(&mine), 1).await.problem(403, "own_grants");
    }

    async fn two_administrators_do_not_remove_each_other(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        // From here on these two are all there are.
        let two = [app.account("administrator", None).await, app.account("administrator", None).await];
        for grant in two[0].all("/grants?role=administrator").await {
            let holder = grant["account_id"].as_i64().unwrap();
            if two.iter().all(|one| one.id != holder) {
                two[0].delete(&path(&grant), grant["version"].as_i64().unwrap()).await.is(204);
            }
        }
        let mut of = Vec::new();
        for one in &two {
            let found = two[0].get(&format!("/grants?account={}&role=administrator", one.id)).await.ok();
            of.push(found["items"][0].clone());
        }
        let removals = [two[0].delete(&path(&of[1]), 1), two[1].delete(&path(&of[0]), 1)];
        let answers = join_all(removals.map(IntoFuture::into_future)).await;
        let done = answers.iter().filter(|answer| answer.status.as_u16() == 204).count();
        assert_eq!(done, 1, "{answers:?}");
        for refused in answers.iter().filter(|answer| answer.status.as_u16() != 204) {
            // Either it was seen that nobody would be left, or the other's rights were gone already.
            assert!([403, 409].contains(&refused.status.as_u16()), "{refused:?}");
        }
    }

    async fn the_last_administrator_stays(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let all = admin.all("/grants?role=administrator").await;
        // A role that may do all that this takes, and is not the administrator.
        let names = ["accounts:read", "accounts:manage"];
        let role = json!({"code": "keeper", "name_vi": "Giữ", "name_en": "Keeper", "permissions": names});
        admin.post("/roles", &role).await.created();
        let keeper = app.account("keeper", None).await;
        let (last, others) = all.split_last().unwrap();
        for grant in others {
            keeper.delete(&path(grant), 1).await.is(204);
        }
        keeper.delete(&path(last), 1).await.problem(409, "last_administrator");
        keeper.patch(&path(last), 1, &json!({"from": "2026-01-01", "to": "2026-01-15"})).await;
        assert_eq!(keeper.get(&path(last)).await.ok()["to"], Value::Null);
        let account = keeper.get(&format!("/accounts/{}", last["account_id"])).await.ok();
        for action in ["lock", "disable"] {
            let call = keeper.call(reqwest::Method::POST, &format!("/accounts/{}:{action}", account["id"]));
            let call = call.header("if-match", &format!("\"{}\"", account["version"]));
            call.await.problem(409, "last_administrator");
        }
    }

    async fn grants_are_listed_and_narrowed(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let account = id(&make(&admin, "somebody", Some("hn")).await);
        for (role, unit, from, to) in [
            ("viewer", json!("hn"), "2025-01-01", json!("2026-01-01")),
            ("recorder", json!("hn-a"), "2026-01-01", Value::Null),
            ("auditor", Value::Null, "2026-02-01", Value::Null),
        ] {
            let content = json!({"account_id": account, "role": role, "unit": unit, "from": from, "to": to});
            admin.post("/grants", &content).await.created();
        }
        let listed = async |query: &str, expected: &[&str]| {
            let page = admin.get(&format!("/grants?account={account}&{query}")).await.ok();
            assert_eq!(roles(&page), expected, "{query}");
        };
        listed("", &["viewer", "recorder", "auditor"]).await;
        listed("unit=code:hn", &["viewer"]).await;
        listed("unit=code:nowhere", &[]).await;
        listed("role=auditor", &["auditor"]).await;
        listed("as_of=2025-12-31", &["viewer"]).await;
        listed("as_of=2026-01-01", &["recorder"]).await;
        listed("as_of=2026-02-01", &["recorder", "auditor"]).await;
        let first = admin.get(&format!("/grants?account={account}&limit=2")).await.ok();
        let cursor = first["next_cursor"].as_str().unwrap();
        let rest = admin.get(&format!("/grants?account={account}&limit=2&cursor={cursor}")).await.ok();
        assert_eq!(roles(&rest), ["auditor"]);
        let hanoi = app.account("auditor", Some("hn")).await;
        let seen = hanoi.get(&format!("/grants?account={account}")).await.ok();
        assert_eq!(roles(&seen), ["viewer", "recorder"]);
    }
}
