//! Who the bench is to the service: an administrator, who signs in anew with each start, and others by name.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use reqwest::Client;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use serde_json::{Value, json};

use crate::Result;
use crate::database::Database;
use crate::rows::read;

/// Settings of the service, named as in its file: the limits on callers are not what is measured.
pub const SETTINGS: &[(&str, &str)] = &[
    (
        "access.secret",
        "5d1c0b7a9e8f6d4c3b2a1f0e9d8c7b6a5f4e3d2c1b0a9f8e7d6c5b4a3f2e1d0c",
    ),
    ("access.second_factor", "optional"),
    ("limits.address_per_minute", "4000000000"),
    ("limits.caller_per_minute", "4000000000"),
];

const NAME: &str = "bench";
const PASSWORD: &str = "bảy chiếc thuyền ngủ trên sông 1987";

/// The access token of the last sign-in: one service is measured at a time.
static TOKEN: Mutex<String> = Mutex::new(String::new());

/// The same settings as the environment names them.
pub fn environment() -> impl Iterator<Item = (String, &'static str)> {
    let named = |(name, value): &(&str, &'static str)| {
        let name = name.to_uppercase().replace('.', "__");
        (format!("LIENDOAN_{name}"), *value)
    };
    SETTINGS.iter().map(named)
}

/// Makes the account of a new database, before it is served.
pub fn make_account(program: &Path, database: &Database) -> Result<()> {
    let invitation = database.folder.path().join("invitation");
    if invitation.exists() {
        return Ok(());
    }
    let made = Command::new(program)
        .args(["account", "create-admin", NAME])
        .args(["--database-url", &database.url])
        .envs(environment())
        .output()?;
    let text = String::from_utf8_lossy(&made.stdout);
    let token = text
        .split('"')
        .find(|part| part.starts_with("ldi_"))
        .ok_or_else(|| format!("no account: {}", String::from_utf8_lossy(&made.stderr)))?;
    Ok(fs::write(invitation, token)?)
}

/// Signs in at a service of the database in `folder`; the first time it accepts the invitation.
pub fn sign_in(address: &str, folder: &Path) -> Result<()> {
    let invitation = folder.join("invitation");
    let token = fs::read_to_string(&invitation)?;
    if !token.is_empty() {
        let acceptance = json!({"token": token, "password": PASSWORD});
        post(address, "/api/v1/invitations:accept", &acceptance)?;
        fs::write(invitation, "")?;
    }
    *TOKEN.lock().unwrap_or_else(PoisonError::into_inner) = token_of(address, NAME)?;
    Ok(())
}

pub fn credentials() -> Value {
    json!({"name": NAME, "password": PASSWORD})
}

/// Makes an account for somebody with a role on a unit, or on the whole federation, who then signs in with
/// the password of all.
pub async fn employ(address: &str, name: &str, role: &str, unit: Option<&str>) -> Result<()> {
    let (client, base) = (client()?, format!("http://{address}/api/v1"));
    let account = json!({"name": name, "display_name": null, "unit": null});
    let made = client.post(format!("{base}/accounts")).json(&account);
    let id = read(made.send().await?).await?["id"].clone();
    let grant = json!({"account_id": id, "role": role, "unit": unit, "from": null, "to": null});
    let grant = client.post(format!("{base}/grants")).json(&grant);
    read(grant.send().await?).await?;
    let invite = client.post(format!("{base}/accounts/{id}:invite"));
    let invitation = read(invite.header("if-match", "*").send().await?).await?;
    let acceptance = json!({"token": invitation["token"], "password": PASSWORD});
    post(address, "/api/v1/invitations:accept", &acceptance)?;
    Ok(())
}

/// Signs somebody in; answers the access token.
pub fn token_of(address: &str, name: &str) -> Result<String> {
    let credentials = json!({"name": name, "password": PASSWORD});
    let session = post(address, "/api/v1/sessions", &credentials)?;
    let session: Value = serde_json::from_str(&session)?;
    let token = session["access_token"].as_str().ok_or("no access token")?;
    Ok(token.to_owned())
}

pub fn token() -> String {
    TOKEN.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// A client that is signed in.
pub fn client() -> Result<Client> {
    client_with(&token())
}

/// A client of whoever has an access token.
pub fn client_with(token: &str) -> Result<Client> {
    let mut headers = HeaderMap::new();
    let bearer = HeaderValue::from_str(&format!("Bearer {token}"))?;
    headers.insert(AUTHORIZATION, bearer);
    Ok(Client::builder().default_headers(headers).build()?)
}

/// One request by hand, because a start waits for it; answers the body.
fn post(address: &str, path: &str, body: &Value) -> Result<String> {
    let body = body.to_string();
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    if !head.starts_with("HTTP/1.1 2") {
        return Err(format!("{path}: {answer}").into());
    }
    Ok(body.to_owned())
}
