//! Ranking: who is first among the members of a cluster, a block or below one superior.

use liendoan_core::UnitId;
use liendoan_core::quantity::Total;
use serde::Serialize;
use utoipa::ToSchema;

use super::target::Direction;

/// A member of the field with its score, rounded as it is shown: who shows the same shares the rank.
#[derive(Clone, Debug)]
pub struct Member {
    pub unit: UnitId,
    pub code: String,
    pub score: Option<Total>,
}

/// Why a member has no rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = UnrankedReason)]
pub enum Unranked {
    NoScore,
    /// Its score is no one number.
    NotExact,
}

/// A member at its place in the list: 1 and the number of better scores, or why it has none.
#[derive(Clone, Debug)]
pub struct Placed {
    pub member: Member,
    pub rank: Result<usize, Unranked>,
}

/// All members, the best first, then those without a rank; equals by code.
pub fn rank(mut members: Vec<Member>, direction: Direction) -> Vec<Placed> {
    let place = |member: &Member| match (score(member), direction) {
        (Ok(score), Direction::MoreIsBetter) => (false, -score),
        (Ok(score), Direction::LessIsBetter) => (false, score),
        (Err(_), _) => (true, 0),
    };
    members.sort_by(|a, b| (place(a), &a.code).cmp(&(place(b), &b.code)));
    let mut placed: Vec<Placed> = Vec::with_capacity(members.len());
    for member in members {
        let before = placed.last();
        let shared = before.filter(|before| place(&before.member) == place(&member));
        let shared = shared.and_then(|before| before.rank.ok());
        let rank = score(&member).map(|_| shared.unwrap_or(placed.len() + 1));
        placed.push(Placed { member, rank });
    }
    placed
}

fn score(member: &Member) -> Result<i128, Unranked> {
    let score = member.score.ok_or(Unranked::NoScore)?;
    score.exact().ok_or(Unranked::NotExact)
}

#[cfg(test)]
mod tests {
    use liendoan_core::quantity::{Qualifier, Quantity};
    use proptest::prelude::*;

    use super::*;

    fn member((code, score): (&str, Option<Quantity>)) -> Member {
        Member {
            unit: UnitId(0),
            code: code.to_owned(),
            score: score.map(|score| score.total()),
        }
    }

    fn list(members: &[(&str, Option<Quantity>)], direction: Direction) -> String {
        let placed = rank(members.iter().copied().map(member).collect(), direction);
        let lines = placed.iter().map(|placed| match placed.rank {
            Ok(rank) => format!("{rank} {}", placed.member.code),
            Err(reason) => format!("{reason:?} {}", placed.member.code),
        });
        lines.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn equals_share_the_rank_and_the_next_is_skipped() {
        let members = [
            ("d", Some(Quantity::exact(1))),
            ("c", Some(Quantity::exact(5))),
            ("b", Some(Quantity::exact(5))),
            ("a", Some(Quantity::exact(9))),
        ];
        assert_eq!(
            list(&members, Direction::MoreIsBetter),
            "1 a, 2 b, 2 c, 4 d"
        );
        assert_eq!(
            list(&members, Direction::LessIsBetter),
            "1 d, 2 b, 2 c, 4 a"
        );
    }

    #[test]
    fn without_an_exact_score_there_is_no_rank() {
        let members = [
            ("a", None),
            ("b", Some(Quantity::of(Qualifier::MoreThan, 9))),
            ("c", Some(Quantity::exact(0))),
        ];
        let expected = "1 c, NoScore a, NotExact b";
        assert_eq!(list(&members, Direction::MoreIsBetter), expected);
        assert_eq!(list(&[], Direction::MoreIsBetter), "");
    }

    fn any_score() -> impl Strategy<Value = Option<Quantity>> {
        prop_oneof![
            Just(None),
            (0..5_i64).prop_map(|value| Some(Quantity::exact(value))),
            (1..5_i64).prop_map(|value| Some(Quantity::of(Qualifier::About, value))),
        ]
    }

    /// Members with a code each, in any order.
    fn any_field() -> impl Strategy<Value = Vec<(String, Option<Quantity>)>> {
        proptest::collection::btree_map("[a-z]{2}", any_score(), 0..12)
            .prop_map(|field| field.into_iter().collect::<Vec<_>>())
            .prop_shuffle()
    }

    proptest! {
        /// Invariant I-15 of figures.
        #[test]
        fn the_order_in_which_members_come_does_not_matter(field in any_field()) {
            let mut members: Vec<_> =
                field.iter().map(|(code, score)| (code.as_str(), *score)).collect();
            let listed = list(&members, Direction::MoreIsBetter);
            members.sort_by_key(|(code, _)| *code);
            prop_assert_eq!(&listed, &list(&members, Direction::MoreIsBetter));
            let has_exact = members.iter().any(|(_, score)| score.is_some_and(|s| s.total().exact().is_some()));
            prop_assert_eq!(listed.starts_with("1 "), has_exact);
        }

        #[test]
        fn a_rank_is_one_more_than_the_number_of_better_scores(field in any_field()) {
            let members = field.iter().map(|(code, score)| member((code, *score))).collect();
            let placed = rank(members, Direction::MoreIsBetter);
            let scores: Vec<_> = placed.iter().filter_map(|placed| score(&placed.member).ok()).collect();
            for placed in &placed {
                let better = |own: i128| scores.iter().filter(|score| **score > own).count();
                let expected = score(&placed.member).map(|own| 1 + better(own));
                prop_assert_eq!(placed.rank, expected);
            }
        }
    }
}
