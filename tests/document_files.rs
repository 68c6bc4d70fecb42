//! The one file of a document.

use std::path::Path;

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::documents::rest_on;
use crate::support::{Call, Remote, images};

const PDF: &[u8] = b"%PDF-1.7\n% what else it holds: \xff\x00\xfe\n";
const NAME: &str = "Quyết định 123.pdf";

async fn document(remote: &Remote) -> String {
    let created = remote
        .post("/documents", &json!({"number": "123/QĐ-TLĐ"}))
        .await
        .created();
    format!("/documents/{}", created["id"])
}

/// Sends a file to the document that was read as `version`.
fn send(
    remote: &Remote,
    document: &str,
    version: i64,
    name: &str,
    media_type: &str,
    bytes: &[u8],
) -> Call {
    remote
        .call(Method::PUT, &format!("{document}/file?name={name}"))
        .header("if-match", &format!("\"{version}\""))
        .header("content-type", media_type)
        .body(bytes.to_vec())
}

fn send_pdf(remote: &Remote, document: &str, version: i64) -> Call {
    send(remote, document, version, NAME, "application/pdf", PDF)
}

async fn bytes(remote: &Remote, document: &str) -> Vec<u8> {
    let request = remote.request(Method::GET, &format!("/api/v1{document}/file"));
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    answer.bytes().await.unwrap().to_vec()
}

pub fn count(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries
        .map(|path| if path.is_dir() { count(&path) } else { 1 })
        .sum()
}

