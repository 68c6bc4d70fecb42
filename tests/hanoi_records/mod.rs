//! What was published of what the unions of Hanoi did. `liendoan demo` records it; here each fact that is a record
//! is read back as it was told. What is expected stands in `facts.jsonl` alone.

mod facts;

use std::collections::{BTreeMap, BTreeSet};

use facts::{
    Made, codes, entries, facts, figure_at, made, measure, period_of, places, text, told, told_for,
    units_of_measure,
};
use serde_json::{Value, json};

use crate::hanoi::start;
use crate::support::until;

/// Facts of which no record tells: what is said of a cluster or of each of its members stays with it, bodies outside the
/// union have no record here, a target is no record, and a decision about the tree is read back in `hanoi`.
const ELSEWHERE: [&str; 8] = [
    "C2-001", "C2-003", "TT-002", "C2-023", "HK-036", "BTL-011", "VC-023", "C2-031",
];

/// Told of somebody below, done by the unit that the fact names as the one above: the survey of a cluster by the city,
/// the drive in it, the city's programme for Tết.
const DONE_ABOVE: [&str; 3] = ["C2-002", "C2-005", "VC-025"];

#[test]
fn each_fact_is_a_record_or_stands_elsewhere() {
    let told: BTreeSet<String> = entries()
        .iter()
        .filter_map(|entry| entry["tells"].as_object())
        .flat_map(|tells| tells.keys().cloned())
        .collect();
    let facts = facts();
    for fact in &facts {
        let id = text(fact, "id");
        assert_ne!(told.contains(id), ELSEWHERE.contains(&id), "{fact}");
    }
    assert_eq!((facts.len(), told.len()), (125, 117));
}

