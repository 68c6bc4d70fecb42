//! What the command line can do besides serving.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use liendoan::access::accounts::creation::{self, NewAccount, NewGrant};
use liendoan::access::roles::ADMINISTRATOR;
use liendoan::access::vault::Vault;
use liendoan::access::{Access, demo as demo_accounts, keys};
use liendoan::config::Config;
use liendoan::numbers::{self, totals::rebuild};
use liendoan::platform::telemetry;
use liendoan::records;
use liendoan::server::migrate;
use liendoan::tree::{check, demo};
use liendoan_core::db::{Options, StartError};
use liendoan_core::files;
use liendoan_core::validity::{ALWAYS, FOREVER};
use liendoan_core::{Actor, Scope, Store, Tx, audit, sealer};

pub fn print(text: &str) -> Result<(), StartError> {
    std::io::stdout()
        .write_all(text.as_bytes())
        .map_err(|e| StartError::new(format!("cannot print: {e}")))
}

/// Runs one piece of work on a database.
fn with_store<T>(
    config: &Config,
    options: &Options,
    work: impl AsyncFnOnce(Store) -> Result<T, StartError>,
) -> Result<T, StartError> {
    let _log = telemetry::start_log(&config.log)?;
    // Tasks, such as the sealer, end with the system; then the threads they used.
    let (store, outcome) = actix_web::rt::System::new().block_on(async {
        let store = Store::open(options, numbers::FOLDS)?;
        let outcome = work(store.clone()).await;
        Ok::<_, StartError>((store, outcome))
    })?;
    store.close();
    outcome
}

fn failed(error: liendoan_core::Error) -> StartError {
    StartError::new(error.to_string())
}

/// Makes the secret of an installation, where there is none yet.
pub fn make_secret(config: &Config) -> Result<(), StartError> {
    let file = &config.access.secret_file;
    let refused =
        |why: std::io::Error| StartError::new(format!("cannot write {}: {why}", file.display()));
    if file.exists() {
        return print(&format!(
            "{} is there already; it stays as it is\n",
            file.display()
        ));
    }
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder).map_err(refused)?;
    }
    let secret: [u8; 32] = rand::random();
    let secret: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut made = std::fs::File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .map_err(refused)?;
    writeln!(made, "{secret}").map_err(refused)?;
    print(&format!(
        "{} holds the secret of this installation; keep a copy apart from the database\n",
        file.display()
    ))
}

pub fn demo(config: &Config, accounts_file: &Path) -> Result<(), StartError> {
    let options = config.store_options()?;
    migrate(&options)?;
    let (units, made, records) = with_store(config, &options, async |store: Store| {
        let today = store.clock().today();
        let load = move |tx: &mut Tx<'_>| demo::load_if_empty(tx, today);
        let units = store.write(Actor::program("demo"), load).await;
        let units = units.map_err(failed)?;
        if units == 0 {
            return Ok((0, Vec::new(), 0));
        }
        let access = Access::open(config, store).await?;
        let made = demo_accounts::accounts_if_none(&access).await;
        let made = made.map_err(failed)?;
        let records = if made.is_empty() {
            0
        } else {
            records::demo::load(&access).await.map_err(failed)?
        };
        Ok((units, made, records))
    })?;
    if units == 0 {
        return print("The database has decisions already; nothing was entered.\n");
    }
    print(&format!(
        "{units} units of the federation of Hanoi were entered, with their decisions.\n"
    ))?;
    if made.is_empty() {
        return Ok(());
    }
    demo_accounts::keep(&made, accounts_file).map_err(|why| {
        StartError::new(format!("cannot write {}: {why}", accounts_file.display()))
    })?;
    print(&format!(
        "{} accounts were made, one for each role and one that recorded what the units did; their passwords are in {}\n\
         {records} records of it were entered and approved.\n",
        made.len(),
        accounts_file.display()
    ))
}

