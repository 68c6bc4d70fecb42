//! Each code with which a change of the tree is refused, by a decision that breaks this one condition.
//!
//! `records_outside_life` and `out_of_scope` wait for records and rights to be there.

mod cases;

use serde_json::{Value, json};

use self::cases::{cases, standing};
use crate::support::{App, Chart, decision, establish, rename, transfer};
use crate::tree_model::model::Model;

#[test]
fn each_case_breaks_the_condition_it_is_for_and_no_other() {
    let mut model = Model::default();
    for (id, decision) in (1..).zip(standing()) {
        model.try_record(id, &decision).unwrap();
    }
    for case in cases() {
        let refusal = model.clone().try_record(0, &case.decision).unwrap_err();
        let shown = format!(
            "{refusal:?} of {}",
            &case
                .decision
                .to_string()
                .chars()
                .take(200)
                .collect::<String>()
        );
        assert!(
            !refusal.is_later && refusal.codes.contains(case.code),
            "{shown}"
        );
        // A kind that nobody knows fits nowhere either.
        assert!(
            refusal.codes.len() == 1 || case.code == "kind_unknown",
            "{shown}"
        );
        let line = refusal
            .line
            .map_or(String::new(), |line| format!("/lines/{line}"));
        assert!(case.pointer.starts_with(&line), "{shown}");
    }
}

async fn stand(app: &App) -> (Chart, Vec<i64>) {
    let chart = Chart::empty(app).await;
    let mut ids = Vec::new();
    for decision in standing() {
        ids.push(chart.record(&decision).await);
    }
    (chart, ids)
}

