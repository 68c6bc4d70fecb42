//! The worked examples of the law of the tree. What they say of rights and records waits for those to be there.

use serde_json::{Value, json};

use crate::support::{App, Chart, decision, end_into, establish, rename, transfer};

const TODAY: &str = "2026-01-15";

/// A federation of three provinces, the first one with districts, known before any decision.
async fn federation(app: &App) -> Chart {
    let chart = Chart::empty(app).await;
    let mut lines = vec![json!({
        "op": "establish", "code": "tld", "name": "Tổng Liên đoàn", "kind": "confederation"
    })];
    for province in ["hn", "pa", "pb"] {
        lines.push(establish(province, "provincial_federation", "tld"));
    }
    for district in ["hn-q-btl", "hn-q-lb", "hn-q-hk"] {
        lines.push(establish(district, "district_federation", "hn"));
    }
    for (union, parent) in [
        ("hn-tcnt", "hn-q-lb"),
        ("a1", "pa"),
        ("a2", "pa"),
        ("b1", "pb"),
    ] {
        lines.push(establish(union, "grassroots_union", parent));
    }
    chart.open(&lines).await;
    chart
}

async fn transfer_of_2024(chart: &Chart) -> i64 {
    let line = json!({"op": "transfer", "unit": "hn-tcnt", "from": "hn-q-lb", "to": "hn-q-btl"});
    chart.decide("2024-12-19", &[line]).await
}

async fn end_of_the_districts(chart: &Chart) -> i64 {
    let lines = ["hn-q-btl", "hn-q-lb", "hn-q-hk"].map(|district| end_into(district, "hn"));
    chart.decide("2025-07-01", &lines).await
}

async fn merge_of_provinces(chart: &Chart) -> i64 {
    let new = json!({
        "code": "pc", "name": "LĐLĐ tỉnh C", "kind": "provincial_federation", "parent": "tld"
    });
    let merge = json!({"op": "merge", "units": ["pa", "pb"], "new": new});
    chart.decide("2025-07-01", &[merge]).await
}

/// The split of the merged province; b1 is named nowhere.
fn split() -> Value {
    let new = json!({
        "code": "pe", "name": "LĐLĐ tỉnh E", "kind": "provincial_federation", "parent": "tld"
    });
    json!({
        "op": "split", "unit": "pc", "children_to": "pe",
        "parts": [{"unit": "pd", "children": ["a1"]}, {"new": new, "children": ["a2"]}]
    })
}

async fn split_of_2026(chart: &Chart) -> i64 {
    merge_of_provinces(chart).await;
    chart
        .decide(
            "2025-08-01",
            &[establish("pd", "provincial_federation", "tld")],
        )
        .await;
    chart.decide("2026-01-01", &[split()]).await
}

fn short(lines: &Value) -> Vec<String> {
    let short = |line: &Value| {
        let words = [&line["op"], &line["unit"], &line["to"], &line["parent"]];
        let words: Vec<&str> = words.iter().filter_map(|word| word.as_str()).collect();
        words.join(" ")
    };
    lines.as_array().unwrap().iter().map(short).collect()
}

