//! Kinds of record: what differs between them.

use chrono::NaiveDate;
use liendoan_core::period::Period;
use liendoan_core::{Error, Result, Scope, Tx, UnitId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::RecordId;
use super::mentions::Names;
use super::model::Head;
use crate::http::grant::{
    ApproveActivities, ApproveAgreements, ApproveAwards, ApproveCampaigns, ApproveInspections,
    ApproveReturns, Permission, RecordActivities, RecordAgreements, RecordAwards, RecordCampaigns,
    RecordInspections, RecordReturns,
};
use crate::records::activities::ActivityContent;
use crate::records::agreements::AgreementContent;
use crate::records::awards::AwardContent;
use crate::records::campaigns::CampaignContent;
use crate::records::figures::Figure;
use crate::records::inspections::InspectionContent;
use crate::records::parts::Person;
use crate::records::returns::ReturnContent;

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

            pub fn is_open(self) -> bool {
                match self { $(Self::$Kind => <$Content>::IS_OPEN,)* }
            }

            pub fn names_people(self) -> bool {
                match self { $(Self::$Kind => <$Content>::PERSON.is_some(),)* }
            }

            /// Holds a stored content against what it rests on.
            pub fn check_stored(
                self,
                content: &str,
                tx: &mut Tx<'_>,
                scope: &Scope,
                on: &On,
            ) -> Result<()> {
                match self { $(Self::$Kind => read::<$Content>(content)?.check_on(tx, scope, on),)* }
            }

            /// What the machinery must know of a stored content, and whom it names.
            pub fn facets(self, content: &str, person: Option<Person>) -> Result<Facets> {
                match self { $(Self::$Kind => {
                    let content = read::<$Content>(content)?.with_person(person);
                    Ok(content.facets())
                })* }
            }
        }
    };
}

kinds! {
    Activity = "activity", ActivityContent, RecordActivities, ApproveActivities;
    Campaign = "campaign", CampaignContent, RecordCampaigns, ApproveCampaigns;
    Award = "award", AwardContent, RecordAwards, ApproveAwards;
    Agreement = "agreement", AgreementContent, RecordAgreements, ApproveAgreements;
    Inspection = "inspection", InspectionContent, RecordInspections, ApproveInspections;
    Return = "return", ReturnContent, RecordReturns, ApproveReturns;
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
    /// Empty where the kind has none.
    pub status: &'static str,
    pub period: Period,
    pub names: Names,
    /// None where it has not happened: what it tells in figures counts then only.
    pub figures: Option<Vec<Figure>>,
    /// The day by which something is due.
    pub due_on: Option<NaiveDate>,
    /// What is the same, but for spelling, about two records that likely tell of one thing; empty: nothing is.
    pub likeness: Vec<String>,
}

/// Against what a content is held.
pub struct On {
    /// None while it is new.
    pub record: Option<RecordId>,
    pub unit: UnitId,
    /// The last day of its period on which its unit lived: reference data is that of this day.
    pub day: NaiveDate,
    pub today: NaiveDate,
}

/// What a caller sets of a kind of record, with its rules.
pub trait Kind: Clone + PartialEq + Serialize + DeserializeOwned + Send + 'static {
    const KIND: RecordKind;
    /// Whether everybody who reads records reads those that were approved.
    const IS_OPEN: bool = false;
    /// Where a content names a person, as a JSON Pointer.
    const PERSON: Option<&'static str> = None;

    /// In what form callers see one.
    type View: Serialize + From<(Head, Self)> + Send + 'static;

    /// As it is stored; or every rule that it breaks which needs no row.
    fn check(self) -> Result<Self, Error>;

    /// Holds it against reference data and all that it names. It need not have its person.
    fn check_on(&self, tx: &mut Tx<'_>, scope: &Scope, on: &On) -> Result<()>;

    fn facets(&self) -> Facets;

    /// Takes out whom it names: that is kept apart.
    fn take_person(&mut self) -> Option<Person> {
        None
    }

    fn give_person(&mut self, _: Person) {}

    /// As it is stored, and whom it names.
    fn parted(&self) -> (Self, Option<Person>) {
        let mut stored = self.clone();
        let person = stored.take_person();
        (stored, person)
    }

    fn with_person(mut self, person: Option<Person>) -> Self {
        if let Some(person) = person {
            self.give_person(person);
        }
        self
    }
}

/// A content as it is kept: JSON.
pub fn read<K: DeserializeOwned>(content: &str) -> Result<K> {
    serde_json::from_str(content).map_err(Error::internal)
}
