//! JSON bodies that a rule looks into: what is checked must be what the server reads.

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use std::collections::HashSet;
use std::fmt;

/// True for `application/json` and its kin.
pub(super) fn is_content_type(header: &str) -> bool {
    let kind = header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// The value of a JSON text in which no object has a key twice: readers disagree on which of the two counts.
pub(super) fn read_strictly(text: &[u8]) -> Result<Value, String> {
    if text.is_empty() {
        return Err("is empty".to_owned());
    }
    let value = serde_json::from_slice(text).map_err(|_| "is no JSON".to_owned())?;
    serde_json::from_slice::<NoTwins>(text).map_err(|_| "has a key twice".to_owned())?;
    Ok(value)
}

struct NoTwins;

impl<'de> Deserialize<'de> for NoTwins {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for NoTwins {
    type Value = Self;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        let mut keys = HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            if !keys.insert(key) {
                return Err(A::Error::custom("a key twice"));
            }
            map.next_value::<Self>()?;
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_may_stand_once() {
        assert!(read_strictly(br#"{"a": [1, -2, 0.5, true, null, "x", {"a": {}}]}"#).is_ok());
        for (text, trouble) in [
            (r#"{"role": "user", "role": "admin"}"#, "has a key twice"),
            (r#"[{"a": {"b": 1, "\u0062": 2}}]"#, "has a key twice"),
            ("", "is empty"),
            ("{", "is no JSON"),
            ("{} {}", "is no JSON"),
        ] {
            assert_eq!(read_strictly(text.as_bytes()).unwrap_err(), trouble, "{text}");
        }
    }
}