on_both_engines! {
    async fn a_transfer_holds_from_its_day_on(app: App) {
        let chart = federation(&app).await;
        transfer_of_2024(&chart).await;
        assert_eq!(chart.parent("hn-tcnt", "1900-01-01").await, "hn-q-lb");
        assert_eq!(chart.parent("hn-tcnt", "2024-12-18").await, "hn-q-lb");
        assert_eq!(chart.parent("hn-tcnt", "2024-12-19").await, "hn-q-btl");
    }

    async fn the_end_of_the_districts_leaves_no_day_without_a_parent(app: App) {
        let chart = federation(&app).await;
        transfer_of_2024(&chart).await;
        end_of_the_districts(&chart).await;
        assert_eq!(chart.parent("hn-tcnt", "2025-06-30").await, "hn-q-btl");
        assert_eq!(chart.parent("hn-tcnt", "2025-07-01").await, "hn");
        assert_eq!(chart.unit("hn-q-btl", "2025-06-30").await["alive"], true);
        assert_eq!(chart.unit("hn-q-btl", "2025-07-01").await["alive"], false);
        assert_eq!(chart.lives("hn-q-btl").await, json!([{"from": null, "to": "2025-07-01"}]));
        assert!(chart.today("hn-q-btl").await.is_empty());
    }

    async fn a_ward_union_is_founded_before_it_is_filled(app: App) {
        let chart = federation(&app).await;
        end_of_the_districts(&chart).await;
        let founded = establish("hn-p-x", "commune_union", "hn");
        let filled = transfer("hn-tcnt", "hn-p-x");

        let backwards = decision(Some("2025-07-01"), &[filled.clone(), founded.clone()]);
        chart.preview(&backwards).await.refuses(&[("/lines/0/to", "unit_unknown")]);
        let early = decision(Some("2025-06-30"), std::slice::from_ref(&founded));
        let early = chart.preview(&early).await.problem(422, "invalid");
        assert_eq!(early["errors"][0]["code"], "kind_not_allowed");

        chart.decide("2025-07-01", &[founded, filled]).await;
        assert_eq!(chart.parent("hn-tcnt", "2025-06-30").await, "hn-q-lb");
        assert_eq!(chart.parent("hn-tcnt", "2025-07-01").await, "hn-p-x");
    }

    async fn a_day_known_as_a_year_keeps_its_precision(app: App) {
        let chart = federation(&app).await;
        let founded = establish("hn-p-kim-lien", "commune_union", "hn");
        let mut decision = decision(Some("2025-07-01"), &[founded]);
        decision["effective_precision"] = json!("year");
        let id = chart.record(&decision).await;
        let read = app.get(&format!("/reorganisations/{id}")).await.ok();
        assert_eq!(read["effective_on"], "2025-07-01");
        assert_eq!(read["effective_precision"], "year");
        assert_eq!(chart.unit("hn-p-kim-lien", "2025-07-01").await["alive"], true);
    }

    async fn two_provinces_become_one(app: App) {
        let chart = federation(&app).await;
        merge_of_provinces(&chart).await;
        for union in ["a1", "a2", "b1"] {
            assert_eq!(chart.parent(union, "2025-07-01").await, "pc");
        }
        assert_eq!(chart.parent("b1", "2025-06-30").await, "pb");
        assert_eq!(chart.today("pa").await, ["pc"]);
        assert_eq!(chart.today("pb").await, ["pc"]);
        assert_eq!(chart.today("pc").await, ["pc"]);
    }

    async fn a_split_sends_the_rest_where_it_says(app: App) {
        let chart = federation(&app).await;
        split_of_2026(&chart).await;
        assert_eq!(chart.parent("a1", TODAY).await, "pd");
        assert_eq!(chart.parent("a2", TODAY).await, "pe");
        assert_eq!(chart.parent("b1", TODAY).await, "pe");
        assert_eq!(chart.parent("b1", "2025-12-31").await, "pc");
        assert_eq!(chart.today("pa").await, ["pd", "pe"]);
    }

    async fn a_split_without_a_place_for_the_rest_is_refused(app: App) {
        let chart = federation(&app).await;
        merge_of_provinces(&chart).await;
        chart.decide("2025-08-01", &[establish("pd", "provincial_federation", "tld")]).await;
        let mut split = split();
        split.as_object_mut().unwrap().remove("children_to");
        let refused = chart.preview(&decision(Some("2026-01-01"), &[split])).await;
        let refused = refused.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["code"], "children_left");
        assert!(refused["errors"][0]["params"].to_string().contains("\"b1\""), "{refused}");
    }

    async fn a_revoked_split_is_as_before_from_then_on(app: App) {
        let chart = federation(&app).await;
        let split = split_of_2026(&chart).await;
        let draft = chart.draft_reversal(split, "2026-06-01").await.ok();
        let lines = draft["lines"].as_array().unwrap();
        assert_eq!(
            short(&draft["lines"]),
            ["restore pc tld", "transfer a1 pc", "transfer a2 pc", "transfer b1 pc", "end pe"]
        );
        assert_eq!(draft["left_alone"], json!([]));

        chart.decide("2026-06-01", lines).await;
        let lives = json!([
            {"from": "2025-07-01", "to": "2026-01-01"}, {"from": "2026-06-01", "to": null}
        ]);
        assert_eq!(chart.lives("pc").await, lives);
        for union in ["a1", "a2", "b1"] {
            assert_eq!(chart.parent(union, "2026-06-01").await, "pc");
        }
        assert_eq!(chart.parent("a1", "2026-05-31").await, "pd");
        assert_eq!(chart.lives("pe").await, json!([{"from": "2026-01-01", "to": "2026-06-01"}]));
    }

    async fn a_reversal_leaves_alone_what_moved_on(app: App) {
        let chart = federation(&app).await;
        let split = split_of_2026(&chart).await;
        chart.decide("2026-03-01", &[transfer("a1", "hn")]).await;
        let draft = chart.draft_reversal(split, "2026-06-01").await.ok();
        assert_eq!(
            short(&draft["lines"]),
            ["restore pc tld", "transfer a2 pc", "transfer b1 pc", "end pe"]
        );
        let left = draft["left_alone"].as_array().unwrap();
        assert_eq!(left.len(), 1, "{draft}");
        assert_eq!(left[0]["unit"], "a1");
    }

    async fn names_are_entered_in_any_order(app: App) {
        let chart = federation(&app).await;
        let later = chart.decide("2023-01-01", &[rename("hn", "N2023")]).await;
        chart.decide("2021-01-01", &[rename("hn", "N2021")]).await;
        assert_eq!(chart.name("hn", "2020-12-31").await, "Đơn vị hn");
        assert_eq!(chart.name("hn", "2021-01-01").await, "N2021");
        assert_eq!(chart.name("hn", "2022-12-31").await, "N2021");
        assert_eq!(chart.name("hn", "2023-01-01").await, "N2023");

        let again = decision(Some("2022-01-01"), &[rename("hn", "N2023")]);
        let refused = chart.preview(&again).await.problem(409, "later_decision_depends");
        assert_eq!(refused["params"]["reorganisation_id"], later);
        assert_eq!(refused["params"]["line"], 0);
        assert_eq!(refused["params"]["code"], "no_change");

        chart.correct(later, &again).await;
        assert_eq!(chart.name("hn", "2021-12-31").await, "N2021");
        assert_eq!(chart.name("hn", "2022-01-01").await, "N2023");
    }

    async fn a_union_entered_late_follows_the_recorded_end(app: App) {
        let chart = federation(&app).await;
        end_of_the_districts(&chart).await;
        chart.decide("2021-03-01", &[establish("late", "grassroots_union", "hn-q-btl")]).await;
        assert_eq!(chart.parent("late", "2025-06-30").await, "hn-q-btl");
        assert_eq!(chart.parent("late", "2025-07-01").await, "hn");
        assert_eq!(chart.lives("late").await, json!([{"from": "2021-03-01", "to": null}]));
    }

    async fn an_earlier_transfer_meets_the_place_that_a_later_one_names(app: App) {
        let chart = federation(&app).await;
        let recorded = transfer_of_2024(&chart).await;
        let early = decision(Some("2024-01-01"), &[transfer("hn-tcnt", "hn-q-hk")]);
        let refused = chart.preview(&early).await.problem(409, "later_decision_depends");
        assert_eq!(refused["params"]["reorganisation_id"], recorded);
        assert_eq!(refused["params"]["code"], "parent_mismatch");
    }

    async fn an_annulled_transfer_never_happened(app: App) {
        let chart = federation(&app).await;
        let recorded = transfer_of_2024(&chart).await;
        end_of_the_districts(&chart).await;
        chart.annul(recorded).await;
        assert_eq!(chart.parent("hn-tcnt", "2024-12-19").await, "hn-q-lb");
        assert_eq!(chart.parent("hn-tcnt", "2025-06-30").await, "hn-q-lb");
        assert_eq!(chart.parent("hn-tcnt", "2025-07-01").await, "hn");
    }

    async fn a_cycle_may_lie_in_the_future_only(app: App) {
        let chart = federation(&app).await;
        chart.open(&["s1", "s2"].map(|code| establish(code, "section", "a1"))).await;
        let planned = chart.decide("2027-03-01", &[transfer("s1", "s2")]).await;
        let earlier = decision(Some("2027-02-01"), &[transfer("s2", "s1")]);
        let refused = chart.preview(&earlier).await.problem(409, "later_decision_depends");
        assert_eq!(refused["params"]["reorganisation_id"], planned);
        assert_eq!(refused["params"]["code"], "cycle");
        assert_eq!(chart.parent("s1", "2027-02-28").await, "a1");
        assert_eq!(chart.parent("s1", "2027-03-01").await, "s2");
    }
}
