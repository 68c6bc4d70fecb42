//! A small federation with something of every kind at each place.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};

use reqwest::Method;
use serde_json::{Value, json};

use super::actors::{Actor, actors};
use super::oracle::{CLERK, Oracle, permissions, record_day};
use super::tree::Tree;
use crate::kinds::{KINDS, planned};
use crate::support::{App, Remote, establish, transfer};

/// The district that the actors answer for.
pub const OWN: &str = "hn-d";

/// Places by what they are to whoever holds a role on [`OWN`]; None is the whole federation.
const PLACES: [(&str, Option<&str>); 15] = [
    ("own unit", Some(OWN)),
    ("below", Some("hn-d-a")),
    ("above", Some("hn")),
    ("root", Some("tld")),
    ("whole federation", None),
    ("sibling", Some("hn-e")),
    ("below the sibling", Some("hn-e-a")),
    ("other province", Some("hp-d")),
    ("ended, own unit followed", Some("hn-x")),
    ("ended, the sibling followed", Some("hn-y")),
    ("ended below, nobody followed", Some("hn-d-z")),
    ("moved out", Some("hn-d-gone")),
    ("moved in", Some("hn-e-in")),
    ("moves out tomorrow", Some("hn-d-soon")),
    ("begins later, above", Some("hn-new")),
];

/// What stands at a place.
pub struct Thing {
    pub place: &'static str,
    pub unit: Option<&'static str>,
    /// An account without a password, that holds the role of an account administrator here.
    pub account: i64,
    pub grant: i64,
    /// An account at home in the actors' own unit, that is to move here.
    pub wanderer: i64,
    pub service_account: i64,
    pub secret: i64,
    pub document: i64,
    /// A decision that gave the unit its name.
    pub decision: i64,
    /// Of each kind of record a draft, and one that waits for an approval.
    pub drafts: [i64; KINDS.len()],
    pub waiting: [i64; KINDS.len()],
    pub partner: i64,
    /// A period that its unit has closed.
    pub lock: i64,
    /// The hash of a file of the first draft.
    pub attached: String,
    cluster: AtomicI64,
}

impl Thing {
    pub fn cluster(&self) -> i64 {
        self.cluster.load(Ordering::SeqCst)
    }

    /// The unit, for what can't belong to the whole federation.
    pub fn code(&self) -> &'static str {
        self.unit.unwrap_or("tld")
    }

    /// A day on which the unit lives.
    pub fn lives_on(&self, day: u32) -> String {
        match self.unit {
            Some("hn-new") => format!("2026-04-{day:02}"),
            _ => format!("2025-02-{day:02}"),
        }
    }
}

/// What puts a place in order again after a call that went through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mend {
    Nothing,
    Cluster,
    File,
    Wanderer,
}

pub struct World {
    pub admin: Remote,
    pub oracle: Oracle,
    pub things: Vec<Thing>,
    pub actors: Vec<Actor>,
    /// An account at home in the actors' own unit, that roles are given to.
    pub receiver: i64,
    /// A filter that the administrator keeps.
    pub filter: i64,
    pub kind: i64,
    pub kind_unused: i64,
    /// Of each catalogue an entry, and one that is to be deleted.
    pub entries: [(i64, i64); 4],
    number: AtomicUsize,
}

pub fn id(answer: &Value) -> i64 {
    answer["id"].as_i64().unwrap()
}

/// Previews and records a decision that rests on a document.
pub async fn record(admin: &Remote, document: i64, on: Option<&str>, lines: &[Value]) -> i64 {
    let content = json!({"document_id": document, "effective_on": on, "lines": lines});
    let preview = admin.post("/reorganisations?dry_run=true", &content).await;
    let fingerprint = preview.ok()["fingerprint"].as_str().unwrap().to_owned();
    let path = format!("/reorganisations?fingerprint={fingerprint}");
    let key = format!("{document}-{}", on.unwrap_or("opening"));
    id(&admin.post(&path, &content).key(&key).await.created())
}