on_both_engines! {
    async fn a_decision_is_refused_with_the_condition_it_breaks(app: App) {
        let (chart, _) = stand(&app).await;
        let before = chart.everything().await;
        for case in cases() {
            for query in ["dry_run=true", "fingerprint=invented"] {
                let answer = chart.ask(query, &case.decision).await;
                let problem = answer.problem(422, "invalid");
                let errors = problem["errors"].as_array().unwrap();
                let names_it = |error: &Value| {
                    let rest = error["pointer"].as_str().unwrap().strip_prefix(case.pointer);
                    let is_there = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
                    is_there && error["code"] == case.code
                };
                assert!(errors.iter().any(names_it), "{} {}: {problem}", case.pointer, case.code);
            }
            let first = case.decision["lines"][0].to_string();
            assert_eq!(chart.everything().await, before, "{} wrote: {first}", case.code);
        }
    }

    async fn a_reversal_lies_after_what_it_reverses(app: App) {
        let (chart, ids) = stand(&app).await;
        for on in ["2022-01-01", "2021-12-31"] {
            let refused = chart.draft_reversal(ids[2], on).await.problem(422, "invalid");
            assert_eq!(refused["errors"][0]["code"], "reversal_too_early");
        }
        chart.draft_reversal(ids[2], "2022-01-02").await.ok();
    }

    async fn a_change_that_a_later_decision_does_not_bear_is_refused(app: App) {
        let (chart, ids) = stand(&app).await;
        let later = chart.decide("2023-01-01", &[rename("fresh", "Tên mới")]).await;
        let before = chart.everything().await;
        let refused = chart.ask_to_annul(ids[2], "dry_run=true").await;
        let refused = refused.problem(409, "later_decision_depends");
        assert_eq!(refused["params"]["reorganisation_id"], later);
        assert_eq!(refused["params"]["line"], 0);
        assert_eq!(refused["params"]["pointer"], "/lines/0/unit");
        assert_eq!(refused["params"]["code"], "unit_unknown");

        let founding = establish("fresh", "grassroots_union", "hn");
        let moved = decision(Some("2024-01-01"), &[founding]);
        let refused = chart.ask_to_correct(ids[2], "dry_run=true", &moved).await;
        refused.problem(409, "later_decision_depends");
        assert_eq!(chart.everything().await, before);
    }

    async fn what_something_hangs_on_does_not_vanish(app: App) {
        let (chart, ids) = stand(&app).await;
        let cluster = json!({
            "code": "cum-1", "name": "Cụm 1", "kind": "emulation_cluster", "owner": "hn",
            "from": "2023-01-01", "to": "2024-01-01",
            "members": [{"unit": "fresh", "from": "2023-01-01", "to": "2024-01-01"}], "heads": []
        });
        chart.key(app.post("/clusters", &cluster)).await.created();
        let before = chart.everything().await;
        chart.ask_to_annul(ids[2], "dry_run=true").await.problem(409, "unit_in_use");
        let other = decision(Some("2022-01-01"), &[establish("other", "grassroots_union", "hn")]);
        let refused = chart.ask_to_correct(ids[2], "dry_run=true", &other).await;
        refused.problem(409, "unit_in_use");
        assert_eq!(chart.everything().await, before);
    }

    async fn what_is_annulled_stays_so(app: App) {
        let (chart, ids) = stand(&app).await;
        chart.annul(ids[2]).await;
        app.get("/units/code:fresh").await.problem(404, "not_found");
        let before = chart.everything().await;
        chart.ask_to_annul(ids[2], "dry_run=true").await.problem(409, "already_annulled");
        let again = standing().remove(2);
        let refused = chart.ask_to_correct(ids[2], "dry_run=true", &again).await;
        refused.problem(409, "already_annulled");
        assert_eq!(chart.everything().await, before);
    }

    async fn a_rule_stays_while_a_decision_rests_on_it(app: App) {
        let (chart, _) = stand(&app).await;
        let before = chart.everything().await;
        let kinds = app.get("/unit_kinds?kind=provincial_federation&as_of=2022-01-01").await.ok();
        let entry = &kinds["items"][0];
        let path = format!("/unit_kinds/{}", entry["id"]);
        let without = json!({"child_kinds": ["local_sector_union", "grassroots_union", "grouping"]});
        app.patch(&path, 1, &without).await.problem(409, "rule_in_use");
        assert_eq!(app.get(&path).await.ok(), *entry);
        assert_eq!(chart.everything().await, before);

        // No decision placed such a union.
        let without = json!({"child_kinds": ["district_federation", "local_sector_union", "grassroots_union", "grouping"]});
        app.patch(&path, 1, &without).await.ok();
    }

    async fn a_commit_names_the_preview_it_was_decided_on(app: App) {
        let (chart, _) = stand(&app).await;
        let before = chart.everything().await;
        let transfer = decision(Some("2024-01-01"), &[transfer("union", "q-btl")]);
        let preview = chart.preview(&transfer).await.ok();
        assert_eq!(chart.everything().await, before);
        chart.ask("", &transfer).await.problem(428, "preview_required");

        chart.decide("2026-02-01", &[rename("union", "Tên mới")]).await;
        let old = format!("fingerprint={}", preview["fingerprint"].as_str().unwrap());
        let between = chart.everything().await;
        let outdated = chart.ask(&old, &transfer).await.problem(412, "preview_outdated");
        assert_eq!(chart.everything().await, between);
        assert_eq!(outdated["params"]["preview"], chart.preview(&transfer).await.ok());
        let new = outdated["params"]["fingerprint"].as_str().unwrap();
        chart.ask(&format!("fingerprint={new}"), &transfer).await.created();
        assert_eq!(chart.parent("union", "2024-01-01").await, "q-btl");
    }

    async fn what_others_change_elsewhere_outdates_no_preview(app: App) {
        let (chart, _) = stand(&app).await;
        let transfer = decision(Some("2024-01-01"), &[transfer("union", "q-btl")]);
        let preview = chart.preview(&transfer).await.ok();
        chart.decide("2026-02-01", &[rename("hp", "Tên mới")]).await;
        let query = format!("fingerprint={}", preview["fingerprint"].as_str().unwrap());
        chart.ask(&query, &transfer).await.created();
    }
}
