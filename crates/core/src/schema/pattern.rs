//! Patterns: whether one can be run, and texts that it matches.
//!
//! Patterns run on an engine that takes linear time, whatever they are: what looks around or refers back cannot run there, and is refused
//! with the reason. How much a compiled pattern may take is in [`super::bounds`].

use super::{Schema, pattern_fault};
use jsonschema_regex::to_rust_regex;
use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Value, json};

/// Longest text that is made for a pattern, in characters.
const MAX_TEXT: usize = 400;

/// A pattern of fewer states than this compiles within every limit; a larger one is tried.
const SURELY_SMALL: u64 = 2_000;

/// Why a pattern cannot be used, to be read after its place; nothing when it can.
pub(super) fn check(pattern: &str) -> Result<(), String> {
    let fault = || pattern_fault(pattern).trim_start_matches("has the pattern ").to_owned();
    let tree = read(pattern).ok_or_else(|| format!("is {}", fault()))?;
    if states(&tree) < SURELY_SMALL || Schema::from_value(&json!({ "pattern": pattern })).is_ok() {
        return Ok(());
    }
    Err(format!("is {}", fault()))
}

/// With more groups than this, what cannot be read is most likely too deep.
const MAX_GROUPS: usize = 200;

/// What keeps a pattern from being run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// The engine does not take something in it.
    Unread,
    /// Its groups stand too deep in each other.
    TooDeep,
    /// It takes more than may be had once it is compiled.
    TooLarge,
}

/// Says what keeps a pattern from being run; nothing when it can be. It is only compiled when its tree is large.
pub(crate) fn runs(pattern: &str) -> Option<Stopped> {
    if is_plain(pattern) {
        return None;
    }
    let Ok(translated) = to_rust_regex(pattern) else {
        return Some(if pattern.matches('(').count() > MAX_GROUPS { Stopped::TooDeep } else { Stopped::Unread });
    };
    // As deep as the engine itself reads.
    let tree = regex_syntax::ParserBuilder::new().build().parse(&translated);
    match tree {
        Ok(tree) if states(&tree) < SURELY_SMALL => None,
        Ok(_) => Schema::from_value(&json!({ "pattern": pattern })).is_err().then_some(Stopped::TooLarge),
        Err(regex_syntax::Error::Parse(error)) if matches!(error.kind(), regex_syntax::ast::ErrorKind::NestLimitExceeded(_)) => {
            Some(Stopped::TooDeep)
        }
        Err(_) => Some(Stopped::Unread),
    }
}

/// True for a short pattern of letters, digits and the signs that every dialect reads alike: most are, and a look tells it. Whether its
/// brackets close has been seen before.
fn is_plain(pattern: &str) -> bool {
    let bytes = pattern.as_bytes();
    let escapes_well = bytes.windows(2).all(|pair| pair[0] != b'\\' || b"dDwWsS.-/+*?()[]{}|^$\\".contains(&pair[1]));
    let counts = pattern.matches('{').count();
    let digits = pattern.split(|letter: char| !letter.is_ascii_digit()).map(str::len).max().unwrap_or_default();
    bytes.len() <= 80
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"^$[]()-_.{},+*?|/@:# \\".contains(byte))
        && escapes_well
        && !["(?", "[]", "[^]", "]]", "[["].iter().any(|odd| pattern.contains(odd))
        && counts <= 4
        && (digits <= 1 || counts <= 2 && digits <= 2 || counts <= 1 && digits <= 3)
}

/// About how many states the patterns of a schema compile to, all of them; what is past `most` is not counted any more.
pub(crate) fn states_of(schema: &Value, most: u64) -> u64 {
    let one = |pattern: &str| read(pattern).map_or(1, |tree| states(&tree));
    let mut sum: u64 = 0;
    let mut add = |more: u64| {
        sum = sum.saturating_add(more);
        sum <= most
    };
    match schema {
        Value::Array(items) => _ = items.iter().all(|item| add(states_of(item, most))),
        Value::Object(entries) => {
            _ = entries.iter().all(|(key, below)| match (key.as_str(), below) {
                ("pattern", Value::String(pattern)) => add(one(pattern)),
                ("patternProperties", Value::Object(patterns)) => {
                    patterns.keys().all(|pattern| add(one(pattern))) && add(states_of(below, most))
                }
                _ => add(states_of(below, most)),
            });
        }
        _ => {}
    }
    sum
}

