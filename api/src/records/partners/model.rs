//! What a partner is and what it may look like. No I/O.

use std::collections::BTreeSet;

use liendoan_core::clock::rfc3339;
use liendoan_core::vietnamese::words;
use liendoan_core::{Code, Error, Timestamp, UnitId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::PartnerId;
use crate::records::parts::Refusals;

/// The longest tax code, in characters: ten digits, and three more of a branch with their hyphen.
const TAX_CODE_MAX: usize = 14;

/// What a partner is: `party_body` of the Communist Party, `state_body` such as a people's committee or an office,
/// `mass_organisation` such as the Fatherland Front, `business`, employers and banks among them, or something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartnerKind {
    PartyBody,
    StateBody,
    MassOrganisation,
    Business,
    Other,
}

impl PartnerKind {
    const ALL: [Self; 5] = [
        Self::PartyBody,
        Self::StateBody,
        Self::MassOrganisation,
        Self::Business,
        Self::Other,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::PartyBody => "party_body",
            Self::StateBody => "state_body",
            Self::MassOrganisation => "mass_organisation",
            Self::Business => "business",
            Self::Other => "other",
        }
    }

    pub fn named(name: &str) -> Result<Self, Error> {
        let mut all = Self::ALL.into_iter();
        let unknown = || Error::internal(format!("no partner is a {name:?}"));
        all.find(|kind| kind.as_str() == name).ok_or_else(unknown)
    }
}

/// What a caller sets of a partner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Ủy ban nhân dân quận Cầu Giấy", "aliases": ["UBND quận Cầu Giấy"], "kind": "state_body",
    "tax_code": null, "unit": "hn-q-cg"
}))]
pub struct PartnerContent {
    #[schema(min_length = 1, max_length = 300)]
    pub name: String,
    /// Other names by which it is known and found: short, former, foreign ones.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub aliases: Vec<String>,
    #[schema(inline)]
    pub kind: PartnerKind,
    /// As the tax office writes it; null where it has none or that is not known.
    #[serde(default)]
    #[schema(
        pattern = "^[0-9]{10}(-[0-9]{3})?$",
        max_length = 14,
        example = "0100111948"
    )]
    pub tax_code: Option<String>,
    /// Code of the unit that keeps the entry: who writes for that unit may edit it. Without it, the one unit that
    /// the caller writes for; of who writes for the whole federation, null.
    #[serde(default)]
    #[schema(max_length = 64)]
    pub unit: Option<String>,
}

impl PartnerContent {
    /// As it is stored; or every rule that it breaks which needs no row.
    pub fn check(mut self) -> Result<Self, Error> {
        let mut refused = Refusals::default();
        refused.name("/name", &mut self.name);
        for (index, alias) in self.aliases.iter_mut().enumerate() {
            refused.name(format!("/aliases/{index}"), alias);
        }
        refused.set("/aliases", &self.aliases);
        if let Some(code) = &self.tax_code {
            refused.unless(is_tax_code(code), "/tax_code", Code::TaxCodeInvalid);
        }
        refused.finish()?;
        Ok(self)
    }

    fn names(&self) -> impl Iterator<Item = &String> {
        std::iter::once(&self.name).chain(&self.aliases)
    }

    /// What is the same in two spellings of a name: its words without marks, abbreviations in full.
    pub fn keys(&self) -> BTreeSet<String> {
        self.names().map(|name| key(name)).collect()
    }

    /// The words by which it is found, as they are written and in full.
    pub fn words(&self) -> BTreeSet<String> {
        let names = self.names();
        names
            .flat_map(|name| words(name))
            .flat_map(|word| {
                let in_full = word.in_full.iter().copied().flatten();
                let in_full: Vec<String> = in_full.map(|full| (*full).to_owned()).collect();
                in_full.into_iter().chain([word.written])
            })
            .collect()
    }
}

