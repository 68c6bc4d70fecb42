//! Finding units by what people type.

use serde_json::{Value, json};

use crate::support::{App, Chart, Engine, Program, Remote, establish, rename};

/// The units and the queries of the list.
fn list() -> Value {
    serde_json::from_str(include_str!("search_queries.json")).unwrap()
}

fn found_on(kind: &str) -> Option<&'static str> {
    // The law of July 2025 brought the communes' unions.
    (kind == "commune_union").then_some("2025-07-01")
}

/// Enters the units of the list, as they became known: an opening, the end of the districts, and the
/// unions of the communes.
async fn enter(app: &App, units: &[Value]) {
    let chart = Chart::empty(app).await;
    let line = |unit: &Value| {
        let mut line = json!({
            "op": "establish", "code": unit["code"], "name": unit["name"], "kind": unit["kind"]
        });
        if !unit["parent"].is_null() {
            line["parent"] = unit["parent"].clone();
        }
        line
    };
    let kind = |unit: &&Value| found_on(unit["kind"].as_str().unwrap());
    let opening: Vec<Value> = units
        .iter()
        .filter(|u| kind(u).is_none())
        .map(line)
        .collect();
    let later: Vec<Value> = units
        .iter()
        .filter(|u| kind(u).is_some())
        .map(line)
        .collect();
    let ended = units.iter().filter(|unit| unit["ended"] == true);
    let ends = ended.map(|unit| json!({"op": "end", "unit": unit["code"], "children_to": "hn"}));
    chart.open(&opening).await;
    chart.decide("2025-07-01", &ends.collect::<Vec<_>>()).await;
    chart.decide("2025-07-01", &later).await;
    for unit in units.iter().filter(|unit| unit["aliases"] != json!([])) {
        let particulars = json!({"aliases": unit["aliases"], "effective_on": null});
        describe(app, unit["code"].as_str().unwrap(), &particulars).await;
    }
}

/// Sets what no decision sets.
async fn describe(app: &App, code: &str, particulars: &Value) {
    let path = format!("/units/code:{code}");
    let tag = app.get(&path).await.header("etag").unwrap().to_owned();
    let patch = app
        .call(reqwest::Method::PATCH, &path)
        .header("if-match", &tag);
    let patch = patch.header("content-type", "application/merge-patch+json");
    patch.body(particulars.to_string()).await.ok();
}

async fn search(app: &Remote, query: &str) -> Value {
    search_with(app, &[("q", query)]).await
}

async fn search_with(app: &Remote, parameters: &[(&str, &str)]) -> Value {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish();
    app.get(&format!("/units:search?{query}")).await.ok()
}

fn codes(answer: &Value) -> Vec<&str> {
    let items = answer["items"].as_array().unwrap().iter();
    items.map(|item| item["code"].as_str().unwrap()).collect()
}

fn federation() -> [Value; 3] {
    let root = json!({
        "op": "establish", "code": "tld", "name": "Tổng Liên đoàn", "kind": "confederation"
    });
    let mut hanoi = establish("hn", "provincial_federation", "tld");
    hanoi["name"] = json!("Liên đoàn Lao động thành phố Hà Nội");
    let mut district = establish("q", "district_federation", "hn");
    district["name"] = json!("Liên đoàn Lao động quận Hoàn Kiếm");
    [root, hanoi, district]
}

/// SQLite has one process.
#[test]
fn another_process_finds_a_change_at_once() {
    let program = Program::on_empty(Engine::Postgres);
    let (one, other) = (program.serve(), program.serve());
    let (one, other) = (&one.remote, &other.remote);
    actix_web::rt::System::new().block_on(async {
        let chart = Chart::empty(one).await;
        chart.open(&federation()).await;
        assert_eq!(codes(&search(other, "hoan kiem").await), ["q"]);
        let founding = [establish("hn-2", "district_federation", "hn")];
        let mistaken = chart.decide("2024-01-01", &founding).await;
        assert_eq!(search(other, "hn-2").await["total"], 1);
        chart.annul(mistaken).await;
        assert_eq!(search(other, "hn-2").await["total"], 0);
    });
}

