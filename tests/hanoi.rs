//! The published facts of Hanoi, entered by `liendoan demo`: the tree reads as it was and as it is.

use serde_json::{Value, json};

use crate::support::{Process, Program};

/// A server on the facts of Hanoi.
pub fn start(program: &Program) -> Process {
    let entered = program.demo().run();
    assert_eq!(entered.code, Some(0), "{entered:?}");
    assert!(entered.stdout.starts_with("27 units"), "{entered:?}");
    program.serve()
}

async fn unit(process: &Process, code: &str, on: &str) -> Value {
    process
        .remote
        .get(&format!("/units/code:{code}?as_of={on}"))
        .await
        .ok()
}

fn codes(items: &Value) -> Vec<&str> {
    let items = items["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["code"].as_str().unwrap())
        .collect()
}

on_both_engines! {
    async fn a_school_union_changes_its_superior_by_the_day(program: Program) {
        let process = start(&program);
        for (on, above) in [
            ("2016-06-30", "hn-q-lb"),
            ("2024-12-18", "hn-q-lb"),
            ("2024-12-19", "hn-q-btl"),
            ("2025-06-30", "hn-q-btl"),
            ("2025-07-01", "hn"),
        ] {
            assert_eq!(unit(&process, "hn-tcnt", on).await["parent"]["code"], above, "{on}");
        }
        let history = process.remote.get("/units/code:hn-tcnt/history").await.ok();
        let history = history["items"].as_array().unwrap();
        let days: Vec<&Value> = history.iter().map(|entry| &entry["effective_on"]).collect();
        assert_eq!(days, [&Value::Null, &json!("2024-12-19"), &json!("2025-07-01")]);
        assert_eq!(history[1]["lines"][0]["content"]["inferred"], true);
        assert_eq!(history[2]["lines"][0]["content"]["op"], "end");
    }

    async fn fourteen_upper_unions_end_with_june_2025(program: Program) {
        let process = start(&program);
        let compared = "/units:difference?from=2025-06-30&to=2025-07-01&under=code:hn";
        let differences = process.remote.all(compared).await;
        let with = |change: &str| {
            let is_so = |one: &&Value| one["changes"].as_array().unwrap().contains(&json!(change));
            differences.iter().filter(is_so).count()
        };
        assert_eq!(with("disappeared"), 14);
        assert_eq!(with("appeared"), 1, "the ward union of Kim Liên");
        assert_eq!(with("moved"), 6, "what stood under them");
        let ended = unit(&process, "hn-q-btl", "2026-01-01").await;
        assert_eq!((&ended["alive"], &ended["to"]), (&json!(false), &json!("2025-07-01")));
        assert_eq!(ended["today"], json!([]));
        let missing = process.remote.get("/units/code:hn-q-btl/children?as_of=2025-07-01").await;
        let missing = missing.problem(404, "unit_not_alive");
        assert_eq!(missing["params"]["lives"], json!([{"from": null, "to": "2025-07-01"}]));
    }

    async fn the_tree_of_2020_still_reads_as_it_was(program: Program) {
        let process = start(&program);
        let children = process.remote.get("/units/code:hn/children?as_of=2020-12-31&limit=50").await.ok();
        assert_eq!(
            codes(&children),
            [
                "hn-h-da", "hn-h-md", "hn-h-ss", "hn-q-btl", "hn-q-cg", "hn-q-dd", "hn-q-hd", "hn-q-hk",
                "hn-q-lb", "hn-q-ntl", "hn-q-th", "hn-q-tx", "hn-vc", "hn-kcn"
            ]
        );
        assert_eq!(children["child_count"], 14);
        let path = process.remote.get("/units/code:hn-tcnt/path?as_of=2020-12-31").await.ok();
        assert_eq!(codes(&path), ["tld", "hn", "hn-q-lb", "hn-tcnt"]);
    }

    async fn cluster_2_of_2020_has_six_members_headed_by_thanh_xuan(program: Program) {
        let process = start(&program);
        let clusters = process.remote.get("/clusters?as_of=2020-12-31").await.ok();
        let cluster = &clusters["items"][0];
        assert_eq!(cluster["code"], "hn-ctd-2020-2");
        assert_eq!(cluster["members"].as_array().unwrap().len(), 6);
        assert_eq!(cluster["heads"][0]["unit"], "hn-q-tx");
    }

    async fn what_is_not_known_is_said_to_be(program: Program) {
        let process = start(&program);
        let kim_lien = unit(&process, "hn-p-kimlien", "2026-01-01").await;
        assert_eq!(kim_lien["name"], "Công đoàn phường Kim Liên");
        let history = process.remote.get("/units/code:hn-p-kimlien/history").await.ok();
        let founded = &history["items"][0];
        assert_eq!(founded["effective_precision"], "year");
        assert_eq!(founded["document"]["number"], "1940/QĐ-LĐLĐ");
        assert_eq!(founded["document"]["date"], Value::Null);
        let thuong_thanh = unit(&process, "hn-lb-p-thuongthanh", "2020-01-01").await;
        assert_eq!(thuong_thanh["from"], Value::Null);
        let opening = process.remote.get("/reorganisations?limit=1").await.ok();
        let opening = &opening["items"][0];
        assert_eq!(opening["effective_on"], Value::Null);
        assert!(opening["note"].as_str().unwrap().contains("không rõ"));
        let placeholder = unit(&process, "hn-ntl-6cdcs", "2020-06-01").await;
        assert_eq!(placeholder["placeholder"], true);
    }

    async fn the_data_go_into_an_empty_database_only(program: Program) {
        drop(start(&program));
        let again = program.demo().run();
        assert_eq!(again.code, Some(0), "{again:?}");
        assert!(again.stdout.contains("nothing was entered"), "{again:?}");
    }

    async fn a_database_that_is_sound_is_told_from_one_that_is_not(program: Program) {
        drop(start(&program));
        let sound = program.command("check").run();
        assert_eq!(sound.code, Some(0), "{sound:?}");
        assert!(sound.stdout.contains("27 units, 5 decisions"), "{sound:?}");

        for (tampering, invariant) in [
            ("UPDATE unit_states SET name = 'Khác' WHERE code = 'hn-tcnt'", "I-9: hn-tcnt"),
            ("UPDATE unit_states SET valid_to = '2024-12-18' WHERE code = 'hn-tcnt' AND valid_to = '2024-12-19'", "I-4: "),
            ("UPDATE unit_states SET parent_id = unit_id WHERE code = 'hn-vc'", "I-2: hn-vc"),
            ("UPDATE unit_states SET alive = FALSE WHERE code = 'hn-q-tx'", "I-9: hn-q-tx"),
            ("UPDATE unit_states SET kind = 'guild' WHERE code = 'hn-md-gd'", "I-5: hn-md-gd"),
        ] {
            program.sql(tampering).unwrap();
            let ended = program.command("check").run();
            assert_eq!(ended.code, Some(1), "{ended:?}");
            assert!(ended.stdout.contains(invariant), "{invariant}: {ended:?}");
        }
    }
}
