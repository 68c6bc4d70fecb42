//! The catalogues that records name by code: read by day, edited, and guarded. One mechanism, so each
//! test goes through both.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::Remote;

/// The catalogues, with the subject of their events.
pub const CATALOGUES: [(&str, &str); 4] = [
    ("activity_kinds", "activity_kind"),
    ("award_titles", "award_title"),
    ("measures", "measure"),
    ("return_forms", "return_form"),
];

/// An entry that no database begins with.
pub fn entry(catalogue: &str, code: &str) -> Value {
    let mut entry = json!({
        "code": code, "rank": 5_000, "name_vi": "Mục thử", "name_en": "Trial",
        "from": "2020-01-01", "to": "2025-01-01", "document": "1/QĐ"
    });
    let own = match catalogue {
        "activity_kinds" => json!({"group": "finance"}),
        "measures" => json!({
            "kind": "stock", "additive": true, "collected_by": "inspection", "calendar": "school",
            "consolidated": true, "decimals": 2, "carry_months": 6, "unit_of_measure": "thing",
            "part_of": "members", "group": "finance"
        }),
        "return_forms" => json!({"calendar": "school", "levels": [1, 4], "measures": ["members"]}),
        _ => json!({
            "form": "prize", "level": "ministry", "issuer_kinds": ["confederation", "section"],
            "recipients": ["family", "individual"]
        }),
    };
    let own = own.as_object().unwrap().clone();
    entry.as_object_mut().unwrap().extend(own);
    entry
}

fn codes(items: &[Value]) -> Vec<&str> {
    items
        .iter()
        .map(|item| item["code"].as_str().unwrap())
        .collect()
}

async fn codes_at(remote: &Remote, path: &str) -> Vec<String> {
    let items = remote.all(path).await;
    codes(&items).into_iter().map(str::to_owned).collect()
}

