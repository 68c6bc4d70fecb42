//! Where the database is and how it is reached.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use crate::clock::Clock;

/// Why the database can't be used; one line for the person who starts the program.
#[derive(Debug)]
pub struct StartError(pub String);

impl StartError {
    pub fn new(line: impl Into<String>) -> Self {
        // PostgreSQL's messages have several lines and a trailing one.
        let line: String = line.into();
        Self(line.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for StartError {}

/// What stands between the service and PostgreSQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pooler {
    /// Nothing: a connection keeps its server process.
    #[default]
    None,
    /// A pooler such as PgBouncer that lends a server process for one transaction. Prepared
    /// statements then reach a stranger's: the statement cache is off.
    Transaction,
}

/// The engine and its address, told by the scheme of the URL.
#[derive(Clone)]
pub enum Target {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Target {
    /// `sqlite://data/liendoan.db` (relative), `sqlite:///var/lib/liendoan.db` or `postgres://…`.
    pub fn parse(url: &str) -> Result<Self, StartError> {
        if let Some(path) = url.strip_prefix("sqlite://") {
            if path.is_empty() || path.contains('?') || path.contains(":memory:") {
                return Err(StartError::new(
                    "database.url: write the file after sqlite://, as in sqlite://data/liendoan.db",
                ));
            }
            return Ok(Self::Sqlite(path.into()));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        // The URL may hold a password: name the scheme alone.
        let scheme = url.split("://").next().filter(|s| s.len() < url.len());
        Err(StartError::new(format!(
            "database.url: unknown scheme {:?}; known are sqlite:// and postgres://",
            scheme.unwrap_or("(none)")
        )))
    }
}

/// How the store is opened.
#[derive(Clone)]
pub struct Options {
    pub target: Target,
    /// PostgreSQL past the pooler, for migrations; the target itself where nothing stands between.
    pub direct_url: Option<String>,
    pub pooler: Pooler,
    /// Connections for reading on SQLite, for everything on PostgreSQL.
    pub connections: u32,
    /// How long a request may wait for a connection.
    pub wait: Duration,
    pub statement_timeout: Duration,
    pub lock_timeout: Duration,
    pub clock: Clock,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_tells_the_engine() {
        assert!(matches!(
            Target::parse("sqlite://data/x.db"),
            Ok(Target::Sqlite(path)) if path.to_str() == Some("data/x.db")
        ));
        assert!(matches!(
            Target::parse("postgresql://u@h/d"),
            Ok(Target::Postgres(_))
        ));
    }

    #[test]
    fn a_refused_url_does_not_show_its_password() {
        for url in ["mysql://u:secret@h/d", "nonsense-secret", "sqlite://", ""] {
            let Err(error) = Target::parse(url) else {
                panic!("{url} was accepted")
            };
            assert!(!error.0.contains("secret"), "{error}");
        }
    }
}
