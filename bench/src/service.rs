//! The service as in production: a process of its own.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::Result;
use crate::caller;
use crate::database::Database;

/// Builds the program, with the same features and as carefully as this one was built; answers where it is.
pub fn build() -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--locked"])
        .args((!cfg!(debug_assertions)).then_some("--release"))
        .args([
            "-p",
            "liendoan",
            "-p",
            "liendoan-bench",
            "--bin",
            "liendoan",
        ])
        .status()?;
    if !built.success() {
        return Err("the service was not built".into());
    }
    Ok(std::env::current_exe()?.with_file_name("liendoan"))
}

/// A running service. Its log goes to a file.
pub struct Service {
    process: Child,
    pub address: String,
}

impl Service {
    /// Starts it with default settings, except for some, named as the environment does, and signs in.
    pub fn start(program: &Path, database: &Database, settings: &[(&str, &str)]) -> Result<Self> {
        Self::run(
            Command::new(program).envs(settings.iter().copied()),
            program,
            database,
        )
    }

    /// Starts it with the settings of a file.
    pub fn start_with_file(program: &Path, database: &Database, file: &Path) -> Result<Self> {
        let mut command = Command::new(program);
        Self::run(command.arg("--config").arg(file), program, database)
    }

    fn run(command: &mut Command, program: &Path, database: &Database) -> Result<Self> {
        caller::make_account(program, database)?;
        let log = database.folder.path().join("service.log");
        let mut process = command
            .envs(caller::environment())
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(["--database-url", &database.url])
            .env(
                "LIENDOAN_FILES__FOLDER",
                database.folder.path().join("files"),
            )
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?)
            .spawn()?;
        let mut first_line = String::new();
        if let Some(stdout) = process.stdout.as_mut() {
            BufReader::new(stdout).read_line(&mut first_line)?;
        }
        let address = first_line.trim_end().rsplit('/').next().unwrap_or_default();
        if address.is_empty() {
            return Err(format!(
                "the service did not start: {}",
                std::fs::read_to_string(log)?
            )
            .into());
        }
        caller::sign_in(address, database.folder.path())?;
        Ok(Self {
            address: address.to_owned(),
            process,
        })
    }

    /// Time of cores that the process has used, in seconds.
    pub fn cpu_seconds(&self) -> Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // After the name in parentheses; Linux counts in hundredths of a second.
        let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
        let ticks: f64 = fields.skip(11).take(2).flat_map(str::parse::<f64>).sum();
        Ok(ticks / 100.0)
    }

    /// Memory that the process holds, in MB.
    pub fn resident_mb(&self) -> Result<f64> {
        self.memory_mb("VmRSS:")
    }

    /// The most memory that it held at once, in MB, since it started or since this was last asked.
    pub fn peak_mb(&self) -> Result<f64> {
        let peak = self.memory_mb("VmHWM:")?;
        std::fs::write(format!("/proc/{}/clear_refs", self.process.id()), "5")?;
        Ok(peak)
    }

    fn memory_mb(&self, field: &str) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let kilobytes = status
            .lines()
            .find_map(|line| line.strip_prefix(field)?.split_whitespace().next());
        Ok(kilobytes.unwrap_or_default().parse::<f64>()? / 1024.0)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