/// The federation, made through the API, and the same decisions for the oracle.
pub async fn plant(admin: &Remote) -> Oracle {
    let mut tree = Tree::default();
    let opening = "0001-01-01";
    let root = json!({
        "op": "establish", "code": "tld", "name": "Tổng Liên đoàn", "kind": "confederation"
    });
    tree.begin(opening, "tld", None);
    let mut lines = vec![root];
    for (kind, parent, units) in [
        ("provincial_federation", "tld", "hn hp"),
        ("district_federation", "hn", "hn-d hn-e hn-x hn-y"),
        ("district_federation", "hp", "hp-d"),
        (
            "grassroots_union",
            "hn-d",
            "hn-d-a hn-d-gone hn-d-soon hn-d-z",
        ),
        ("grassroots_union", "hn-e", "hn-e-a hn-e-in"),
        ("grassroots_union", "hn-x", "hn-x-a"),
        ("grassroots_union", "hp-d", "hp-d-a"),
    ] {
        for unit in units.split(' ') {
            lines.push(establish(unit, kind, parent));
            tree.begin(opening, unit, Some(parent));
        }
    }
    let document = admin.post("/documents", &json!({"number": "1/QĐ"})).await;
    let document = id(&document.created());
    record(admin, document, None, &lines).await;

    let merge = |unit: &str, into: &str| json!({"op": "merge", "units": [unit], "into": into});
    let decisions = [
        ("2025-03-01", vec![transfer("hn-d-gone", "hn-e")]),
        ("2025-04-01", vec![transfer("hn-e-in", "hn-d")]),
        (
            "2025-05-01",
            vec![merge("hn-x", "hn-d"), merge("hn-y", "hn-e")],
        ),
        ("2025-06-01", vec![json!({"op": "end", "unit": "hn-d-z"})]),
        ("2026-01-16", vec![transfer("hn-d-soon", "hp")]),
        (
            "2026-03-01",
            vec![establish("hn-new", "grassroots_union", "hn")],
        ),
    ];
    for (on, lines) in decisions {
        record(admin, document, Some(on), &lines).await;
    }
    tree.shift("2025-03-01", "hn-d-gone", "hn-e");
    tree.shift("2025-04-01", "hn-e-in", "hn-d");
    tree.shift("2025-05-01", "hn-x-a", "hn-d");
    tree.end("2025-05-01", "hn-x", &["hn-d"]);
    tree.end("2025-05-01", "hn-y", &["hn-e"]);
    tree.end("2025-06-01", "hn-d-z", &[]);
    tree.shift("2026-01-16", "hn-d-soon", "hp");
    tree.begin("2026-03-01", "hn-new", Some("hn"));
    Oracle {
        tree,
        root: "tld",
        own: OWN,
        approving: BTreeSet::new(),
    }
}

/// Things of one place.
async fn furnish(admin: &Remote, number: usize) -> Thing {
    let (place, unit) = PLACES[number];
    let account = |name: &str, unit: Option<&str>| {
        let content = json!({"name": format!("{name}.{number}"), "unit": unit});
        admin.post("/accounts", &content)
    };
    let kept = id(&account("kept", unit).await.created());
    let wanderer = id(&account("wanderer", Some(OWN)).await.created());
    let grant = json!({
        "account_id": kept, "role": "account_administrator", "unit": unit,
        "from": "2025-01-01", "to": "2029-01-01"
    });
    let grant = id(&admin.post("/grants", &grant).await.created());
    let system = json!({"name": place, "unit": unit, "scopes": ["events:read"], "valid_to": null});
    let system = id(&admin.post("/service_accounts", &system).await.created());
    let secrets = format!("/service_accounts/{system}/secrets");
    let secret = admin.call(Method::POST, &secrets).header("if-match", "*");
    let document = json!({"number": format!("{number}/QĐ-N"), "unit": unit});
    let document = id(&admin.post("/documents", &document).await.created());
    let mut thing = Thing {
        place,
        unit,
        account: kept,
        grant,
        wanderer,
        service_account: system,
        secret: id(&secret.await.created()),
        document,
        decision: 0,
        drafts: [0; KINDS.len()],
        waiting: [0; KINDS.len()],
        partner: 0,
        lock: 0,
        attached: String::new(),
        cluster: AtomicI64::new(0),
    };
    let on = thing.lives_on(1);
    thing.decision = record(admin, document, Some(&on), &[renaming(&thing, "Tên một")]).await;
    mend(admin, &thing, Mend::File, number).await;
    mend(admin, &thing, Mend::Cluster, number).await;
    let partner = json!({"name": place, "kind": "business", "unit": unit});
    thing.partner = id(&admin.post("/partners", &partner).await.created());
    for (number, kind) in KINDS.into_iter().enumerate() {
        let path = format!("/{kind}");
        thing.drafts[number] = id(&admin.post(&path, &recorded(kind, &thing)).await.created());
        let waiting = id(&admin.post(&path, &recorded(kind, &thing)).await.created());
        let submit = admin.call(Method::POST, &format!("/records/{waiting}:submit"));
        submit.header("if-match", "*").json(&json!({})).await.ok();
        thing.waiting[number] = waiting;
    }
    let lock = super::rows_of_records::period_lock(&thing);
    thing.lock = id(&admin.post("/period_locks", &lock).await.created());
    let path = format!("/records/{}/attachments?name=a.pdf", thing.drafts[0]);
    let attach = admin.call(Method::POST, &path).header("if-match", "*");
    let attach = attach
        .header("content-type", "application/pdf")
        .body(pdf(number));
    let attached = attach.await.created();
    thing.attached = attached["attachments"][0]["sha256"]
        .as_str()
        .unwrap()
        .to_owned();
    thing
}

