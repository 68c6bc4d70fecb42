//! Accounts to try the demo with: one for each role that is built in.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use diesel::prelude::*;
use liendoan_core::schema::accounts;
use liendoan_core::validity::{ALWAYS, FOREVER};
use liendoan_core::{Actor, Result, Scope};
use secrecy::SecretString;

use super::Access;
use super::accounts::creation::{self, NewAccount, NewGrant};
use super::roles::{ADMINISTRATOR, BUILT_IN};
use super::secrets::{Kind, Opaque};
use crate::tree::units::queries::coded;

/// Where each role is held: the federation of the city, but the recorder at a union below it.
const UNIT: &str = "hn";
const RECORDERS_UNIT: &str = "hn-tcnt";

/// A name and its password.
pub struct DemoAccount {
    pub name: &'static str,
    pub password: String,
    pub unit: Option<&'static str>,
}

/// Makes the accounts where there are none yet; answers them.
pub async fn accounts_if_none(access: &Access) -> Result<Vec<DemoAccount>> {
    let mut made = Vec::new();
    let mut hashes = Vec::new();
    for role in BUILT_IN {
        let password = Opaque::generate(Kind::Password).expose().to_owned();
        let hash = access
            .hashing
            .hash(SecretString::from(password.clone()))
            .await?;
        let unit = match role.code {
            ADMINISTRATOR => None,
            "recorder" => Some(RECORDERS_UNIT),
            _ => Some(UNIT),
        };
        hashes.push((role, unit, hash));
        made.push(DemoAccount {
            name: role.code,
            password,
            unit,
        });
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
            for (role, unit, hash) in &hashes {
                let unit = unit.map(|code| coded(tx, &Scope::All, code)).transpose()?;
                let account = creation::create(
                    tx,
                    &NewAccount {
                        name: role.code,
                        display_name: Some(role.name_vi),
                        unit,
                    },
                )?;
                creation::open(tx, account, hash)?;
                creation::give(
                    tx,
                    &NewGrant {
                        account,
                        role: role.code,
                        unit,
                        from: ALWAYS,
                        to: FOREVER,
                    },
                )?;
            }
            Ok(true)
        })
        .await?;
    Ok(if are_new { made } else { Vec::new() })
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
