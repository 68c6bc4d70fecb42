//! Peers that are compared with each other: who is one when, and what becomes of it as the tree changes.

use std::future::IntoFuture;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{App, Chart, decision, end_into, establish, transfer};

/// The confederation, two provinces, districts, and grassroots unions below these.
async fn plant(app: &App) -> Chart {
    let chart = Chart::empty(app).await;
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
            establish("hp-c", "grassroots_union", "hp-q-hb"),
        ])
        .await;
    chart
}

/// A cluster of Hà Nội for 2025.
fn cluster(code: &str, members: &[&str]) -> Value {
    let members: Vec<Value> = members.iter().map(|unit| json!({"unit": unit})).collect();
    json!({
        "code": code, "name": "Cụm thi đua số 1", "kind": "emulation_cluster", "owner": "hn",
        "from": "2025-01-01", "to": "2026-01-01", "members": members
    })
}

/// `base` with some members set.
fn with(mut base: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        base[name] = value.clone();
    }
    base
}

fn path(cluster: &Value) -> String {
    format!("/clusters/{}", cluster["id"])
}

fn units(stretches: &Value) -> Vec<&str> {
    let stretches = stretches.as_array().unwrap().iter();
    stretches.map(|s| s["unit"].as_str().unwrap()).collect()
}

fn codes(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| item["code"].as_str().unwrap()).collect()
}

/// The first `count` events on clusters, each with the version.
async fn told(app: &App, count: usize) -> Vec<String> {
    let (mut told, mut after) = (Vec::new(), 0);
    while told.len() < count {
        let events = app.events(after, 1).await;
        after = events.last().unwrap()["position"].as_i64().unwrap();
        told.extend(events.iter().filter_map(|event| {
            let about = event["type"].as_str()?.strip_prefix("cluster.")?;
            Some(format!("{about} {}", event["version"]))
        }));
    }
    told
}

