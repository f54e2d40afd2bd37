//! YAML text as a tree in which every key and value knows its place.
//!
//! Reading is serde-saphyr's; this module keeps its spans. [`parse`] stops at the first fault; [`blocks`] reads a text in stretches, so that
//! a fault costs only itself and an edit only the stretch that it is in.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{Error, Location, Spanned};
use std::fmt;
use std::ops::Range;

pub mod blocks;
mod limit;
mod recover;
pub(crate) mod strict;
pub mod tree;
pub mod write;

/// How deep a manifest may nest. The deepest field of the format stands at 12, and a schema below it takes two levels a property.
const MAX_DEPTH: usize = 200;

/// How much aliases may repeat, in steps of reading: two thousand tools that share a schema of forty parts take half of it.
const MAX_REPEATED: usize = 200_000;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Bytes of the text. A block mapping or list spans its items; what an alias stands for, and all below it, spans the alias.
    pub span: Range<usize>,
    pub value: Value,
    /// Where the value itself is written: elsewhere than `span` when an alias leads there.
    defined: Range<usize>,
}

/// What a node holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    /// A number as written down: `0x1f`, `1.50`.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Key, Node)>),
}

/// A key of a mapping and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    pub name: String,
    pub span: Range<usize>,
}

impl Default for Node {
    /// Nothing, nowhere.
    fn default() -> Self {
        Self::new(0..0, Value::Null)
    }
}

impl Key {
    fn moved(&self, by: usize) -> Self {
        Self { name: self.name.clone(), span: self.span.start + by..self.span.end + by }
    }
}

/// Why text is not YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    pub message: String,
    pub span: Range<usize>,
    /// The key that stands twice, when that is the fault.
    pub duplicate: Option<String>,
    /// True when an alias names an anchor that is not in the text before it.
    unknown_anchor: bool,
    /// True when aliases repeat more than is read.
    repeats: bool,
}

impl SyntaxError {
    pub(crate) fn new(message: impl Into<String>, span: Range<usize>) -> Self {
        Self { message: message.into(), span, duplicate: None, unknown_anchor: false, repeats: false }
    }

    /// The fault of a key that stands twice, at the second.
    pub(crate) fn duplicate(key: &Key) -> Self {
        Self { duplicate: Some(key.name.clone()), ..Self::new("this key stands twice", key.span.clone()) }
    }

    fn moved(mut self, by: usize) -> Self {
        self.span = self.span.start + by..self.span.end + by;
        self
    }
}

/// Reads text; an empty document is `Null`.
pub fn parse(text: &str) -> Result<Node, SyntaxError> {
    let options = serde_saphyr::options! {
        strict_booleans: true,
        merge_keys: serde_saphyr::options::MergeKeyPolicy::Merge,
        // `.inf` and `.nan` are numbers; whether one is wanted there is a rule's matter.
        non_finite_float_policy: serde_saphyr::options::NonFiniteFloatPolicy::PassThrough,
        budget: serde_saphyr::budget! { max_depth: MAX_DEPTH },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: MAX_REPEATED },
    };
    let mut node = serde_saphyr::from_str_with_options::<Node>(text, options).map_err(|error| syntax_error(text, &error))?;
    settle_spans(&mut node, text);
    Ok(node)
}

/// Reads text that may be broken: what can be kept, and every fault. Without faults it is what [`parse`] reads.
pub fn recover(text: &str) -> (Node, Vec<SyntaxError>) {
    let mut reading = blocks::Reader::default();
    let read = reading.read(text);
    (read.tree.into_root(), read.faults)
}

impl Node {
    /// A node that stands where it is written.
    pub(crate) fn new(span: Range<usize>, value: Value) -> Self {
        Self { defined: span.clone(), span, value }
    }

    /// The text, when it is text.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text or number, as it is written down.
    pub fn as_word(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) | Value::Number(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a list; nothing for anything else.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The entries of a mapping; nothing for anything else.
    pub fn entries(&self) -> &[(Key, Node)] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The value of a key.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entries().iter().find(|(key, _)| key.name == name).map(|(_, node)| node)
    }

