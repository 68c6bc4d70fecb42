//! The program as its users start it: a process of its own, that can be stopped, killed and refused.

use std::future::Future;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use liendoan_core::schema::accounts;
use liendoan_core::{Clock, Db};

use super::pass::{self, Pass};
use super::{Database, Engine, Remote};

/// Far longer than anything takes that works: what lasts longer hangs.
const PATIENCE: Duration = Duration::from_secs(90);

/// Prints a result; scripts/prove.sh gathers the lines with this mark.
#[allow(
    clippy::print_stdout,
    reason = "results of `make prove` are read there"
)]
pub fn tell(line: &str) {
    println!("\n= {line}");
}

/// The program on a database of its own, which it finds empty.
pub struct Program {
    database: Database,
    pub engine: Engine,
}

/// Runs a test with a program of its own, and cleans up after it, also when it fails.
pub fn run_program<F: Future<Output = ()>>(engine: Engine, test: impl FnOnce(Program) -> F) {
    let program = Program::on_empty(engine);
    actix_web::rt::System::new().block_on(test(program));
}

impl Program {
    pub fn on_empty(engine: Engine) -> Self {
        let database = match engine {
            Engine::Sqlite => Database::create(engine),
            Engine::Postgres => Database::create_empty_postgres(),
        };
        Self { database, engine }
    }

    pub fn url(&self) -> &str {
        &self.database.url
    }

    /// Where its files lie.
    pub fn files(&self) -> PathBuf {
        self.database.files()
    }

    pub fn command(&self, subcommand: &str) -> Launch {
        let files = self.database.files();
        let launch = Launch::of(subcommand).on(self.url());
        launch.with("files.folder", &files.display().to_string())
    }

    /// Enters the data of Hanoi, and keeps the passwords of its accounts beside the files.
    pub fn demo(&self) -> Launch {
        let file = self.accounts_file().display().to_string();
        self.command("demo").args(&["--accounts-file", &file])
    }

    pub fn accounts_file(&self) -> PathBuf {
        self.database.files().with_file_name("accounts.txt")
    }

    pub fn serve(&self) -> Process {
        self.start(self.command("serve"))
    }

    /// Starts what serves this database, and signs in as an administrator of the whole federation.
    pub fn start(&self, launch: Launch) -> Process {
        let mut process = launch.start();
        process.remote = process.remote.with(self.administrator());
        process
    }

    /// An administrator of the whole federation, who is made where there is none yet.
    pub fn administrator(&self) -> Pass {
        let clock = Clock::system(chrono_tz::Asia::Ho_Chi_Minh);
        let mut db = self.open();
        let known: Option<i64> = accounts::table
            .filter(accounts::name.eq("tester"))
            .select(accounts::id)
            .first(&mut db)
            .optional()
            .unwrap();
        let id = known
            .unwrap_or_else(|| pass::account(&mut db, "tester", "administrator", None, &clock));
        Pass::of(&mut db, id, &clock)
    }

    /// A look into the database past the program.
    pub fn open(&self) -> Db {
        open(self.url())
    }

    /// Somebody with a role on the whole federation, signed in; answers the account too.
    pub fn signed_in(&self, name: &str, role: &str) -> (i64, Pass) {
        let clock = Clock::system(chrono_tz::Asia::Ho_Chi_Minh);
        let mut db = self.open();
        let id = pass::account(&mut db, name, role, None, &clock);
        (id, Pass::of(&mut db, id, &clock))
    }

    /// Changes the database behind the program's back.
    pub fn sql(&self, statements: &str) -> QueryResult<()> {
        sql(&mut self.open(), statements)
    }
}

/// A connection past the program.
pub fn open(url: &str) -> Db {
    match url.strip_prefix("sqlite://") {
        Some(file) => {
            let mut connection = SqliteConnection::establish(file).unwrap();
            connection
                .batch_execute("PRAGMA busy_timeout = 5000")
                .unwrap();
            Db::Sqlite(connection)
        }
        None => Db::Postgres(PgConnection::establish(url).unwrap()),
    }
}

pub fn sql(db: &mut Db, statements: &str) -> QueryResult<()> {
    match db {
        Db::Sqlite(connection) => connection.batch_execute(statements),
        Db::Postgres(connection) => connection.batch_execute(statements),
    }
}

/// A command line that has not been run yet.
pub struct Launch(Command);

