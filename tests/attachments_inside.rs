//! What lies inside a file: archives that harm, images that tell more than the picture, viruses; and how much
//! somebody may send.

use std::io::{Read, Write};
use std::net::TcpListener;

use reqwest::Method;
use serde_json::{Value, json};

use crate::activities::{activity, drafted, stand};
use crate::attachments::{attach, attach_pdf, pdf};
use crate::support::images::{self, SECRET};
use crate::support::zip::{Part, zip};
use crate::support::{Answer, App, Engine, run_with};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

async fn draft(app: &App) -> Value {
    stand(app).await;
    drafted(&app.admin(), &activity("a", "2020-03-05")).await
}

/// The bytes that are given back of the only file of a record.
async fn given_back(app: &App, record: &Value) -> Vec<u8> {
    let hash = record["attachments"][0]["sha256"].as_str().unwrap();
    let path = format!("/api/v1/records/{}/attachments/{hash}", record["id"]);
    let answer = app.request(Method::GET, &path).send().await.unwrap();
    answer.bytes().await.unwrap().to_vec()
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn docx(more: &[Part]) -> Vec<u8> {
    zip(&[&[Part::named("word/document.xml")], more].concat())
}

on_both_engines! {
    async fn a_document_is_taken_as_it_is(app: App) {
        let id = draft(&app).await;
        let whole = docx(&[Part::named("word/media/image1.png"), Part::named("[Content_Types].xml")]);
        let sent = attach(&app, &id, 1, "a.docx", DOCX, &whole).await.created();
        assert_eq!(given_back(&app, &sent).await, whole);
    }

    async fn an_archive_that_is_cut_off_is_refused(app: App) {
        let id = draft(&app).await;
        let whole = docx(&[]);
        for length in [whole.len() - 1, whole.len() / 2] {
            let answer = attach(&app, &id, 1, "a.docx", DOCX, &whole[..length]).await.problem(422, "invalid");
            assert_eq!(answer["errors"][0]["code"], "content_mismatch", "{length}");
        }
    }

    async fn an_image_is_kept_without_what_it_tells_beside_the_picture(app: App) {
        stand(&app).await;
        for (name, media_type, image) in [
            ("a.jpg", "image/jpeg", images::jpeg(600, 400)),
            ("a.png", "image/png", images::png(600, 400)),
            ("a.webp", "image/webp", images::webp(600, 400)),
        ] {
            let id = drafted(&app.admin(), &activity("a", "2020-03-05")).await;
            assert!(holds(&image.told, SECRET) && !holds(&image.bare, SECRET), "{name}");
            let sent = attach(&app, &id, 1, name, media_type, &image.told).await.created();
            assert_eq!(given_back(&app, &sent).await, image.bare, "{name}");
            assert_eq!(sent["attachments"][0]["size"], image.bare.len(), "{name}");
            // What holds nothing else stays as it is.
            let id = drafted(&app.admin(), &activity("a", "2020-03-05")).await;
            let again = attach(&app, &id, 1, name, media_type, &image.bare).await.created();
            assert_eq!(again["attachments"][0]["sha256"], sent["attachments"][0]["sha256"], "{name}");
        }
    }

    async fn an_image_that_no_program_could_show_is_refused(app: App) {
        let id = draft(&app).await;
        for (name, media_type, image) in [
            ("a.jpg", "image/jpeg", images::jpeg(50_000, 1_001)),
            ("a.png", "image/png", images::png(2_000_000, 26)),
            ("a.webp", "image/webp", images::webp(16_000, 16_000)),
        ] {
            let answer = attach(&app, &id, 1, name, media_type, &image.bare).await;
            let answer = answer.problem(422, "image_too_large");
            assert_eq!(answer["params"]["max_pixels"], 50_000_000, "{name}");
        }
    }

    async fn a_scan_is_taken_unless_it_tells_its_place(app: App) {
        let id = draft(&app).await;
        let tells = attach(&app, &id, 1, "a.tif", "image/tiff", &images::tiff(true)).await;
        tells.problem(422, "image_tells_place");
        let whole = images::tiff(false);
        let sent = attach(&app, &id, 1, "a.tif", "image/tiff", &whole).await.created();
        assert_eq!(given_back(&app, &sent).await, whole);
    }

    async fn an_image_of_broken_parts_is_refused(app: App) {
        let id = draft(&app).await;
        let (jpeg, png, webp) = (images::jpeg(6, 4).bare, images::png(6, 4).bare, images::webp(6, 4).bare);
        for (name, media_type, bytes) in [
            // In the middle of a part.
            ("a.jpg", "image/jpeg", &jpeg[..30]),
            ("a.png", "image/png", &png[..png.len() - 6]),
            ("a.webp", "image/webp", &webp[..webp.len() - 1]),
            // Directories that name each other in a circle.
            ("a.tif", "image/tiff", &b"II*\0\x08\0\0\0\0\0\x08\0\0\0"[..]),
        ] {
            let answer = attach(&app, &id, 1, name, media_type, bytes).await.problem(422, "invalid");
            assert_eq!(answer["errors"][0]["code"], "content_mismatch", "{name}");
        }
    }
}

async fn an_archive_that_harms_whoever_opens_it_is_refused(app: App) {
    let id = draft(&app).await;
    let part = Part::named("a");
    let many = vec![part; 10_000];
    // None of them floods for itself.
    let large = Part {
        packed: 700_000,
        unpacked: 60 << 20,
        ..part
    };
    let harmful = [
        (
            "packed too tightly",
            vec![Part {
                unpacked: 1 << 20,
                ..part
            }],
        ),
        (
            "larger than a disk",
            vec![Part {
                unpacked: u32::MAX,
                ..part
            }],
        ),
        ("large together", vec![large; 4]),
        ("too many parts", many),
        (
            "two over each other",
            vec![
                Part {
                    packed: 90_000,
                    ..part
                };
                2
            ],
        ),
        (
            "a link",
            vec![Part {
                mode: 0o120_777,
                ..part
            }],
        ),
        ("above its folder", vec![Part::named("../../etc/passwd")]),
        (
            "above its folder, for Windows",
            vec![Part::named("word\\..\\..\\a.exe")],
        ),
        ("from the root", vec![Part::named("/etc/passwd")]),
        ("on a drive", vec![Part::named("C:a.exe")]),
    ];
    for (what, parts) in harmful {
        let answer = attach(&app, &id, 1, "a.docx", DOCX, &docx(&parts)).await;
        let answer = answer.problem(422, "archive_harmful");
        assert_eq!(answer["params"]["max_ratio"], 100, "{what}");
    }
}

/// What a scanner that speaks as clamd does answers to each file: that it found something in what holds `EICAR`.
fn clamd() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut command = [0; 10];
            stream.read_exact(&mut command).unwrap();
            assert_eq!(&command, b"zINSTREAM\0");
            let mut file = Vec::new();
            loop {
                let mut length = [0; 4];
                stream.read_exact(&mut length).unwrap();
                let length = u64::from(u32::from_be_bytes(length));
                if length == 0 {
                    break;
                }
                (&mut stream).take(length).read_to_end(&mut file).unwrap();
            }
            let is_found = holds(&file, b"EICAR");
            let answer = if is_found {
                &b"stream: Eicar-Test-Signature FOUND\0"[..]
            } else {
                b"stream: OK\0"
            };
            stream.write_all(answer).unwrap();
        }
    });
    address
}