    /// The key itself, for its place.
    pub fn key(&self, name: &str) -> Option<&Key> {
        self.entries().iter().map(|(key, _)| key).find(|key| key.name == name)
    }

    /// The text behind a key, when it is text.
    pub fn text_at(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Node::as_text)
    }

    /// What it is, in the words of a message.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
        }
    }

    /// The same, with every place `by` bytes further on.
    pub(crate) fn moved(&self, by: usize) -> Self {
        let place = |span: &Range<usize>| span.start + by..span.end + by;
        let value = match &self.value {
            Value::List(items) => Value::List(items.iter().map(|item| item.moved(by)).collect()),
            Value::Map(entries) => Value::Map(entries.iter().map(|(key, node)| (key.moved(by), node.moved(by))).collect()),
            scalar => scalar.clone(),
        };
        Self { span: place(&self.span), defined: place(&self.defined), value }
    }

    /// Calls `visit` with this node and all below it.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Node)) {
        visit(self);
        match &self.value {
            Value::List(items) => items.iter().for_each(|item| item.walk(visit)),
            Value::Map(entries) => entries.iter().for_each(|(_, node)| node.walk(visit)),
            _ => {}
        }
    }
}

/// serde-saphyr spans only a collection's opening bracket, or nothing of a block: it becomes all of it. A scalar's loses trailing blanks.
fn settle_spans(node: &mut Node, text: &str) {
    let (first, last) = match &mut node.value {
        Value::List(items) => {
            items.iter_mut().for_each(|item| settle_spans(item, text));
            (items.iter().map(|item| item.span.start).min(), items.iter().map(|item| item.span.end).max())
        }
        Value::Map(entries) => {
            entries.iter_mut().for_each(|(_, child)| settle_spans(child, text));
            // Entries that `<<` brings in come last, wherever it stands.
            let start = entries.iter().map(|(key, _)| key.span.start).min();
            (start, entries.iter().map(|(key, child)| child.span.end.max(key.span.end)).max())
        }
        value => {
            let written = text.get(node.span.clone()).unwrap_or_default();
            node.span.end = node.span.start + written.trim_end().len();
            if let Value::Number(number) = value {
                text.get(node.defined.clone()).unwrap_or_default().trim().clone_into(number);
            }
            return;
        }
    };
    let closing = match text.as_bytes().get(node.span.start) {
        Some(b'[') if !node.span.is_empty() => Some(']'),
        Some(b'{') if !node.span.is_empty() => Some('}'),
        _ => None,
    };
    match (closing, first, last) {
        // What lies between the last item and the bracket is blank, a comma or a comment.
        (Some(bracket), _, last) => {
            let from = last.unwrap_or(node.span.start);
            node.span.end = text.get(from..).and_then(|rest| rest.find(bracket)).map_or(node.span.end, |at| from + at + 1);
        }
        (None, Some(first), Some(last)) => node.span = first..last,
        _ => {}
    }
}

fn syntax_error(text: &str, error: &Error) -> SyntaxError {
    let error = error.without_snippet();
    let start = error
        .location()
        .and_then(|location| location.span().byte_offset())
        .and_then(|offset| usize::try_from(offset).ok())
        .map_or(text.len(), |offset| text.floor_char_boundary(offset.min(text.len())));
    // To the end of the line, so that there is something to underline; at the end of the text, the last word.
    let rest = text[start..].lines().next().unwrap_or_default().trim_end().len();
    let span = if rest > 0 {
        start..start + rest
    } else {
        let before = text[..start].trim_end();
        let word = before.rfind(char::is_whitespace).map_or(0, |at| at + 1);
        word..before.len()
    };
    let cause = cause(error);
    let duplicate = match cause {
        Error::DuplicateMappingKey { key, .. } => key.clone(),
        _ => None,
    };
    let span = match &duplicate {
        Some(key) => start..start + key.len().min(rest),
        None => span,
    };
    SyntaxError {
        message: words(cause).map_or_else(|| plain(&error.render()), str::to_owned),
        span,
        duplicate,
        unknown_anchor: matches!(cause, Error::UnknownAnchor { .. }),
        repeats: repeats(cause),
    }
}

