//! Settings: defaults, own file, environment, flags; the later wins. `defaults.toml` explains each.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use config::{Config as Layers, Environment, File, FileFormat};
use ipnet::IpNet;
use liendoan_core::Clock;
use liendoan_core::db::{Options, Pooler, StartError, Target};
use liendoan_core::files::Bucket;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};

const DEFAULTS: &str = include_str!("defaults.toml");

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub server: Server,
    pub database: Database,
    pub files: Files,
    pub client: Client,
    pub access: Access,
    pub limits: Limits,
    pub log: Log,
    pub civil: Civil,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub listen: SocketAddr,
    pub workers: usize,
    pub trusted_proxies: Vec<IpNet>,
    pub drain_seconds: u64,
    pub stop_seconds: u64,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    #[serde(serialize_with = "without_password")]
    pub url: SecretString,
    pub pooler: Pooler,
    #[serde(serialize_with = "without_password")]
    pub direct_url: SecretString,
    pub connections: u32,
    pub wait_ms: u64,
    pub statement_timeout_ms: u64,
    pub lock_timeout_ms: u64,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Files {
    pub folder: PathBuf,
    pub max_bytes: usize,
    pub max_bytes_per_day: i64,
    pub scanner: String,
    pub s3_bucket: String,
    pub s3_endpoint: String,
    pub s3_region: String,
    pub s3_key_id: String,
    #[serde(serialize_with = "hidden")]
    pub s3_secret: SecretString,
}

impl Files {
    /// Opens the bucket, where one is named; else the folder.
    pub async fn open(&self) -> Result<liendoan_core::Files, StartError> {
        if self.s3_bucket.is_empty() {
            return liendoan_core::Files::open(&self.folder);
        }
        let bucket = Bucket {
            name: self.s3_bucket.clone(),
            endpoint: self.s3_endpoint.clone(),
            region: self.s3_region.clone(),
            key_id: self.s3_key_id.clone(),
            secret: self.s3_secret.expose_secret().to_owned(),
        };
        liendoan_core::Files::open_bucket(&bucket).await
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    pub folder: PathBuf,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Access {
    #[serde(serialize_with = "hidden")]
    pub secret: SecretString,
    pub secret_file: PathBuf,
    pub issuer: String,
    pub audience: String,
    pub second_factor: SecondFactor,
    pub allowed_origins: Vec<String>,
}

/// Of whom a second factor is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactor {
    /// Of nobody; who wants may set one up.
    Optional,
    /// Of those who manage accounts.
    Administrators,
    Everybody,
}

impl Access {
    /// The secret, of the environment or of its file.
    pub fn secret_bytes(&self) -> Result<Vec<u8>, StartError> {
        let given = self.secret.expose_secret();
        if !given.is_empty() {
            return Ok(given.as_bytes().to_vec());
        }
        let file = &self.secret_file;
        let text = std::fs::read_to_string(file).map_err(|why| {
            StartError::new(format!(
                "access.secret is not set and {} cannot be read ({why}); `liendoan secret` makes one",
                file.display()
            ))
        })?;
        Ok(text.trim().as_bytes().to_vec())
    }
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub address_per_minute: u32,
    pub caller_per_minute: u32,
    pub body_bytes: usize,
    pub request_ms: u64,
    pub reorganisation_ms: u64,
    pub file_ms: u64,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub level: String,
    pub format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Civil {
    pub time_zone: chrono_tz::Tz,
}

fn environment_layer() -> Environment {
    Environment::with_prefix("LIENDOAN")
        .prefix_separator("_")
        .separator("__")
}

impl Limits {
    pub fn request_time(&self) -> Duration {
        Duration::from_millis(self.request_ms)
    }

    /// The longest that a request to this address may take.
    pub fn time_for(&self, path: &str) -> Duration {
        if path.starts_with("/api/v1/reorganisations") {
            Duration::from_millis(self.reorganisation_ms)
        } else if path.ends_with("/file") || path.contains("/attachments") {
            Duration::from_millis(self.file_ms)
        } else {
            self.request_time()
        }
    }
}

impl Config {
    /// Reads all layers. `flags` are pairs such as `("server.listen", "…")`.
    pub fn load(file: Option<&Path>, flags: &[(&str, String)]) -> Result<Self, StartError> {
        Self::from_layers(file, environment_layer(), flags)
            .map_err(|why| StartError::new(format!("configuration: {why}")))
    }

    fn from_layers(
        file: Option<&Path>,
        environment: Environment,
        flags: &[(&str, String)],
    ) -> Result<Self, config::ConfigError> {
        let mut layers = Layers::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
        if let Some(file) = file {
            layers = layers.add_source(File::from(file).format(FileFormat::Toml));
        }
        layers = layers.add_source(environment);
        for (name, value) in flags {
            layers = layers.set_override(name, value.as_str())?;
        }
        layers.build()?.try_deserialize()
    }

