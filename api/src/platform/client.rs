//! The browser client, where it has been built: read once at start, answered from memory.
//!
//! It asks for no authentication, since it is the same for everybody and holds no data. Addresses of the
//! API are never its own; every other one is a page, which the client finds by itself.

use std::collections::HashMap;
use std::path::Path;

use actix_web::http::Method;
use actix_web::http::header::{self, AcceptEncoding, ContentEncoding, Encoding, Header};
use actix_web::web::Bytes;
use actix_web::{Error, HttpRequest, HttpResponse, web};
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use liendoan_core::Code;
use liendoan_core::db::StartError;

use crate::http::Problem;
use crate::http::guard::{Methods, is_of_the_service, unmatched};

/// Stands in `index.html` where the nonce of the answer belongs (`client/vite.config.ts`).
const NONCE: &str = "NONCE_OF_THE_ANSWER";

/// Files under it bear a hash of what they hold in their names: they never change.
const HASHED: &str = "assets/";

/// The built client.
pub struct Client {
    page: String,
    files: HashMap<String, File>,
}

/// A file, with the forms that were compressed when it was built.
#[derive(Default)]
struct File {
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

impl Client {
    /// Reads the client that lies in `folder`; None if there is none.
    pub fn open(folder: &Path) -> Result<Option<Self>, StartError> {
        let index = folder.join("index.html");
        if !index.is_file() {
            return Ok(None);
        }
        let failed = |why: std::io::Error| {
            StartError::new(format!(
                "cannot read the client in {}: {why}",
                folder.display()
            ))
        };
        let page = std::fs::read_to_string(index).map_err(failed)?;
        let mut files = HashMap::new();
        collect(folder, "", &mut files).map_err(failed)?;
        Ok(Some(Self { page, files }))
    }

    fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, Problem> {
        let path = request.path().trim_start_matches('/');
        match self.files.get(path) {
            Some(file) => Ok(file.answer(path, request)),
            // A page of an older client asks for files that are gone: a page in their place would be no script.
            None if path.starts_with(HASHED) => Err(Code::NotFound.into()),
            None => Ok(self.answer_page()),
        }
    }

    /// The page, which may load nothing from elsewhere, and apply no styles but those of its own files and
    /// those that bear this answer's nonce.
    fn answer_page(&self) -> HttpResponse {
        let nonce = BASE64_STANDARD_NO_PAD.encode(rand::random::<[u8; 18]>());
        let policy = format!(
            "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; \
             img-src 'self' data: blob:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; \
             form-action 'self'; frame-ancestors 'none'"
        );
        HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
            .insert_header((header::CACHE_CONTROL, "no-cache"))
            .insert_header((header::CONTENT_SECURITY_POLICY, policy))
            .insert_header(("cross-origin-opener-policy", "same-origin"))
            .body(self.page.replace(NONCE, &nonce))
    }
}

/// Reads the files of a folder and of those in it, but for hidden ones and the page.
fn collect(folder: &Path, under: &str, files: &mut HashMap<String, File>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{under}{name}");
        if name.starts_with('.') || path == "index.html" {
            continue;
        }
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{path}/"), files)?;
            continue;
        }
        let bytes = Bytes::from(std::fs::read(entry.path())?);
        if let Some(path) = path.strip_suffix(".br") {
            files.entry(path.to_owned()).or_default().brotli = Some(bytes);
        } else if let Some(path) = path.strip_suffix(".gz") {
            files.entry(path.to_owned()).or_default().gzip = Some(bytes);
        } else {
            files.entry(path).or_default().plain = bytes;
        }
    }
    Ok(())
}

