//! Which drafts there are, and where in a schema further schemas stand.

use serde_json::{Map, Value};

/// A draft of JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub enum Draft {
    #[serde(rename = "4")]
    Four,
    #[serde(rename = "6")]
    Six,
    #[serde(rename = "7")]
    Seven,
    #[serde(rename = "2019-09")]
    Y2019,
    #[serde(rename = "2020-12")]
    Y2020,
}

impl Draft {
    /// The draft that a `$schema` names.
    pub fn named(address: &str) -> Option<Self> {
        let plain = address.strip_suffix('#').unwrap_or(address);
        let plain = plain.strip_prefix("https://").or_else(|| plain.strip_prefix("http://"))?;
        Some(match plain.strip_prefix("json-schema.org/")? {
            "draft-04/schema" => Self::Four,
            "draft-06/schema" => Self::Six,
            "draft-07/schema" => Self::Seven,
            "draft/2019-09/schema" => Self::Y2019,
            "draft/2020-12/schema" => Self::Y2020,
            _ => return None,
        })
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Four => "draft-04",
            Self::Six => "draft-06",
            Self::Seven => "draft-07",
            Self::Y2019 => "2019-09",
            Self::Y2020 => "2020-12",
        }
    }

    /// The key under which a schema says its own address.
    pub(super) fn id_key(self) -> &'static str {
        if self == Self::Four { "id" } else { "$id" }
    }

    /// Where parts to refer to are kept.
    pub(super) fn parts_key(self) -> &'static str {
        if self < Self::Y2019 { "definitions" } else { "$defs" }
    }
}

/// How schemas stand below a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    One,
    List,
    /// Either of these two: `items` of older drafts.
    OneOrList,
    /// By name.
    Map,
}

/// A schema below another.
pub(crate) struct Child<'a> {
    pub(crate) keyword: &'a str,
    /// The name or number below the keyword, when the keyword holds several.
    pub(crate) step: Option<Step<'a>>,
    pub(crate) schema: &'a Value,
}

/// A step into a mapping or list.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step<'a> {
    Name(&'a str),
    Number(usize),
}

impl Child<'_> {
    /// True for a keyword that speaks of the very value that its schema speaks of: to follow it gets nowhere in a value.
    pub(crate) fn stays(&self) -> bool {
        matches!(self.keyword, "allOf" | "anyOf" | "oneOf" | "not" | "if" | "then" | "else" | "dependentSchemas" | "dependencies")
    }

    /// Appends the pointer's steps from the outer schema to this one.
    pub(crate) fn extend(&self, pointer: &mut String) {
        pointer.push('/');
        pointer.push_str(&super::escaped(self.keyword));
        match self.step {
            Some(Step::Name(name)) => {
                pointer.push('/');
                pointer.push_str(&super::escaped(name));
            }
            Some(Step::Number(number)) => {
                pointer.push('/');
                pointer.push_str(&number.to_string());
            }
            None => {}
        }
    }
}

/// Every schema that stands directly below one. Of all drafts at once: an older keyword in a newer schema is the author's schema all the same.
pub(crate) fn children(schema: &Map<String, Value>) -> Vec<Child<'_>> {
    let mut found = Vec::new();
    for (keyword, value) in schema {
        let keyword = keyword.as_str();
        let form = match keyword {
            "additionalProperties"
            | "additionalItems"
            | "unevaluatedProperties"
            | "unevaluatedItems"
            | "contains"
            | "propertyNames"
            | "not"
            | "if"
            | "then"
            | "else"
            | "contentSchema" => Form::One,
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => Form::List,
            "items" => Form::OneOrList,
            "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas" | "dependencies" => Form::Map,
            _ => continue,
        };
        match (form, value) {
            (Form::One | Form::OneOrList, Value::Object(_) | Value::Bool(_)) => {
                found.push(Child { keyword, step: None, schema: value });
            }
            (Form::List | Form::OneOrList, Value::Array(items)) => {
                let each = items.iter().enumerate().filter(|(_, item)| item.is_object() || item.is_boolean());
                found.extend(each.map(|(at, schema)| Child { keyword, step: Some(Step::Number(at)), schema }));
            }
            (Form::Map, Value::Object(entries)) => {
                let each = entries.iter().filter(|(_, item)| item.is_object() || item.is_boolean());
                found.extend(each.map(|(name, schema)| Child { keyword, step: Some(Step::Name(name)), schema }));
            }
            _ => {}
        }
    }
    found
}
