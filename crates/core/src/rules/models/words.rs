//! Words of schemas: keywords that a provider refuses, and names of properties that say too little or more than their schema does.

use crate::yaml::{Node, Value};
use std::collections::HashSet;

pub(super) fn refused_by_openai(word: &str) -> bool {
    matches!(
        word,
        "default"
            | "allOf"
            | "oneOf"
            | "not"
            | "if"
            | "then"
            | "else"
            | "dependentRequired"
            | "dependentSchemas"
            | "patternProperties"
            | "propertyNames"
            | "minProperties"
            | "maxProperties"
            | "unevaluatedProperties"
            | "unevaluatedItems"
            | "contains"
            | "minContains"
            | "maxContains"
            | "uniqueItems"
            | "prefixItems"
    )
}

pub(super) fn refused_by_gemini(word: &str) -> bool {
    matches!(
        word,
        "$schema"
            | "$id"
            | "$ref"
            | "$defs"
            | "definitions"
            | "const"
            | "exclusiveMinimum"
            | "exclusiveMaximum"
            | "multipleOf"
            | "uniqueItems"
            | "oneOf"
            | "allOf"
            | "not"
            | "if"
            | "then"
            | "else"
            | "patternProperties"
            | "propertyNames"
            | "dependentRequired"
            | "dependentSchemas"
            | "prefixItems"
            | "contains"
            | "unevaluatedProperties"
            | "unevaluatedItems"
    )
}

/// Names that fit anything.
pub(super) fn is_vague(lower: &str) -> bool {
    matches!(
        lower,
        "data"
            | "input"
            | "inputs"
            | "payload"
            | "params"
            | "parameters"
            | "args"
            | "arguments"
            | "body"
            | "info"
            | "object"
            | "obj"
            | "value"
            | "val"
            | "stuff"
            | "thing"
            | "misc"
    )
}

/// `id`, `book_id`, `bookId`, `uuid`.
pub(super) fn is_id(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    matches!(lower.as_str(), "id" | "uuid" | "guid") || lower.ends_with("_id") || lower.ends_with("-id") || name.ends_with("Id")
}

/// The format that a name tells.
pub(super) fn told_format(lower: &str) -> Option<&'static str> {
    let last = lower.rsplit(['_', '-']).next().unwrap_or(lower);
    Some(match (lower, last) {
        (_, "date" | "birthday") => "date",
        (_, "email" | "mail") => "email",
        (_, "url" | "uri" | "website" | "homepage") => "uri",
        (_, "uuid" | "guid") => "uuid",
        (_, "datetime" | "timestamp") => "date-time",
        (_, "hostname") => "hostname",
        (_, "ipv4") => "ipv4",
        (_, "ipv6") => "ipv6",
        (whole, "at") if whole != "at" => "date-time",
        _ => return None,
    })
}

/// True when no value is a word, and the description does not name each.
pub(super) fn is_mute(values: &[Node], description: &str) -> bool {
    let mute = |node: &Node| match &node.value {
        Value::Text(text) => text.chars().count() <= 1 || text.bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
    };
    if values.len() < 2 || !values.iter().all(mute) {
        return false;
    }
    let told: HashSet<&str> = description.split(|letter: char| !letter.is_alphanumeric()).collect();
    !values.iter().all(|value| value.as_word().is_some_and(|word| told.contains(word)))
}

/// What Anthropic takes as the name of an argument, by the text of its own error.
pub(super) fn is_anthropic_name(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'))
}
