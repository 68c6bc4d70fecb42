//! A JSON object whose names are each there once. Of two `sub` one reader takes the first and another the
//! last: that is how a token comes to say two things.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::Refusal;

pub fn read(json: &[u8]) -> Result<Map<String, Value>, Refusal> {
    let members: Members = serde_json::from_slice(json).map_err(|_| Refusal::NotJson)?;
    if members.has_repeated {
        return Err(Refusal::RepeatedMember);
    }
    Ok(members.by_name)
}

#[derive(Default)]
struct Members {
    by_name: Map<String, Value>,
    has_repeated: bool,
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Members::default();
        while let Some((name, value)) = map.next_entry()? {
            members.has_repeated |= members.by_name.insert(name, value).is_some();
        }
        Ok(members)
    }
}