on_both_engines! {
    async fn a_cluster_is_created_and_read_back(app: App) {
        plant(&app).await;
        let content = with(cluster("cum-1", &[]), json!({
            "declared_count": 12,
            "members": [
                {"unit": "hn-q-hk", "from": "2025-03-01"},
                {"unit": "hn-a", "to": "2025-07-01"}
            ],
            "heads": [{"unit": "hn-q-hk", "from": "2025-04-01", "to": "2025-05-01"}]
        }));
        let created = app.post("/clusters", &content).await;
        let body = created.created();
        assert_eq!(created.header("etag"), Some("\"1\""));
        for name in ["code", "name", "kind", "owner", "from", "to", "declared_count"] {
            assert_eq!(body[name], content[name], "{name}");
        }
        assert_eq!(body["members"], json!([
            {"unit": "hn-q-hk", "from": "2025-03-01", "to": "2026-01-01"},
            {"unit": "hn-a", "from": "2025-01-01", "to": "2025-07-01"}
        ]));
        assert_eq!(body["heads"], json!([
            {"unit": "hn-q-hk", "from": "2025-04-01", "to": "2025-05-01"}
        ]));
        assert_eq!(body.get("head"), None);
        assert_eq!(body["allowed_actions"], json!(["edit", "delete"]));
        let location = created.header("location").unwrap().strip_prefix("/api/v1").unwrap();
        let read = app.get(location).await;
        assert_eq!(read.ok(), body);
        assert_eq!(read.header("etag"), Some("\"1\""));
    }

    async fn each_rule_names_its_place(app: App) {
        plant(&app).await;
        let refuse = async |content: Value, places: &[(&str, &str)]| {
            app.post("/clusters", &content).await.refuses(places);
        };
        let two = cluster("cum-1", &["hn-a", "hn-b"]);
        let nowhere = with(cluster("cum-1", &["hn-a", "nowhere"]), json!({"owner": "no-one"}));
        refuse(nowhere, &[("/owner", "unit_unknown"), ("/members/1/unit", "unit_unknown")]).await;
        let strays = cluster("cum-1", &["hn-a", "hp-c", "hn", "tld"]);
        refuse(strays, &[
            ("/members/1/unit", "unit_not_below_owner"),
            ("/members/2/unit", "unit_not_below_owner"),
            ("/members/3/unit", "unit_not_below_owner"),
        ]).await;
        let early = json!({"members": [{"unit": "hn-a", "from": "2024-12-31"}]});
        refuse(with(two.clone(), early), &[("/members/0/from", "outside_period")]).await;
        let twice = cluster("cum-1", &["hn-a", "hn-a"]);
        refuse(twice, &[("/members/1", "memberships_overlap")]).await;
        let both = json!({"heads": [{"unit": "hn-a"}, {"unit": "hn-b", "from": "2025-12-31"}]});
        refuse(with(two.clone(), both), &[("/heads/1", "heads_overlap")]).await;
        let outsider = json!({"heads": [{"unit": "hn-q-hk"}]});
        refuse(with(two.clone(), outsider), &[("/heads/0/unit", "head_not_member")]).await;
        refuse(with(two.clone(), json!({"from": null})), &[("/from", "wrong_type")]).await;
        refuse(with(two.clone(), json!({"kind": "herd"})), &[("/kind", "unknown_value")]).await;
        let misspelt = json!({"members": [{"unit": "hn-a", "until": null}]});
        refuse(with(two, misspelt), &[("/members/0/until", "unknown_field")]).await;
        assert_eq!(app.get("/clusters").await.ok()["items"], json!([]));
    }

    async fn a_code_belongs_to_one_cluster(app: App) {
        plant(&app).await;
        let first = app.post("/clusters", &cluster("cum-1", &[])).await.created();
        let again = app.post("/clusters", &cluster("cum-1", &[])).await;
        assert_eq!(again.problem(409, "cluster_code_taken")["params"]["id"], first["id"]);
        let renamed = app.patch(&path(&first), 1, &json!({"code": "cum-2"})).await;
        renamed.refuses(&[("/code", "read_only")]);
    }

    async fn a_unit_is_in_one_cluster_of_an_owner_and_kind_at_a_time(app: App) {
        plant(&app).await;
        let until_june = json!({"members": [{"unit": "hn-a", "to": "2025-07-01"}]});
        app.post("/clusters", &with(cluster("cum-1", &[]), until_june)).await.created();

        let from = |day: &str| json!({"members": [{"unit": "hn-b"}, {"unit": "hn-a", "from": day}]});
        let early = with(cluster("cum-2", &[]), from("2025-06-30"));
        let refused = app.post("/clusters", &early).await.problem(409, "already_in_cluster");
        assert_eq!(refused["params"]["cluster"], "cum-1");
        assert_eq!(refused["errors"][0]["pointer"], "/members/1/unit");
        let next_day = with(cluster("cum-2", &[]), from("2025-07-01"));
        let second = app.post("/clusters", &next_day).await.created();
        let earlier = app.patch(&path(&second), 1, &from("2025-06-30")).await;
        earlier.problem(409, "already_in_cluster");

        let block = with(cluster("khoi-1", &["hn-a"]), json!({"kind": "emulation_block"}));
        app.post("/clusters", &block).await.created();
        let national = with(cluster("tld-cum", &["hn-a"]), json!({"owner": "tld"}));
        app.post("/clusters", &national).await.created();
    }

    async fn a_day_shows_who_is_there_and_who_heads(app: App) {
        let chart = plant(&app).await;
        let content = with(cluster("cum-1", &["hn-q-btl", "hn-b"]), json!({
            "heads": [{"unit": "hn-b", "to": "2025-06-01"}, {"unit": "hn-q-btl", "from": "2025-06-01"}]
        }));
        let created = app.post("/clusters", &content).await.created();
        chart.decide("2025-07-01", &[end_into("hn-q-btl", "hn")]).await;

        let on = async |day: &str| {
            let answer = app.get(&format!("{}?as_of={day}", path(&created))).await;
            assert_eq!(answer.header("etag"), None, "the version does not speak for the units' lives");
            answer.ok()
        };
        let may = on("2025-05-31").await;
        assert_eq!(may["as_of"], "2025-05-31");
        assert_eq!(may["head"], "hn-b");
        assert_eq!(units(&may["members"]), ["hn-q-btl", "hn-b"]);
        assert_eq!(on("2025-06-30").await["head"], "hn-q-btl");
        let july = on("2025-07-01").await;
        assert_eq!(july["head"], Value::Null, "an ended head leaves none");
        assert_eq!(units(&july["members"]), ["hn-b"], "an ended member is out");
        assert_eq!(on("2024-12-31").await["members"], json!([]));

        // Nothing was written here: the whole is as it was.
        assert_eq!(app.get(&path(&created)).await.ok(), created);
    }

    async fn who_was_admitted_is_not_asked_again(app: App) {
        let chart = plant(&app).await;
        let created = app.post("/clusters", &cluster("cum-1", &["hn-a"])).await.created();
        // Entered late: on the first of January the union stood in Hải Phòng.
        chart.decide("2024-12-01", &[transfer("hn-a", "hp-q-hb")]).await;
        let patched = app.patch(&path(&created), 1, &json!({"name": "Cụm thi đua 1"})).await;
        assert_eq!(patched.ok()["members"], created["members"]);
        let moved = json!({"members": [{"unit": "hn-a", "from": "2025-01-02"}]});
        let refused = app.patch(&path(&created), 2, &moved).await;
        refused.refuses(&[("/members/0/unit", "unit_not_below_owner")]);
    }

    async fn the_first_day_of_a_member_counts(app: App) {
        let chart = plant(&app).await;
        chart.decide("2025-03-01", &[transfer("hp-c", "hn-q-hk")]).await;
        let from = |day: &str| json!({"members": [{"unit": "hp-c", "from": day}]});
        let early = with(cluster("cum-1", &[]), from("2025-02-28"));
        let refused = app.post("/clusters", &early).await;
        refused.refuses(&[("/members/0/unit", "unit_not_below_owner")]);
        app.post("/clusters", &with(cluster("cum-1", &[]), from("2025-03-01"))).await.created();
    }

    async fn a_patch_replaces_lists_whole_and_moves_open_ends(app: App) {
        plant(&app).await;
        let content = with(cluster("cum-1", &["hn-a", "hn-b"]), json!({
            "heads": [{"unit": "hn-a", "to": "2025-07-01"}]
        }));
        let created = app.post("/clusters", &content).await.created();
        let longer = app.patch(&path(&created), 1, &json!({"to": "2027-01-01"})).await.ok();
        assert_eq!(longer["members"][0]["to"], "2027-01-01");
        assert_eq!(longer["heads"][0]["to"], "2025-07-01");
        let alone = app.patch(&path(&created), 2, &json!({"members": [{"unit": "hn-b"}]})).await;
        alone.refuses(&[("/heads/0/unit", "head_not_member")]);
        let emptied = json!({"members": [{"unit": "hn-b"}], "heads": []});
        let emptied = app.patch(&path(&created), 2, &emptied).await.ok();
        assert_eq!(units(&emptied["members"]), ["hn-b"]);
        assert_eq!(emptied["heads"], json!([]));
        assert_eq!(app.get(&path(&created)).await.ok(), emptied);
        app.patch(&path(&created), 2, &json!({"name": "Cụm"})).await.problem(412, "version_outdated");
    }

    async fn clusters_are_listed_and_narrowed(app: App) {
        plant(&app).await;
        let later = json!({"from": "2026-01-01", "to": "2027-01-01"});
        let until_june = json!({"members": [{"unit": "hn-a", "to": "2025-07-01"}]});
        for content in [
            with(cluster("cum-2026", &["hn-a"]), later),
            with(cluster("cum-2025", &[]), until_june),
            with(cluster("khoi-2025", &["hn-b"]), json!({"kind": "emulation_block"})),
            with(cluster("tld-2025", &["hp-c"]), json!({"owner": "tld"})),
        ] {
            app.post("/clusters", &content).await.created();
        }
        let listed = async |query: &str, expected: &[&str]| {
            let page = app.get(&format!("/clusters?count=exact&{query}")).await.ok();
            assert_eq!(codes(&page), expected, "{query}");
            assert_eq!(page["total"], expected.len(), "{query}");
        };
        listed("", &["cum-2025", "khoi-2025", "tld-2025", "cum-2026"]).await;
        listed("as_of=2026-01-01", &["cum-2026"]).await;
        listed("owner=hn&as_of=2025-12-31", &["cum-2025", "khoi-2025"]).await;
        listed("kind=emulation_block", &["khoi-2025"]).await;
        listed("unit=hn-a", &["cum-2025", "cum-2026"]).await;
        listed("unit=hn-a&as_of=2025-06-30", &["cum-2025"]).await;
        listed("unit=hn-a&as_of=2025-07-01", &[]).await;
        listed("unit=nowhere", &[]).await;
        app.get("/clusters?kind=herd").await.problem(400, "parameter_invalid");

        let first = app.get("/clusters?limit=3").await.ok();
        let cursor = first["next_cursor"].as_str().unwrap();
        let rest = app.get(&format!("/clusters?limit=3&cursor={cursor}")).await.ok();
        assert_eq!(codes(&rest), ["cum-2026"]);
        assert_eq!(units(&first["items"][1]["members"]), ["hn-b"]);
        assert_eq!(rest["next_cursor"], Value::Null);
    }

    async fn changes_are_told_and_what_is_deleted_is_gone(app: App) {
        plant(&app).await;
        let created = app.post("/clusters", &cluster("cum-1", &["hn-a"])).await.created();
        app.patch(&path(&created), 1, &json!({"members": [{"unit": "hn-a"}]})).await.ok();
        app.patch(&path(&created), 1, &json!({"members": []})).await.ok();
        app.delete(&path(&created), 2).await.is(204);
        app.get(&path(&created)).await.problem(404, "not_found");
        assert_eq!(told(&app, 3).await, ["created 1", "updated 2", "deleted 2"]);
        // The unit is free for another cluster, and the code too.
        app.post("/clusters", &cluster("cum-1", &["hn-a"])).await.created();
    }

    async fn a_decision_is_shown_the_clusters_that_it_touches(app: App) {
        let chart = plant(&app).await;
        let content = with(cluster("cum-1", &["hn-q-btl", "hn-b"]), json!({
            "heads": [{"unit": "hn-q-btl"}]
        }));
        app.post("/clusters", &content).await.created();
        app.post("/clusters", &with(cluster("cum-2", &[]), json!({"owner": "hp"}))).await.created();
        let end = decision(Some("2025-07-01"), &[end_into("hn-q-btl", "hn")]);
        let preview = chart.preview(&end).await.ok();
        assert_eq!(preview["clusters"], json!(["cum-1"]));
        let headless = preview["warnings"].as_array().unwrap().iter();
        let headless = headless.filter(|warning| warning["code"] == "cluster_without_head");
        assert_eq!(headless.map(|w| w["unit"].as_str().unwrap()).collect::<Vec<_>>(), ["hn-q-btl"]);
    }

    async fn a_unit_in_a_cluster_does_not_vanish(app: App) {
        let chart = plant(&app).await;
        let founding = establish("hn-d", "grassroots_union", "hn-q-hk");
        let founding = chart.decide("2024-01-01", &[founding]).await;
        let created = app.post("/clusters", &cluster("cum-1", &["hn-d"])).await.created();
        let refused = chart.ask_to_annul(founding, "dry_run=true").await;
        let refused = refused.problem(409, "unit_in_use");
        assert_eq!(refused["params"]["clusters"], json!(["cum-1"]));
        app.delete(&path(&created), 1).await.is(204);
        chart.annul(founding).await;
    }

    async fn of_two_that_admit_a_unit_at_once_one_succeeds(app: App) {
        plant(&app).await;
        let codes: Vec<String> = (0..8).map(|n| format!("cum-{n}")).collect();
        let contents: Vec<Value> = codes.iter().map(|code| cluster(code, &["hn-a"])).collect();
        let posts = contents.iter().map(|content| app.post("/clusters", content).into_future());
        let answers = join_all(posts).await;
        let created = answers.iter().filter(|answer| answer.status.as_u16() == 201);
        assert_eq!(created.count(), 1);
        for refused in answers.iter().filter(|answer| answer.status.as_u16() != 201) {
            refused.problem(409, "already_in_cluster");
        }
    }
}
