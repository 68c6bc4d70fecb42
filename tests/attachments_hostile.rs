//! Files that lie, are too large, break off, or are called `../../x`: refused whole, or kept as the bare bytes that
//! they are, never unpacked and never shown.

use reqwest::{Body, Method};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::activities::{activity, drafted, stand};
use crate::attachments::{PDF, attach, attach_pdf};
use crate::document_files::count;
use crate::support::{App, Remote};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// What each type may be called.
const TYPES: [(&str, &str); 13] = [
    ("application/pdf", "a.pdf"),
    ("image/jpeg", "a.jpg"),
    ("image/png", "a.png"),
    ("image/tiff", "a.tiff"),
    ("image/webp", "a.webp"),
    (DOCX, "a.docx"),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "a.xlsx",
    ),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "a.pptx",
    ),
    ("application/vnd.oasis.opendocument.text", "a.odt"),
    ("application/vnd.oasis.opendocument.spreadsheet", "a.ods"),
    ("application/vnd.oasis.opendocument.presentation", "a.odp"),
    ("text/plain", "a.txt"),
    ("text/csv", "a.csv"),
];

/// A ZIP's first entry, as it stands in the file.
fn zip_entry(name: &str, rest: &[u8]) -> Vec<u8> {
    let mut entry = b"PK\x03\x04\x14\0\0\0\x08\0".to_vec();
    // Time, date and checksum; packed into 10 bytes what is said to have 4 GiB.
    entry.extend([0; 8]);
    entry.extend(10_u32.to_le_bytes());
    entry.extend(u32::MAX.to_le_bytes());
    entry.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
    entry.extend([0, 0]);
    entry.extend(name.as_bytes());
    entry.extend(rest);
    entry
}

/// Contents that are none of the types, or that browsers would run.
fn hostile() -> Vec<Vec<u8>> {
    let mut hostile: Vec<Vec<u8>> = [
        &b""[..],
        b"<html><script>alert(1)</script>",
        b"<!DOCTYPE html><p>",
        b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
        b"#!/bin/sh\nrm -rf /\n",
        b"MZ\x90\0\x03\0\0\0",
        b"\x7fELF\x02\x01\x01\0",
        b"\xca\xfe\xba\xbe\0\0\0\x34",
        b"GIF89a\x01\0\x01\0",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0",
        b"Rar!\x1a\x07\x01\0",
        b"\x1f\x8b\x08\0\0\0\0\0",
        b"7z\xbc\xaf\x27\x1c",
        b"\0%PDF-1.7",
        // Two at once.
        b"<html>%PDF-1.7</html>",
        b"MZ\x90\0%PDF-1.7",
    ]
    .map(<[u8]>::to_vec)
    .to_vec();
    hostile.push(zip_entry("evil.exe", b"MZ"));
    hostile.push(zip_entry("../../../etc/passwd", b"root"));
    hostile
}

async fn draft(app: &App) -> Value {
    stand(app).await;
    drafted(&app.admin(), &activity("a", "2020-03-05")).await
}

/// Nothing came of it.
async fn is_untouched(app: &App, id: &Value) {
    let shown = app.get(&format!("/activities/{id}")).await.ok();
    assert_eq!(
        (&shown["version"], &shown["attachments"]),
        (&json!(1), &json!([]))
    );
    assert_eq!(count(&app.files), 0);
}

