//! Evidence: attached to records, approved with them, read by those who read them.

use chrono::{DateTime, TimeDelta, Utc};
use liendoan_core::Files;
use liendoan_core::files::loose;
use reqwest::Method;
use serde_json::{Value, json};

use crate::activities::{activity, allowed, drafted, staff, stand, step, step_because};
use crate::document_files::count;
use crate::support::{App, Call, Remote};

pub const PDF: &[u8] = b"%PDF-1.7\n% what else it holds: \xff\x00\xfe\n";
const NAME: &str = "Danh sách ký nhận.pdf";

/// Sends a file to a record that was read as `version`.
pub fn attach(
    remote: &Remote,
    id: &Value,
    version: i64,
    name: &str,
    media_type: &str,
    bytes: &[u8],
) -> Call {
    let path = format!("/records/{id}/attachments?name={name}");
    let call = remote.call(Method::POST, &path);
    let call = call.header("if-match", &format!("\"{version}\""));
    call.header("content-type", media_type).body(bytes.to_vec())
}

pub fn attach_pdf(remote: &Remote, id: &Value, version: i64) -> Call {
    attach(remote, id, version, NAME, "application/pdf", PDF)
}

/// A PDF that differs from every other of another number.
pub fn pdf(number: usize) -> Vec<u8> {
    format!("%PDF-1.7\n% {number}\n").into_bytes()
}

fn detach(remote: &Remote, id: &Value, version: i64, sha256: &Value) -> Call {
    let path = format!("/records/{id}/attachments/{}", sha256.as_str().unwrap());
    let call = remote.call(Method::DELETE, &path);
    call.header("if-match", &format!("\"{version}\""))
}

fn read(remote: &Remote, id: &Value, sha256: &Value) -> Call {
    let path = format!("/records/{id}/attachments/{}", sha256.as_str().unwrap());
    remote.get(&path)
}

fn hash_of(answer: &Value, index: usize) -> Value {
    answer["attachments"][index]["sha256"].clone()
}

/// Moves the clock by a day and a minute, and removes what is to go.
async fn a_day_later(app: &App) -> usize {
    let now = app.clock.now().and_utc();
    let later: DateTime<Utc> = now + TimeDelta::days(1) + TimeDelta::minutes(1);
    app.clock.set(later);
    let files = Files::open(&app.files).unwrap();
    loose::sweep(&app.store, &files).await.unwrap()
}