/// The folded words of a name, abbreviations in full, in one order.
fn key(name: &str) -> String {
    let words = words(name);
    let mut full: Vec<&str> = words
        .iter()
        .flat_map(|word| match word.in_full.first() {
            Some(full) => full.to_vec(),
            None => vec![word.written.as_str()],
        })
        .collect();
    full.sort_unstable();
    full.join(" ")
}

fn is_tax_code(code: &str) -> bool {
    let is_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (main, branch) = code.split_once('-').unwrap_or((code, "000"));
    code.len() <= TAX_CODE_MAX
        && main.len() == 10
        && branch.len() == 3
        && is_digits(main)
        && is_digits(branch)
}

/// A partner as it is kept.
#[derive(Clone, Debug)]
pub struct Partner {
    pub id: PartnerId,
    pub version: i32,
    pub content: PartnerContent,
    /// Who keeps it; None: the whole federation.
    pub unit: Option<UnitId>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Something that can be done with a partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartnerAction {
    Edit,
    Delete,
}

/// Another entry that likely is about the same body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(example = json!({"id": 3, "name": "UBND quận Cầu Giấy"}))]
pub struct LikelyDuplicate {
    pub id: i64,
    pub name: String,
}

/// A body outside the union.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Partner, example = json!({
    "id": 4, "version": 1, "name": "Ủy ban nhân dân quận Cầu Giấy", "aliases": ["UBND quận Cầu Giấy"],
    "kind": "state_body", "tax_code": null, "unit": "hn-q-cg",
    "likely_duplicates": [{"id": 3, "name": "UBND quận Cầu Giấy"}],
    "created_at": "2026-11-28T02:00:00.000000Z", "updated_at": "2026-11-28T02:00:00.000000Z",
    "allowed_actions": ["edit", "delete"]
}))]
pub struct PartnerView {
    pub id: i64,
    /// Grows by one with each change; it is the ETag.
    pub version: i32,
    pub name: String,
    pub aliases: Vec<String>,
    #[schema(inline)]
    pub kind: PartnerKind,
    #[schema(required)]
    pub tax_code: Option<String>,
    /// Code of the unit that keeps the entry; null: the whole federation.
    #[schema(required)]
    pub unit: Option<String>,
    /// Entries of the same tax code, or of a name that is the same in another spelling. Not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub likely_duplicates: Option<Vec<LikelyDuplicate>>,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub created_at: String,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub updated_at: String,
    /// What the caller may do with it, where they write for its unit.
    #[schema(inline)]
    pub allowed_actions: Vec<PartnerAction>,
}

impl Partner {
    pub fn to_view(&self, may_edit: bool, alike: Option<Vec<LikelyDuplicate>>) -> PartnerView {
        let content = self.content.clone();
        PartnerView {
            id: self.id.0,
            version: self.version,
            name: content.name,
            aliases: content.aliases,
            kind: content.kind,
            tax_code: content.tax_code,
            unit: content.unit,
            likely_duplicates: alike,
            created_at: rfc3339(self.created_at),
            updated_at: rfc3339(self.updated_at),
            allowed_actions: if may_edit {
                vec![PartnerAction::Edit, PartnerAction::Delete]
            } else {
                Vec::new()
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_spellings_of_a_name_have_one_key() {
        assert_eq!(key("TP. Hà Nội"), key("Thanh pho HA NOI"));
        assert_eq!(key("Quận ủy Cầu Giấy"), key("quan uy, cau giay"));
        assert_ne!(key("UBND quận Cầu Giấy"), key("UBND quận Ba Đình"));
    }

    #[test]
    fn a_tax_code_has_ten_digits_and_three_of_a_branch() {
        assert!(is_tax_code("0100111948"));
        assert!(is_tax_code("0100111948-001"));
        for bad in [
            "",
            "010011194",
            "0100111948-1",
            "01001119481",
            "01001119x8",
            "0100111948001",
        ] {
            assert!(!is_tax_code(bad), "{bad}");
        }
    }
}
