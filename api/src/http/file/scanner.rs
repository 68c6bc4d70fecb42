//! A virus scanner that speaks the protocol of ClamAV's clamd (clamd(8), INSTREAM). Written here: it is a few
//! lines, and the library for it waits for ever on a scanner that hangs.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use liendoan_core::{Code, Error};

/// How long it is waited for a connection, and for an answer.
const CONNECT: Duration = Duration::from_secs(3);
const ANSWER: Duration = Duration::from_secs(30);

/// Bytes that are sent at once.
const CHUNK: usize = 64 << 10;

/// Where the scanner listens: `host:port`, or the path of a socket.
#[derive(Clone, Debug)]
pub struct Scanner(String);

impl Scanner {
    /// None, where no address is given.
    pub fn at(address: &str) -> Option<Self> {
        (!address.is_empty()).then(|| Self(address.to_owned()))
    }

    /// Refuses a file in which something is found, and each file while the scanner does not answer. Blocks.
    pub fn scan(&self, file: &mut impl Read) -> Result<(), Error> {
        let answer = self.ask(file).map_err(unavailable)?;
        let verdict = answer.trim_end_matches(['\0', '\n']);
        let verdict = verdict.strip_prefix("stream: ").unwrap_or(verdict);
        match verdict.strip_suffix(" FOUND") {
            Some(found) => Err(Error::new(Code::FileInfected).with("found", found)),
            None if verdict == "OK" => Ok(()),
            None => Err(unavailable(verdict)),
        }
    }

    fn ask(&self, file: &mut impl Read) -> io::Result<String> {
        if self.0.starts_with('/') {
            let stream = UnixStream::connect(&self.0)?;
            stream.set_read_timeout(Some(ANSWER))?;
            stream.set_write_timeout(Some(ANSWER))?;
            return speak(stream, file);
        }
        let mut addresses = self.0.to_socket_addrs()?;
        let address = addresses.next().ok_or(io::ErrorKind::NotFound)?;
        let stream = TcpStream::connect_timeout(&address, CONNECT)?;
        stream.set_read_timeout(Some(ANSWER))?;
        stream.set_write_timeout(Some(ANSWER))?;
        speak(stream, file)
    }
}

fn speak(mut stream: impl Read + Write, file: &mut impl Read) -> io::Result<String> {
    let mut chunk = vec![0; CHUNK];
    stream.write_all(b"zINSTREAM\0")?;
    loop {
        let length = file.read(&mut chunk)?;
        stream.write_all(&u32::try_from(length).unwrap_or_default().to_be_bytes())?;
        if length == 0 {
            break;
        }
        stream.write_all(&chunk[..length])?;
    }
    let mut answer = String::new();
    stream.take(1 << 10).read_to_string(&mut answer)?;
    Ok(answer)
}

fn unavailable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::new(Code::ScannerUnavailable).because(cause)
}
