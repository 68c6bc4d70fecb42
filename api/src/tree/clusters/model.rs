//! What a cluster is and what it may look like. No I/O.

use liendoan_core::day::Day;
use liendoan_core::error::{Code, FieldError};
use liendoan_core::text::{self, NAME_MAX};
use liendoan_core::validity::Validity;
use liendoan_core::{Error, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ClusterId;
use super::stretch::{self, CODE_MAX, Stretch, StretchContent, check_unit};

/// Stretches of membership, at most.
const MEMBERS_MAX: usize = 500;
/// Stretches of headship, at most.
const HEADS_MAX: usize = 100;
/// More members than any source tells of.
const COUNT_MAX: i32 = 1_000_000;

/// Cụm thi đua or khối thi đua.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClusterKind {
    EmulationCluster,
    EmulationBlock,
}

impl ClusterKind {
    pub const ALL: [Self; 2] = [Self::EmulationCluster, Self::EmulationBlock];

    /// As it is stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EmulationCluster => "emulation_cluster",
            Self::EmulationBlock => "emulation_block",
        }
    }
}

/// What a caller sets: all of a cluster but its identity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ClusterContent, example = json!({
    "code": "hn-cum-1-2025",
    "name": "Cụm thi đua số 1",
    "kind": "emulation_cluster",
    "owner": "hn",
    "from": "2025-01-01",
    "to": "2026-01-01",
    "declared_count": null,
    "members": [
        {"unit": "hn-q-btl", "from": null, "to": "2025-07-01"},
        {"unit": "hn-q-hk", "from": null, "to": null}
    ],
    "heads": [{"unit": "hn-q-hk", "from": null, "to": null}]
}))]
pub struct ClusterContent {
    /// Unique among clusters. Never changes.
    #[schema(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$", max_length = 64)]
    pub code: String,
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    #[schema(inline)]
    pub kind: ClusterKind,
    /// Code of the unit that keeps it. Members stand below that unit.
    #[schema(max_length = 64)]
    pub owner: String,
    /// The first day of its period.
    pub from: Day,
    /// The first day after its period.
    pub to: Day,
    /// How many members there are by a source that does not name them; null where none tells.
    #[schema(minimum = 0, maximum = 1000000)]
    pub declared_count: Option<i32>,
    /// Who is a member when. One unit may come and go, in several entries.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub members: Vec<StretchContent>,
    /// Which member is the head when: one at a time.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub heads: Vec<StretchContent>,
}

/// Content that obeys the rules, as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct SoundContent {
    pub code: String,
    pub name: String,
    pub kind: ClusterKind,
    pub owner: String,
    pub period: Validity,
    pub declared_count: Option<i32>,
    /// In the order given.
    pub members: Vec<Stretch>,
    /// In the order given.
    pub heads: Vec<Stretch>,
}

/// A cluster as it is kept.
#[derive(Clone, Debug)]
pub struct Cluster {
    pub id: ClusterId,
    pub version: i32,
    pub content: SoundContent,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl ClusterContent {
    /// Holds the content against every rule that needs no other row; names all that it breaks.
    pub fn check(self) -> Result<SoundContent, Error> {
        let mut refused = Vec::new();
        if let Err(code) = text::code(&self.code, '-', CODE_MAX) {
            refused.push(FieldError::at("/code", code));
        }
        let name = text::name(&self.name, NAME_MAX).unwrap_or_else(|code| {
            let field = FieldError::at("/name", code);
            refused.push(match code {
                Code::TooLong => field.with("max", NAME_MAX),
                _ => field,
            });
            String::new()
        });
        check_unit(&self.owner, "/owner", &mut refused);
        if self
            .declared_count
            .is_some_and(|n| !(0..=COUNT_MAX).contains(&n))
        {
            let field = FieldError::at("/declared_count", Code::OutOfRange);
            refused.push(field.with("min", 0).with("max", COUNT_MAX));
        }
        let Ok(period) = Validity::new(Some(self.from), Some(self.to)) else {
            refused.push(FieldError::at("/to", Code::ValidityEmpty));
            return Err(Error::fields(refused));
        };
        let members = stretch::read(self.members, "/members", MEMBERS_MAX, period, &mut refused);
        let heads = stretch::read(self.heads, "/heads", HEADS_MAX, period, &mut refused);
        // How stretches lie beside each other is worth telling once each is sound in itself.
        if refused.is_empty() {
            refused.extend(stretch::check(&members, &heads));
        }
        if !refused.is_empty() {
            return Err(Error::fields(refused));
        }
        Ok(SoundContent {
            code: self.code,
            name,
            kind: self.kind,
            owner: self.owner,
            period,
            declared_count: self.declared_count,
            members,
            heads,
        })
    }
}

#[cfg(test)]
mod tests {
    use liendoan_core::error::Place;

    use super::*;

    /// A stretch of the year 2025, by months and days.
    fn stretch(unit: &str, from: Option<&str>, to: Option<&str>) -> StretchContent {
        let day = |text: &str| format!("2025-{text}").parse().unwrap();
        StretchContent {
            unit: unit.to_owned(),
            from: from.map(day),
            to: to.map(day),
        }
    }

    fn cluster(members: Vec<StretchContent>, heads: Vec<StretchContent>) -> ClusterContent {
        ClusterContent {
            code: "hn-cum-1-2025".to_owned(),
            name: "Cụm thi đua số 1".to_owned(),
            kind: ClusterKind::EmulationCluster,
            owner: "hn".to_owned(),
            from: "2025-01-01".parse().unwrap(),
            to: "2026-01-01".parse().unwrap(),
            declared_count: None,
            members,
            heads,
        }
    }

