//! What the tests stand on: an application for each, and a client that reads like prose.

mod app;
mod call;
mod chart;
pub mod images;
pub mod pass;
mod process;
mod remote;
pub mod zip;

pub use app::{App, Database, Engine, Signed, run, run_with, unit_id};
pub use call::{Answer, Call};
pub use chart::{Chart, decision, end_into, establish, rename, transfer};
pub use pass::Pass;
pub use process::{
    Ended, Launch, Process, Program, Running, open, run_program, seed, sql, tell, until,
};
pub use remote::Remote;

/// Makes two tests of one: `NAME::sqlite` and `NAME::postgres`. Given an `App` it runs within the test, given a
/// `Program` it is a process.
macro_rules! on_both_engines {
    (@run App on $engine:ident) => {
        $crate::support::run($crate::support::Engine::$engine, test)
    };
    (@run Program on $engine:ident) => {
        $crate::support::run_program($crate::support::Engine::$engine, test)
    };
    ($($(#[$meta:meta])* async fn $name:ident($given:ident: $kind:ident) $body:block)*) => {
        $(
            mod $name {
                #[allow(unused_imports, reason = "not every test needs all that its file imports")]
                use super::*;

                async fn test($given: $crate::support::$kind) $body

                #[test]
                $(#[$meta])*
                fn sqlite() {
                    on_both_engines!(@run $kind on Sqlite);
                }

                #[test]
                $(#[$meta])*
                fn postgres() {
                    on_both_engines!(@run $kind on Postgres);
                }
            }
        )*
    };
}