    /// How to open the database.
    pub fn store_options(&self) -> Result<Options, StartError> {
        let database = &self.database;
        let direct_url = database.direct_url.expose_secret();
        Ok(Options {
            target: Target::parse(database.url.expose_secret())?,
            direct_url: (!direct_url.is_empty()).then(|| direct_url.to_owned()),
            pooler: database.pooler,
            connections: database.connections.max(2),
            wait: Duration::from_millis(database.wait_ms),
            statement_timeout: Duration::from_millis(database.statement_timeout_ms),
            lock_timeout: Duration::from_millis(database.lock_timeout_ms),
            clock: Clock::system(self.civil.time_zone),
        })
    }

    /// What holds, as a file that could be given by --config, except that passwords are hidden.
    pub fn shown(&self) -> Result<String, StartError> {
        toml::to_string_pretty(self).map_err(|why| StartError::new(why.to_string()))
    }
}

/// A secret as it may be shown: whether there is one.
fn hidden<S: Serializer>(secret: &SecretString, to: S) -> Result<S::Ok, S::Error> {
    let is_empty = secret.expose_secret().is_empty();
    to.serialize_str(if is_empty { "" } else { "hidden" })
}

/// A URL as it may be shown: without its password.
fn without_password<S: Serializer>(url: &SecretString, to: S) -> Result<S::Ok, S::Error> {
    let url = url.expose_secret();
    let shown = match url::Url::parse(url) {
        // libpq also takes a password as a parameter, and one may be misspelt.
        Ok(parsed) if parsed.query().is_some_and(|query| query.contains("pass")) => {
            "hidden".to_owned()
        }
        Ok(mut parsed) if parsed.password().is_some() => {
            // Can't fail: what has a password may have another one.
            let _ = parsed.set_password(Some("hidden"));
            parsed.to_string()
        }
        Ok(_) => url.to_owned(),
        Err(_) if url.is_empty() => String::new(),
        Err(_) => "hidden".to_owned(),
    };
    to.serialize_str(&shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(environment: &[(&str, &str)], flags: &[(&str, String)]) -> Result<Config, String> {
        let pairs = environment
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        let source = environment_layer().source(Some(pairs.collect()));
        Config::from_layers(None, source, flags).map_err(|e| e.to_string())
    }

    #[test]
    fn the_later_layer_wins() {
        let environment = [
            ("LIENDOAN_SERVER__LISTEN", "127.0.0.1:1"),
            ("LIENDOAN_LIMITS__BODY_BYTES", "7"),
        ];
        let config = load(&environment, &[("server.listen", "127.0.0.1:2".to_owned())]).unwrap();
        assert_eq!(config.server.listen.port(), 2);
        assert_eq!(config.limits.body_bytes, 7);
        assert_eq!(config.limits.request_ms, 10_000);
    }

    #[test]
    fn an_unknown_or_unreadable_setting_is_an_error_that_names_it() {
        let unknown = load(&[("LIENDOAN_SERVER__LISTENS", "x")], &[]).unwrap_err();
        assert!(unknown.contains("listens"), "{unknown}");
        let unknown_group = load(&[("LIENDOAN_SERVRE__LISTEN", "x")], &[]).unwrap_err();
        assert!(unknown_group.contains("servre"), "{unknown_group}");
        let unreadable = load(&[("LIENDOAN_LIMITS__BODY_BYTES", "many")], &[]).unwrap_err();
        assert!(unreadable.contains("body_bytes"), "{unreadable}");
    }

    #[test]
    fn what_is_shown_hides_the_password_and_nothing_else() {
        let url = "postgres://liendoan:opensesame@db.example/liendoan";
        let config = load(&[("LIENDOAN_DATABASE__URL", url)], &[]).unwrap();
        let shown = config.shown().unwrap();
        assert!(
            shown.contains("postgres://liendoan:hidden@db.example/liendoan"),
            "{shown}"
        );
        assert!(!format!("{config:?}{shown}").contains("opensesame"));
        let url = "postgres://db.example/liendoan?user=liendoan&password=opensesame";
        let config = load(&[("LIENDOAN_DATABASE__URL", url)], &[]).unwrap();
        assert!(!config.shown().unwrap().contains("opensesame"));
        let config = load(&[("LIENDOAN_FILES__S3_SECRET", "opensesame")], &[]).unwrap();
        let shown = config.shown().unwrap();
        assert!(shown.contains("s3_secret = \"hidden\""), "{shown}");
        assert!(!format!("{config:?}{shown}").contains("opensesame"));
        let defaults = load(&[], &[]).unwrap().shown().unwrap();
        let same = |text: &str| text.parse::<toml::Table>().unwrap();
        assert_eq!(same(&defaults), same(DEFAULTS));
    }
}
