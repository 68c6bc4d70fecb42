//! Lists show what the oracle says and nothing else, whatever reorganisations a federation went through.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use liendoan_core::Db;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use super::oracle::{Held, Oracle, Who, role_on};
use super::tree::Tree;
use super::world::{id, record};
use crate::support::{App, Remote, Signed, establish, open, pass, seed, transfer, unit_id};

pub const HIERARCHIES: usize = 30;
/// Decisions tried on each, after its opening.
const DECISIONS: usize = 5;
const ACCOUNTS: usize = 120;
const SYSTEMS: usize = 40;

/// A federation of small hierarchies, as it is and as the oracle knows it.
pub struct Federation {
    admin: Remote,
    document: i64,
    pub tree: Tree,
    pub units: Vec<String>,
    /// Units that decisions were about.
    changed: Vec<String>,
}

impl Federation {
    pub async fn open(admin: &Remote) -> Self {
        let document = json!({"number": "1/QĐ"});
        let document = id(&admin.post("/documents", &document).await.created());
        let root = json!({
            "op": "establish", "code": "tld", "name": "Tổng Liên đoàn", "kind": "confederation"
        });
        let (mut tree, mut lines) = (Tree::default(), vec![root]);
        let mut units = vec!["tld".to_owned()];
        tree.begin("0001-01-01", "tld", None);
        let mut found = |unit: String, kind: &str, parent: &str| {
            lines.push(establish(&unit, kind, parent));
            tree.begin("0001-01-01", &unit, Some(parent));
            units.push(unit.clone());
            unit
        };
        for number in 0..HIERARCHIES {
            let province = found(format!("p{number}"), "provincial_federation", "tld");
            for district in 0..3 {
                let district = format!("{province}-d{district}");
                let district = found(district, "district_federation", &province);
                for union in 0..2 {
                    found(
                        format!("{district}-u{union}"),
                        "grassroots_union",
                        &district,
                    );
                }
            }
        }
        record(admin, document, None, &lines).await;
        Self {
            admin: admin.clone(),
            document,
            tree,
            units,
            changed: Vec::new(),
        }
    }

    /// Tries a decision; one that the rules of the tree refuse is left out. Answers whether it holds.
    pub async fn decide(&mut self, on: &str, random: &mut StdRng, province: usize) -> bool {
        let mut any = |rest: &str, below: usize| {
            let number = if random.random_bool(0.7) {
                province
            } else {
                random.random_range(0..HIERARCHIES)
            };
            let district = random.random_range(0..3);
            match rest {
                "district" => format!("p{number}-d{district}"),
                _ => format!("p{number}-d{district}-u{}", random.random_range(0..below)),
            }
        };
        let (one, other, district, third) = (
            any("union", 2),
            any("union", 2),
            any("district", 2),
            any("union", 2),
        );
        let target = any("district", 2);
        let kind = random.random_range(0..4);
        let line = match kind {
            0 => transfer(&one, &district),
            1 => json!({"op": "merge", "units": [district], "into": target}),
            2 => json!({"op": "end", "unit": one}),
            _ => json!({"op": "end", "unit": one, "successors": [other, third]}),
        };
        if !self.is_recorded(on, &line).await {
            return false;
        }
        match kind {
            0 => self.tree.shift(on, &one, &district),
            1 => self.tree.merge(on, &district, &target),
            2 => self.tree.end(on, &one, &[]),
            _ => self.tree.end(on, &one, &[&other, &third]),
        }
        self.changed.extend(match kind {
            0 => vec![one, district],
            1 => vec![district, target],
            2 => vec![one],
            _ => vec![one, other, third],
        });
        true
    }

    async fn is_recorded(&self, on: &str, line: &Value) -> bool {
        let content = json!({"document_id": self.document, "effective_on": on, "lines": [line]});
        let preview = self
            .admin
            .post("/reorganisations?dry_run=true", &content)
            .await;
        if preview.status != 200 {
            return false;
        }
        record(
            &self.admin,
            self.document,
            Some(on),
            std::slice::from_ref(line),
        )
        .await;
        true
    }
}

/// What is kept, and by which unit; None is the whole federation.
type Kept = (i64, Option<String>);

fn expected<'a>(
    oracle: &Oracle,
    who: &Who,
    permission: &str,
    kept: impl Iterator<Item = (i64, Vec<&'a Option<String>>)>,
) -> BTreeSet<i64> {
    let is_seen = |units: &[&Option<String>]| {
        let mut units = units.iter();
        units.all(|unit| oracle.sees(who, permission, unit.as_deref()))
    };
    kept.filter(|(_, units)| is_seen(units))
        .map(|(id, _)| id)
        .collect()
}

pub async fn listed(remote: &Remote, path: &str) -> BTreeSet<i64> {
    let items = remote.all(path).await;
    let ids: BTreeSet<i64> = items.iter().map(id).collect();
    assert_eq!(ids.len(), items.len(), "{path} tells something twice");
    ids
}

