//! Every list of records, in every way in which it is asked for.

/// Tables that grow with what units do.
pub const GROWING: [&str; 10] = [
    "records",
    "record_places",
    "record_words",
    "record_mentions",
    "record_links",
    "record_steps",
    "record_versions",
    "record_people",
    "units",
    "unit_states",
];

/// To what a list of activities is narrowed.
const FILTERS: [&str; 14] = [
    "",
    "state=approved",
    "state=draft",
    "kind=visit",
    "kind=visit&state=returned",
    "status=planned",
    "partner=7",
    "campaign=7",
    "from=2024-01-01&to=2024-02-01",
    "q=chung",
    "q=hiem",
    "counts=by_state",
    "counts=by_state&q=chung",
    "counts=by_state&q=hiem",
];

/// What the other kinds have of their own; UNIT stands for the code of one that does things itself.
const OWN: [&str; 15] = [
    "/campaigns?",
    "/campaigns?kind=emulation_drive",
    "/campaigns?open_to=code:UNIT",
    "/campaigns?on=2024-03-01",
    "/campaigns?partner=7&counts=by_state",
    "/awards?award_title=excellent_labour_collective",
    "/awards?status=proposed",
    "/awards?recipient_unit=UNIT",
    "/awards?campaign=7",
    "/agreements?kind=collective",
    "/agreements?partner=7&status=negotiated",
    "/agreements?runs_out_from=2024-01-01&runs_out_to=2024-02-01",
    "/inspections?kind=working_visit&status=planned",
    "/inspections?visited=UNIT",
    "/inspections?task_due_from=2024-01-01",
];

/// Addresses of the lists, under the root, under a unit with many others below, and under one with few; by their codes.
pub fn lists(root: &str, many: &str, few: &str) -> Vec<String> {
    let mut all = Vec::new();
    for unit in [
        String::new(),
        format!("unit=code:{root}&tree=then&"),
        format!("unit=code:{root}&tree=now&"),
        format!("unit=code:{many}&tree=then&"),
        format!("unit=code:{many}&tree=now&"),
        format!("unit=code:{few}&tree=then&"),
    ] {
        all.extend(FILTERS.map(|filter| format!("/activities?{unit}{filter}")));
    }
    for own in OWN.map(|own| own.replace("UNIT", few)) {
        all.push(format!("{own}&unit=code:{many}&tree=now"));
        all.push(own);
    }
    all
}
