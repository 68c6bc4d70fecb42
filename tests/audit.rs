//! The audit log: what stands in it, who sees what of it, and that nobody changes it unnoticed.

use serde_json::{Value, json};

use crate::service_accounts::{path, plant, service_account};
use crate::support::{Engine, Remote, open, sql, transfer, until as wait_until};

/// The newest entries of a search, once as many as `count` are there: those of PostgreSQL take a moment.
pub async fn until(remote: &Remote, filter: &str, count: usize) -> Vec<Value> {
    let search = async || {
        let page = remote.get(&format!("/audit_entries?{filter}")).await.ok();
        page["items"].as_array().unwrap().clone()
    };
    wait_until(async || search().await.len() >= count).await;
    search().await
}

fn actions(entries: &[Value]) -> Vec<&str> {
    let actions = entries.iter();
    actions.map(|e| e["action"].as_str().unwrap()).collect()
}

/// Makes an account of another system, which leaves an entry of a unit.
async fn leave(remote: &Remote, unit: Option<&str>) -> Value {
    let content = service_account(unit, &["events:read"]);
    remote.post("/service_accounts", &content).await.created()
}

on_both_engines! {
    async fn a_change_is_told_with_all_that_belongs_to_it(app: App) {
        plant(&app).await;
        let admin = app.admin();
        let account = leave(&admin, Some("hn")).await;
        let patch = json!({"disabled": true});
        let answer = admin.patch(&path(&account), 1, &patch).await;
        answer.ok();
        let entries = until(&admin, "action=service_account.updated", 1).await;
        let entry = &entries[0];
        assert_eq!(entry["actor"], app.pass().claims(0).sub);
        assert_eq!(entry["about"], format!("service_account:{}", account["id"]));
        assert_eq!(entry["object_id"], account["id"]);
        assert_eq!(entry["request_id"], answer.header("x-request-id").unwrap());
        assert_eq!(entry["address"], "127.0.0.1");
        assert_eq!(entry["occurred_at"], "2026-01-15T05:00:00.000000Z");
        assert_eq!((&entry["before"]["disabled"], &entry["after"]["disabled"]), (&json!(false), &json!(true)));
        assert_eq!(entry["hash"].as_str().unwrap().len(), 64);
    }

    async fn a_search_is_narrowed_by_each_filter(app: App) {
        plant(&app).await;
        let admin = app.admin();
        let one = leave(&admin, Some("hn")).await;
        app.clock.set("2026-01-15T08:00:00Z".parse().unwrap());
        let two = leave(&admin, Some("hp")).await;
        app.clock.set("2026-01-15T11:00:00Z".parse().unwrap());
        let integrator = app.account("integrator", None).await;
        let three = leave(&integrator, None).await;
        until(&admin, "action=service_account.created", 3).await;
        let found = async |filter: &str| {
            let page = admin.get(&format!("/audit_entries?{filter}")).await.ok();
            let items = page["items"].as_array().unwrap().clone();
            items.iter().map(|e| e["object_id"].clone()).collect::<Vec<_>>()
        };
        let ids = |accounts: &[&Value]| accounts.iter().map(|a| a["id"].clone()).collect::<Vec<_>>();
        let created = "action=service_account.created";
        assert_eq!(found(created).await, ids(&[&three, &two, &one]));
        assert_eq!(found("action=service_account.").await, ids(&[&three, &two, &one]));
        assert_eq!(found("action=service_account").await, ids(&[]));
        assert_eq!(found("action=service.").await, ids(&[]));
        let actor = format!("actor=account:{}", integrator.id);
        for action in ["service_account.created", "service_account."] {
            assert_eq!(found(&format!("action={action}&{actor}")).await, ids(&[&three]));
        }
        let about = format!("about=service_account:{}", two["id"]);
        assert_eq!(found(&about).await, ids(&[&two]));
        let object = format!("object={}&action=service_account.", one["id"]);
        assert_eq!(found(&object).await, ids(&[&one]));
        assert_eq!(found(&format!("{created}&unit=code:hp")).await, ids(&[&two]));
        assert_eq!(found(&format!("{created}&unit=code:tld")).await, ids(&[&two, &one]));
        let (five, eight) = ("2026-01-15T05:00:00Z", "2026-01-15T08:00:00Z");
        assert_eq!(found(&format!("{created}&from={eight}")).await, ids(&[&three, &two]));
        assert_eq!(found(&format!("{created}&to={eight}")).await, ids(&[&one]));
        assert_eq!(found(&format!("{created}&from={five}&to={eight}")).await, ids(&[&one]));

        let refused = async |filter: &str, code: &str| {
            let answer = admin.get(&format!("/audit_entries?{filter}")).await;
            let problem = answer.problem(400, "parameter_invalid");
            assert_eq!(problem["errors"][0]["code"], code);
        };
        refused("object=3", "required").await;
        refused("from=2026-01-15", "instant_invalid").await;
        let bare = admin.get("/audit_entries?unit=hn").await;
        bare.problem(400, "unit_address_invalid");
        admin.get("/audit_entries?who=me").await.problem(400, "unknown_parameter");
        admin.get("/audit_entries?unit=code:nowhere").await.problem(404, "not_found");
    }

    async fn pages_follow_one_another_while_others_write(app: App) {
        let admin = app.admin();
        for _ in 0..5 {
            leave(&admin, None).await;
        }
        let filter = "action=service_account.created";
        let all = until(&admin, filter, 5).await;
        let mut walked = Vec::new();
        let mut next = format!("/audit_entries?{filter}&limit=2");
        loop {
            let page = admin.get(&next).await.ok();
            walked.extend(page["items"].as_array().unwrap().clone());
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            next = format!("/audit_entries?{filter}&limit=2&cursor={cursor}");
            leave(&admin, None).await;
        }
        assert_eq!(walked, all);
    }

    async fn a_search_is_itself_in_the_log(app: App) {
        let admin = app.admin();
        admin.get("/audit_entries?actor=account:7&action=session.").await.ok();
        until(&admin, "action=audit.searched", 1).await;
        // To wait for it is to search, and may have filled more than a page.
        let entries = admin.all("/audit_entries?action=audit.searched").await;
        let first = entries.last().unwrap();
        assert_eq!(first["after"], json!({"actor": "account:7", "action": "session."}));
    }

    async fn an_auditor_sees_their_own_and_nothing_of_a_sibling(app: App) {
        plant(&app).await;
        let admin = app.admin();
        let above = leave(&admin, Some("hn")).await;
        let own = leave(&admin, Some("hn-q-btl")).await;
        let sibling = leave(&admin, Some("hn-q-hk")).await;
        let nobodys = leave(&admin, None).await;
        until(&admin, "action=service_account.created", 4).await;
        let auditor = app.account("auditor", Some("hn-q-btl")).await;
        let found = async |filter: &str| {
            let entries = auditor.all(&format!("/audit_entries?{filter}")).await;
            let mine = entries.iter().filter(|e| e["action"] == "service_account.created");
            mine.map(|e| e["object_id"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(found("").await, [own["id"].clone()]);
        assert_eq!(found("unit=code:hn-q-btl").await, [own["id"].clone()]);
        assert_eq!(found("unit=code:hn").await, [own["id"].clone()]);
        assert_eq!(found("unit=code:hn-q-hk").await, [] as [Value; 0]);
        for other in [&above, &sibling, &nobodys] {
            let about = format!("about=service_account:{}", other["id"]);
            assert_eq!(found(&about).await, [] as [Value; 0]);
        }
        // A cursor of somebody else leads to nothing more.
        let page = admin.get("/audit_entries?limit=1").await.ok();
        let cursor = page["next_cursor"].as_str().unwrap();
        assert_eq!(found(&format!("cursor={cursor}")).await, [own["id"].clone()]);
        // Whoever audits the province sees all of it, and that it was searched.
        let province = app.account("auditor", Some("hn")).await;
        let entries = until(&province, "action=service_account.created", 3).await;
        let ids: Vec<_> = entries.iter().map(|e| &e["object_id"]).collect();
        assert_eq!(ids, [&sibling["id"], &own["id"], &above["id"]]);
        until(&province, "action=audit.searched", 1).await;
        let searched = province.all("/audit_entries?action=audit.searched").await;
        assert!(searched.iter().any(|e| e["actor"] == format!("account:{}", auditor.id)));
        app.account("viewer", None).await.get("/audit_entries").await.problem(403, "forbidden");
    }

    async fn what_concerned_a_unit_stays_with_those_it_stood_under(app: App) {
        let chart = plant(&app).await;
        let admin = app.admin();
        let before = leave(&admin, Some("hn-q-btl")).await;
        chart.decide("2025-01-10", &[transfer("hn-q-btl", "hp")]).await;
        let after = leave(&admin, Some("hn-q-btl")).await;
        until(&admin, "action=service_account.created", 2).await;
        let seen = async |unit: &str| {
            let auditor = app.account("auditor", Some(unit)).await;
            let entries = auditor.all("/audit_entries?action=service_account.created").await;
            entries.iter().map(|e| e["object_id"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(seen("hn").await, [before["id"].clone()]);
        assert_eq!(seen("hp").await, [after["id"].clone()]);
    }

    async fn refusals_are_in_the_log(app: App) {
        let viewer = app.account("viewer", None).await;
        viewer.get("/service_accounts").await.problem(403, "forbidden");
        let filter = format!("action=request.refused&actor=account:{}", viewer.id);
        let entries = until(&app.admin(), &filter, 1).await;
        let expected = json!({"method": "GET", "path": "/api/v1/service_accounts", "code": "forbidden"});
        assert_eq!(entries[0]["after"], expected);
    }

    async fn the_program_can_not_change_its_log(app: App) {
        leave(&app.admin(), None).await;
        until(&app.admin(), "action=service_account.created", 1).await;
        let mut db = open(&app.url);
        for statement in [
            "UPDATE audit_entries SET actor = 'nobody'",
            "DELETE FROM audit_entries",
            "DELETE FROM events",
        ] {
            sql(&mut db, statement).unwrap_err();
        }
        if matches!(db, liendoan_core::Db::Postgres(_)) {
            sql(&mut db, "TRUNCATE audit_entries").unwrap_err();
        }
    }

    async fn the_first_broken_entry_is_named(program: Program) {
        let process = program.serve();
        for _ in 0..3 {
            leave(&process.remote, None).await;
        }
        let entries = until(&process.remote, "action=service_account.created", 3).await;
        assert!(actions(&entries).iter().all(|action| *action == "service_account.created"));
        process.stop();
        let verify = || program.command("audit").args(&["verify"]).run();
        let whole = verify();
        assert_eq!(whole.code, Some(0), "{whole:?}");
        assert!(whole.stdout.contains("audit entries, each in its place"), "{whole:?}");

        // Whoever owns the database can take the lock off the door, and is found out.
        let (open, close) = match program.engine {
            Engine::Sqlite => (
                "DROP TRIGGER audit_entries_are_never_changed",
                "CREATE TRIGGER audit_entries_are_never_changed BEFORE UPDATE ON audit_entries \
                 BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END",
            ),
            Engine::Postgres => (
                "GRANT UPDATE ON audit_entries TO CURRENT_USER; \
                 ALTER TABLE audit_entries DISABLE TRIGGER audit_entries_are_never_changed",
                "ALTER TABLE audit_entries ENABLE TRIGGER audit_entries_are_never_changed; \
                 REVOKE UPDATE ON audit_entries FROM CURRENT_USER",
            ),
        };
        let broken = entries[1]["position"].as_i64().unwrap();
        program.sql(open).unwrap();
        for position in [broken, broken + 1] {
            let edit = format!("UPDATE audit_entries SET actor = 'account:99' WHERE position = {position}");
            program.sql(&edit).unwrap();
        }
        program.sql(close).unwrap();
        let verdict = verify();
        assert_eq!(verdict.code, Some(1), "{verdict:?}");
        let named = format!("the chain of audit entries breaks at {broken}");
        assert!(verdict.stderr.contains(&named), "{verdict:?}");
    }
}