on_both_engines! {
    async fn a_file_comes_back_as_it_was_sent(app: App) {
        let path = document(&app).await;
        assert_eq!(app.get(&path).await.ok()["file"], Value::Null);
        app.get(&format!("{path}/file")).await.problem(404, "not_found");

        let sent = send_pdf(&app, &path, 1).await;
        assert_eq!(sent.header("etag"), Some("\"2\""));
        let view = sent.ok();
        let hash = view["file"]["sha256"].as_str().unwrap();
        assert_eq!(view["file"], json!({
            "name": NAME, "media_type": "application/pdf", "size": PDF.len(), "sha256": hash
        }));
        assert_eq!(app.get(&path).await.ok(), view);
        assert_eq!(app.get("/documents").await.ok()["items"][0], view);

        assert_eq!(bytes(&app, &path).await, PDF);
        let tag = format!("\"{hash}\"");
        for method in [Method::GET, Method::HEAD] {
            let read = app.call(method, &format!("{path}/file")).header("accept-encoding", "gzip").await;
            assert_eq!(read.status.as_u16(), 200);
            for (name, value) in [
                ("content-type", "application/pdf"),
                ("content-length", &PDF.len().to_string()),
                ("etag", &tag),
                ("content-disposition", "attachment; filename=\"quyet-dinh-123.pdf\"; \
                    filename*=UTF-8''Quy%E1%BA%BFt%20%C4%91%E1%BB%8Bnh%20123.pdf"),
                ("content-security-policy", "sandbox; default-src 'none'"),
                ("x-content-type-options", "nosniff"),
            ] {
                assert_eq!(read.header(name), Some(value), "{name}");
            }
        }
        let again = app.get(&format!("{path}/file")).header("if-none-match", &tag).await;
        assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
    }

    async fn the_same_bytes_are_kept_once(app: App) {
        for name in ["a.pdf", "b.pdf"] {
            let path = document(&app).await;
            send(&app, &path, 1, name, "application/pdf", PDF).await.ok();
            assert_eq!(bytes(&app, &path).await, PDF);
        }
        assert_eq!(count(&app.files), 1);
    }

    async fn what_is_no_file_of_its_type_is_refused(app: App) {
        let path = document(&app).await;
        for (media_type, content) in [("image/png", PDF), ("application/pdf", b"<html>"), ("image/tiff", b"")] {
            let name = if media_type == "application/pdf" { "a.pdf" } else { "a.png" };
            let name = if media_type == "image/tiff" { "a.tiff" } else { name };
            let refused = send(&app, &path, 1, name, media_type, content).await.problem(422, "invalid");
            let error = &refused["errors"][0];
            assert_eq!((&error["header"], &error["code"]), (&json!("content-type"), &json!("content_mismatch")));
        }
        send(&app, &path, 1, "a", "text/html", b"<html>").await.problem(415, "unsupported_media_type");
        for (name, code) in [("", "blank"), ("a%2Fb.pdf", "file_name_invalid"), ("a%5Cb.pdf", "file_name_invalid"),
            (&"x".repeat(256), "too_long")] {
            let refused = send(&app, &path, 1, name, "application/pdf", PDF).await;
            let refused = refused.problem(400, "parameter_invalid");
            assert_eq!(refused["errors"][0]["code"], code);
        }
        assert_eq!(app.get(&path).await.ok()["version"], 1);
        assert_eq!(count(&app.files), 0);
    }

    async fn a_file_one_byte_over_the_limit_is_refused(app: App) {
        let path = document(&app).await;
        let mut large = PDF.to_vec();
        large.resize(100_001, b' ');
        let refused = send(&app, &path, 1, "a.pdf", "application/pdf", &large).await;
        assert_eq!(refused.problem(413, "body_too_large")["params"]["max_bytes"], 100_000);
        let sent = send(&app, &path, 1, "a.pdf", "application/pdf", &large[..100_000]).await;
        assert_eq!(sent.ok()["file"]["size"], 100_000);
    }

    async fn files_are_replaced_and_deleted_by_who_has_the_present_version(app: App) {
        let path = document(&app).await;
        let file = format!("{path}/file");
        app.delete(&file, 1).await.problem(404, "not_found");
        app.call(Method::PUT, &format!("{file}?name=a")).header("content-type", "application/pdf")
            .await.problem(428, "precondition_required");
        send_pdf(&app, &path, 1).await.ok();
        send_pdf(&app, &path, 1).await.problem(412, "version_outdated");
        assert_eq!(send_pdf(&app, &path, 2).await.ok()["version"], 2, "nothing changed");
        // A change of the particulars leaves the file.
        let patched = app.patch(&path, 2, &json!({"title": "Quyết định"})).await.ok();
        assert_eq!(patched["file"]["name"], NAME);

        let png = images::png(6, 4).bare;
        let replaced = send(&app, &path, 3, "b.png", "image/png", &png).await.ok();
        assert_eq!((&replaced["version"], &replaced["file"]["name"]), (&json!(4), &json!("b.png")));
        assert_eq!(bytes(&app, &path).await, png);

        app.delete(&file, 3).await.problem(412, "version_outdated");
        let without = app.delete(&file, 4).await;
        assert_eq!(without.header("etag"), Some("\"5\""));
        assert_eq!(without.ok()["file"], Value::Null);
        app.get(&file).await.problem(404, "not_found");
        app.get("/documents/99/file").await.problem(404, "not_found");
    }

    async fn the_feed_tells_of_the_file(app: App) {
        let start = app.feed_end().await;
        let path = document(&app).await;
        let view = send_pdf(&app, &path, 1).await.ok();
        app.delete(&format!("{path}/file"), 2).await.ok();
        let told = app.events(start, 3).await;
        assert_eq!(told[0]["data"]["file"], Value::Null);
        assert_eq!((&told[1]["type"], &told[1]["version"]), (&json!("document.updated"), &json!(2)));
        assert_eq!(told[1]["data"]["file"], view["file"]);
        assert_eq!(told[2]["data"]["file"], Value::Null);
    }

    async fn a_document_in_use_may_get_a_file_and_keeps_it(app: App) {
        let path = document(&app).await;
        rest_on(&app.store, 1).await;
        send_pdf(&app, &path, 1).await.ok();
        app.delete(&path, 2).await.problem(409, "document_in_use");
        assert_eq!(bytes(&app, &path).await, PDF);
    }

    async fn a_document_goes_with_its_file(app: App) {
        let path = document(&app).await;
        send_pdf(&app, &path, 1).await.ok();
        app.delete(&path, 2).await.is(204);
        app.get(&format!("{path}/file")).await.problem(404, "not_found");
    }

    async fn a_file_is_still_there_after_a_crash(program: Program) {
        let first = program.serve();
        let path = document(&first.remote).await;
        send_pdf(&first.remote, &path, 1).await.ok();
        first.kill();
        let second = program.serve();
        assert_eq!(bytes(&second.remote, &path).await, PDF);
        second.stop();
    }

    async fn a_folder_that_is_a_file_is_named(program: Program) {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("letter.txt");
        std::fs::write(&file, "Kính gửi").unwrap();
        let file = file.to_str().unwrap();
        let ended = program.command("serve").with("files.folder", file).run();
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
        assert!(ended.stderr.starts_with("liendoan: files.folder: "), "{ended:?}");
        assert!(ended.stderr.contains(file), "{ended:?}");
    }
}
