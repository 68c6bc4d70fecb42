//! Bodies of forms, as OAuth 2.0 writes its requests.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use liendoan_core::Error;
use liendoan_core::error::{Code, FieldError};
use url::form_urlencoded;

use super::Problem;
use super::body::{BoxFuture, read};

/// The longest body of a form, in bytes: all that is sent so is short.
const LENGTH_MAX: usize = 20_000;

/// Parameters of `application/x-www-form-urlencoded`, each once. One without a value counts as left out
/// (RFC 6749, section 3.2).
pub struct Form(Vec<(String, String)>);

impl Form {
    pub fn get(&self, name: &str) -> Option<&str> {
        let mut given = self.0.iter();
        given
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    pub fn required(&self, name: &str) -> Result<&str, Error> {
        let missing = || Error::at(FieldError::parameter(name, Code::Required));
        self.get(name).ok_or_else(missing)
    }

    fn parse(body: &[u8]) -> Result<Self, Error> {
        if body.len() > LENGTH_MAX {
            return Err(Error::new(Code::BodyTooLarge).with("max_bytes", LENGTH_MAX));
        }
        let mut given: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(body) {
            let refused = |code| Err(Error::at(FieldError::parameter(name.as_ref(), code)));
            // What is no UTF-8 arrives as U+FFFD.
            if name.contains('\u{FFFD}') || value.contains('\u{FFFD}') {
                return refused(Code::NotUtf8);
            }
            if value.contains(char::is_control) {
                return refused(Code::ControlCharacter);
            }
            if given.iter().any(|(known, _)| *known == name) {
                return refused(Code::RepeatedParameter);
            }
            given.push((name.into_owned(), value.into_owned()));
        }
        given.retain(|(_, value)| !value.is_empty());
        Ok(Self(given))
    }
}

impl FromRequest for Form {
    type Error = Problem;
    type Future = BoxFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = read(request, payload, "application/x-www-form-urlencoded");
        Box::pin(async move { Ok(Self::parse(&body.await?)?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_parameter_stands_once_and_an_empty_one_not_at_all() {
        let form = Form::parse(b"grant_type=client_credentials&scope=&x=a+b%26").ok();
        let form = form.unwrap();
        assert_eq!(form.get("grant_type"), Some("client_credentials"));
        assert_eq!((form.get("scope"), form.get("x")), (None, Some("a b&")));
        assert!(form.required("scope").is_err());
        let refused = |body: &[u8]| Form::parse(body).err().unwrap().field_errors()[0].code;
        assert_eq!(refused(b"a=1&a="), Code::RepeatedParameter);
        assert_eq!(refused(b"a=%ff"), Code::NotUtf8);
        assert_eq!(refused(b"a=%00"), Code::ControlCharacter);
    }
}
