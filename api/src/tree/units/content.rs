//! What is set about a unit beside decisions, and what it may look like. No I/O.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use liendoan_core::day::Day;
use liendoan_core::error::FieldError;
use liendoan_core::text::{self, NAME_MAX};
use liendoan_core::validity::ALWAYS;
use liendoan_core::{Code, Error, Result};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::model::ExternalId;

/// Aliases of a unit at one time, and external ids, at most.
const LIST_MAX: usize = 50;

/// What is set about a unit beside decisions. A merge patch: fields that are not named stay.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"aliases": ["LĐLĐ quận Bắc Từ Liêm"], "effective_on": null}))]
pub struct UnitParticulars {
    /// The first day on which this holds. Today if it is not named; null: it always has.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "named"
    )]
    #[schema(value_type = Option<Day>)]
    pub effective_on: Option<Option<Day>>,
    /// Other names that it is known by.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "named"
    )]
    #[schema(value_type = Option<Vec<String>>, max_items = 50)]
    pub aliases: Option<Option<Vec<String>>>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "named"
    )]
    #[schema(value_type = Option<String>, max_length = 300)]
    pub address: Option<Option<String>>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "named"
    )]
    #[schema(value_type = Option<String>, max_length = 300)]
    pub telephone: Option<Option<String>>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "named"
    )]
    #[schema(value_type = Option<String>, max_length = 300)]
    pub employer: Option<Option<String>>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "named"
    )]
    #[schema(value_type = Option<String>, max_length = 300)]
    pub tax_code: Option<Option<String>>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "named"
    )]
    #[schema(value_type = Option<String>, max_length = 300)]
    pub administrative_division: Option<Option<String>>,
    /// All its keys in other systems; replaces those before. Not dated.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "named"
    )]
    #[schema(value_type = Option<Vec<ExternalId>>, max_items = 50)]
    pub external_ids: Option<Option<Vec<ExternalId>>>,
}

/// Tells `null` from a field that is not there.
fn named<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// Particulars that obey the rules.
#[derive(Clone, Debug)]
pub struct Sound {
    pub effective_on: NaiveDate,
    /// Field and JSON value; None where it is set to nothing.
    pub values: Vec<(&'static str, Option<Value>)>,
    pub external_ids: Option<BTreeSet<ExternalId>>,
}

impl UnitParticulars {
    /// Holds them against every rule that needs no other row; names all that they break.
    pub fn check(self, today: NaiveDate) -> Result<Sound, Error> {
        let mut refused = Vec::new();
        let mut one = |pointer: String, given: &str, max: usize| {
            text::name(given, max).unwrap_or_else(|code| {
                refused.push(FieldError::at(pointer, code).with("max", max));
                String::new()
            })
        };
        let mut too_long: Vec<&'static str> = Vec::new();
        let mut values = Vec::new();
        if let Some(aliases) = self.aliases {
            let aliases: Vec<String> = aliases.unwrap_or_default();
            let sound = aliases.iter().take(LIST_MAX + 1).enumerate();
            let sound: Vec<String> = sound
                .map(|(index, alias)| one(format!("/aliases/{index}"), alias, NAME_MAX))
                .collect();
            values.push(("aliases", Some(json!(sound))));
            too_long.extend((aliases.len() > LIST_MAX).then_some("/aliases"));
        }
        for (field, given) in [
            ("address", self.address),
            ("telephone", self.telephone),
            ("employer", self.employer),
            ("tax_code", self.tax_code),
            ("administrative_division", self.administrative_division),
        ] {
            if let Some(given) = given {
                let sound = given.map(|text| one(format!("/{field}"), &text, NAME_MAX));
                values.push((field, sound.map(Value::String)));
            }
        }
        let external_ids = self.external_ids.map(Option::unwrap_or_default);
        let external_ids = external_ids.map(|ids| {
            let sound = ids.iter().take(LIST_MAX + 1).enumerate();
            let sound = sound.map(|(index, id)| ExternalId {
                system: one(format!("/external_ids/{index}/system"), &id.system, 64),
                value: one(format!("/external_ids/{index}/value"), &id.value, 200),
            });
            (sound.collect::<BTreeSet<_>>(), ids.len())
        });
        let is_too_long = external_ids
            .as_ref()
            .is_some_and(|(_, given)| *given > LIST_MAX);
        too_long.extend(is_too_long.then_some("/external_ids"));
        let too_many = |list| FieldError::at(list, Code::TooMany).with("max", LIST_MAX);
        refused.extend(too_long.into_iter().map(too_many));
        if !refused.is_empty() {
            return Err(Error::fields(refused));
        }
        Ok(Sound {
            effective_on: match self.effective_on {
                None => today,
                Some(day) => day.map_or(ALWAYS, |day| day.0),
            },
            values,
            external_ids: external_ids.map(|(ids, _)| ids),
        })
    }
}