pub fn check(config: &Config) -> Result<(), StartError> {
    // As it is: who judges a copy must not change it.
    let options = config.store_options()?;
    let report = with_store(config, &options, async |store: Store| {
        let today = store.clock().today();
        let check = move |db: &mut liendoan_core::Db| check::check(db, &Scope::All, today);
        let mut report = store.read(check).await.map_err(failed)?;
        let figures = |db: &mut liendoan_core::Db| records::figures::misplaced(db, &Scope::All);
        let (figures, misplaced) = store.read(figures).await.map_err(failed)?;
        for record in misplaced {
            report.violations.push(check::Violation {
                invariant: "figures",
                what: format!("record {record}: others count than its approved content says"),
            });
        }
        let named = store.read(files::check::named).await.map_err(failed)?;
        if !named.is_empty() {
            let files = config.files.open().await?;
            for hash in &named {
                if let Some(what) = files.fault(hash).await.map_err(failed)? {
                    let what = format!("the file {hash}: {what}");
                    report.violations.push(check::Violation {
                        invariant: "F-1",
                        what,
                    });
                }
            }
        }
        Ok((report, figures, named.len()))
    })?;
    let (report, figures, files) = report;
    let mut lines = format!(
        "{} units, {} decisions, {} events, {figures} figures, {files} files\n",
        report.units, report.decisions, report.events
    );
    if !report.against_todays_rules.is_empty() {
        lines += &format!(
            "{} units stand where today's rules would not let them begin: {}\n",
            report.against_todays_rules.len(),
            report.against_todays_rules.join(", ")
        );
    }
    for violation in &report.violations {
        lines += &format!("{}: {}\n", violation.invariant, violation.what);
    }
    print(&lines)?;
    match report.violations.len() {
        0 => print("all is as it must be\n"),
        n => Err(StartError::new(format!("violations: {n}"))),
    }
}

/// Makes an account that may do everything, and prints what opens it.
pub fn create_admin(config: &Config, name: &str) -> Result<(), StartError> {
    let name = liendoan::access::accounts::sound_name(name)
        .map_err(|code| StartError::new(code.title_en()))?;
    let options = config.store_options()?;
    migrate(&options)?;
    let token = with_store(config, &options, async |store: Store| {
        let create = move |tx: &mut Tx<'_>| {
            let account = creation::create(
                tx,
                &NewAccount {
                    name: &name,
                    display_name: None,
                    unit: None,
                },
            )?;
            creation::give(
                tx,
                &NewGrant {
                    account,
                    role: ADMINISTRATOR,
                    unit: None,
                    from: ALWAYS,
                    to: FOREVER,
                },
            )?;
            creation::invite(tx, account, None)
        };
        let actor = Actor::program("account create-admin");
        store.write(actor, create).await.map_err(failed)
    })?;
    print(&format!(
        "The account is made. Within 24 hours, while the service runs, set its password:\n\
         \x20 curl {}/api/v1/invitations:accept -H 'Content-Type: application/json' \\\n\
         \x20   -d '{{\"token\": \"{}\", \"password\": \"…\"}}'\n",
        config.access.issuer,
        token.expose()
    ))
}

/// Lets a new key sign access tokens.
pub fn rotate_keys(config: &Config, is_emergency: bool) -> Result<(), StartError> {
    let options = config.store_options()?;
    migrate(&options)?;
    let vault = Vault::new(&config.access.secret_bytes()?)?;
    let kid = with_store(config, &options, async |store: Store| {
        let rotate = move |tx: &mut Tx<'_>| keys::rotate(tx, &vault, is_emergency);
        let actor = Actor::program("keys rotate");
        store.write(actor, rotate).await.map_err(failed)
    })?;
    print(&if is_emergency {
        format!("Key {kid} signs from now on. Tokens of older keys are refused.\n")
    } else {
        format!(
            "Key {kid} is known from now on and signs in {} seconds. Tokens of older keys hold until they run out.\n",
            2 * keys::CACHED_SECONDS
        )
    })
}

/// Works the totals out anew, telling how far it is.
pub fn rebuild_totals(config: &Config) -> Result<(), StartError> {
    let options = config.store_options()?;
    migrate(&options)?;
    let all = with_store(config, &options, async |store: Store| {
        let actor = || Actor::program("totals rebuild");
        let all = store.write(actor(), rebuild::begin).await.map_err(failed)?;
        let mut left = all;
        while left > 0 {
            left = store.write(actor(), rebuild::go_on).await.map_err(failed)?;
            print(&format!("{} of {all}\n", all - left))?;
        }
        Ok(all)
    })?;
    print(&format!("The totals are those of {all} figures.\n"))
}

/// Holds both logs against their chains.
pub fn verify_logs(config: &Config) -> Result<(), StartError> {
    let options = config.store_options()?;
    let (entries, events) = with_store(config, &options, async |store: Store| {
        let verify = |db: &mut liendoan_core::Db| Ok((audit::verify(db)?, sealer::verify(db)?));
        store.read(verify).await.map_err(failed)
    })?;
    let mut broken = Vec::new();
    for (log, verdict) in [("audit entries", entries), ("events", events)] {
        match verdict.broken_at {
            None => print(&format!("{} {log}, each in its place\n", verdict.entries))?,
            Some(position) => broken.push(format!("the chain of {log} breaks at {position}")),
        }
    }
    if broken.is_empty() {
        Ok(())
    } else {
        Err(StartError::new(broken.join("; ")))
    }
}
