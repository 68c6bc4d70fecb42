//! Kinds of record: what differs between them.

use liendoan_core::period::Period;
use liendoan_core::{Db, Error, Result, Scope};
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use chrono::NaiveDate;

use super::model::Head;
use crate::http::grant::{ApproveActivities, Permission, RecordActivities};
use crate::records::activities::ActivityContent;

/// Declares the kinds: name in rows and in front of events, content, and the permissions that it takes to record
/// and to approve.
macro_rules! kinds {
    ($($Kind:ident = $name:literal, $Content:ty, $record:ty, $approve:ty;)*) => {
        /// Which kind of record it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum RecordKind {
            $($Kind,)*
        }

        impl RecordKind {
            pub const ALL: &'static [Self] = &[$(Self::$Kind),*];

            /// Its name in rows, and in front of its events.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$Kind => $name,)* }
            }

            /// The permission that it takes to record.
            pub fn to_record(self) -> &'static str {
                match self { $(Self::$Kind => <$record>::NAME,)* }
            }

            /// The permission that it takes to approve.
            pub fn to_approve(self) -> &'static str {
                match self { $(Self::$Kind => <$approve>::NAME,)* }
            }

            /// Holds a stored content against reference data.
            pub fn check_stored(
                self,
                content: &str,
                db: &mut Db,
                scope: &Scope,
                days: (NaiveDate, NaiveDate),
            ) -> Result<()> {
                match self {
                    $(Self::$Kind => read::<$Content>(content)?.check_on(db, scope, days.0, days.1),)*
                }
            }

            /// What the machinery must know of a stored content.
            pub fn facets(self, content: &str) -> Result<Facets> {
                match self { $(Self::$Kind => Ok(read::<$Content>(content)?.facets()),)* }
            }
        }
    };
}

kinds! {
    Activity = "activity", ActivityContent, RecordActivities, ApproveActivities;
}

impl RecordKind {
    pub fn named(name: &str) -> Result<Self, Error> {
        let mut all = Self::ALL.iter().copied();
        let unknown = || Error::internal(format!("there is no kind of record {name:?}"));
        all.find(|kind| kind.as_str() == name).ok_or_else(unknown)
    }
}

/// What the machinery must know of a content.
#[derive(Clone, Debug, PartialEq)]
pub struct Facets {
    /// Code of the unit whose record it is.
    pub unit: String,
    pub title: String,
    /// What the kind is further divided into.
    pub category: String,
    pub status: &'static str,
    pub period: Period,
    /// Ids of the documents that it names, in its field `documents`.
    pub documents: Vec<i64>,
}

/// What a caller sets of a kind of record, with its rules.
pub trait Kind: Clone + PartialEq + Serialize + DeserializeOwned + Send + 'static {
    const KIND: RecordKind;

    /// In what form callers see one.
    type View: Serialize + From<(Head, Self)> + Send + 'static;

    /// As it is stored; or every rule that it breaks which needs no row.
    fn check(self) -> Result<Self, Error>;

    /// Holds it against reference data of a day: the last one of its period on which its unit lived.
    fn check_on(&self, db: &mut Db, scope: &Scope, day: NaiveDate, today: NaiveDate) -> Result<()>;

    fn facets(&self) -> Facets;
}

/// A content as it is kept: JSON.
pub fn read<K: DeserializeOwned>(content: &str) -> Result<K> {
    serde_json::from_str(content).map_err(Error::internal)
}