on_both_engines! {
    async fn what_is_created_is_read_back(app: App) {
        for (catalogue, _) in CATALOGUES {
            let sent = entry(catalogue, "trial");
            let created = app.post(&format!("/{catalogue}"), &sent).await;
            let body = created.created();
            let location = created.header("location").unwrap().strip_prefix("/api/v1").unwrap();
            assert_eq!(location, format!("/{catalogue}/{}", body["id"]));
            assert_eq!(created.header("etag"), Some("\"1\""));

            let read = app.get(location).await;
            assert_eq!(read.ok(), body);
            assert_eq!(read.header("etag"), Some("\"1\""));
            for (name, value) in sent.as_object().unwrap() {
                assert_eq!(&body[name], value, "{name}");
            }
            assert_eq!(body["created_at"], "2026-01-15T05:00:00.000000Z");
            assert_eq!(body["allowed_actions"], json!(["edit", "delete"]));

            let known = app.call(Method::GET, location).header("if-none-match", "\"1\"").await;
            assert_eq!(known.status.as_u16(), 304);
        }
    }

    async fn who_may_only_read_is_offered_nothing_else(app: App) {
        let viewer = app.account("viewer", None).await;
        for (catalogue, _) in CATALOGUES {
            let page = viewer.get(&format!("/{catalogue}?limit=1")).await.ok();
            assert_eq!(page["items"][0]["allowed_actions"], json!([]));
            let refused = viewer.post(&format!("/{catalogue}"), &entry(catalogue, "trial")).await;
            refused.problem(403, "forbidden");
        }
    }

    async fn an_entry_belongs_to_its_catalogue_alone(app: App) {
        let title = app.post("/award_titles", &entry("award_titles", "trial")).await.created();
        app.get(&format!("/activity_kinds/{}", title["id"])).await.problem(404, "not_found");
        app.delete(&format!("/activity_kinds/{}", title["id"]), 1).await.problem(404, "not_found");
        // The same code means another thing there.
        app.post("/activity_kinds", &entry("activity_kinds", "trial")).await.created();
    }

    async fn entries_of_one_code_do_not_overlap(app: App) {
        for (catalogue, _) in CATALOGUES {
            let list = format!("/{catalogue}");
            let first = app.post(&list, &entry(catalogue, "trial")).await.created();
            let mut later = entry(catalogue, "trial");
            later["from"] = json!("2024-12-31");
            later["to"] = Value::Null;
            let refused = app.post(&list, &later).await.problem(409, "validity_overlaps");
            assert_eq!(refused["params"]["id"], first["id"]);

            later["from"] = json!("2025-01-01");
            let second = app.post(&list, &later).await.created();
            let path = format!("{list}/{}", second["id"]);
            app.patch(&path, 1, &json!({"from": null})).await.problem(409, "validity_overlaps");

            let on = async |day: &str| app.get(&format!("{list}?code=trial&as_of={day}")).await.ok();
            let ids = async |day: &str| on(day).await["items"].as_array().unwrap().iter()
                .map(|item| item["id"].clone()).collect::<Vec<_>>();
            assert_eq!(ids("2019-12-31").await, [json!(null); 0]);
            assert_eq!(ids("2024-12-31").await, [first["id"].clone()]);
            assert_eq!(ids("2025-01-01").await, [second["id"].clone()]);
        }
    }

    async fn lists_are_narrowed_paged_and_counted(app: App) {
        for (catalogue, filters) in [
            ("activity_kinds", &["group=finance"][..]),
            ("award_titles", &["form=prize", "level=ministry", "form=prize&level=ministry"]),
            ("measures", &["group=finance", "kind=stock", "group=finance&kind=stock"]),
            ("return_forms", &["calendar=school"]),
        ] {
            let list = format!("/{catalogue}");
            app.post(&list, &entry(catalogue, "trial_a")).await.created();
            app.post(&list, &entry(catalogue, "trial_b")).await.created();
            let all = app.all(&list).await;
            for filter in filters {
                let narrowed = app.all(&format!("{list}?{filter}")).await;
                let fits = |item: &&Value| filter.split('&').all(|one| {
                    let (name, value) = one.split_once('=').unwrap();
                    item[name] == value
                });
                assert!(narrowed.len() < all.len());
                assert_eq!(narrowed, all.iter().filter(fits).cloned().collect::<Vec<_>>(), "{filter}");
                assert!(codes(&narrowed).ends_with(&["trial_a", "trial_b"]), "{filter}");
            }
            let key = |item: &Value| (item["rank"].as_i64().unwrap(), item["id"].as_i64().unwrap());
            assert!(all.iter().map(key).is_sorted());

            let mut paged: Vec<Value> = Vec::new();
            let mut page = app.get(&format!("{list}?limit=7&count=exact")).await.ok();
            assert_eq!(page["total"], all.len());
            loop {
                paged.extend(page["items"].as_array().unwrap().iter().cloned());
                let Some(next) = page["next_cursor"].as_str() else { break };
                page = app.get(&format!("{list}?limit=7&cursor={next}")).await.ok();
            }
            assert_eq!(paged, all);
        }
        for (path, code) in [
            ("/activity_kinds?group=nonsense", "unknown_value"),
            ("/activity_kinds?level=state", "unknown_parameter"),
            ("/award_titles?form=nonsense", "unknown_value"),
            ("/award_titles?level=nonsense", "unknown_value"),
            ("/award_titles?as_of=2025-02-30", "date_invalid"),
        ] {
            let whole = if code == "unknown_parameter" { code } else { "parameter_invalid" };
            let refused = app.get(path).await.problem(400, whole);
            assert_eq!(refused["errors"][0]["code"], code, "{path}");
        }
    }

    async fn a_list_is_not_sent_again_until_its_catalogue_changes(app: App) {
        for (catalogue, other) in [
            ("activity_kinds", "award_titles"), ("award_titles", "measures"), ("measures", "return_forms"),
            ("return_forms", "activity_kinds"),
        ] {
            let list = format!("/{catalogue}");
            app.feed_end().await;
            let tag = app.get(&list).await.header("etag").unwrap().to_owned();
            let again = || app.call(Method::GET, &list).header("if-none-match", &tag);
            app.post(&format!("/{other}"), &entry(other, "elsewhere")).await.created();
            assert_eq!(again().await.status.as_u16(), 304);
            app.post(&list, &entry(catalogue, "trial")).await.created();
            assert_eq!(again().await.status.as_u16(), 200);
        }
    }

    async fn a_patch_changes_what_it_names_and_no_more(app: App) {
        for (catalogue, _) in CATALOGUES {
            let created = app.post(&format!("/{catalogue}"), &entry(catalogue, "trial")).await.created();
            let path = format!("/{catalogue}/{}", created["id"]);
            let patched = app.patch(&path, 1, &json!({"name_en": "Another", "to": null})).await;
            let body = patched.ok();
            assert_eq!(patched.header("etag"), Some("\"2\""));
            let mut expected = created.clone();
            expected["version"] = json!(2);
            expected["name_en"] = json!("Another");
            expected["to"] = Value::Null;
            assert_eq!(body, expected);
            assert_eq!(app.get(&path).await.ok(), body);

            for nothing in [json!({}), json!({"name_en": " Another "})] {
                assert_eq!(app.patch(&path, 2, &nothing).await.ok()["version"], 2);
            }
        }
        let created = app.post("/award_titles", &entry("award_titles", "more")).await.created();
        let path = format!("/award_titles/{}", created["id"]);
        let own = json!({"level": null, "issuer_kinds": [], "recipients": ["collective"], "form": "flag"});
        let body = app.patch(&path, 1, &own).await.ok();
        assert_eq!(body["level"], Value::Null);
        assert_eq!(body["issuer_kinds"], json!([]));
        assert_eq!(body["recipients"], json!(["collective"]));
        let flags = codes_at(&app, "/award_titles?form=flag").await;
        assert_eq!(flags.last().map(String::as_str), Some("more"), "what lists look at follows");
    }

    async fn a_patch_that_breaks_a_rule_changes_nothing(app: App) {
        for (catalogue, _) in CATALOGUES {
            let created = app.post(&format!("/{catalogue}"), &entry(catalogue, "trial")).await.created();
            let path = format!("/{catalogue}/{}", created["id"]);
            app.patch(&path, 1, &json!({"code": "other"})).await.refuses(&[("/code", "read_only")]);
            app.patch(&path, 1, &json!({"name_vi": null})).await.refuses(&[("/name_vi", "wrong_type")]);
            app.patch(&path, 1, &json!({"id": 7})).await.refuses(&[("/id", "unknown_field")]);
            app.patch(&path, 1, &json!({"to": "2019-01-01"})).await.refuses(&[("/to", "validity_empty")]);
            assert_eq!(app.get(&path).await.ok(), created);
        }
    }

    async fn a_stale_version_is_refused(app: App) {
        for (catalogue, _) in CATALOGUES {
            let created = app.post(&format!("/{catalogue}"), &entry(catalogue, "trial")).await.created();
            let path = format!("/{catalogue}/{}", created["id"]);
            app.patch(&path, 1, &json!({"rank": 1})).await.ok();
            let refused = app.patch(&path, 1, &json!({"rank": 2})).await.problem(412, "version_outdated");
            assert_eq!(refused["params"]["current_version"], 2);
            app.delete(&path, 1).await.problem(412, "version_outdated");
            let bare = app.call(Method::DELETE, &path).await;
            assert_eq!(bare.status.as_u16(), 428);
            assert_eq!(app.get(&path).await.ok()["rank"], 1);
        }
    }

    async fn what_is_deleted_is_gone(app: App) {
        for (catalogue, _) in CATALOGUES {
            let created = app.post(&format!("/{catalogue}"), &entry(catalogue, "trial")).await.created();
            let path = format!("/{catalogue}/{}", created["id"]);
            app.delete(&path, 1).await.is(204);
            app.get(&path).await.problem(404, "not_found");
            app.delete(&path, 1).await.problem(404, "not_found");
        }
    }

    async fn bad_input_is_named_field_by_field(app: App) {
        for (catalogue, _) in CATALOGUES {
            let mut bad = entry(catalogue, "Trial");
            bad["rank"] = json!(-1);
            bad["name_vi"] = json!("a\u{0}");
            bad["name_en"] = json!("x".repeat(301));
            bad["document"] = json!(" ");
            bad["to"] = bad["from"].clone();
            let mut places = vec![
                ("/code", "code_invalid"), ("/rank", "out_of_range"), ("/name_vi", "control_character"),
                ("/name_en", "too_long"), ("/document", "blank"), ("/to", "validity_empty"),
            ];
            if catalogue == "award_titles" {
                bad["issuer_kinds"] = json!(["section", "section", "No kind"]);
                bad["recipients"] = json!([]);
                places.extend([
                    ("/issuer_kinds/1", "repeated"), ("/issuer_kinds/2", "code_invalid"),
                    ("/recipients", "too_few"),
                ]);
            }
            app.post(&format!("/{catalogue}"), &bad).await.refuses(&places);
        }
        let with = |catalogue: &str, name: &str, value: Value| {
            let mut bad = entry(catalogue, "trial");
            bad[name] = value;
            bad
        };
        for (catalogue, name, value, place, code) in [
            ("activity_kinds", "group", json!("nonsense"), "/group", "unknown_value"),
            ("activity_kinds", "group", Value::Null, "/group", "wrong_type"),
            ("activity_kinds", "form", json!("prize"), "/form", "unknown_field"),
            ("award_titles", "form", json!("nonsense"), "/form", "unknown_value"),
            ("award_titles", "level", json!("nonsense"), "/level", "unknown_value"),
            ("award_titles", "recipients", json!(["nonsense"]), "/recipients/0", "unknown_value"),
            ("award_titles", "recipients", json!(["family", "family"]), "/recipients/1", "repeated"),
            ("award_titles", "issuer_kinds", json!(["section", "nowhere"]), "/issuer_kinds/1", "kind_unknown"),
            ("measures", "collected_by", json!("campaign"), "/collected_by", "unknown_value"),
            ("measures", "decimals", json!(7), "/decimals", "out_of_range"),
            ("measures", "unit_of_measure", json!("vnd"), "/decimals", "out_of_range"),
            ("measures", "carry_months", json!(121), "/carry_months", "out_of_range"),
            ("measures", "kind", json!("flow"), "/carry_months", "not_applicable"),
            ("measures", "part_of", json!("trial"), "/part_of", "not_applicable"),
            ("measures", "part_of", json!("nowhere"), "/part_of", "measure_unknown"),
            ("return_forms", "levels", json!([0]), "/levels/0", "out_of_range"),
            ("return_forms", "levels", json!([4, 4]), "/levels/1", "repeated"),
            ("return_forms", "measures", json!(["members", "members"]), "/measures/1", "repeated"),
            ("return_forms", "measures", json!(["nowhere"]), "/measures/0", "measure_unknown"),
        ] {
            let refused = app.post(&format!("/{catalogue}"), &with(catalogue, name, value)).await;
            refused.refuses(&[(place, code)]);
            assert_eq!(codes_at(&app, &format!("/{catalogue}?code=trial")).await, [""; 0]);
        }
    }

    async fn a_measure_that_an_entry_names_stays(app: App) {
        let whole = app.post("/measures", &entry("measures", "whole")).await.created();
        let path = format!("/measures/{}", whole["id"]);
        for (catalogue, member) in [("measures", "part_of"), ("return_forms", "measures")] {
            let mut names = entry(catalogue, "names");
            names[member] = if member == "part_of" { json!("whole") } else { json!(["whole"]) };
            let names = app.post(&format!("/{catalogue}"), &names).await.created();
            let refused = app.delete(&path, 1).await.problem(409, "entry_in_use");
            assert_eq!(refused["params"], json!({"entry_id": names["id"]}));
            app.delete(&format!("/{catalogue}/{}", names["id"]), 1).await.is(204);
        }
        app.delete(&path, 1).await.is(204);
    }

    async fn a_stock_counts_for_a_year_where_nothing_else_is_said(app: App) {
        let mut stock = entry("measures", "trial");
        stock.as_object_mut().unwrap().remove("carry_months");
        let created = app.post("/measures", &stock).await.created();
        assert_eq!(created["carry_months"], 12);
    }

    async fn every_change_is_told_once(app: App) {
        let mut start = app.feed_end().await;
        for (catalogue, subject) in CATALOGUES {
            let list = format!("/{catalogue}");
            let sent = entry(catalogue, "trial");
            let created = app.post(&list, &sent).key("k-1").await.created();
            assert_eq!(app.post(&list, &sent).key("k-1").await.created(), created);
            let path = format!("{list}/{}", created["id"]);
            app.patch(&path, 1, &json!({"name_en": "Another"})).await.ok();
            app.delete(&path, 2).await.is(204);
            let told = app.events(start, 3).await;
            let types: Vec<_> = told.iter().map(|event| event["type"].as_str().unwrap()).collect();
            assert_eq!(types, ["created", "updated", "deleted"].map(|verb| format!("{subject}.{verb}")));
            assert_eq!(told[0]["data"], sent);
            start += 3;
            let audited = app.get(&format!("/audit_entries?action={subject}.updated")).await.ok();
            let after = &audited["items"][0]["after"];
            assert_eq!((&audited["items"][0]["before"], &after["name_en"]), (&sent, &json!("Another")));
        }
    }

    async fn a_database_begins_with_what_is_known(app: App) {
        let kinds = app.all("/activity_kinds").await;
        let groups: BTreeSet<_> = kinds.iter().map(|kind| kind["group"].as_str().unwrap()).collect();
        assert_eq!(groups.len(), 13, "{groups:?}");
        assert!(codes(&kinds).contains(&"employee_conference"));

        let titles = app.all("/award_titles").await;
        assert!(codes(&titles).contains(&"provincial_emulation_flag"));
        let measures = app.all("/measures").await;
        assert!(codes(&measures).contains(&"members_admitted"));
        for entry in kinds.iter().chain(&titles).chain(&measures) {
            for unknown in ["from", "to", "document"] {
                assert_eq!(entry[unknown], Value::Null, "{entry}");
            }
        }
        let forms = app.all("/return_forms").await;
        assert_eq!(codes(&forms), ["hdcd_1", "hdcd_2"]);
        for form in &forms {
            let set_by = (&form["document"], &form["from"], &form["calendar"]);
            assert_eq!(set_by, (&json!("1454/QĐ-TLĐ"), &json!("2014-11-28"), &json!("statistical")));
        }
        // Seeds are entered without a look at kinds of unit: they must fit all the same.
        let units = app.all("/unit_kinds").await;
        let units: BTreeSet<_> = units.iter().map(|kind| &kind["kind"]).map(Value::to_string).collect();
        for title in &titles {
            for kind in title["issuer_kinds"].as_array().unwrap() {
                assert!(units.contains(&kind.to_string()), "{title}");
            }
        }
    }
}