on_both_engines! {
    async fn what_people_type_finds_what_they_mean(app: App) {
        let list = list();
        enter(&app, list["units"].as_array().unwrap()).await;
        let queries = list["queries"].as_array().unwrap();
        assert_eq!(queries.len(), 60);
        let mut missed = Vec::new();
        for query in queries {
            let q = query["q"].as_str().unwrap();
            let answer = search_with(&app, &[("q", q), ("limit", "5")]).await;
            if !codes(&answer).contains(&query["unit"].as_str().unwrap()) {
                missed.push(format!("{query}: {:?}", codes(&answer)));
            }
        }
        assert!(missed.len() <= 2, "{missed:#?}");
    }

    async fn an_ended_unit_is_found_and_says_so(app: App) {
        let list = list();
        enter(&app, list["units"].as_array().unwrap()).await;
        let answer = search(&app, "ldld quan bac tu liem").await;
        let hit = &answer["items"][0];
        assert_eq!(hit["code"], "hn-q-btl");
        assert_eq!(hit["alive"], false);
        assert_eq!(hit["lives"], json!([{"from": null, "to": "2025-07-01"}]));
        assert_eq!(hit["today"], json!([]));
        let path = hit["path"].as_array().unwrap();
        let path: Vec<&str> = path.iter().map(|step| step["code"].as_str().unwrap()).collect();
        assert_eq!(path, ["tld", "hn", "hn-q-btl"], "on its last day");
        assert_eq!(hit["matched"]["text"], hit["name"]);
        assert_eq!(hit["matched"]["what"], "name");
        assert_eq!(hit["matched"]["to"], "2025-07-01");

        let then = search_with(&app, &[("q", "ldld quan bac tu liem"), ("as_of", "2025-06-30")]).await;
        assert_eq!(then["items"][0]["alive"], true);
        assert_eq!(then["items"][0]["today"], json!([]), "today is today, whatever the day asked for");
    }

    async fn a_change_is_found_at_once(app: App) {
        let chart = Chart::empty(&app).await;
        assert_eq!(search(&app, "hoan kiem").await, json!({"items": [], "total": 0}));
        chart.open(&federation()).await;
        assert_eq!(codes(&search(&app, "hoan kiem").await), ["q"]);

        chart.decide("2024-03-01", &[rename("q", "Liên đoàn Lao động quận Đống Đa")]).await;
        let present = search(&app, "dong da").await;
        assert_eq!(present["items"][0]["matched"]["from"], "2024-03-01");
        let past = &search(&app, "hoàn kiếm").await["items"][0];
        assert_eq!(past["name"], "Liên đoàn Lao động quận Đống Đa");
        let expected = json!({
            "text": "Liên đoàn Lao động quận Hoàn Kiếm", "what": "name", "from": null, "to": "2024-03-01"
        });
        assert_eq!(past["matched"], expected);

        describe(&app, "q", &json!({"aliases": ["Quận ven hồ"], "effective_on": "2023-01-01"})).await;
        let alias = &search(&app, "ven ho").await["items"][0]["matched"];
        assert_eq!((&alias["what"], &alias["from"], &alias["to"]), (&json!("alias"), &json!("2023-01-01"), &Value::Null));
    }

    async fn a_unit_that_was_never_founded_is_not_found(app: App) {
        let chart = Chart::empty(&app).await;
        chart.open(&federation()).await;
        let mistaken = chart.decide("2024-01-01", &[establish("hn-2", "district_federation", "hn")]).await;
        assert_eq!(codes(&search(&app, "hn-2").await), ["hn-2"]);
        chart.annul(mistaken).await;
        assert_eq!(search(&app, "hn-2").await["total"], 0);

        // The same, where the founding of another one fills the gap in the count.
        let mistaken = chart.decide("2024-01-01", &[establish("hn-3", "district_federation", "hn")]).await;
        assert_eq!(search(&app, "hn-3").await["total"], 1);
        chart.annul(mistaken).await;
        chart.decide("2024-01-01", &[establish("hn-4", "district_federation", "hn")]).await;
        assert_eq!(search(&app, "hn-3").await["total"], 0);
        assert_eq!(search(&app, "hn-4").await["total"], 1);
    }

    async fn codes_and_keys_of_other_systems_come_first(app: App) {
        let chart = Chart::empty(&app).await;
        chart.open(&federation()).await;
        let key = json!({"external_ids": [{"system": "hr", "value": "Hà-Nội 7"}]});
        describe(&app, "q", &key).await;
        let by_key = search(&app, "hà nội 7").await;
        assert_eq!(codes(&by_key), ["q"]);
        let matched = json!({"text": "Hà-Nội 7", "what": "external_id", "from": null, "to": null});
        assert_eq!(by_key["items"][0]["matched"], matched);
        let by_code = search(&app, "HN").await;
        assert_eq!(by_code["items"][0]["matched"]["what"], "code");
    }

    async fn an_ended_unit_names_its_successor(app: App) {
        let chart = Chart::empty(&app).await;
        chart.open(&federation()).await;
        let mut other = establish("q2", "district_federation", "hn");
        other["name"] = json!("Liên đoàn Lao động quận Ba Đình");
        chart.decide("2020-01-01", &[other]).await;
        chart.decide("2021-01-01", &[json!({"op": "merge", "units": ["q"], "into": "q2"})]).await;
        let hit = &search(&app, "hoan kiem").await["items"][0];
        assert_eq!(hit["alive"], false);
        let today: Vec<&Value> = hit["today"].as_array().unwrap().iter().map(|unit| &unit["code"]).collect();
        assert_eq!(today, ["q2"]);
    }

    async fn pages_follow_one_another(app: App) {
        let list = list();
        enter(&app, list["units"].as_array().unwrap()).await;
        let whole = search_with(&app, &[("q", "cong doan phuong"), ("limit", "50")]).await;
        let total = whole["items"].as_array().unwrap().len();
        assert_eq!(whole["total"], total);
        let (mut paged, mut offset) = (Vec::new(), 0);
        while offset < total {
            let page = [("q", "cong doan phuong"), ("limit", "3"), ("offset", &offset.to_string())];
            let page = search_with(&app, &page).await;
            assert_eq!(page["total"], total);
            paged.extend(page["items"].as_array().unwrap().clone());
            offset += 3;
        }
        assert_eq!(&paged, whole["items"].as_array().unwrap());
    }

    async fn the_answer_tells_the_revision_of_the_tree(app: App) {
        let chart = Chart::empty(&app).await;
        chart.open(&federation()).await;
        let answer = app.get("/units:search?q=hn").await;
        assert_eq!(answer.header("tree-revision"), Some("1"));
    }

    async fn what_cannot_be_looked_for_is_refused(app: App) {
        let refused = async |query: &str, code: &str| {
            let problem = app.get(&format!("/units:search?{query}")).await;
            let body: Value = serde_json::from_str(&problem.text).unwrap();
            assert_eq!(body["errors"][0]["code"], code, "{body}");
        };
        refused("", "required").await;
        refused("q=", "blank").await;
        refused("q=%20", "blank").await;
        refused(&format!("q={}", "a".repeat(201)), "too_long").await;
        refused("q=a&limit=51", "out_of_range").await;
        refused("q=a&limit=0", "out_of_range").await;
        refused("q=a&offset=1001", "out_of_range").await;
        refused("q=a&as_of=2025-02-30", "date_invalid").await;
        refused("q=a&page=2", "unknown_parameter").await;
        let signs = search(&app, "–").await;
        assert_eq!(signs["total"], 0, "signs alone are a query that finds nothing");
    }
}