impl Launch {
    pub fn of(subcommand: &str) -> Self {
        let mut command = Command::new(binary());
        // The settings of whoever runs the tests are not those of the program under test.
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("LIENDOAN_") {
                command.env_remove(name);
            }
        }
        command.arg(subcommand);
        // Any port that is free, files out of the way, and of the log no more than what went wrong.
        Self(command)
            .with("server.listen", "127.0.0.1:0")
            .with(
                "files.folder",
                concat!(env!("CARGO_TARGET_TMPDIR"), "/files"),
            )
            .with("log.level", "warn")
            .with("access.secret", pass::SECRET)
            .with("access.second_factor", "optional")
            .with("limits.address_per_minute", "10000000")
            .with("limits.caller_per_minute", "10000000")
            .with("files.max_bytes_per_day", "1000000000000")
    }

    pub fn on(mut self, database_url: &str) -> Self {
        self.0.args(["--database-url", database_url]);
        self
    }

    /// With a setting, such as `server.workers`.
    pub fn with(mut self, setting: &str, value: &str) -> Self {
        let name = setting.to_uppercase().replace('.', "__");
        self.0.env(format!("LIENDOAN_{name}"), value);
        self
    }

    pub fn args(mut self, args: &[&str]) -> Self {
        self.0.args(args);
        self
    }

    /// Runs it to its end.
    pub fn run(self) -> Ended {
        self.spawn().wait()
    }

    /// Starts it without waiting for anything.
    pub fn spawn(mut self) -> Running {
        let command = self
            .0
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (line, lines) = mpsc::channel();
        Running {
            child,
            lines,
            // Both are read to their ends, or the program would stand still at a full pipe.
            stdout: Some(std::thread::spawn(move || {
                let mut all = String::new();
                for text in stdout.lines().map_while(Result::ok) {
                    all += &format!("{text}\n");
                    // Nobody listens any more once the address is known.
                    let _ = line.send(text);
                }
                all
            })),
            stderr: Some(std::thread::spawn(move || {
                let mut all = Vec::new();
                stderr.read_to_end(&mut all).unwrap();
                String::from_utf8_lossy(&all).into_owned()
            })),
        }
    }

    /// Starts it and waits until it answers.
    pub fn start(self) -> Process {
        self.spawn().ready()
    }
}

/// Built together with the tests, two folders above them.
fn binary() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let binary = tests.ancestors().nth(2).unwrap().join("liendoan");
    assert!(
        binary.exists(),
        "{} is missing: cargo build --bin liendoan",
        binary.display()
    );
    binary
}

/// A process; it goes when this is dropped.
pub struct Running {
    child: Child,
    lines: mpsc::Receiver<String>,
    stdout: Option<JoinHandle<String>>,
    stderr: Option<JoinHandle<String>>,
}

/// What a process left behind.
#[derive(Debug)]
pub struct Ended {
    /// None: a signal ended it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Running {
    /// Waits for its own end.
    pub fn wait(mut self) -> Ended {
        let start = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            assert!(start.elapsed() < PATIENCE, "the program does not end");
            std::thread::sleep(Duration::from_millis(5));
        }
        self.end()
    }

    /// Waits until it says where it answers.
    pub fn ready(self) -> Process {
        match self.outcome() {
            Ok(process) => process,
            Err(ended) => panic!("the program did not start: {ended:?}"),
        }
    }

    /// Waits until it says where it answers, or ends.
    pub fn outcome(self) -> Result<Process, Ended> {
        let start = Instant::now();
        let marker = "Liendoan answers at http://";
        loop {
            let patience = PATIENCE.saturating_sub(start.elapsed());
            match self.lines.recv_timeout(patience) {
                Ok(line) => {
                    if let Some(address) = line.strip_prefix(marker) {
                        let remote = Remote::at(address);
                        return Ok(Process {
                            running: self,
                            remote,
                        });
                    }
                }
                Err(mpsc::RecvTimeoutError::Timeout) => panic!("the program does not start"),
                Err(mpsc::RecvTimeoutError::Disconnected) => return Err(self.wait()),
            }
        }
    }

    fn end(&mut self) -> Ended {
        let code = self.child.wait().unwrap().code();
        let read = |thread: &mut Option<JoinHandle<String>>| thread.take().unwrap().join().unwrap();
        Ended {
            code,
            stdout: read(&mut self.stdout),
            stderr: read(&mut self.stderr),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only where it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A process that answers requests.
pub struct Process {
    running: Running,
    pub remote: Remote,
}

impl Process {
    /// SIGKILL: it has no time for anything.
    pub fn kill(mut self) -> Ended {
        self.running.child.kill().unwrap();
        self.running.end()
    }

    /// The most memory that it has held so far, in bytes.
    pub fn memory_peak(&self) -> u64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.running.child.id())).unwrap();
        let mut lines = status.lines();
        let peak = lines.find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let kibibytes: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
        kibibytes * 1024
    }

    /// SIGTERM: the wish that it may stop.
    pub fn ask_to_stop(&self) {
        // The standard library knows SIGKILL alone.
        let pid = self.running.child.id();
        let kill = format!("kill -TERM {pid}");
        let status = Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert!(status.success(), "{kill}");
    }

    /// Waits for its own end.
    pub fn wait(self) -> Ended {
        self.running.wait()
    }

    /// Stops it in peace.
    pub fn stop(self) -> Ended {
        self.ask_to_stop();
        self.wait()
    }
}

/// Asks again and again until it holds, but not for ever.
pub async fn until(holds: impl AsyncFn() -> bool) {
    let start = Instant::now();
    while !holds().await {
        assert!(start.elapsed() < PATIENCE, "it never came to hold");
        tokio::task::yield_now().await;
    }
}

/// Makes what is random repeatable: prints the number that the test began with. TEST_SEED sets it.
pub fn seed() -> u64 {
    let given = std::env::var("TEST_SEED").ok();
    let seed = given.map_or_else(rand::random, |text| text.parse().unwrap());
    tell(&format!("TEST_SEED={seed}"));
    seed
}
