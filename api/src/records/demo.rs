//! What was published of what the unions of Hanoi did, recorded and approved as people would, by the same code as
//! the API.
//!
//! `reference/hanoi/records.json` lists what is sent, in its order: an address, and the very body that it takes, in
//! which `@key` stands for the id of what an entry above has made. What the sources do not tell is left out. One
//! account of the demo records and sends up; those decide who are asked to.

use std::collections::HashMap;

use liendoan_core::{Error, Result, Scope, Tx};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::activities::ActivityContent;
use super::agreements::AgreementContent;
use super::awards::AwardContent;
use super::campaigns::CampaignContent;
use super::inspections::InspectionContent;
use super::lifecycle::changes::{Because, act, create};
use super::lifecycle::{Action, Kind, Record, RecordId, links, queries, rights};
use super::partners;
use super::returns::ReturnContent;
use crate::access::Access;
use crate::access::demo::{APPROVERS, ARCHIVIST, caller};
use crate::http::IfMatch;
use crate::http::grant::{Caller, EditDocuments, EditPartners};
use crate::tree::documents::{DocumentContent, queries as documents};
use crate::tree::places;

const FILE: &str = include_str!("../../../reference/hanoi/records.json");

#[derive(Clone, Deserialize)]
struct Entry {
    /// To which address it is posted.
    post: String,
    /// By which later entries name what it makes.
    key: Option<String>,
    #[serde(default)]
    links: Vec<Value>,
    body: Value,
}

/// What was made so far: ids by keys.
type Made = HashMap<String, i64>;

/// Enters the data; answers how many records it made. The accounts of the demo are there.
pub async fn load(access: &Access) -> Result<usize> {
    let entries: Vec<Entry> = serde_json::from_str(FILE).map_err(Error::internal)?;
    let archivist = caller(access, ARCHIVIST).await?;
    let mut approvers = Vec::new();
    for name in APPROVERS {
        approvers.push(caller(access, name).await?);
    }
    let (mut made, mut count) = (Made::new(), 0);
    // Of one kind at a time: campaigns count before activities name them.
    for entries in entries.chunk_by(|a, b| a.post == b.post) {
        let (me, entries) = (archivist.clone(), entries.to_vec());
        let actor = me.actor.clone();
        let (known, mut waiting) = access
            .store
            .write(actor, move |tx| record_all(tx, &me, &entries, &made))
            .await?;
        made = known;
        count += waiting.len();
        for approver in approvers.clone() {
            let actor = approver.actor.clone();
            waiting = access
                .store
                .write(actor, move |tx| approve(tx, &approver, &waiting))
                .await?;
        }
        if !waiting.is_empty() {
            return Err(Error::internal(format!("nobody approves {waiting:?}")));
        }
    }
    Ok(count)
}

/// Makes what some entries tell of, and sends up what is a record; answers all that is known then, and what waits.
fn record_all(
    tx: &mut Tx<'_>,
    me: &Caller,
    entries: &[Entry],
    made: &Made,
) -> Result<(Made, Vec<RecordId>)> {
    places::follow_days(tx)?;
    let (mut made, mut waiting) = (made.clone(), Vec::new());
    for entry in entries {
        let id = match entry.post.as_str() {
            "/documents" => {
                let content = read::<DocumentContent>(&entry.body, &made)?.check()?;
                let scope = me.scope::<EditDocuments>();
                documents::create(tx, &scope, &content)?.id.0
            }
            "/partners" => {
                let content = read::<partners::PartnerContent>(&entry.body, &made)?.check()?;
                partners::create(tx, &me.scope::<EditPartners>(), &content)?
                    .id
                    .0
            }
            kind => {
                let record = match kind {
                    "/activities" => send_up::<ActivityContent>,
                    "/campaigns" => send_up::<CampaignContent>,
                    "/awards" => send_up::<AwardContent>,
                    "/agreements" => send_up::<AgreementContent>,
                    "/inspections" => send_up::<InspectionContent>,
                    "/returns" => send_up::<ReturnContent>,
                    other => return Err(Error::internal(format!("nothing is posted to {other}"))),
                };
                let id = record(tx, me, entry, &made).map_err(|why| refused(entry, &why))?;
                waiting.push(id);
                id.0
            }
        };
        made.extend(entry.key.clone().map(|key| (key, id)));
    }
    Ok((made, waiting))
}

fn send_up<K: Kind>(tx: &mut Tx<'_>, me: &Caller, entry: &Entry, made: &Made) -> Result<RecordId> {
    let content = read::<K>(&entry.body, made)?.check()?;
    let mut record = create(tx, me, &content)?;
    for link in &entry.links {
        record = links::add(tx, me, &record, &IfMatch::Any, read(link, made)?)?;
    }
    step(tx, me, &record, Action::Submit)?;
    Ok(record.id)
}

fn step(tx: &mut Tx<'_>, me: &Caller, record: &Record, action: Action) -> Result<()> {
    act(tx, me, record, &IfMatch::Any, action, &Because::default()).map(drop)
}

/// Approves those that the caller is asked to decide on; answers the others.
fn approve(tx: &mut Tx<'_>, me: &Caller, waiting: &[RecordId]) -> Result<Vec<RecordId>> {
    let (today, mut others) = (tx.today(), Vec::new());
    for id in waiting {
        let record = queries::find(tx, &Scope::All, None, *id)?;
        if rights::allowed_of(tx, me, &record, today)?.contains(&Action::Approve) {
            step(tx, me, &record, Action::Approve)?;
        } else {
            others.push(*id);
        }
    }
    Ok(others)
}

fn read<T: DeserializeOwned>(body: &Value, made: &Made) -> Result<T> {
    serde_json::from_value(resolved(body, made)?).map_err(Error::internal)
}

/// A body with ids in the places of keys.
fn resolved(body: &Value, made: &Made) -> Result<Value> {
    Ok(match body {
        Value::String(text) => match text.strip_prefix('@') {
            None => body.clone(),
            Some(key) => {
                let unknown = || Error::internal(format!("no entry above has the key {key}"));
                (*made.get(key).ok_or_else(unknown)?).into()
            }
        },
        Value::Array(items) => {
            let items = items.iter().map(|item| resolved(item, made));
            items.collect::<Result<Vec<Value>>>()?.into()
        }
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| Ok((name.clone(), resolved(value, made)?)));
            Value::Object(members.collect::<Result<_>>()?)
        }
        other => other.clone(),
    })
}

/// The data are wrong, not the caller.
fn refused(entry: &Entry, why: &Error) -> Error {
    let title = &entry.body["title"];
    Error::internal(format!("{title}: {why} {:?}", why.field_errors()))
}
