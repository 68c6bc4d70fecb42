//! What was published about the federation of Hanoi, entered as a person would: documents, decisions,
//! particulars, clusters, by the same code as the API.
//!
//! `reference/hanoi/units.json` holds the facts with what is inferred in them. What nobody published
//! stays unknown: founding days (units begin in an opening), numbers of most decisions, the day on which
//! Kim Liên's ward union was founded (its year is known). Codes are the data set's own.

use chrono::NaiveDate;
use liendoan_core::day::Day;
use liendoan_core::{Error, Result, Scope, Tx};
use serde::Deserialize;
use serde_json::json;

use super::clusters::{ClusterContent, ClusterKind, changes as clusters};
use super::documents::model::DocumentContent;
use super::documents::queries as documents;
use super::reorganisations::content::{LineContent, Op, Precision, ReorganisationContent};
use super::reorganisations::plan::{Asker, Edit, carry_out, work_out};
use super::reorganisations::queries::list;
use super::units::content::UnitParticulars;
use super::units::particulars::enter;
use super::units::{UnitRef, queries as units};

const FILE: &str = include_str!("../../../reference/hanoi/units.json");

/// The paper of what nobody gave a number for.
const SOURCES: &str = "Tổng hợp từ các nguồn đã công bố về tổ chức Công đoàn Hà Nội, 2016–2025; \
     số và ngày của quyết định không rõ";

#[derive(Deserialize)]
struct Facts {
    units: Vec<UnitFact>,
    clusters: Vec<ClusterFact>,
    reorganisation_2025: Vec<Reorganised>,
}

#[derive(Deserialize)]
struct UnitFact {
    code: String,
    name_vi: String,
    aliases: Vec<String>,
    kind: String,
    parent: Option<String>,
    parent_inferred: bool,
    ended_on: Option<Day>,
    #[serde(default)]
    parent_history: Vec<Placed>,
    #[serde(default)]
    inferred: Vec<String>,
    #[serde(default)]
    placeholder: bool,
    /// A year, where the unit is known to have begun in it.
    from: Option<String>,
}

#[derive(Deserialize)]
struct Placed {
    parent: String,
    from: Option<Day>,
    event: Option<String>,
}

#[derive(Deserialize)]
struct ClusterFact {
    code: String,
    name_vi: String,
    kind: ClusterKind,
    owner: String,
    period: String,
    head: Option<String>,
    members: Vec<String>,
    declared_count: Option<i32>,
}

#[derive(Deserialize)]
struct Reorganised {
    event: String,
    unit: Option<String>,
    code: Option<String>,
    parent: Option<String>,
    decision_no: Option<String>,
    effective_on: Option<Day>,
    effective_precision: Option<Precision>,
}

/// Enters the data into a database that has no decision yet; answers how many units it told of.
pub fn load_if_empty(tx: &mut Tx<'_>, today: NaiveDate) -> Result<usize> {
    let wanted = super::reorganisations::queries::Wanted {
        state: None,
        from: None,
        to: None,
        document_id: None,
        today,
    };
    if !list(tx, &Scope::All, &wanted, None, 1)?.is_empty() {
        return Ok(0);
    }
    let facts: Facts = serde_json::from_str(FILE).map_err(Error::internal)?;
    let sources = document(tx, None, Some(SOURCES))?;
    opening(tx, &facts, sources, today)?;
    foundings(tx, &facts, sources, today)?;
    transfers(tx, &facts, today)?;
    ends(tx, &facts, today)?;
    ward_union(tx, &facts, today)?;
    aliases(tx, &facts, today)?;
    for cluster in &facts.clusters {
        enter_cluster(tx, cluster)?;
    }
    let founded = facts.reorganisation_2025.iter().filter(is_founding);
    Ok(facts.units.len() + founded.count())
}

/// A union that is known by name, among what was reorganised in 2025.
fn is_founding(one: &&Reorganised) -> bool {
    one.event == "establish" && one.code.is_some()
}

