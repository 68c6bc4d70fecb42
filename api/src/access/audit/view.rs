//! An entry of the audit log as auditors see it.

use liendoan_core::audit::Sealed;
use liendoan_core::clock::rfc3339;
use liendoan_core::{Error, Result};
use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// Something that was done, or refused.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "position": 4711,
    "occurred_at": "2026-11-21T02:00:00.000000Z",
    "actor": "account:12",
    "client": "Mozilla/5.0",
    "address": "10.1.2.3",
    "request_id": "0193f5a0-7c1e-7b3a-9d55-5f0c2f6f7a10",
    "action": "account.locked",
    "object_id": 34,
    "about": "account:34",
    "before": {"state": "active"},
    "after": {"state": "locked"},
    "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
}))]
pub struct AuditEntry {
    /// Its place in the log: 1, 2, 3 … without a gap.
    pub position: i64,
    /// RFC 3339, UTC.
    #[schema(format = DateTime)]
    pub occurred_at: String,
    /// Who did it: `account:12`, `service_account:3`, `program:demo`, or `anonymous` before a sign-in.
    pub actor: String,
    /// What the browser or program calls itself.
    #[schema(required)]
    pub client: Option<String>,
    /// From where.
    #[schema(required)]
    pub address: Option<String>,
    /// Names the request in the log.
    #[schema(required)]
    pub request_id: Option<String>,
    /// Thing and verb. New ones may come.
    pub action: String,
    /// Id of the thing that stands before the dot of `action`.
    #[schema(required)]
    pub object_id: Option<i64>,
    /// The principal to whom it happened.
    #[schema(required)]
    pub about: Option<String>,
    /// The thing before it; no secrets.
    #[schema(required, value_type = Option<Object>)]
    pub before: Option<Box<RawValue>>,
    /// The thing after it, or what was asked for; no secrets.
    #[schema(required, value_type = Option<Object>)]
    pub after: Option<Box<RawValue>>,
    /// SHA-256 over this entry and the hash of the one before, in hexadecimal digits.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub hash: String,
}

impl TryFrom<Sealed> for AuditEntry {
    type Error = Error;

    fn try_from(sealed: Sealed) -> Result<Self> {
        let json = |text: Option<String>| {
            let json = text.map(RawValue::from_string);
            json.transpose().map_err(Error::internal)
        };
        Ok(Self {
            position: sealed.position,
            occurred_at: rfc3339(sealed.occurred_at),
            actor: sealed.actor,
            client: sealed.client,
            address: sealed.address,
            request_id: sealed.request_id,
            action: sealed.action,
            object_id: sealed.object_id,
            about: sealed.about,
            before: json(sealed.content_before)?,
            after: json(sealed.content_after)?,
            hash: sealed
                .hash
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect(),
        })
    }
}
