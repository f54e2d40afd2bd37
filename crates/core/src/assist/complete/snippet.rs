//! What is written for a key: the form that its value has, with places to fill in.

use super::Offers;
use crate::shape::{KeyInfo, Keys, Shape};
use crate::yaml::write;

/// Text that stands in a snippet for itself.
pub(super) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$")
}

/// The next place to fill in.
pub(super) fn blank(number: &mut usize) -> String {
    *number += 1;
    format!("${number}")
}

/// The next place to fill in, with something to begin with.
pub(super) fn filled(number: &mut usize, usual: &str) -> String {
    *number += 1;
    format!("${{{number}:{}}}", escaped(usual).replace('}', "\\}"))
}

impl Offers<'_, '_> {
    /// A key with the form of its value.
    pub(super) fn key_insert(&self, info: &'static KeyInfo) -> (String, bool) {
        let name = self.written(info.name);
        if self.place.colon {
            return (name, false);
        }
        let mut number = 0;
        (format!("{name}:{}", value_of(info, self.place.indent, self.place.flow, &mut number)), true)
    }
}

/// What stands behind the colon, with the blank or line break before it.
fn value_of(info: &'static KeyInfo, indent: usize, flow: bool, number: &mut usize) -> String {
    let inner = " ".repeat(indent + 2);
    match info.shape {
        Shape::List(item) => match item.keys() {
            Some(keys) if flow => format!(" [{}]", in_braces(keys, number)),
            Some(keys) => format!("\n{inner}- {}", skeleton(keys, indent + 4, number)),
            None => format!(" [{}]", scalar(info, number)),
        },
        Shape::Map(keys) if flow => format!(" {}", in_braces(keys, number)),
        Shape::Map(keys) => format!("\n{inner}{}", skeleton(keys, indent + 2, number)),
        Shape::Table(_) if flow => format!(" {{{}}}", blank(number)),
        Shape::Table(_) => format!("\n{inner}{}", blank(number)),
        _ => format!(" {}", scalar(info, number)),
    }
}

fn scalar(info: &'static KeyInfo, number: &mut usize) -> String {
    match (info.shape, info.example, info.usual) {
        // Whoever writes it down wants the other.
        (Shape::Bool, _, Some("true")) => filled(number, "false"),
        (Shape::Bool, ..) => filled(number, "true"),
        (Shape::Number, Some(usual), _) | (Shape::Number, None, Some(usual)) => filled(number, usual),
        (_, Some(example), _) if example.starts_with("${") => format!("'{}'", escaped(example)),
        (_, Some(example), _) => filled(number, &write_plain(example)),
        _ => blank(number),
    }
}

/// The lines of a mapping's keys that it cannot do without; an empty line's place when there are none.
pub(super) fn skeleton(keys: &'static Keys, indent: usize, number: &mut usize) -> String {
    let required: Vec<&KeyInfo> = keys.keys.iter().filter(|key| key.required).collect();
    if required.is_empty() {
        return blank(number);
    }
    let lines = required.into_iter().map(|key| format!("{}:{}", key.name, value_of(key, indent, false, number)));
    lines.collect::<Vec<_>>().join(&format!("\n{}", " ".repeat(indent)))
}

/// The same in braces; without required keys, the first few that are said in a word.
pub(super) fn in_braces(keys: &'static Keys, number: &mut usize) -> String {
    let words = |key: &&KeyInfo| matches!(key.shape, Shape::Text | Shape::Word | Shape::Number | Shape::Bool);
    let mut shown: Vec<&KeyInfo> = keys.keys.iter().filter(|key| key.required).collect();
    if shown.is_empty() {
        shown = keys.keys.iter().filter(words).take(4).collect();
    }
    if shown.is_empty() {
        return format!("{{{}}}", blank(number));
    }
    let entries = shown.into_iter().map(|key| format!("{}:{}", key.name, value_of(key, 0, true, number)));
    format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
}

/// A word that is written without quotes where it can be: an example of a number is one.
fn write_plain(example: &str) -> String {
    if example.starts_with(|first: char| first.is_ascii_digit()) && !example.contains([' ', ':']) {
        example.to_owned()
    } else {
        write::word(example)
    }
}