async fn what_the_scanner_finds_is_refused(app: App) {
    let id = draft(&app).await;
    let infected = attach(&app, &id, 1, "a.pdf", "application/pdf", b"%PDF-1.7 EICAR").await;
    let answer = infected.problem(422, "file_infected");
    assert_eq!(answer["params"], json!({"found": "Eicar-Test-Signature"}));
    attach_pdf(&app, &id, 1).await.created();
}

/// Whether the service takes files or not, the rest of it goes on.
async fn no_file_is_taken_without_the_scanner(app: App) {
    let id = draft(&app).await;
    attach_pdf(&app, &id, 1)
        .await
        .problem(503, "scanner_unavailable");
    app.get(&format!("/activities/{id}")).await.ok();
}

/// As much as two files of the test take.
const ENOUGH: usize = 2 * "%PDF-1.7\n% 1\n".len();

async fn who_has_sent_enough_goes_on_tomorrow(app: App) {
    let id = draft(&app).await;
    for number in 1..=2 {
        attach(
            &app,
            &id,
            number,
            "a.pdf",
            "application/pdf",
            &pdf(number as usize),
        )
        .await
        .created();
    }
    let answer = attach(&app, &id, 3, "a.pdf", "application/pdf", &pdf(3)).await;
    let answer = answer.problem(429, "upload_quota_spent");
    assert_eq!(answer["params"], json!({"max_bytes_per_day": ENOUGH}));
    // Another one has as much of their own.
    let recorder = app.account("recorder", Some("a")).await;
    attach(&recorder, &id, 3, "a.pdf", "application/pdf", &pdf(3))
        .await
        .created();
    app.clock.set("2026-01-16T05:00:00Z".parse().unwrap());
    attach(&app.admin(), &id, 4, "b.pdf", "application/pdf", &pdf(4))
        .await
        .created();
}

/// Sends the file of a number, always in the same words.
async fn send_again(app: &App, id: &Value, number: usize) -> Answer {
    let call = attach(app, id, 1, "a.pdf", "application/pdf", &pdf(number));
    call.key("k-1").await
}

async fn what_is_sent_again_counts_once(app: App) {
    let id = draft(&app).await;
    let first = send_again(&app, &id, 1).await.created();
    for _ in 0..3 {
        assert_eq!(send_again(&app, &id, 1).await.created(), first);
    }
    // Of another file nothing is kept.
    let other = send_again(&app, &id, 2).await;
    other.problem(422, "idempotency_key_reused");
    let call = attach(&app, &id, 2, "a.pdf", "application/pdf", &pdf(3));
    call.await.created();
    let call = attach(&app, &id, 3, "a.pdf", "application/pdf", &pdf(4));
    call.await.problem(429, "upload_quota_spent");
}

/// Two tests of one, with settings of its own.
macro_rules! on_both_engines_with {
    ($test:ident, $settings:expr) => {
        mod $test {
            use super::*;

            #[test]
            fn sqlite() {
                run_with(Engine::Sqlite, $settings, super::$test);
            }

            #[test]
            fn postgres() {
                run_with(Engine::Postgres, $settings, super::$test);
            }
        }
    };
}

on_both_engines_with!(
    an_archive_that_harms_whoever_opens_it_is_refused,
    &[("files.max_bytes", "4000000")]
);
on_both_engines_with!(
    what_the_scanner_finds_is_refused,
    &[("files.scanner", &clamd())]
);
on_both_engines_with!(
    no_file_is_taken_without_the_scanner,
    &[("files.scanner", "127.0.0.1:9")]
);
on_both_engines_with!(
    who_has_sent_enough_goes_on_tomorrow,
    &[("files.max_bytes_per_day", &ENOUGH.to_string())]
);
on_both_engines_with!(
    what_is_sent_again_counts_once,
    &[("files.max_bytes_per_day", &ENOUGH.to_string())]
);