impl File {
    fn answer(&self, path: &str, request: &HttpRequest) -> HttpResponse {
        let forms = [
            (Encoding::brotli(), ContentEncoding::Brotli, &self.brotli),
            (Encoding::gzip(), ContentEncoding::Gzip, &self.gzip),
        ];
        let ready = forms.iter().filter(|(_, _, form)| form.is_some());
        let offered: Vec<Encoding> = ready.map(|(name, ..)| name.clone()).collect();
        let accepted = AcceptEncoding::parse(request).ok();
        let chosen =
            accepted.and_then(|it| it.negotiate(offered.iter().chain([&Encoding::identity()])));
        let form = forms
            .iter()
            .find(|(name, ..)| Some(name) == chosen.as_ref());
        let cache = if path.starts_with(HASHED) {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        let mut answer = HttpResponse::Ok();
        answer
            .insert_header((header::CONTENT_TYPE, media_type(path)))
            .insert_header((header::CACHE_CONTROL, cache))
            .insert_header((header::VARY, "Accept-Encoding"));
        match form {
            Some((_, encoding, Some(bytes))) => answer.insert_header(*encoding).body(bytes.clone()),
            _ => answer.body(self.plain.clone()),
        }
    }
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}

/// Answers where no operation does: what is the client's, and with a problem all else.
pub async fn serve(
    request: HttpRequest,
    client: Option<web::Data<Client>>,
    methods: web::Data<Methods>,
) -> Result<HttpResponse, Error> {
    match client {
        Some(client) if request.method() == Method::GET && !is_of_the_service(request.path()) => {
            Ok(client.answer(&request)?)
        }
        _ => unmatched(request, methods).await,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use actix_web::{App, test};

    use super::*;

    /// Asks a service with a built client; answers headers, as text, and the body.
    async fn ask(address: &str, encoding: &str) -> (HttpResponse, String) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("assets")).unwrap();
        for (name, content) in [
            (
                "index.html",
                "<script nonce=\"NONCE_OF_THE_ANSWER\"></script>",
            ),
            ("icon.svg", "<svg/>"),
            ("assets/a-1.js", "plain"),
            ("assets/a-1.js.br", "brotli"),
            ("assets/a-1.js.gz", "gzip"),
        ] {
            std::fs::write(folder.path().join(name), content).unwrap();
        }
        let client = Client::open(folder.path()).unwrap().unwrap();
        let app = App::new()
            .app_data(web::Data::new(client))
            .app_data(web::Data::new(Methods::new([])))
            .default_service(web::to(serve));
        let app = test::init_service(app).await;
        let request = test::TestRequest::get()
            .uri(address)
            .insert_header((header::ACCEPT_ENCODING, encoding))
            .to_request();
        match test::try_call_service(&app, request).await {
            Ok(answer) => {
                let (head, body) = answer.into_parts().1.into_parts();
                let body = to_bytes(body).await.ok().unwrap();
                let text = String::from_utf8(body.to_vec()).unwrap();
                (head.set_body(actix_web::body::BoxBody::new(())), text)
            }
            Err(error) => (error.error_response(), String::new()),
        }
    }

    fn header_of(answer: &HttpResponse, name: &str) -> String {
        let value = answer.headers().get(name);
        value.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
    }

    #[actix_web::test]
    async fn each_page_has_a_nonce_of_its_own_that_its_policy_names() {
        let mut nonces = Vec::new();
        for address in ["/", "/units/hn-tcnt?tab=history", "/apiary"] {
            let (answer, page) = ask(address, "identity").await;
            let nonce = page.split('"').nth(1).unwrap().to_owned();
            let policy = header_of(&answer, "content-security-policy");
            assert!(policy.contains(&format!("'nonce-{nonce}'")), "{policy}");
            assert_eq!(header_of(&answer, "cache-control"), "no-cache");
            nonces.push(nonce);
        }
        nonces.dedup();
        assert_eq!(nonces.len(), 3);
    }

    #[actix_web::test]
    async fn what_the_service_answers_is_left_to_it() {
        for address in [
            "/api/v1/units",
            "/docs/",
            "/openapi.json",
            "/.well-known/jwks.json",
        ] {
            let (answer, _) = ask(address, "identity").await;
            assert_eq!(answer.status().as_u16(), 404, "{address}");
        }
    }

    #[actix_web::test]
    async fn files_come_as_they_were_compressed_and_are_kept_for_ever() {
        for (accepted, form) in [
            ("gzip, deflate, br", "brotli"),
            ("gzip", "gzip"),
            ("identity", "plain"),
            ("br;q=0", "plain"),
        ] {
            let (answer, body) = ask("/assets/a-1.js", accepted).await;
            assert_eq!(body, form, "{accepted}");
            assert!(header_of(&answer, "cache-control").contains("immutable"));
            assert_eq!(
                header_of(&answer, "content-type"),
                "text/javascript; charset=utf-8"
            );
        }
        let (icon, body) = ask("/icon.svg", "br").await;
        assert_eq!(
            (body.as_str(), header_of(&icon, "cache-control").as_str()),
            ("<svg/>", "no-cache")
        );
    }

    #[actix_web::test]
    async fn a_file_of_an_older_client_is_not_found() {
        assert_eq!(ask("/assets/a-0.js", "br").await.0.status().as_u16(), 404);
    }

    #[actix_web::test]
    async fn where_nothing_was_built_there_is_no_client() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Client::open(folder.path()).unwrap().is_none());
    }
}