fn document(tx: &mut Tx<'_>, number: Option<&str>, title: Option<&str>) -> Result<i64> {
    let content = DocumentContent {
        number: number.map(str::to_owned),
        title: title.map(str::to_owned),
        ..DocumentContent::default()
    };
    Ok(documents::create(tx, &Scope::All, &content.check()?)?.id.0)
}

fn decide(tx: &mut Tx<'_>, content: ReorganisationContent, today: NaiveDate) -> Result<()> {
    let edit = Edit::Record(content);
    let seen = work_out(tx, &Asker::all(), &edit, today)?
        .preview
        .fingerprint;
    carry_out(tx, &Asker::all(), &edit, None, Some(&seen), today)?;
    Ok(())
}

/// How the published kinds are named here.
fn kind_of(published: &str) -> (&str, Option<&str>) {
    match published {
        "urban_district_federation" | "rural_district_federation" => ("district_federation", None),
        "block_grouping" => ("grouping", None),
        "grassroots_ward_agency" => ("grassroots_union", Some("state_agency")),
        grassroots => match grassroots.strip_prefix("grassroots_") {
            Some(employer_type) => ("grassroots_union", Some(employer_type)),
            None => (published, None),
        },
    }
}

fn founding(unit: &UnitFact) -> LineContent {
    let (kind, employer_type) = kind_of(&unit.kind);
    let first = unit.parent_history.first().map(|placed| &placed.parent);
    LineContent {
        code: Some(unit.code.clone()),
        name: Some(unit.name_vi.clone()),
        kind: Some(kind.to_owned()),
        employer_type: employer_type.map(|given| Some(given.to_owned())),
        parent: first.or(unit.parent.as_ref()).cloned(),
        placeholder: unit.placeholder.then_some(true),
        inferred: unit.parent_inferred.then_some(true),
        note: unit
            .parent_inferred
            .then(|| "Đơn vị cấp trên do suy luận, nguồn không nêu.".to_owned()),
        ..LineContent::of(Op::Establish)
    }
}

/// Units of which nobody published when they began.
fn opening(tx: &mut Tx<'_>, facts: &Facts, document_id: i64, today: NaiveDate) -> Result<()> {
    let lines = facts.units.iter().filter(|unit| unit.from.is_none());
    let content = ReorganisationContent {
        document_id,
        effective_on: None,
        effective_precision: Precision::Day,
        note: Some(
            "Ngày thành lập các đơn vị không rõ; mã đơn vị do bộ dữ liệu này đặt.".to_owned(),
        ),
        lines: lines.map(founding).collect(),
    };
    decide(tx, content, today)
}

/// Units that are known to have begun in a year.
fn foundings(tx: &mut Tx<'_>, facts: &Facts, document_id: i64, today: NaiveDate) -> Result<()> {
    for unit in &facts.units {
        let Some(year) = &unit.from else {
            continue;
        };
        let first_day = format!("{year}-01-01");
        let content = ReorganisationContent {
            document_id,
            effective_on: Some(first_day.parse()?),
            effective_precision: Precision::Year,
            note: Some(format!("Chỉ biết năm thành lập: {year}.")),
            lines: vec![founding(unit)],
        };
        decide(tx, content, today)?;
    }
    Ok(())
}

fn transfers(tx: &mut Tx<'_>, facts: &Facts, today: NaiveDate) -> Result<()> {
    for unit in &facts.units {
        for pair in unit.parent_history.windows(2) {
            let (before, after) = (&pair[0], &pair[1]);
            let document_id = document(tx, None, after.event.as_deref())?;
            let line = LineContent {
                unit: Some(unit.code.clone()),
                to: Some(after.parent.clone()),
                from: Some(before.parent.clone()),
                inferred: (!unit.inferred.is_empty()).then_some(true),
                note: (!unit.inferred.is_empty()).then(|| {
                    "Năm chuyển giao do suy luận, nguồn chỉ nêu ngày và tháng.".to_owned()
                }),
                ..LineContent::of(Op::Transfer)
            };
            let content = ReorganisationContent {
                document_id,
                effective_on: after.from,
                effective_precision: Precision::Day,
                note: None,
                lines: vec![line],
            };
            decide(tx, content, today)?;
        }
    }
    Ok(())
}

