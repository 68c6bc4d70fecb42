//! Roles beside those that are built in.

use reqwest::Method;
use serde_json::{Value, json};

use crate::accounts::{give, id, make, plant};

fn clerk(permissions: &[&str]) -> Value {
    json!({
        "code": "award_clerk", "name_vi": "Cán bộ khen thưởng", "name_en": "Award clerk",
        "permissions": permissions
    })
}

fn codes(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| item["code"].as_str().unwrap()).collect()
}

on_both_engines! {
    async fn roles_are_read_by_everybody_signed_in(app: App) {
        plant(&app.admin()).await;
        let viewer = app.account("viewer", Some("hn-a")).await;
        let listed = viewer.get("/roles").await.ok();
        assert_eq!(codes(&listed)[0], "administrator");
        assert_eq!(codes(&listed).len(), 10);
        let read = viewer.get("/roles/viewer").await.ok();
        assert_eq!((&read["built_in"], &read["version"]), (&json!(true), &Value::Null));
        assert_eq!(read["permissions"], json!(["records:read"]));
        viewer.get("/roles/nobody").await.problem(404, "not_found");
        viewer.get("/roles/No-Code").await.problem(404, "not_found");
        let permissions = viewer.get("/permissions").await.ok();
        let everything = &listed["items"][0]["permissions"];
        let named = permissions["items"].as_array().unwrap().iter();
        assert_eq!(&Value::from_iter(named.map(|p| p["name"].clone())), everything);
        assert_eq!(permissions["items"][0]["vi"], "Xem danh mục dùng chung");
        viewer.post("/roles", &clerk(&["records:read"])).await.problem(403, "forbidden");
    }

    async fn a_role_is_made_given_changed_and_kept_while_it_is_held(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let answer = admin.post("/roles", &clerk(&["records:read"])).await;
        let role = answer.created();
        assert_eq!(answer.header("location"), Some("/api/v1/roles/award_clerk"));
        assert_eq!(role["allowed_actions"], json!(["edit", "delete"]));
        let read = admin.get("/roles/award_clerk").await;
        assert_eq!(read.ok(), role);
        assert_eq!(read.header("etag"), Some("\"1\""));
        assert_eq!(codes(&admin.get("/roles").await.ok()).last(), Some(&"award_clerk"));

        let holder = app.account("award_clerk", Some("hn")).await;
        holder.get("/accounts").await.problem(403, "forbidden");
        let wider = json!({"permissions": ["accounts:read", "records:read"]});
        let changed = admin.patch("/roles/award_clerk", 1, &wider).await.ok();
        assert_eq!(changed["permissions"], json!(["accounts:read", "records:read"]));
        // Whoever holds it has it from the very next request on.
        holder.get("/accounts").await.ok();
        admin.patch("/roles/award_clerk", 2, &json!({"permissions": ["records:read"]})).await.ok();
        holder.get("/accounts").await.problem(403, "forbidden");
        let same = admin.patch("/roles/award_clerk", 3, &json!({"name_en": "Award clerk"})).await.ok();
        assert_eq!(same["version"], 3);

        admin.delete("/roles/award_clerk", 3).await.problem(409, "role_in_use");
        for grant in admin.all("/grants?role=award_clerk").await {
            admin.delete(&format!("/grants/{}", grant["id"]), 1).await.is(204);
        }
        admin.delete("/roles/award_clerk", 2).await.problem(412, "version_outdated");
        admin.delete("/roles/award_clerk", 3).await.is(204);
        admin.get("/roles/award_clerk").await.problem(404, "not_found");
    }

    async fn each_rule_names_its_place(app: App) {
        let admin = app.admin();
        let refuse = async |content: Value, places: &[(&str, &str)]| {
            admin.post("/roles", &content).await.refuses(places);
        };
        refuse(clerk(&[]), &[("/permissions", "too_few")]).await;
        refuse(clerk(&["records:read", "all"]), &[("/permissions/1", "permission_unknown")]).await;
        refuse(clerk(&["records:read", "records:read"]), &[("/permissions/1", "repeated")]).await;
        let mut misnamed = clerk(&["records:read"]);
        misnamed["code"] = json!("Award-Clerk");
        misnamed["name_vi"] = json!(" ");
        refuse(misnamed, &[("/code", "code_invalid"), ("/name_vi", "blank")]).await;
        let mut built_in = clerk(&["records:read"]);
        built_in["code"] = json!("viewer");
        admin.post("/roles", &built_in).await.problem(409, "role_code_taken");
        admin.post("/roles", &clerk(&["records:read"])).await.created();
        admin.post("/roles", &clerk(&["records:read"])).await.problem(409, "role_code_taken");
        let renamed = admin.patch("/roles/award_clerk", 1, &json!({"code": "clerk"})).await;
        renamed.refuses(&[("/code", "read_only")]);
    }

    async fn what_is_built_in_stays(app: App) {
        let admin = app.admin();
        admin.patch("/roles/viewer", 1, &json!({"name_en": "Guest"})).await.problem(409, "role_built_in");
        admin.delete("/roles/viewer", 1).await.problem(409, "role_built_in");
        let without = admin.call(Method::DELETE, "/roles/viewer").await;
        without.problem(428, "precondition_required");
    }

    async fn nobody_makes_a_role_of_what_they_do_not_hold_everywhere(app: App) {
        let admin = app.admin();
        plant(&admin).await;
        let editor = app.account("account_administrator", None).await;
        let refused = editor.post("/roles", &clerk(&["records:read"])).await.problem(403, "not_held");
        assert_eq!(refused["params"]["permission"], "records:read");
        // On one unit is not everywhere.
        give(&admin, editor.id, "viewer", Some("hn")).await.created();
        editor.post("/roles", &clerk(&["records:read"])).await.problem(403, "not_held");
        editor.post("/roles", &clerk(&["accounts:read"])).await.created();
        let wider = json!({"permissions": ["accounts:read", "records:read"]});
        editor.patch("/roles/award_clerk", 1, &wider).await.problem(403, "not_held");
        admin.patch("/roles/award_clerk", 1, &wider).await.ok();
        // What is in it already is not asked for again, and may be taken out.
        editor.patch("/roles/award_clerk", 2, &json!({"name_en": "Clerk"})).await.ok();
        editor.patch("/roles/award_clerk", 3, &json!({"permissions": ["accounts:read"]})).await.ok();

        let below = app.account("account_administrator", Some("hn")).await;
        below.post("/roles", &clerk(&["accounts:read"])).await.problem(403, "out_of_scope");
        below.patch("/roles/award_clerk", 4, &json!({"name_en": "X"})).await.problem(403, "out_of_scope");
        below.delete("/roles/award_clerk", 4).await.problem(403, "out_of_scope");
        assert_eq!(below.get("/roles/award_clerk").await.ok()["allowed_actions"], json!([]));
        let account = make(&admin, "somebody", Some("hn")).await;
        give(&below, id(&account), "award_clerk", Some("hn")).await.created();
    }
}
