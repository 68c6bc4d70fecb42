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

/// Whether a plan reads records without end: all that stand under a unit, without their kind; or all of a list, to sort
/// them for one page, where it was not found before that they are few. PostgreSQL sorts where it knows that; but it
/// would read a list whole to find those few in it.
pub(crate) fn is_unbounded(statement: &str, lines: &[String]) -> bool {
    let sorts = lines
        .iter()
        .any(|line| line.contains("TEMP B-TREE FOR ORDER BY"));
    let is_page = statement.contains(".record_day DESC");
    sorts && is_page && !statement.contains("WITH found AS MATERIALIZED")
        || reads_a_stretch(lines)
        || statement.contains(" w CROSS JOIN records r") && reads_a_list(lines)
}

/// Whether records are read otherwise than by their ids.
fn reads_a_list(lines: &[String]) -> bool {
    let mut scans = lines
        .iter()
        .filter(|line| line.contains("Scan ") && line.contains(" on records r "));
    scans.any(|line| !line.contains("records_pkey"))
}

fn reads_a_stretch(lines: &[String]) -> bool {
    let mut conditions = lines.iter().filter_map(|line| {
        let (_, condition) = match line.strip_prefix("SEARCH ") {
            Some(step) => step.split_once(" (")?,
            None => line.split_once("Index Cond: ")?,
        };
        let condition = condition.trim_start_matches('(');
        condition.starts_with("ancestor_id").then_some(condition)
    });
    conditions.any(|condition| !condition.contains("kind"))
}

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
const OWN: [&str; 18] = [
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
    "/inspections?task_due_from=2023-02-01",
    "/inspections?task_due_from=2025-06-01",
    "/returns?form=hdcd_1",
    "/returns?measure=members",
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

#[cfg(test)]
mod tests {
    use super::is_unbounded;

    fn is(statement: &str, lines: &[&str]) -> bool {
        let lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
        is_unbounded(statement, &lines)
    }

    #[test]
    fn a_page_is_sorted_where_its_records_are_few() {
        let page = "records r JOIN units u ON u.id = r.unit_id ORDER BY r.record_day DESC LIMIT $1";
        let few =
            format!("SELECT 1 FROM (WITH found AS MATERIALIZED (SELECT 1)) w CROSS JOIN {page}");
        let any = format!("SELECT 1 FROM {page}");
        let sort = "USE TEMP B-TREE FOR ORDER BY";
        assert!(is(&any, &[sort]));
        assert!(!is(&few, &[sort]));
        assert!(!is("SELECT 1 FROM record_steps ORDER BY id", &[sort]));
        assert!(!is(&any, &["SEARCH r USING INDEX records_by_day (kind=?)"]));
    }

    #[test]
    fn the_few_are_looked_up() {
        let few =
            "SELECT r.id FROM (SELECT UNNEST(ARRAY(SELECT 1)) AS record_id) w CROSS JOIN records r";
        let by_id =
            "  ->  Index Scan using records_pkey on records r  (cost=0.29..19.21 rows=1 width=748)";
        assert!(!is(few, &[by_id]));
        for list in [
            "  ->  Bitmap Heap Scan on records r  (cost=142.62..2477.13 rows=1333 width=748)",
            "  ->  Index Scan using records_by_day on records r  (cost=0.29..62412.60 rows=667 width=748)",
        ] {
            assert!(is(few, &[by_id, list]), "{list}");
            assert!(!is("SELECT r.id FROM records r", &[list]), "{list}");
        }
    }

    #[test]
    fn what_stands_under_a_unit_is_read_by_its_kind() {
        for whole in [
            "  Index Cond: (ancestor_id = $3)",
            "  Index Cond: ((ancestor_id = $3) AND (record_id = r.id))",
            "SEARCH p USING COVERING INDEX record_places_now (ancestor_id=?)",
        ] {
            assert!(is("", &[whole]), "{whole}");
        }
        for part in [
            "  Index Cond: ((ancestor_id = $1) AND (kind = $2))",
            "  Filter: (ancestor_id = $2)",
            "SEARCH p USING INDEX record_places_then (ancestor_id=? AND kind=?)",
            "SEARCH p USING PRIMARY KEY (record_id=? AND ancestor_id=?)",
        ] {
            assert!(!is("", &[part]), "{part}");
        }
    }
}