on_both_engines! {
    async fn lists_show_what_lies_within_the_scope_and_nothing_else(app: App) {
        let mut random = StdRng::seed_from_u64(seed());
        let admin = app.admin();
        let mut federation = Federation::open(&admin).await;
        let mut day = NaiveDate::from_ymd_opt(2023, 1, 1).unwrap();
        let mut decided = 0;
        for province in 0..HIERARCHIES {
            for _ in 0..DECISIONS {
                day = day.checked_add_days(Days::new(1)).unwrap();
                decided += usize::from(federation.decide(&day.to_string(), &mut random, province).await);
            }
        }
        assert!(decided > HIERARCHIES, "only {decided} reorganisations took place");
        let Federation { tree, units, changed, .. } = federation;
        let oracle = Oracle { tree, root: "tld", own: "tld", approving: BTreeSet::new() };

        let mut any_unit = |chance: f64| {
            // Those that something happened to are the ones to look at.
            let from = if random.random_bool(0.7) { &changed } else { &units };
            let unit = from.choose(&mut random).unwrap().clone();
            random.random_bool(chance).then_some(unit)
        };
        let mut accounts: Vec<Kept> = vec![(admin.pass().account(), None)];
        let mut grants: Vec<(i64, Option<String>, Option<String>)> = Vec::new();
        let mut systems: Vec<Kept> = Vec::new();
        for number in 0..SYSTEMS {
            let unit = any_unit(0.9);
            let content = json!({
                "name": format!("Hệ thống {number}"), "unit": unit, "scopes": ["units:read"], "valid_to": null
            });
            systems.push((id(&admin.post("/service_accounts", &content).await.created()), unit));
        }
        // Each is an account too, and is seen like others.
        let mut actors: Vec<(Signed, Who)> = Vec::new();
        for number in 0..HIERARCHIES {
            let unit = any_unit(1.0);
            let actor = app.account("auditor", unit.as_deref()).await;
            accounts.push((actor.id, unit.clone()));
            let mut held: Vec<Held> = vec![role_on("auditor", unit.as_deref())];
            let also = if number % 3 == 0 { any_unit(1.0) } else { unit };
            give(&app, &mut open(&app.url), actor.id, "integrator", also.as_deref());
            held.push(role_on("integrator", also.as_deref()));
            if number % 5 == 0 {
                let second = any_unit(1.0);
                give(&app, &mut open(&app.url), actor.id, "auditor", second.as_deref());
                held.push(role_on("auditor", second.as_deref()));
            }
            actors.push((actor, Who::Person(held)));
        }
        // Somebody sees everything, whatever became of the units of the others.
        let top = Some("tld".to_owned());
        let auditor = app.account("auditor", top.as_deref()).await;
        accounts.push((auditor.id, top.clone()));
        give(&app, &mut open(&app.url), auditor.id, "integrator", top.as_deref());
        let held = vec![role_on("auditor", None), role_on("integrator", None)];
        actors.push((auditor, Who::Person(held)));
        let mut db = open(&app.url);
        for number in 0..ACCOUNTS {
            let (unit, on) = (any_unit(0.95), any_unit(0.9));
            let home = unit.as_deref().map(|code| unit_id(&mut db, code));
            let account = pass::account(&mut db, &format!("member.{number}"), "viewer", home, &app.clock);
            accounts.push((account, unit));
            give(&app, &mut db, account, "recorder", on.as_deref());
        }
        // Whoever sees everything tells which grants there are.
        for grant in admin.all("/grants").await {
            let account = grant["account_id"].as_i64().unwrap();
            let home = accounts.iter().find(|(id, _)| *id == account).unwrap().1.clone();
            grants.push((id(&grant), grant["unit"].as_str().map(str::to_owned), home));
        }
        let actors_grants = 2 * HIERARCHIES + HIERARCHIES.div_ceil(5) + 2;
        assert_eq!(grants.len(), 1 + actors_grants + 2 * ACCOUNTS);

        let mut seen = 0;
        for (actor, who) in &actors {
            let all = accounts.iter().map(|(id, unit)| (*id, vec![unit]));
            let expected_accounts = expected(&oracle, who, "accounts:read", all);
            seen += expected_accounts.len();
            assert_eq!(listed(actor, "/accounts").await, expected_accounts, "accounts, {who:?}");
            let all = grants.iter().map(|(id, unit, home)| (*id, vec![unit, home]));
            let expected_grants = expected(&oracle, who, "accounts:read", all);
            assert_eq!(listed(actor, "/grants").await, expected_grants, "grants, {who:?}");
            let all = systems.iter().map(|(id, unit)| (*id, vec![unit]));
            let expected_systems = expected(&oracle, who, "service_accounts:manage", all);
            assert_eq!(listed(actor, "/service_accounts").await, expected_systems, "systems, {who:?}");
            let counted = actor.get("/service_accounts?count=exact&limit=1").await.ok();
            assert_eq!(counted["total"], expected_systems.len(), "the total, {who:?}");
        }
        assert!(seen > actors.len(), "hardly anything is seen");
    }
}

pub fn give(app: &App, db: &mut Db, account: i64, role: &str, unit: Option<&str>) {
    let unit = unit.map(|code| unit_id(db, code));
    let days = ("0001-01-01", "9999-12-31");
    pass::grant(db, account, role, unit, days, &app.clock);
}
