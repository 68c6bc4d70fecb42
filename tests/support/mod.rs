//! What the tests stand on: an application for each, and a client that reads like prose.

mod app;
mod call;

pub use app::{App, Engine, run};
pub use call::{Answer, Call};

/// Makes two tests of one: `NAME::sqlite` and `NAME::postgres`.
macro_rules! on_both_engines {
    ($($(#[$meta:meta])* async fn $name:ident($app:ident: App) $body:block)*) => {
        $(
            mod $name {
                #[allow(unused_imports, reason = "not every test needs all that its file imports")]
                use super::*;

                async fn test($app: $crate::support::App) $body

                #[test]
                $(#[$meta])*
                fn sqlite() {
                    $crate::support::run($crate::support::Engine::Sqlite, test);
                }

                #[test]
                $(#[$meta])*
                fn postgres() {
                    $crate::support::run($crate::support::Engine::Postgres, test);
                }
            }
        )*
    };
}