on_both_engines! {
    async fn evidence_comes_back_as_it_was_sent(app: App) {
        stand(&app).await;
        let recorder = app.account("recorder", Some("a")).await;
        let id = drafted(&recorder, &activity("a", "2020-03-05")).await;
        let sent = attach_pdf(&recorder, &id, 1).await;
        let view = sent.created();
        let hash = hash_of(&view, 0);
        assert_eq!(sent.header("location"), Some(&*format!("/api/v1/records/{id}/attachments/{}", hash.as_str().unwrap())));
        assert_eq!((sent.header("etag"), &view["version"]), (Some("\"2\""), &json!(2)));
        assert_eq!(view["attachments"], json!([{
            "name": NAME, "media_type": "application/pdf", "size": PDF.len(), "sha256": hash,
            "attached_by": format!("account:{}", recorder.id), "attached_at": "2026-01-15T05:00:00.000000Z"
        }]));
        let shown = recorder.get(&format!("/activities/{id}")).await.ok();
        assert_eq!(shown["attachments"], view["attachments"]);
        assert_eq!(recorder.all("/activities").await[0]["attachments"], view["attachments"]);
        assert_eq!(app.event("activity.updated").await["data"]["attachments"], view["attachments"]);

        let path = format!("/api/v1/records/{id}/attachments/{}", hash.as_str().unwrap());
        let whole = recorder.request(Method::GET, &path).send().await.unwrap();
        for (name, value) in [
            ("content-type", "application/pdf"),
            ("accept-ranges", "bytes"),
            ("content-disposition", "attachment; filename=\"danh-sach-ky-nhan.pdf\"; \
                filename*=UTF-8''Danh%20s%C3%A1ch%20k%C3%BD%20nh%E1%BA%ADn.pdf"),
            ("content-security-policy", "sandbox; default-src 'none'"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(whole.headers()[name], value, "{name}");
        }
        assert_eq!(whole.bytes().await.unwrap(), PDF);
        let tag = format!("\"{}\"", hash.as_str().unwrap());
        read(&recorder, &id, &hash).header("if-none-match", &tag).await.is(304);
    }

    async fn a_range_of_a_file_is_given_where_it_is_asked_for(app: App) {
        stand(&app).await;
        let recorder = app.account("recorder", Some("a")).await;
        let id = drafted(&recorder, &activity("a", "2020-03-05")).await;
        let text = attach(&recorder, &id, 1, "a.txt", "text/plain", b"0123456789").await.created();
        let hash = hash_of(&text, 0);
        let some = read(&recorder, &id, &hash).header("range", "bytes=2-4").await;
        assert_eq!((some.status.as_u16(), some.text.as_str()), (206, "234"));
        assert_eq!((some.header("content-range"), some.header("content-length")), (Some("bytes 2-4/10"), Some("3")));
        let last = read(&recorder, &id, &hash).header("range", "bytes=-2").await;
        assert_eq!(last.text, "89");
        let behind = read(&recorder, &id, &hash).header("range", "bytes=10-").await;
        behind.problem(416, "range_not_satisfiable");
        assert_eq!(behind.header("content-range"), Some("bytes */10"));
        let tag = format!("\"{}\"", hash.as_str().unwrap());
        for (only_if, status) in [(tag.as_str(), 206), ("\"another\"", 200)] {
            let answer = read(&recorder, &id, &hash).header("range", "bytes=0-0").header("if-range", only_if).await;
            assert_eq!(answer.status.as_u16(), status, "{only_if}");
        }
        let several = read(&recorder, &id, &hash).header("range", "bytes=0-0,2-2").await;
        assert_eq!((several.status.as_u16(), several.text.as_str()), (200, "0123456789"));
    }

    async fn what_was_approved_keeps_its_evidence_and_changes_by_a_correction_alone(app: App) {
        stand(&app).await;
        let (recorder, approver) = staff(&app, "a", "q1").await;
        let id = drafted(&recorder, &activity("a", "2020-03-05")).await;
        let hash = hash_of(&attach_pdf(&recorder, &id, 1).await.created(), 0);
        step(&recorder, &id, "submit", 2).await.ok();
        attach(&recorder, &id, 3, "b.pdf", "application/pdf", &pdf(1)).await.problem(409, "state_forbids");
        let approved = step(&approver, &id, "approve", 3).await.ok();
        assert_eq!(hash_of(&approved, 0), hash);
        let locked = attach(&recorder, &id, 4, "b.pdf", "application/pdf", &pdf(1)).await;
        assert_eq!(locked.problem(409, "state_forbids")["params"], json!({"state": "approved", "action": "edit"}));
        detach(&recorder, &id, 4, &hash).await.problem(409, "state_forbids");

        step_because(&recorder, &id, "correct", 4, "Thiếu danh sách").await.ok();
        detach(&recorder, &id, 5, &hash).await.ok();
        let other = attach(&recorder, &id, 6, "b.pdf", "application/pdf", &pdf(1)).await.created();
        assert_eq!(other["attachments"].as_array().unwrap().len(), 1);
        // What counts is shown with what was approved, and can be opened still.
        let versions = recorder.all(&format!("/records/{id}/versions")).await;
        assert_eq!((versions.len(), &versions[0]["attachments"][0]["sha256"]), (1, &hash));
        assert_eq!(read(&approver, &id, &hash).header("range", "bytes=0-3").await.text, "%PDF");

        // Thrown away, the correction leaves what was approved.
        let delete = recorder.call(Method::DELETE, &format!("/activities/{id}"));
        delete.header("if-match", "\"7\"").await.is(204);
        let back = recorder.get(&format!("/activities/{id}")).await.ok();
        assert_eq!((back["state"].as_str(), hash_of(&back, 0)), (Some("approved"), hash.clone()));
        read(&recorder, &id, &hash_of(&other, 0)).await.problem(404, "not_found");
        a_day_later(&app).await;
        assert_eq!(read(&recorder, &id, &hash).header("range", "bytes=0-3").await.text, "%PDF");
        assert_eq!(count(&app.files), 1, "what the correction had added is gone");
    }

    async fn who_reads_a_record_reads_its_evidence_and_nobody_else(app: App) {
        stand(&app).await;
        let (recorder, approver) = staff(&app, "a", "q1").await;
        let id = drafted(&recorder, &activity("a", "2020-03-05")).await;
        let hash = hash_of(&attach_pdf(&recorder, &id, 1).await.created(), 0);
        let elsewhere = app.account("recorder", Some("b")).await;
        read(&elsewhere, &id, &hash).await.problem(404, "not_found");
        attach_pdf(&elsewhere, &id, 2).await.problem(404, "not_found");
        attach_pdf(&approver, &id, 2).await.problem(403, "forbidden");
        // Nor by a record of their own.
        let own = drafted(&elsewhere, &activity("b", "2020-03-05")).await;
        read(&elsewhere, &own, &hash).await.problem(404, "not_found");
        read(&approver, &id, &json!("0".repeat(64))).await.problem(404, "not_found");
        read(&approver, &id, &json!("..%2F..%2Fetc%2Fpasswd")).await.problem(404, "not_found");
        app.get(&format!("/records/{id}/attachments")).await.problem(405, "method_not_allowed");
    }

    async fn whoever_attached_something_does_not_approve_it(app: App) {
        stand(&app).await;
        let (recorder, _) = staff(&app, "a", "hn").await;
        let both = app.account("administrator", Some("q1")).await;
        let id = drafted(&recorder, &activity("a", "2020-03-05")).await;
        attach_pdf(&both, &id, 1).await.created();
        step(&recorder, &id, "submit", 2).await.ok();
        step(&both, &id, "approve", 3).await.problem(403, "self_approval");
    }

    async fn each_reading_of_evidence_is_in_the_audit_log(app: App) {
        stand(&app).await;
        let (recorder, approver) = staff(&app, "a", "q1").await;
        let id = drafted(&recorder, &activity("a", "2020-03-05")).await;
        let hash = hash_of(&attach_pdf(&recorder, &id, 1).await.created(), 0);
        read(&approver, &id, &hash).header("range", "bytes=0-3").await.header("content-range").unwrap();
        let auditor = app.account("auditor", Some("q1")).await;
        let entries = auditor.all("/audit_entries?action=activity.attachment_read").await;
        assert_eq!(entries.len(), 1);
        assert_eq!((&entries[0]["actor"], &entries[0]["object_id"]), (&json!(format!("account:{}", approver.id)), &id));
        assert_eq!(entries[0]["after"], json!({"sha256": hash, "name": NAME}));
        let elsewhere = app.account("auditor", Some("q2")).await;
        assert_eq!(elsewhere.all("/audit_entries?action=activity.attachment_read").await.len(), 0);
    }

    async fn an_upload_sent_again_with_its_key_is_answered_as_before(app: App) {
        stand(&app).await;
        let recorder = app.account("recorder", Some("a")).await;
        let id = drafted(&recorder, &activity("a", "2020-03-05")).await;
        let first = attach_pdf(&recorder, &id, 1).key("once").await;
        let again = attach_pdf(&recorder, &id, 1).key("once").await;
        assert_eq!((again.created(), again.header("idempotency-replayed")), (first.created(), Some("true")));
        attach(&recorder, &id, 1, "b.pdf", "application/pdf", PDF).key("once").await.problem(422, "idempotency_key_reused");
        attach_pdf(&recorder, &id, 1).await.problem(412, "version_outdated");
        let same = attach_pdf(&recorder, &id, 2).await.problem(409, "already_attached");
        assert_eq!(same["params"], json!({"name": NAME}));
    }

    async fn what_no_record_names_goes_after_a_day_and_what_one_names_stays(app: App) {
        stand(&app).await;
        let recorder = app.account("recorder", Some("a")).await;
        let (kept, gone) = (
            drafted(&recorder, &activity("a", "2020-03-05")).await,
            drafted(&recorder, &activity("a", "2020-03-06")).await,
        );
        // The same file of both, and one of the second alone.
        let hash = hash_of(&attach_pdf(&recorder, &kept, 1).await.created(), 0);
        attach_pdf(&recorder, &gone, 1).await.created();
        attach(&recorder, &gone, 2, "b.pdf", "application/pdf", &pdf(1)).await.created();
        assert_eq!(count(&app.files), 2);
        let delete = recorder.call(Method::DELETE, &format!("/activities/{gone}"));
        delete.header("if-match", "\"3\"").await.is(204);
        let files = Files::open(&app.files).unwrap();
        assert_eq!(loose::sweep(&app.store, &files).await.unwrap(), 0, "not before its day");
        assert_eq!(a_day_later(&app).await, 1);
        assert_eq!(count(&app.files), 1);
        assert_eq!(read(&recorder, &kept, &hash).header("range", "bytes=0-3").await.text, "%PDF");
        assert_eq!(a_day_later(&app).await, 0);
    }

    async fn a_record_has_so_many_files_and_no_more(app: App) {
        stand(&app).await;
        let recorder = app.account("recorder", Some("a")).await;
        let id = drafted(&recorder, &activity("a", "2020-03-05")).await;
        for number in 0..50 {
            let version = i64::try_from(number).unwrap() + 1;
            attach(&recorder, &id, version, "a.pdf", "application/pdf", &pdf(number)).await.created();
        }
        attach(&recorder, &id, 51, "a.pdf", "application/pdf", &pdf(50)).await.refuses(&[("", "too_many")]);
        let shown = recorder.get(&format!("/activities/{id}")).await.ok();
        assert_eq!((shown["attachments"].as_array().unwrap().len(), allowed(&shown).len()), (50, 3));
    }
}
