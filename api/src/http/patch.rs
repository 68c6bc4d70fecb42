//! Merge patches (RFC 7396): what changes of a thing, and no more.

use std::fmt;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use liendoan_core::Error;
use serde::Serialize;
use serde::de::{DeserializeOwned, Error as _, MapAccess, Visitor};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use super::Problem;
use super::body::{BoxFuture, of_value, parse, read};

/// A merge patch (RFC 7396) for a `T`: members given are set, `null` clears, the rest stays.
#[derive(Debug)]
pub struct Patch<T> {
    members: Map<String, Value>,
    _of: std::marker::PhantomData<fn() -> T>,
}

impl<T> Clone for Patch<T> {
    fn clone(&self) -> Self {
        Self {
            members: self.members.clone(),
            _of: std::marker::PhantomData,
        }
    }
}

impl<T: Serialize + DeserializeOwned> Patch<T> {
    /// `current` with the patch on it, read as strictly as a body.
    pub fn apply(&self, current: &T) -> Result<T, Error> {
        self.put_on(serde_json::to_value(current).map_err(Error::internal)?)
    }

    /// What it sets, for a thing that tells `null` from what is not named.
    pub fn read(&self) -> Result<T, Error> {
        of_value(Value::Object(self.members.clone()))
    }

    /// What it sets, as it was sent.
    pub fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    /// What the patch makes of nothing.
    pub fn to_new(&self) -> Result<T, Error> {
        self.put_on(Value::Object(Map::new()))
    }

    fn put_on(&self, mut target: Value) -> Result<T, Error> {
        for (name, value) in &self.members {
            if value.is_null() {
                // Left for the reader, to whom it is the same as absent, and an unknown name is not.
                target[name] = Value::Null;
            } else {
                merge(&mut target[name], value);
            }
        }
        of_value(target)
    }
}

/// RFC 7396, section 2.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(members) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    if let Value::Object(target) = target {
        for (name, value) in members {
            if value.is_null() {
                target.remove(name);
            } else {
                merge(target.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
    }
}

impl<T: 'static> FromRequest for Patch<T> {
    type Error = Problem;
    type Future = BoxFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = read(request, payload, "application/merge-patch+json");
        Box::pin(async move { Ok(parse(&body.await?)?) })
    }
}

impl<'de, T> serde::Deserialize<'de> for Patch<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Members(members) = Members::deserialize(deserializer)?;
        Ok(Self {
            members,
            _of: std::marker::PhantomData,
        })
    }
}

/// A JSON object in which no name stands twice.
struct Members(Map<String, Value>);

impl<'de> serde::Deserialize<'de> for Members {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;

        impl<'de> Visitor<'de> for Reader {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Map::new();
                while let Some(name) = map.next_key::<String>()? {
                    if members.contains_key(&name) {
                        return Err(A::Error::custom(format_args!("duplicate field `{name}`")));
                    }
                    members.insert(name, map.next_value()?);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Reader)
    }
}

/// The document's schema of a patch: that of the whole, with nothing required.
///
/// The trait is what the derive implements; utoipa has no public one for generic types.
impl<T: ToSchema> utoipa::__dev::ComposeSchema for Patch<T> {
    fn compose(_: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        let mut schema = T::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.required.clear();
            for property in object.properties.values_mut() {
                if let RefOr::T(Schema::Object(property)) = property {
                    property.default = None;
                }
            }
        }
        schema
    }
}

impl<T: ToSchema> ToSchema for Patch<T> {
    fn name() -> std::borrow::Cow<'static, str> {
        "Patch".into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        T::schemas(schemas);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn merging_follows_the_examples_of_the_rfc() {
        // RFC 7396, appendix A: original, patch, result.
        for (mut original, patch, result) in [
            (json!({"a":"b"}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"b"}), json!({"b":"c"}), json!({"a":"b","b":"c"})),
            (json!({"a":"b"}), json!({"a":null}), json!({})),
            (
                json!({"a":"b","b":"c"}),
                json!({"a":null}),
                json!({"b":"c"}),
            ),
            (json!({"a":["b"]}), json!({"a":"c"}), json!({"a":"c"})),
            (json!({"a":"c"}), json!({"a":["b"]}), json!({"a":["b"]})),
            (
                json!({"a":{"b":"c"}}),
                json!({"a":{"b":"d","c":null}}),
                json!({"a":{"b":"d"}}),
            ),
            (json!({"a":[{"b":"c"}]}), json!({"a":[1]}), json!({"a":[1]})),
            (json!(["a", "b"]), json!(["c", "d"]), json!(["c", "d"])),
            (json!({"a":"b"}), json!(["c"]), json!(["c"])),
            (json!({"a":"foo"}), json!(null), json!(null)),
            (json!({"a":"foo"}), json!("bar"), json!("bar")),
            (json!({"e":null}), json!({"a":1}), json!({"e":null,"a":1})),
            (json!([1, 2]), json!({"a":"b","c":null}), json!({"a":"b"})),
            (
                json!({}),
                json!({"a":{"bb":{"ccc":null}}}),
                json!({"a":{"bb":{}}}),
            ),
        ] {
            merge(&mut original, &patch);
            assert_eq!(original, result, "{patch}");
        }
    }
}