/// True when aliases or merged keys come to more than is read.
fn repeats(error: &Error) -> bool {
    use BudgetBreach as Breach;
    match error {
        Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. }
        | Error::AliasReplayCounterOverflow { .. } => true,
        Error::Budget { breach, .. } => matches!(
            breach,
            Breach::Aliases { .. }
                | Breach::AliasAnchorRatio { .. }
                | Breach::MergeKeys { .. }
                | Breach::RecordedAnchorEvents { .. }
                | Breach::RecordedAnchorBytes { .. }
        ),
        _ => false,
    }
}

/// What went wrong behind an alias is told as what happened at it.
fn cause(error: &Error) -> &Error {
    match error {
        Error::AliasError { error, .. } | Error::WithSnippet { error, .. } => cause(error),
        error => error,
    }
}

/// Our words for faults that the parser describes to programmers.
fn words(error: &Error) -> Option<&'static str> {
    Some(match error {
        Error::MultipleDocuments { .. } => "a second document begins here, and a manifest is one",
        Error::NullIntoString { .. } => "a key is empty",
        Error::UnexpectedContainerEndWhileReadingKeyNode { .. }
        | Error::Unexpected { .. }
        | Error::TaggedScalarCannotDeserializeIntoString { .. }
        | Error::BinaryNotUtf8 { .. }
        | Error::InvalidBinaryBase64 { .. }
        | Error::SerdeInvalidType { .. }
        | Error::SerdeInvalidValue { .. } => "text is wanted here, and this is something else",
        Error::InvalidScalar { .. } | Error::InvalidBooleanStrict { .. } => "this value is not of the kind that its tag says",
        Error::Eof { .. } => "the text ends too early",
        Error::Budget { breach: BudgetBreach::Nodes { .. } | BudgetBreach::Events { .. }, .. } => {
            "it has too many parts to be a manifest"
        }
        error if repeats(error) => "it repeats too much to be a manifest: aliases come to more than is read",
        Error::Budget { .. } => "it nests too deep or has too much in it to be a manifest",
        Error::RecursiveReferencesRequireWeakTypes { .. } => "an alias leads back into itself",
        Error::MergeValueNotMapOrSeqOfMaps { .. } => "`<<` wants a mapping, or a list of mappings",
        _ => return None,
    })
}

/// The parser's message without its own place: ours stands beside it.
fn plain(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default().trim();
    let line = line.strip_prefix("error: ").unwrap_or(line);
    let end = line.find(" at line ").or_else(|| line.find(" (line ")).unwrap_or(line.len());
    // "line 3 column 5: message" is the parser's other habit.
    let line = match line[..end].split_once(": ") {
        Some((place, rest)) if place.starts_with("line ") => rest,
        _ => &line[..end],
    };
    line.trim_end_matches(['.', ',']).to_owned()
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // A level takes up to 40 KB of stack in a debug build, and threads begin with as little as 2 MB.
        let spanned = stacker::maybe_grow(128 * 1024, 2 * 1024 * 1024, || Spanned::<Value>::deserialize(deserializer))?;
        Ok(Self { span: bytes(&spanned.referenced), defined: bytes(&spanned.defined), value: spanned.value })
    }
}

