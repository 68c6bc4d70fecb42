//! What records tell in figures: the rules, and which of them count when.

use diesel::prelude::*;
use liendoan::records::figures::misplaced;
use liendoan_core::schema::figures;
use liendoan_core::{Scope, on_engine};
use reqwest::Method;
use serde_json::{Value, json};

use crate::activities::stand;
use crate::kinds::{approved, made, patched, step, with};
use crate::support::{App, Remote, Signed, end_into, establish};

fn exact(measure: &str, value: i64) -> Value {
    json!({"measure": measure, "quantity": {"qualifier": "exact", "value": value}})
}

fn declared(measure: &str, value: i64) -> Value {
    with(exact(measure, value), &json!({"coverage": "consolidated"}))
}

fn report(unit: &str, period: &str, figures: &[Value]) -> Value {
    json!({"unit": unit, "title": "Báo cáo", "period": period, "figures": figures})
}

fn admission(unit: &str, period: &str, figures: &[Value]) -> Value {
    json!({"unit": unit, "kind": "member_admission", "status": "held", "title": "Kết nạp đoàn viên",
        "period": period, "figures": figures})
}

fn award(unit: &str, figures: &[Value]) -> Value {
    json!({"unit": unit, "award_title": "confederation_certificate_of_merit", "status": "awarded",
        "title": "Thành tích năm 2023", "period": "2023", "recipient": "individual", "figures": figures})
}

/// Who records everywhere, and who approves all that.
async fn staff(app: &App) -> (Remote, Signed) {
    (app.admin(), app.account("approver", Some("tld")).await)
}

/// What counts of a record: measure, coverage, period, day, quantity.
async fn counted(app: &App, record: i64) -> Vec<(String, String, String, String, Value)> {
    type Kept = (String, String, String, chrono::NaiveDate, String);
    let read = move |db: &mut liendoan_core::Db| {
        let query = figures::table
            .filter(figures::record_id.eq(record))
            .order(figures::place)
            .select((
                figures::measure,
                figures::coverage,
                figures::period,
                figures::day,
                figures::quantity,
            ));
        let kept: Vec<Kept> = on_engine!(db, c => query.load(c))?;
        Ok(kept)
    };
    let kept = app.store.read(read).await.unwrap();
    let told = |(measure, coverage, period, day, quantity): Kept| {
        let quantity: Value = serde_json::from_str(&quantity).unwrap();
        (
            measure,
            coverage,
            period,
            day.to_string(),
            quantity["value"].clone(),
        )
    };
    kept.into_iter().map(told).collect()
}

fn one(
    measure: &str,
    coverage: &str,
    period: &str,
    day: &str,
    value: i64,
) -> Vec<(String, String, String, String, Value)> {
    let [measure, coverage, period, day] = [measure, coverage, period, day].map(str::to_owned);
    vec![(measure, coverage, period, day, json!(value))]
}

/// How many figures count, all of them as approved contents say.
async fn sound(app: &App) -> i64 {
    let read = |db: &mut liendoan_core::Db| misplaced(db, &Scope::All);
    let (count, misplaced) = app.store.read(read).await.unwrap();
    assert_eq!(misplaced, [0; 0]);
    count
}

async fn refuses(remote: &Remote, path: &str, content: &Value, place: &str, code: &str) {
    remote.post(path, content).await.refuses(&[(place, code)]);
}

async fn correct(recorder: &Remote, approver: &Remote, path: &str, id: i64, patch: &Value) {
    step(recorder, id, "correct").await;
    patched(recorder, &format!("{path}/{id}"), patch).await.ok();
    step(recorder, id, "submit").await;
    step(approver, id, "approve").await;
}

