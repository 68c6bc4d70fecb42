//! What a line of the log says: text for people, JSON for machines. The formatters that come with
//! `tracing-subscriber` take three times as long, and need a span to bear the request's id.

use std::fmt::{Debug, Write};

use serde::ser::{SerializeMap, Serializer};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_log::NormalizeEvent;
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::layer::Context;

use super::lines;
use crate::config::LogFormat;
use crate::http::guard::request_id;

/// Bytes of most lines, at most.
const USUAL: usize = 320;

/// Makes a line of each event of `tracing`.
pub struct Form(pub LogFormat);

impl<S: Subscriber> Layer<S> for Form {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let line = match self.0 {
            LogFormat::Text => text(event).ok().map(String::into_bytes),
            LogFormat::Json => json(event).ok(),
        };
        // Memory takes all that is written to it, so there is one.
        if let Some(mut line) = line {
            line.push(b'\n');
            lines::take(&line, *event.metadata().level() <= Level::WARN);
        }
    }
}

fn text(event: &Event<'_>) -> Result<String, std::fmt::Error> {
    let normal = event.normalized_metadata();
    let about = normal.as_ref().unwrap_or_else(|| event.metadata());
    let mut line = String::with_capacity(USUAL);
    SystemTime.format_time(&mut Writer::new(&mut line))?;
    write!(line, " {:>5} {}:", about.level(), about.target())?;
    event.record(&mut Text(&mut line));
    if let Some(id) = request_id() {
        write!(line, " request_id={id}")?;
    }
    // One event, one line, whatever a cause says of itself.
    if line.contains(char::is_control) {
        line = line.replace(char::is_control, " ");
    }
    Ok(line)
}

struct Text<'a>(&'a mut String);

impl Visit for Text<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // A string takes all that is written to it.
        let _ = match field.name() {
            "message" => write!(self.0, " {value:?}"),
            name if is_of_log(name) => Ok(()),
            name => write!(self.0, " {name}={value:?}"),
        };
    }
}

fn json(event: &Event<'_>) -> serde_json::Result<Vec<u8>> {
    let normal = event.normalized_metadata();
    let about = normal.as_ref().unwrap_or_else(|| event.metadata());
    let mut now = String::new();
    let _ = SystemTime.format_time(&mut Writer::new(&mut now));
    let mut line = Vec::with_capacity(USUAL);
    let mut serializer = serde_json::Serializer::new(&mut line);
    let mut members = serializer.serialize_map(None)?;
    members.serialize_entry("timestamp", &now)?;
    members.serialize_entry("level", about.level().as_str())?;
    members.serialize_entry("target", about.target())?;
    event.record(&mut Members(&mut members));
    if let Some(id) = request_id() {
        members.serialize_entry("request_id", &format_args!("{id}"))?;
    }
    members.end()?;
    Ok(line)
}

struct Members<'a, M>(&'a mut M);

impl<M: SerializeMap> Visit for Members<'_, M> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(field, &format_args!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, &value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, &value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, &value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, &value);
    }
}

impl<M: SerializeMap> Members<'_, M> {
    fn add<T: serde::Serialize + ?Sized>(&mut self, field: &Field, value: &T) {
        if !is_of_log(field.name()) {
            let _ = self.0.serialize_entry(field.name(), value);
        }
    }
}

/// Whether it is one of the fields in which the events of the crate `log` carry where they come from.
fn is_of_log(name: &str) -> bool {
    name.starts_with("log.")
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use actix_web::middleware::from_fn;
    use actix_web::{App, HttpResponse, test, web};
    use serde_json::Value;
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;
    use crate::http::guard::guard;

    /// Keeps each event in both forms.
    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<(String, Value)>>>);

    impl<S: Subscriber> Layer<S> for Kept {
        fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
            let json = serde_json::from_slice(&json(event).unwrap()).unwrap();
            self.0.lock().unwrap().push((text(event).unwrap(), json));
        }
    }

    async fn telling() -> HttpResponse {
        let cause = "one\ntwo\u{1b}[31m";
        tracing::warn!(%cause, attempts = 3, "could not");
        HttpResponse::Ok().finish()
    }

    #[actix_web::test]
    async fn each_line_of_a_request_bears_its_id() {
        let kept = Kept::default();
        let subscriber = tracing_subscriber::registry().with(kept.clone());
        let _guard = tracing::subscriber::set_default(subscriber);
        let app = App::new()
            .wrap(from_fn(guard))
            .route("/", web::get().to(telling));
        let app = test::init_service(app).await;
        let request = test::TestRequest::get().uri("/").to_request();
        let answer = test::call_service(&app, request).await;
        let id = answer
            .headers()
            .get("x-request-id")
            .unwrap()
            .to_str()
            .unwrap();

        let lines = kept.0.lock().unwrap().clone();
        let [(told, told_json), (answered, answered_json)] = &lines[..] else {
            panic!("{lines:?}");
        };
        let about = "WARN liendoan::platform::form::tests";
        let rest = format!(" {about}: could not cause=one two [31m attempts=3 request_id={id}");
        assert!(told.ends_with(&rest), "{told}");
        assert_eq!(told_json["cause"], "one\ntwo\u{1b}[31m");
        assert_eq!(told_json["attempts"], 3);
        assert_eq!(told_json["message"], "could not");
        assert_eq!(told_json["request_id"], id);
        for part in [
            " INFO ",
            ": answered method=GET path=\"/\" status=200 micros=",
            id,
        ] {
            assert!(answered.contains(part), "{answered}");
        }
        assert_eq!(answered_json["level"], "INFO");
        assert_eq!(answered_json["path"], "/");
        assert_eq!(answered_json["request_id"], id);
    }
}