/// Sends the head of an upload and some of its body, by hand.
async fn begin(remote: &Remote, id: &Value, length: usize, body: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(&remote.address).await.unwrap();
    let head = format!(
        "POST /api/v1/records/{id}/attachments?name=a.pdf HTTP/1.1\r\nHost: x\r\nIf-Match: \"1\"\r\n\
         Content-Type: application/pdf\r\nContent-Length: {length}\r\n{}\r\n",
        remote.authorization()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    stream.flush().await.unwrap();
    stream
}

on_both_engines! {
    async fn a_file_that_lies_about_its_type_is_refused(app: App) {
        let id = draft(&app).await;
        let mut refused = 0;
        for content in hostile() {
            for (media_type, name) in TYPES {
                let answer = attach(&app, &id, 1, name, media_type, &content).await.problem(422, "invalid");
                assert_eq!(answer["errors"][0]["code"], "content_mismatch", "{media_type}: {content:?}");
                refused += 1;
            }
        }
        assert!(refused > 200, "only {refused} were tried");
        for media_type in ["text/html", "image/svg+xml", "application/zip", "application/x-msdownload", ""] {
            attach(&app, &id, 1, "a.pdf", media_type, PDF).await.problem(415, "unsupported_media_type");
        }
        is_untouched(&app, &id).await;
    }

    async fn a_hostile_name_is_refused_and_no_path_is_made_of_any(app: App) {
        let id = draft(&app).await;
        for (name, code) in [
            ("../../x.pdf", "file_name_invalid"),
            ("..%5C..%5Cx.pdf", "file_name_invalid"),
            ("/etc/passwd.pdf", "file_name_invalid"),
            ("a.pdf%00.png", "control_character"),
            ("a%0D%0ASet-Cookie: x.pdf", "control_character"),
            // The ending stands elsewhere than it is: `fdp.exe` read from the right.
            ("a%E2%80%AEexe.pdf", "control_character"),
            ("a.pdf.exe", "file_ending_mismatch"),
            ("a.png", "file_ending_mismatch"),
            ("pdf", "file_ending_mismatch"),
            ("%20", "blank"),
            ("%FF.pdf", "not_utf8"),
        ] {
            let answer = attach(&app, &id, 1, name, "application/pdf", PDF).await;
            let body: Value = serde_json::from_str(&answer.text).unwrap();
            assert_eq!((answer.status.as_u16(), &body["errors"][0]["code"]), (400, &json!(code)), "{name}: {body}");
        }
        is_untouched(&app, &id).await;
        let kept = attach(&app, &id, 1, "%22;filename=x.exe;..pdf", "application/pdf", PDF).await.created();
        let path = format!("/records/{id}/attachments/{}", kept["attachments"][0]["sha256"].as_str().unwrap());
        let answer = app.get(&path).header("range", "bytes=0-0").await;
        assert_eq!(answer.header("content-disposition"), Some(
            "attachment; filename=\"filename-x-exe.pdf\"; filename*=UTF-8''%22%3Bfilename%3Dx.exe%3B..pdf"));
    }

    async fn a_file_one_byte_over_the_limit_is_refused_with_and_without_its_length(app: App) {
        let id = draft(&app).await;
        let mut large = PDF.to_vec();
        large.resize(100_001, b' ');
        let told = attach(&app, &id, 1, "a.pdf", "application/pdf", &large).await;
        assert_eq!(told.problem(413, "body_too_large")["params"]["max_bytes"], 100_000);
        let chunks: Vec<Result<Vec<u8>, std::io::Error>> = large.chunks(30_000).map(|chunk| Ok(chunk.to_vec())).collect();
        let untold = app.call(Method::POST, &format!("/records/{id}/attachments?name=a.pdf")).header("if-match", "\"1\"");
        let untold = untold.header("content-type", "application/pdf");
        let untold = untold.body(Body::wrap_stream(futures_util::stream::iter(chunks))).await;
        untold.problem(413, "body_too_large");
        is_untouched(&app, &id).await;
        let full = attach(&app, &id, 1, "a.pdf", "application/pdf", &large[..100_000]).await.created();
        assert_eq!(full["attachments"][0]["size"], 100_000);
    }

    async fn an_upload_that_breaks_off_leaves_nothing(app: App) {
        let id = draft(&app).await;
        let mut stream = begin(&app, &id, 90_000, PDF).await;
        stream.shutdown().await.unwrap();
        // Until the service is done with it.
        stream.read_to_end(&mut Vec::new()).await.unwrap();
        is_untouched(&app, &id).await;
    }

    async fn what_is_refused_anyway_is_not_read(app: App) {
        let id = draft(&app).await;
        let viewer = app.account("viewer", Some("a")).await;
        // Neither the rest of the body nor the end of a time limit is waited for.
        let mut stream = begin(&viewer, &id, 90_000, b"").await;
        let mut answer = vec![0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(answer, b"HTTP/1.1 403");
        is_untouched(&app, &id).await;
    }

    async fn a_file_that_was_damaged_on_disk_is_not_given_out(app: App) {
        let id = draft(&app).await;
        let sent = attach_pdf(&app, &id, 1).await.created();
        let hash = sent["attachments"][0]["sha256"].as_str().unwrap();
        let file = app.files.join(&hash[..2]).join(&hash[2..]);
        let mut bytes = std::fs::read(&file).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        std::fs::write(&file, bytes).unwrap();
        let path = format!("/api/v1/records/{id}/attachments/{hash}");
        let whole = async { app.request(Method::GET, &path).send().await?.bytes().await };
        assert!(whole.await.is_err(), "it breaks off instead of ending");
    }
}