fn bytes(place: &Location) -> Range<usize> {
    let span = place.span();
    let number = |value: Option<u64>| value.and_then(|value| usize::try_from(value).ok()).unwrap_or(0);
    let start = number(span.byte_offset());
    start..start + number(span.byte_len())
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        Value::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    // What a number is as text, `settle_spans` looks up.
    fn visit_i64<E>(self, _: i64) -> Result<Value, E> {
        Ok(Value::Number(String::new()))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Value, E> {
        Ok(Value::Number(String::new()))
    }

    fn visit_i128<E>(self, _: i128) -> Result<Value, E> {
        Ok(Value::Number(String::new()))
    }

    fn visit_u128<E>(self, _: u128) -> Result<Value, E> {
        Ok(Value::Number(String::new()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value, E> {
        Ok(Value::Number(String::new()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = map.next_key::<Spanned<String>>()? {
            let span = bytes(&key.referenced);
            entries.push((Key { name: key.value, span }, map.next_value()?));
        }
        Ok(Value::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, parse};

    /// Every key and scalar of a text with the bytes that its span covers.
    fn spans(text: &str) -> String {
        fn write(out: &mut String, node: &super::Node, text: &str) {
            match &node.value {
                Value::Map(entries) => entries.iter().for_each(|(key, child)| {
                    out.push_str(&format!("{} <{}>\n", key.name, &text[key.span.clone()]));
                    write(out, child, text);
                }),
                Value::List(items) => items.iter().for_each(|item| write(out, item, text)),
                other => out.push_str(&format!("  {other:?} <{}>\n", &text[node.span.clone()])),
            }
        }
        let mut out = String::new();
        write(&mut out, &parse(text).expect("it parses"), text);
        out
    }

    #[test]
    fn every_key_and_value_knows_its_bytes() {
        insta::assert_snapshot!(spans("name: é\ntools:\n  - {name: \"a b\", n: 1.50}\n  - on: yes\n    text: |\n      two\n      lines\nend: # nothing\n"), @r#"
        name <name>
          Text("é") <é>
        tools <tools>
        name <name>
          Text("a b") <"a b">
        n <n>
          Number("1.50") <1.50>
        on <on>
          Text("yes") <yes>
        text <text>
          Text("two\nlines\n") <two
              lines>
        end <end>
          Null <>
        "#);
    }

    #[test]
    fn a_block_spans_its_items() {
        let text = "a:\n  b: 1\n  c: 2\nd: 3\n";
        let node = parse(text).expect("it parses");
        assert_eq!(&text[node.get("a").expect("a").span.clone()], "b: 1\n  c: 2");
    }

    #[test]
    fn what_stands_below_an_alias_spans_the_alias() {
        let text = "base: &b {n: 0x1f}\nuse: *b\nmore:\n  <<: *b\n  own: 2\n";
        let node = parse(text).expect("it parses");
        let used = node.get("use").expect("use");
        assert_eq!(&text[used.span.clone()], "*b");
        let number = used.get("n").expect("n");
        assert_eq!((&text[number.span.clone()], number.as_word()), ("*b", Some("0x1f")));
        assert_eq!(&text[node.get("more").expect("more").span.clone()], "*b\n  own: 2");
    }

    #[test]
    fn faults_are_told_in_words_for_authors() {
        let told = |text: &str| parse(text).expect_err(text).message;
        assert_eq!(told("a: 1\n---\nb: 2\n"), "a second document begins here, and a manifest is one");
        assert_eq!(told("~: x\n"), "a key is empty");
        assert_eq!(told("[a]: x\n"), "text is wanted here, and this is something else");
        assert_eq!(told("a: &a [*a]\n"), "an alias leads back into itself");
        assert_eq!(told("a: !!int x\n"), "this value is not of the kind that its tag says");
        assert!(parse("a: .inf\nb: -.inf\nc: .nan\n").is_ok());
    }

    #[test]
    fn faults_have_a_place() {
        let error = parse("name: x\ntools: [a, b\nmore: 1\n").expect_err("the list is not closed");
        assert!(error.span.end <= 30 && !error.span.is_empty(), "{error:?}");
        let twice = parse("name: x\nname: y\n").expect_err("a key stands twice");
        assert_eq!((twice.duplicate.as_deref(), twice.span), (Some("name"), 8..12));
    }

    #[test]
    fn bombs_are_refused() {
        let deep = "[".repeat(10_000);
        assert!(parse(&deep).is_err());
        let mut laughs = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for n in 1..12 {
            let one = format!("*a{}", n - 1);
            laughs.push_str(&format!("a{n}: &a{n} [{}]\n", vec![one; 10].join(", ")));
        }
        assert!(parse(&laughs).is_err());
    }
}