/// A pattern's tree; `None` for what the engine does not take.
pub(super) fn read(pattern: &str) -> Option<Hir> {
    let translated = to_rust_regex(pattern).ok()?;
    regex_syntax::ParserBuilder::new().nest_limit(100).build().parse(&translated).ok()
}

/// About how many states a pattern compiles to.
fn states(tree: &Hir) -> u64 {
    match tree.kind() {
        HirKind::Empty | HirKind::Look(_) => 1,
        HirKind::Literal(literal) => literal.0.len() as u64,
        HirKind::Class(Class::Unicode(class)) => 3 * class.ranges().len() as u64,
        HirKind::Class(Class::Bytes(class)) => class.ranges().len() as u64,
        HirKind::Repetition(repetition) => {
            let times = u64::from(repetition.max.unwrap_or(repetition.min + 1)).max(1);
            states(&repetition.sub).saturating_mul(times)
        }
        HirKind::Capture(capture) => states(&capture.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => parts.iter().map(states).fold(1, u64::saturating_add),
    }
}

/// A text that a pattern matches. `choose` is asked for a number below its argument wherever there is a choice; `stretch` is how often more
/// than needed a part is repeated that may be. What looks at its surroundings is not looked at: the caller checks the text.
pub(super) fn text(tree: &Hir, stretch: u32, choose: &mut dyn FnMut(usize) -> usize) -> String {
    let mut out = Vec::new();
    write(tree, stretch, choose, &mut out);
    let text = String::from_utf8_lossy(&out);
    text.chars().take(MAX_TEXT).collect()
}

fn write(tree: &Hir, stretch: u32, choose: &mut dyn FnMut(usize) -> usize, out: &mut Vec<u8>) {
    if out.len() > 4 * MAX_TEXT {
        return;
    }
    match tree.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.extend_from_slice(&literal.0),
        HirKind::Class(class) => out.extend_from_slice(letter(class, choose).to_string().as_bytes()),
        HirKind::Capture(capture) => write(&capture.sub, stretch, choose, out),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, stretch, choose, out)),
        HirKind::Alternation(parts) => {
            let chosen = choose(parts.len());
            if let Some(part) = parts.get(chosen) {
                write(part, stretch, choose, out);
            }
        }
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(u32::MAX);
            let times = repetition.min.saturating_add(stretch).min(most);
            for _ in 0..times {
                if out.len() > 4 * MAX_TEXT {
                    return;
                }
                write(&repetition.sub, stretch, choose, out);
            }
        }
    }
}

/// A letter of a class: one that people would write, when the class has one.
fn letter(class: &Class, choose: &mut dyn FnMut(usize) -> usize) -> char {
    let has = |letter: char| match class {
        Class::Unicode(class) => class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&letter)),
        Class::Bytes(class) => u8::try_from(letter)
            .is_ok_and(|byte| class.ranges().iter().any(|range| (range.start()..=range.end()).contains(&byte))),
    };
    let plain: Vec<char> =
        ('a'..='z').chain('0'..='9').chain('A'..='Z').chain("-_. /:@".chars()).filter(|&one| has(one)).collect();
    if !plain.is_empty() {
        return plain[choose(plain.len()).min(plain.len() - 1)];
    }
    match class {
        Class::Unicode(class) => class.ranges().iter().map(regex_syntax::hir::ClassUnicodeRange::start).find(|one| *one >= ' '),
        Class::Bytes(class) => class.ranges().first().map(|range| char::from(range.start())),
    }
    .unwrap_or(' ')
}