/// The end of the upper-level unions that are known by name; their unions go to the city federation.
fn ends(tx: &mut Tx<'_>, facts: &Facts, today: NaiveDate) -> Result<()> {
    let end = |unit: &UnitFact| LineContent {
        unit: Some(unit.code.clone()),
        children_to: unit.parent.clone(),
        ..LineContent::of(Op::End)
    };
    let ended = facts.units.iter().filter(|unit| unit.ended_on.is_some());
    let lines: Vec<LineContent> = ended.map(end).collect();
    let reorganised = facts
        .reorganisation_2025
        .iter()
        .find(|one| one.event == "end");
    let note = format!(
        "Trong số 40 công đoàn cấp trên trực tiếp cơ sở kết thúc hoạt động, {} đơn vị được biết tên.",
        lines.len()
    );
    let title = "Kết thúc hoạt động các công đoàn cấp trên trực tiếp cơ sở của thành phố Hà Nội; \
         số và ngày của quyết định không rõ";
    let content = ReorganisationContent {
        document_id: document(tx, None, Some(title))?,
        effective_on: reorganised.and_then(|one| one.effective_on),
        effective_precision: Precision::Day,
        note: Some(note),
        lines,
    };
    decide(tx, content, today)
}

fn ward_union(tx: &mut Tx<'_>, facts: &Facts, today: NaiveDate) -> Result<()> {
    for one in facts.reorganisation_2025.iter().filter(is_founding) {
        let line = LineContent {
            code: one.code.clone(),
            name: one.unit.clone(),
            kind: Some("commune_union".to_owned()),
            parent: one.parent.clone(),
            ..LineContent::of(Op::Establish)
        };
        let content = ReorganisationContent {
            document_id: document(tx, one.decision_no.as_deref(), None)?,
            effective_on: one.effective_on,
            effective_precision: one.effective_precision.unwrap_or_default(),
            note: Some("Chỉ biết năm thành lập.".to_owned()),
            lines: vec![line],
        };
        decide(tx, content, today)?;
    }
    Ok(())
}

fn aliases(tx: &mut Tx<'_>, facts: &Facts, today: NaiveDate) -> Result<()> {
    for unit in facts.units.iter().filter(|unit| !unit.aliases.is_empty()) {
        let particulars = UnitParticulars {
            effective_on: Some(None),
            aliases: Some(Some(unit.aliases.clone())),
            ..UnitParticulars::default()
        };
        let code = UnitRef::Code(unit.code.clone());
        let id = units::resolve(tx, &Scope::All, &code)?;
        enter(tx, &Scope::All, id, particulars, today)?;
    }
    Ok(())
}

/// The period of a cluster is a year, or the first half of one.
fn enter_cluster(tx: &mut Tx<'_>, cluster: &ClusterFact) -> Result<()> {
    let (from, to) = match cluster.period.strip_suffix("-H1") {
        Some(year) => (format!("{year}-01-01"), format!("{year}-07-01")),
        None => {
            let year: i32 = cluster.period.parse().map_err(Error::internal)?;
            (format!("{year}-01-01"), format!("{}-01-01", year + 1))
        }
    };
    let stretch = |unit: &String| json!({ "unit": unit });
    let content = json!({
        "code": cluster.code,
        "name": cluster.name_vi,
        "kind": cluster.kind,
        "owner": cluster.owner,
        "from": from,
        "to": to,
        "declared_count": cluster.declared_count,
        "members": cluster.members.iter().map(stretch).collect::<Vec<_>>(),
        "heads": cluster.head.iter().map(stretch).collect::<Vec<_>>(),
    });
    let content: ClusterContent = serde_json::from_value(content).map_err(Error::internal)?;
    clusters::create(tx, &Scope::All, &content.check()?)?;
    Ok(())
}