    fn refused(content: ClusterContent) -> Vec<(String, Code)> {
        let error = content.check().unwrap_err();
        let field = |field: &FieldError| match &field.place {
            Place::Pointer(pointer) => (pointer.clone(), field.code),
            other => panic!("{other:?}"),
        };
        error.field_errors().iter().map(field).collect()
    }

    fn at(pointer: &str, code: Code) -> (String, Code) {
        (pointer.to_owned(), code)
    }

    #[test]
    fn all_that_is_wrong_with_each_part_is_named_at_once() {
        let bad = ClusterContent {
            code: "Cụm".to_owned(),
            name: " ".to_owned(),
            owner: "HN".to_owned(),
            declared_count: Some(-1),
            ..cluster(
                vec![
                    stretch("a_b", None, None),
                    stretch("a", Some("06-01"), Some("06-01")),
                ],
                vec![stretch("\0", None, None)],
            )
        };
        assert_eq!(
            refused(bad),
            [
                at("/code", Code::CodeInvalid),
                at("/name", Code::Blank),
                at("/owner", Code::UnitUnknown),
                at("/declared_count", Code::OutOfRange),
                at("/members/0/unit", Code::UnitUnknown),
                at("/members/1/to", Code::ValidityEmpty),
                at("/heads/0/unit", Code::UnitUnknown),
            ]
        );
    }

    #[test]
    fn stretches_lie_inside_the_period() {
        let second_half = ClusterContent {
            from: "2025-07-01".parse().unwrap(),
            ..cluster(
                vec![
                    stretch("a", None, None),
                    stretch("b", Some("06-30"), None),
                    stretch("c", Some("07-01"), Some("12-31")),
                    stretch("d", None, Some("07-01")),
                ],
                vec![stretch("a", Some("06-30"), Some("07-02"))],
            )
        };
        let shorter = ClusterContent {
            to: "2025-12-01".parse().unwrap(),
            ..second_half.clone()
        };
        let before = at("/members/1/from", Code::OutsidePeriod);
        let empty = at("/members/3/to", Code::ValidityEmpty);
        let head = at("/heads/0/from", Code::OutsidePeriod);
        assert_eq!(
            refused(second_half),
            [before.clone(), empty.clone(), head.clone()]
        );
        let after = at("/members/2/to", Code::OutsidePeriod);
        assert_eq!(refused(shorter), [before, after, empty, head]);
    }

    #[test]
    fn a_period_has_a_day() {
        let never = ClusterContent {
            to: "2025-01-01".parse().unwrap(),
            ..cluster(vec![stretch("a", None, None)], Vec::new())
        };
        assert_eq!(refused(never), [at("/to", Code::ValidityEmpty)]);
    }

    #[test]
    fn a_unit_may_come_back_and_is_a_member_once_at_a_time() {
        let away = [
            stretch("a", None, Some("04-01")),
            stretch("a", Some("09-01"), None),
        ];
        assert!(cluster(away.to_vec(), Vec::new()).check().is_ok());
        let twice = [&away[..], &[stretch("a", Some("03-31"), Some("09-01"))]].concat();
        let refusal = [at("/members/2", Code::MembershipsOverlap)];
        assert_eq!(refused(cluster(twice, Vec::new())), refusal);
    }

    #[test]
    fn one_member_at_a_time_is_the_head() {
        let members = vec![
            stretch("a", None, Some("04-01")),
            stretch("a", Some("04-01"), Some("09-01")),
            stretch("b", None, None),
        ];
        let with = |heads: &[StretchContent]| cluster(members.clone(), heads.to_vec());
        let in_turn = [
            stretch("b", Some("09-01"), None),
            stretch("a", Some("03-01"), Some("09-01")),
        ];
        assert!(with(&in_turn).check().is_ok());
        let both = [stretch("b", Some("08-31"), None), in_turn[1].clone()];
        assert_eq!(refused(with(&both)), [at("/heads/1", Code::HeadsOverlap)]);
        let outside = [at("/heads/0/unit", Code::HeadNotMember)];
        let too_long = stretch("a", Some("03-01"), Some("09-02"));
        assert_eq!(refused(with(&[too_long])), outside);
        let stranger = stretch("c", Some("03-01"), Some("03-02"));
        assert_eq!(refused(with(&[stranger])), outside);
    }

    #[test]
    fn lists_have_a_limit() {
        let many = |count: usize| vec![stretch("a", None, None); count];
        let bad = cluster(many(MEMBERS_MAX + 1), many(HEADS_MAX + 1));
        let too_many = [at("/members", Code::TooMany), at("/heads", Code::TooMany)];
        assert_eq!(refused(bad), too_many);
    }

    #[test]
    fn what_reaches_to_an_end_of_the_period_moves_with_it() {
        let members = vec![stretch("a", Some("03-01"), None), stretch("b", None, None)];
        let stored = cluster(members.clone(), Vec::new()).check().unwrap();
        assert_eq!(stored.to_content().members, members);
        let longer = ClusterContent {
            to: "2027-01-01".parse().unwrap(),
            ..stored.to_content()
        };
        let to = longer
            .check()
            .unwrap()
            .members
            .iter()
            .map(|m| m.validity.to)
            .max();
        assert_eq!(to, "2027-01-01".parse::<Day>().ok().map(|day| day.0));
    }
}