/// What is recorded of the unit of a place.
pub fn recorded(kind: &str, thing: &Thing) -> Value {
    planned(kind, thing.code(), record_day(thing.code()))
}

pub fn renaming(thing: &Thing, name: &str) -> Value {
    json!({"op": "rename", "unit": thing.code(), "name": format!("{name} {}", thing.place)})
}

pub fn cluster(thing: &Thing, code: &str) -> Value {
    json!({
        "code": code, "name": "Cụm thi đua", "kind": "emulation_cluster", "owner": thing.code(),
        "from": "2025-01-01", "to": "2026-01-01", "declared_count": 3
    })
}

/// A file that differs from every other.
pub fn pdf(number: usize) -> String {
    format!("%PDF-1.7\n% {number}\n")
}

async fn mend(admin: &Remote, thing: &Thing, what: Mend, number: usize) {
    match what {
        Mend::Nothing => {}
        Mend::Cluster => {
            let content = cluster(thing, &format!("kept-{number}"));
            let made = admin.post("/clusters", &content).await.created();
            thing.cluster.store(id(&made), Ordering::SeqCst);
        }
        Mend::File => {
            let path = format!("/documents/{}/file?name=a.pdf", thing.document);
            let put = admin.call(Method::PUT, &path).header("if-match", "*");
            let put = put.header("content-type", "application/pdf");
            put.body(pdf(number)).await.ok();
        }
        Mend::Wanderer => {
            let path = format!("/accounts/{}", thing.wanderer);
            let back = admin.call(Method::PATCH, &path).header("if-match", "*");
            let back = back.header("content-type", "application/merge-patch+json");
            back.body(json!({"unit": OWN}).to_string()).await.ok();
        }
    }
}

impl World {
    pub async fn make(app: &App) -> Self {
        let admin = app.admin();
        let mut oracle = plant(&admin).await;
        let role = json!({
            "code": CLERK, "name_vi": "Văn thư", "name_en": "Clerk", "permissions": permissions(CLERK)
        });
        admin.post("/roles", &role).await.created();
        let receiver = json!({"name": "receiver", "unit": OWN});
        let receiver = id(&admin.post("/accounts", &receiver).await.created());
        let filter =
            json!({"name": "Của tôi", "list": "activities", "parameters": {"state": "draft"}});
        let filter = id(&admin.post("/account/filters", &filter).await.created());
        let kind = async |code: &str, rank: i64| {
            let mut kind = crate::unit_kinds::kind(code);
            kind["rank"] = json!(rank);
            id(&admin.post("/unit_kinds", &kind).await.created())
        };
        let (kind, kind_unused) = (kind("trial", 501).await, kind("unused", 502).await);
        let entry = async |catalogue: &str, code: &str| {
            let entry = crate::catalogues::entry(catalogue, code);
            id(&admin.post(&format!("/{catalogue}"), &entry).await.created())
        };
        let mut entries = [(0, 0); 4];
        for (place, (catalogue, _)) in crate::catalogues::CATALOGUES.iter().enumerate() {
            entries[place] = (
                entry(catalogue, "trial").await,
                entry(catalogue, "unused").await,
            );
        }
        let mut things = Vec::new();
        for number in 0..PLACES.len() {
            things.push(furnish(&admin, number).await);
        }
        let actors = actors(app).await;
        let approving = actors
            .iter()
            .flat_map(|actor| actor.who.may_on("activities:approve", "tld"));
        oracle.approving = approving.collect();
        Self {
            admin,
            oracle,
            things,
            actors,
            receiver,
            filter,
            kind,
            kind_unused,
            entries,
            number: AtomicUsize::new(1_000),
        }
    }

    /// One that was not given before.
    pub fn number(&self) -> usize {
        self.number.fetch_add(1, Ordering::SeqCst)
    }

    pub async fn mend(&self, thing: &Thing, what: Mend) {
        mend(&self.admin, thing, what, self.number()).await;
    }
}