on_both_engines! {
    async fn a_figure_counts_from_the_approval_to_the_withdrawal(app: App) {
        stand(&app).await;
        let (recorder, approver) = staff(&app).await;
        let content = admission("a", "2020-03", &[exact("members_admitted", 7)]);
        let id = made(&recorder, "/activities", &content).await;
        assert_eq!(recorder.get(&format!("/activities/{id}")).await.ok()["content"]["figures"], json!([{
            "measure": "members_admitted", "coverage": "own", "period": null, "text": null, "basis": "stated",
            "quantity": {"qualifier": "exact", "value": 7, "value_min": null, "value_max": null},
        }]));
        step(&recorder, id, "submit").await;
        assert_eq!(counted(&app, id).await, []);
        step(&approver, id, "approve").await;
        let told = |value| one("members_admitted", "own", "2020-03", "2020-03-31", value);
        assert_eq!(counted(&app, id).await, told(7));

        // While a correction waits, the old version counts; then the new one does.
        step(&recorder, id, "correct").await;
        let eight = json!({"figures": [exact("members_admitted", 8)]});
        patched(&recorder, &format!("/activities/{id}"), &eight).await.ok();
        step(&recorder, id, "submit").await;
        assert_eq!((counted(&app, id).await, sound(&app).await), (told(7), 1));
        step(&approver, id, "approve").await;
        assert_eq!(counted(&app, id).await, told(8));
        correct(&recorder, &approver, "/activities", id, &json!({"title": "Tên khác"})).await;
        assert_eq!(counted(&app, id).await, told(8), "no figure has changed");

        step(&approver, id, "withdraw").await;
        assert_eq!((counted(&app, id).await, sound(&app).await), (vec![], 0));
    }

    async fn what_has_not_happened_has_no_figure_that_counts(app: App) {
        stand(&app).await;
        let (recorder, approver) = staff(&app).await;
        let told = [exact("members_admitted", 7)];
        let planned = with(admission("a", "2020-03", &told), &json!({"status": "planned"}));
        let id = approved(&recorder, &approver, "/activities", &planned).await;
        assert_eq!(counted(&app, id).await, []);
        correct(&recorder, &approver, "/activities", id, &json!({"status": "held"})).await;
        assert_eq!(counted(&app, id).await.len(), 1);
        let negotiated = json!({"unit": "a", "kind": "benefit", "status": "negotiated", "title": "Ưu đãi",
            "period": "2020", "figures": [exact("benefit_agreements_signed", 1)]});
        let id = approved(&recorder, &approver, "/agreements", &negotiated).await;
        assert_eq!(counted(&app, id).await, []);
        let declined = with(award("a", &[exact("individuals_proposed", 1)]), &json!({"status": "declined"}));
        let id = approved(&recorder, &approver, "/awards", &declined).await;
        assert_eq!((counted(&app, id).await, sound(&app).await), (vec![], 1));
    }

    async fn an_own_figure_is_told_where_its_measure_is_collected(app: App) {
        stand(&app).await;
        let admin = app.admin();
        let visit = json!({"unit": "q1", "kind": "survey", "status": "held", "title": "Khảo sát", "visited": ["a"],
            "period": "2020", "figures": [exact("surveys_held", 1)]});
        made(&admin, "/inspections", &visit).await;
        made(&admin, "/awards", &award("a", &[exact("confederation_certificates_to_individuals", 2)])).await;
        made(&admin, "/returns", &report("a", "2020", &[exact("party_admissions", 2)])).await;
        let misplaced = async |path: &str, content: Value| {
            refuses(&admin, path, &content, "/figures/0/measure", "measure_not_collected_here").await;
        };
        misplaced("/inspections", with(visit, &json!({"figures": [exact("members_admitted", 1)]}))).await;
        misplaced("/awards", award("a", &[exact("party_admissions", 2)])).await;
        misplaced("/returns", report("a", "2020", &[exact("members_admitted", 2)])).await;
        misplaced("/activities", admission("a", "2020", &[exact("surveys_held", 2)])).await;

        let old = with(crate::catalogues::entry("measures", "old"), &json!({"collected_by": "return", "to": "2021-01-01"}));
        admin.post("/measures", &old).await.created();
        let measure = "/figures/0/measure";
        made(&admin, "/returns", &report("a", "2020", &[exact("old", 2)])).await;
        refuses(&admin, "/returns", &report("a", "2021", &[exact("old", 2)]), measure, "measure_not_then").await;
        refuses(&admin, "/returns", &report("a", "2021", &[exact("nothing", 2)]), measure, "measure_unknown").await;
    }

    async fn a_total_is_declared_in_a_return_by_who_may_have_others_below(app: App) {
        let chart = stand(&app).await;
        chart.decide("2019-01-01", &[establish("khoi", "grouping", "q1")]).await;
        let (recorder, approver) = staff(&app).await;
        let id = approved(&recorder, &approver, "/returns", &report("q1", "2020", &[declared("members_admitted", 40)])).await;
        assert_eq!(counted(&app, id).await, one("members_admitted", "consolidated", "2020", "2020-12-31", 40));
        let place = "/figures/0/coverage";
        for (path, content) in [
            ("/returns", report("khoi", "2020", &[declared("members_admitted", 40)])),
            ("/returns", report("q1", "2020", &[declared("key_tasks_assigned", 4)])),
            ("/activities", admission("q1", "2020", &[declared("members_admitted", 40)])),
        ] {
            refuses(&recorder, path, &content, place, "consolidated_not_allowed").await;
        }
    }

    async fn a_figure_is_of_a_time_that_has_come_and_of_the_units_life(app: App) {
        let chart = stand(&app).await;
        chart.decide("2025-07-01", &[end_into("b", "a")]).await;
        let (recorder, approver) = staff(&app).await;
        let period = "/figures/0/period";
        let of = |figure: Value, period: &str| with(figure, &json!({"period": period}));
        // Today is 15 January 2026.
        let flow = of(exact("party_admissions", 1), "2026");
        made(&recorder, "/returns", &report("a", "2025", &[flow])).await;
        for (figure, code) in [
            (of(exact("party_admissions", 1), "2026-02"), "period_in_future"),
            (of(exact("members", 1), "2026"), "period_in_future"),
        ] {
            refuses(&recorder, "/returns", &report("a", "2025", &[figure]), period, code).await;
        }
        let late = of(exact("party_admissions", 1), "2025-08");
        refuses(&recorder, "/returns", &report("b", "2025", &[late]), period, "outside_life").await;
        let year = report("b", "2025", &[exact("members", 1)]);
        let id = approved(&recorder, &approver, "/returns", &year).await;
        assert_eq!(counted(&app, id).await, one("members", "own", "2025", "2025-06-30", 1));
    }

    async fn a_part_is_not_more_than_its_whole(app: App) {
        stand(&app).await;
        let admin = app.admin();
        let held = |held: Value, due: i64| report("q1", "2020", &[held, declared("employee_conferences_due", due)]);
        let over = held(declared("employee_conferences_held", 349), 348);
        refuses(&admin, "/returns", &over, "/figures/0/quantity", "part_over_whole").await;
        for sound in [
            held(declared("employee_conferences_held", 348), 348),
            // Of another time.
            held(with(declared("employee_conferences_held", 349), &json!({"period": "2020-H1"})), 348),
            // Perhaps no more.
            held(with(declared("employee_conferences_held", 1), &json!({"quantity": {"qualifier": "about", "value": 400}})), 348),
        ] {
            made(&admin, "/returns", &sound).await;
        }
    }

    async fn bad_figures_are_refused_with_the_place(app: App) {
        stand(&app).await;
        let admin = app.admin();
        let many: Vec<Value> = (0..101).map(|_| exact("members_admitted", 1)).collect();
        refuses(&admin, "/activities", &admission("a", "2020", &many), "/figures", "too_many").await;
        // Events add, statements and stocks do not.
        made(&admin, "/activities", &admission("a", "2020", &many[..100])).await;
        let twice = [exact("party_admissions", 1), exact("party_admissions", 1)];
        refuses(&admin, "/returns", &report("a", "2020", &twice), "/figures/1", "repeated").await;
        let twice = [exact("members", 1), with(exact("members", 1), &json!({"period": "2020-12-31"}))];
        refuses(&admin, "/returns", &report("a", "2020", &twice), "/figures/1", "repeated").await;
        let both = [exact("party_admissions", 1), declared("party_admissions", 3)];
        made(&admin, "/returns", &report("q1", "2020", &both)).await;

        let told = |own: Value| admission("a", "2020", &[with(exact("members_admitted", 1), &own)]);
        for (own, place, code) in [
            (json!({"quantity": {"qualifier": "exact", "value": 9_007_199_254_740_992_i64}}), "quantity/value", "value_out_of_range"),
            (json!({"quantity": {"qualifier": "nearly", "value": 0}}), "quantity/value", "value_out_of_range"),
            (json!({"quantity": {"qualifier": "exact"}}), "quantity/value", "required"),
            (json!({"text": " "}), "text", "blank"),
            (json!({"basis": "guessed"}), "basis", "unknown_value"),
            (json!({"period": "2020-01/2020-03"}), "period", "period_not_simplest"),
        ] {
            refuses(&admin, "/activities", &told(own), &format!("/figures/0/{place}"), code).await;
        }
    }

    async fn an_awards_figures_are_of_its_period_and_name_nobody(app: App) {
        stand(&app).await;
        let admin = app.admin();
        let told = |own: Value| {
            let figure = with(exact("confederation_certificates_to_individuals", 1), &own);
            with(award("a", &[figure]), &json!({"person": {"name": "Nguyễn Văn A"}}))
        };
        made(&admin, "/awards", &told(json!({"period": "2023"}))).await;
        refuses(&admin, "/awards", &told(json!({"period": "2023-H1"})), "/figures/0/period", "not_applicable").await;
        refuses(&admin, "/awards", &told(json!({"text": "cho ông Nguyen Van A"})), "/figures/0/text", "person_named").await;
    }

    async fn a_statement_is_told_once(app: App) {
        stand(&app).await;
        let (recorder, approver) = staff(&app).await;
        let content = report("a", "2020", &[exact("party_admissions", 5)]);
        let (second, third) = (made(&recorder, "/returns", &content).await, made(&recorder, "/returns", &content).await);
        step(&recorder, third, "submit").await;
        let first = approved(&recorder, &approver, "/returns", &content).await;

        let told = json!({"record_id": first});
        let again = recorder.post("/returns", &content).await;
        again.refuses(&[("/figures/0", "told_already")]);
        assert_eq!(again.problem(422, "invalid")["errors"][0]["params"], told);
        let submit = recorder.call(Method::POST, &format!("/records/{second}:submit")).header("if-match", "*");
        submit.json(&json!({})).await.refuses(&[("/figures/0", "told_already")]);
        let approve = approver.call(Method::POST, &format!("/records/{third}:approve")).header("if-match", "*");
        let refused = approve.json(&json!({})).await.problem(409, "told_already");
        assert_eq!(refused["params"], told);
        // Of another time, for another unit, or as a total of all it is another one.
        for other in [
            report("a", "2020-H1", &[exact("party_admissions", 5)]),
            report("b", "2020", &[exact("party_admissions", 5)]),
            report("a", "2020", &[declared("party_admissions", 5)]),
        ] {
            made(&recorder, "/returns", &other).await;
        }
        // The record itself may be corrected, and once it is withdrawn the other may come.
        correct(&recorder, &approver, "/returns", first, &json!({"figures": [exact("party_admissions", 6)]})).await;
        step(&approver, first, "withdraw").await;
        step(&approver, third, "approve").await;
        assert_eq!(counted(&app, third).await, one("party_admissions", "own", "2020", "2020-12-31", 5));
    }

    async fn a_stock_is_told_once_for_a_day_whatever_the_record(app: App) {
        stand(&app).await;
        let (recorder, approver) = staff(&app).await;
        let agreed = |period: &str| json!({"unit": "q1", "kind": "benefit", "status": "signed", "title": "Ưu đãi",
            "period": period, "figures": [exact("benefit_agreements_to_date", 10)]});
        approved(&recorder, &approver, "/agreements", &agreed("2020")).await;
        refuses(&recorder, "/agreements", &agreed("2020-12-31"), "/figures/0", "told_already").await;
        made(&recorder, "/agreements", &agreed("2020-11-18")).await;
    }

    async fn a_figure_of_a_closed_period_is_kept_as_it_is(app: App) {
        stand(&app).await;
        let (recorder, approver) = staff(&app).await;
        let late = with(exact("members_admitted", 7), &json!({"period": "2019-12"}));
        let content = admission("a", "2020-01", &[late]);
        let counts = approved(&recorder, &approver, "/activities", &content).await;
        let waits = made(&recorder, "/activities", &content).await;
        let lock = json!({"unit": "q1", "period": "2019", "reason": "Đã chốt số liệu"});
        recorder.post("/period_locks", &lock).await.created();
        for (id, action) in [(waits, "submit"), (counts, "correct"), (counts, "withdraw")] {
            let who: &Remote = if action == "withdraw" { &approver } else { &recorder };
            let call = who.call(Method::POST, &format!("/records/{id}:{action}")).header("if-match", "*");
            call.json(&json!({"reason": "Thử"})).await.problem(409, "period_locked");
        }
        assert_eq!(counted(&app, counts).await.len(), 1);
    }

    async fn the_same_event_told_above_counts_once(app: App) {
        stand(&app).await;
        let (recorder, approver) = staff(&app).await;
        let told = [exact("members_admitted", 7)];
        let child = approved(&recorder, &approver, "/activities", &admission("a", "2020-03-05", &told)).await;
        let parent = made(&recorder, "/activities", &admission("q1", "2020-03-05", &told)).await;
        let link = json!({"kind": "same_event", "record_id": child});
        let call = recorder.call(Method::POST, &format!("/records/{parent}/links")).header("if-match", "*");
        call.json(&link).await.created();
        step(&recorder, parent, "submit").await;
        step(&approver, parent, "approve").await;
        let both = async || (counted(&app, child).await.len(), counted(&app, parent).await.len());
        assert_eq!((both().await, sound(&app).await), ((1, 0), 1));
        // Where the child's does not count, the parent's does.
        step(&approver, child, "withdraw").await;
        assert_eq!((both().await, sound(&app).await), ((0, 1), 1));
    }

    async fn a_form_holds_for_its_time_its_periods_and_its_units(app: App) {
        stand(&app).await;
        let admin = app.admin();
        let filled = |form: &str, unit: &str, period: &str| {
            with(report(unit, period, &[exact("members", 5)]), &json!({"form": form}))
        };
        let id = made(&admin, "/returns", &filled("hdcd_1", "a", "R2020")).await;
        let listed = admin.all("/returns?form=hdcd_1").await;
        assert_eq!((&listed[0]["id"], listed.len()), (&json!(id), 1));
        made(&admin, "/returns", &filled("hdcd_2", "q1", "R2020-H1")).await;
        for (content, place, code) in [
            (filled("hdcd_9", "a", "R2020"), "/form", "return_form_unknown"),
            (filled("hdcd_1", "a", "R2012"), "/form", "form_not_then"),
            (filled("hdcd_1", "a", "2020"), "/period", "period_not_of_form"),
            (filled("hdcd_1", "q1", "R2020"), "/form", "form_not_for_unit"),
        ] {
            refuses(&admin, "/returns", &content, place, code).await;
        }
        let narrow = with(crate::catalogues::entry("return_forms", "narrow"), &json!({
            "calendar": "statistical", "levels": [], "measures": ["grassroots_unions"]
        }));
        let narrow = admin.post("/return_forms", &narrow).await.created();
        refuses(&admin, "/returns", &filled("narrow", "q1", "R2020"), "/figures/0/measure", "measure_not_in_form").await;
        let sound = with(filled("narrow", "q1", "R2020"), &json!({"figures": [exact("grassroots_unions", 3)]}));
        let id = made(&admin, "/returns", &sound).await;
        let refused = admin.delete(&format!("/return_forms/{}", narrow["id"]), 1).await.problem(409, "entry_in_use");
        assert_eq!(refused["params"], json!({"record_id": id}));
    }

    async fn a_measure_of_which_a_figure_is_told_stays(app: App) {
        stand(&app).await;
        let (recorder, approver) = staff(&app).await;
        let trial = with(crate::catalogues::entry("measures", "trial"), &json!({"collected_by": "return"}));
        let trial = recorder.post("/measures", &trial).await.created();
        let path = format!("/measures/{}", trial["id"]);
        let id = approved(&recorder, &approver, "/returns", &report("a", "2020", &[exact("trial", 5)])).await;
        assert_eq!(recorder.all("/returns?measure=trial").await[0]["id"], id);
        correct(&recorder, &approver, "/returns", id, &json!({"figures": []})).await;
        let refused = recorder.delete(&path, 1).await.problem(409, "entry_in_use");
        assert_eq!(refused["params"], json!({"record_id": id}));
    }

    async fn how_a_measure_counts_stays_while_figures_name_it(app: App) {
        stand(&app).await;
        let (recorder, _) = staff(&app).await;
        let content = crate::catalogues::entry("measures", "trial");
        let made_entry = app.post("/measures", &content).await.created();
        let path = format!("/measures/{}", made_entry["id"]);
        app.patch(&path, 1, &json!({"calendar": "civil", "collected_by": "return", "decimals": 0})).await.ok();
        // Entries of other days mean the same by the code.
        let mut later = content.clone();
        (later["from"], later["to"]) = (json!("2025-01-01"), Value::Null);
        app.post("/measures", &later).await.problem(409, "entry_in_use");

        made(&recorder, "/returns", &report("a", "2024-06-30", &[exact("trial", 5)])).await;
        for change in [
            json!({"kind": "flow", "carry_months": null}), json!({"calendar": "school"}), json!({"decimals": 1}),
            json!({"additive": false}), json!({"collected_by": "award"}), json!({"carry_months": 7}),
        ] {
            app.patch(&path, 2, &change).await.problem(409, "entry_in_use");
        }
        app.patch(&path, 2, &json!({"name_vi": "Tên khác", "part_of": null})).await.ok();
    }
}