on_both_engines! {
    async fn each_entry_was_recorded_by_one_and_approved_by_another(program: Program) {
        let process = start(&program);
        let mut approvers = BTreeSet::new();
        for made in made(&process).await {
            if made.answer.get("content").is_none() {
                continue;
            }
            let head = &made.answer;
            assert_eq!((&head["state"], &head["provenance"]), (&json!("approved"), &json!("entered")), "{head}");
            let versions = process.remote.all(&format!("/records/{}/versions", head["id"])).await;
            let [version] = &versions[..] else { panic!("{versions:?}") };
            assert_eq!(version["recorded_by"], head["recorded_by"]);
            assert_ne!(version["approved_by"], version["recorded_by"]);
            approvers.insert(text(version, "approved_by").to_owned());
        }
        assert_eq!(approvers.len(), 2, "in the city, and above it: {approvers:?}");
        let waiting = process.remote.all("/inbox").await;
        assert!(waiting.is_empty(), "{waiting:?}");
    }

    async fn each_record_reads_as_its_facts_were_told(program: Program) {
        let process = start(&program);
        let (made, codes) = (made(&process).await, codes());
        let source_of = |key: &str| {
            let is_source = |made: &&Made| made.entry["key"] == key;
            made.iter().find(is_source).unwrap().answer["id"].clone()
        };
        for fact in facts() {
            let id = text(&fact, "id");
            let tellings: Vec<(&Made, Vec<String>)> =
                made.iter().map(|made| (made, places(made, id))).filter(|(_, places)| !places.is_empty()).collect();
            // Several records of a kind tell of one each; of another kind they tell of it again.
            let mut sums: BTreeMap<&str, Option<i64>> = BTreeMap::new();
            for (made, places) in &tellings {
                let (number, _) = told(made, &places[0]);
                let sum = sums.entry(text(&made.entry, "post")).or_insert(number.map(|_| 0));
                *sum = sum.zip(number).map(|(sum, number)| sum + number);
            }
            for sum in sums.values() {
                assert_eq!(fact["value"].as_i64(), *sum, "{fact}");
            }
            for (made, place) in tellings.iter().flat_map(|(made, places)| places.iter().map(move |place| (*made, place))) {
                let content = &made.content;
                let (number, qualifier) = told(made, place);
                assert_eq!(number, told(made, &places(made, id)[0]).0, "{place}: {fact}");
                let figure = figure_at(made, place).filter(|figure| figure["measure"].is_string());
                let counted = figure.is_some_and(|figure| figure["basis"] == "counted_from_list");
                let published = match text(&fact, "qualifier") {
                    "ordinal" | "rank" | "stated_rounded" | "stated_all" => "stated",
                    "counted_from_list" if counted || figure.is_none() => "exact",
                    qualifier => qualifier,
                };
                assert!(qualifier == published || qualifier == "stated" && published == "exact", "{place}: {fact}");
                let measured = units_of_measure(made, place);
                assert!(qualifier == "stated" || measured.contains(&text(&fact, "unit_of_measure")), "{place}: {fact}");
                if let ("units_due" | "population", Some(figure)) = (text(&fact, "denominator_kind"), figure) {
                    let whole = measure(text(figure, "measure"))["part_of"].clone();
                    let is_whole = |other: &&Value| other["measure"] == whole;
                    let whole = content["figures"].as_array().unwrap().iter().find(is_whole).unwrap();
                    assert_eq!(whole["quantity"]["value"], fact["denominator"], "{fact}");
                }
                if text(&made.entry, "post") == "/documents" {
                    assert_eq!(content["date"], fact["period"], "{fact}");
                    continue;
                }
                let by = if DONE_ABOVE.contains(&id) { "parent_unit" } else { "unit" };
                assert_eq!(content["unit"], codes[text(&fact, by)], "{fact}");
                let documents = content["documents"].as_array().unwrap();
                assert!(documents.contains(&source_of(text(&fact, "source"))), "{fact}");
                assert_eq!(told_for(content, figure), period_of(&fact), "{fact}");
                if let Some(people) = fact["beneficiaries"].as_i64() {
                    let given = [&content["beneficiaries"], &content["members_used"]];
                    assert!(given.contains(&&json!(people)), "{fact}");
                }
                if content.get("recipient").is_some() {
                    let authority = text(&fact, "award_authority");
                    assert_eq!(content["issuer_unit"].as_str(), codes.get(authority).map(String::as_str), "{fact}");
                    let is_proposal = text(&fact, "record_kind") == "award_proposal";
                    assert_eq!(content["status"] == "proposed", is_proposal, "{fact}");
                }
            }
        }
    }

    async fn each_figure_is_found_again_under_the_total_that_it_is_in(program: Program) {
        let process = start(&program);
        let made = made(&process).await;
        // What the demo left is added up by the service.
        until(async || process.remote.get("/units/code:hn/totals?period=2020").await.ok()["is_current"] == true).await;
        let mut found = 0;
        for fact in facts() {
            let id = text(&fact, "id");
            let tellings = made.iter().flat_map(|made| places(made, id).into_iter().map(move |place| (made, place)));
            for (made, place) in tellings {
                let Some(figure) = figure_at(made, &place).filter(|figure| figure["measure"].is_string()) else {
                    continue;
                };
                let (unit, measure) = (text(&made.content, "unit"), text(figure, "measure"));
                let period = told_for(&made.content, Some(figure));
                let path = format!("/units/code:{unit}/totals/{measure}?period={period}");
                let breakdown = process.remote.get(&path).await.ok();
                let figures = breakdown["figures"].as_array().unwrap().iter();
                let of_record: Vec<&Value> =
                    figures.filter(|figure| figure["record_id"] == made.answer["id"]).collect();
                if of_record.is_empty() {
                    // Somebody below tells of the same: that one counts.
                    let links = process.remote.all(&format!("/records/{}/links", made.answer["id"])).await;
                    assert!(links.iter().any(|link| link["kind"] == "same_event" && link["is_own"] == true), "{fact}");
                    continue;
                }
                let told = |counted: &&&Value| counted["quantity"] == figure["quantity"];
                let counted = of_record.iter().find(told).unwrap_or_else(|| panic!("{of_record:?}: {fact}"));
                assert_eq!((&counted["counts"], &counted["period"]), (&json!(true), &json!(period)), "{fact}");
                assert!(breakdown["total"]["text_vi"].is_string(), "{fact}");
                found += 1;
            }
        }
        assert!(found > 90, "{found} figures");
        // Sums keep how sure their parts were.
        let city = process.remote.get("/units/code:hn/totals?period=2020").await.ok();
        let items = city["items"].as_array().unwrap();
        let said = |measure: &str| {
            let item = items.iter().find(|item| item["measure"] == measure);
            text(item.unwrap(), "text_vi")
        };
        assert_eq!(said("epidemic_donations"), "hơn 1.000.000.000");
        assert_eq!(said("members_admitted"), "1.158", "1,011 and 147");
        assert_eq!(said("collective_agreements_resigned"), "không nêu số");
    }

    async fn a_certificate_told_by_parent_and_child_is_one(program: Program) {
        let process = start(&program);
        let made = made(&process).await;
        let id_of = |fact: &str| {
            let tells = |made: &&Made| made.entry["tells"].get(fact).is_some();
            made.iter().find(tells).unwrap().answer["id"].clone()
        };
        let linked = async |fact: &str, list: &str| {
            process.remote.all(&format!("/records/{}/{list}", id_of(fact))).await
        };
        let links = linked("VC-014", "links").await;
        assert_eq!((&links[0]["kind"], &links[0]["record"]["id"]), (&json!("same_event"), &id_of("VC-019")));
        let alike = linked("VC-014", "likely_duplicates").await;
        assert_eq!((alike.len(), &alike[0]["id"]), (1, &id_of("VC-019")));
        let links = linked("VC-020", "links").await;
        assert_eq!((&links[0]["kind"], &links[0]["record"]["id"]), (&json!("part_of"), &id_of("VC-017")));
    }
}
