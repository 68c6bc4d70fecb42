//! Accounts to try the demo with: one for each role that is built in, and one that records what was published.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use diesel::prelude::*;
use liendoan_core::schema::accounts;
use liendoan_core::validity::{ALWAYS, FOREVER};
use liendoan_core::{Actor, Code, Db, Result, Scope, on_engine};
use secrecy::SecretString;

use super::Access;
use super::accounts::creation::{self, NewAccount, NewGrant};
use super::roles::{ADMINISTRATOR, BUILT_IN};
use super::secrets::{Kind, Opaque};
use crate::http::grant::{Caller, Principal};
use crate::tree::units::queries::coded;

/// Where each role is held: the federation of the city, but the recorder at a union below it.
const UNIT: &str = "hn";
const RECORDERS_UNIT: &str = "hn-tcnt";

/// Records what was published of all units: holds the roles `ARCHIVISTS_ROLES` on the confederation.
pub const ARCHIVIST: &str = "archivist";
const ARCHIVISTS_ROLES: &[&str] = &["recorder", "evaluator"];
const ARCHIVISTS_UNIT: &str = "tld";

/// Who decide on it: in the city, and on what stands directly under the confederation.
pub const APPROVERS: [&str; 2] = ["approver", ADMINISTRATOR];

/// A name and its password.
#[derive(Clone)]
pub struct DemoAccount {
    pub name: &'static str,
    display_name: &'static str,
    roles: &'static [&'static str],
    pub password: String,
    pub unit: Option<&'static str>,
}

/// All of them, with new passwords.
fn accounts() -> Vec<DemoAccount> {
    let of = |name, display_name, roles, unit| DemoAccount {
        name,
        display_name,
        roles,
        password: Opaque::generate(Kind::Password).expose().to_owned(),
        unit,
    };
    let built_in = BUILT_IN.iter().map(|role| {
        let unit = match role.code {
            ADMINISTRATOR => None,
            "recorder" => Some(RECORDERS_UNIT),
            _ => Some(UNIT),
        };
        of(
            role.code,
            role.name_vi,
            std::slice::from_ref(&role.code),
            unit,
        )
    });
    let archivist = of(
        ARCHIVIST,
        "Cán bộ nhập số liệu đã công bố",
        ARCHIVISTS_ROLES,
        Some(ARCHIVISTS_UNIT),
    );
    built_in.chain([archivist]).collect()
}

/// Makes the accounts where there are none yet; answers them.
pub async fn accounts_if_none(access: &Access) -> Result<Vec<DemoAccount>> {
    let made = accounts();
    let mut hashed = Vec::new();
    for account in made.clone() {
        let password = SecretString::from(account.password.clone());
        hashed.push((account, access.hashing.hash(password).await?));
    }
    let are_new = access
        .store
        .write(Actor::program("demo"), move |tx| {
            let any: Option<i64> = accounts::table
                .select(accounts::id)
                .first(&mut **tx)
                .optional()?;
            if any.is_some() {
                return Ok(false);
            }
            for (person, hash) in &hashed {
                let unit = person.unit.map(|code| coded(tx, &Scope::All, code));
                let unit = unit.transpose()?;
                let account = creation::create(
                    tx,
                    &NewAccount {
                        name: person.name,
                        display_name: Some(person.display_name),
                        unit,
                    },
                )?;
                creation::open(tx, account, hash)?;
                for role in person.roles {
                    creation::give(
                        tx,
                        &NewGrant {
                            account,
                            role,
                            unit,
                            from: ALWAYS,
                            to: FOREVER,
                        },
                    )?;
                }
            }
            Ok(true)
        })
        .await?;
    Ok(if are_new { made } else { Vec::new() })
}

/// One of the accounts, as if it had sent a request.
pub async fn caller(access: &Access, name: &'static str) -> Result<Caller> {
    let find = move |db: &mut Db| {
        let query = accounts::table.filter(accounts::name.eq(name));
        let id: i64 = on_engine!(db, c => query.select(accounts::id).first(c))?;
        Ok(id)
    };
    let principal = Principal::Account(access.store.query(find).await?);
    let known = access.principals.load(&access.store, principal).await?;
    let known = known.ok_or(Code::NotFound)?;
    Ok(Caller {
        principal,
        session: None,
        lacks_second_factor: false,
        actor: Actor {
            principal: principal.to_string(),
            ..Actor::program("demo")
        },
        rights: known.rights(access.store.clock().today()),
    })
}

/// Writes the passwords into a new file that its owner alone can read.
pub fn keep(made: &[DemoAccount], file: &Path) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // A file of an earlier database would keep its rights.
    let _ = std::fs::remove_file(file);
    let mut file = std::fs::File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)?;
    for account in made {
        let unit = account.unit.unwrap_or("*");
        writeln!(file, "{}\t{}\t{}", account.name, account.password, unit)?;
    }
    Ok(())
}
