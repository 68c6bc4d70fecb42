//! The store under what no request can bring about.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier, Mutex};

use diesel::prelude::*;
use liendoan_core::schema::unit_kinds::dsl::{id, name_en, unit_kinds};
use liendoan_core::{Code, Db, Error, Tx};
use serde_json::json;

use crate::support::{App, Engine, run};

fn rename(tx: &mut Tx<'_>, entry: i64, name: &str) -> Result<(), Error> {
    diesel::update(unit_kinds.filter(id.eq(entry)))
        .set(name_en.eq(name))
        .execute(&mut **tx)?;
    Ok(())
}

on_both_engines! {
    async fn a_failed_write_leaves_nothing(app: App) {
        let write = |tx: &mut Tx<'_>| {
            rename(tx, 1, "Half done")?;
            Err::<(), _>(Code::Conflict.into())
        };
        let error = app.write(write).await.unwrap_err();
        assert_eq!(error.code(), Code::Conflict);
        assert_ne!(app.get("/unit_kinds/1").await.ok()["name_en"], "Half done");
    }

    async fn a_panic_in_a_write_harms_no_other(app: App) {
        let panics = app.write(|tx| -> Result<(), Error> {
            rename(tx, 1, "Half done")?;
            panic!("on purpose")
        });
        assert_eq!(panics.await.unwrap_err().code(), Code::Internal);
        assert_ne!(app.get("/unit_kinds/1").await.ok()["name_en"], "Half done");
        for _ in 0..8 {
            app.write(|tx| rename(tx, 1, "Whole")).await.unwrap();
        }
        assert_eq!(app.get("/unit_kinds/1").await.ok()["name_en"], "Whole");
    }

    async fn a_read_sees_one_snapshot(app: App) {
        // A writer renames both entries together; no reader may see one without the other.
        let writes = async {
            for n in 0..50 {
                let both = move |tx: &mut Tx<'_>| {
                    rename(tx, 1, &format!("Round {n}"))?;
                    rename(tx, 2, &format!("Round {n}"))
                };
                app.write(both).await.unwrap();
            }
        };
        let reads = async {
            for _ in 0..200 {
                let names: (String, String) = app
                    .store
                    .read(|db| {
                        let name = |entry: i64| unit_kinds.find(entry).select(name_en);
                        Ok((name(1).first(db)?, name(2).first(db)?))
                    })
                    .await
                    .unwrap();
                let untouched = !names.0.starts_with("Round") && !names.1.starts_with("Round");
                assert!(untouched || names.0 == names.1, "{names:?}");
            }
        };
        tokio::join!(writes, reads);
    }

    async fn who_finds_no_connection_is_asked_to_come_again(app: App) {
        let (hold, held) = std::sync::mpsc::channel::<()>();
        let held = Arc::new(Mutex::new(held));
        let busy = (0..4).map(|_| {
            let (store, held) = (app.store.clone(), held.clone());
            tokio::spawn(async move {
                // Until the other end is dropped.
                let wait = move |_: &mut Db| Ok(held.lock().unwrap().recv().is_ok());
                store.read(wait).await
            })
        });
        let busy: Vec<_> = busy.collect();
        tokio::task::yield_now().await;
        let refused = app.get("/unit_kinds/1").await;
        refused.problem(503, "overloaded");
        assert_eq!(refused.header("retry-after"), Some("1"));
        app.call_root(reqwest::Method::GET, "/health/live").await.ok();

        drop(hold);
        for read in busy {
            read.await.unwrap().unwrap();
        }
        app.get("/unit_kinds/1").await.ok();
    }

    async fn a_reader_cannot_write(app: App) {
        let outcome = app.store.read(|db| {
            Ok(diesel::update(unit_kinds).set(name_en.eq("By a reader")).execute(db)?)
        });
        outcome.await.unwrap_err();
        assert_ne!(app.get("/unit_kinds/1").await.ok()["name_en"], "By a reader");
    }

    async fn what_the_log_holds_is_never_changed(app: App) {
        use liendoan_core::schema::events::dsl::{data, events};
        app.feed_end().await;
        let forge = app.write(|tx| Ok(diesel::update(events).set(data.eq("{}")).execute(&mut **tx)?));
        forge.await.unwrap_err();
        let first = app.events(0, 1).await;
        assert_ne!(first[0]["data"], json!({}));
    }
}

/// PostgreSQL alone: SQLite has one writer.
#[test]
fn a_deadlock_is_mended_by_running_one_of_the_two_again() {
    run(Engine::Postgres, |app: App| async move {
        let runs = Arc::new(AtomicU32::new(0));
        let meeting = Arc::new(Barrier::new(2));
        let crossing = |first: i64, second: i64| {
            let (runs, meeting) = (runs.clone(), meeting.clone());
            app.write(move |tx| {
                let run = runs.fetch_add(1, Ordering::SeqCst);
                rename(tx, first, "Crossed")?;
                // Both hold their first row before either asks for its second.
                if run < 2 {
                    meeting.wait();
                }
                rename(tx, second, "Crossed")
            })
        };
        let (a, b) = tokio::join!(crossing(1, 2), crossing(2, 1));
        a.unwrap();
        b.unwrap();
        // Run again at once, it may take its row before the other one wakes, and they meet once more.
        assert!(runs.load(Ordering::SeqCst) >= 3, "one of the two ran twice");
    });
}
