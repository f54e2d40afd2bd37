//! JSON text as a tree in which every key and value knows its place, from text that may be broken.
//!
//! The tree is that of [`crate::yaml`], so that rules and assistance read a schema beside the manifest and a schema in it alike. Reading
//! goes on behind a fault and keeps what it can; a text without faults is what the standard calls JSON, no more and no less.

use crate::yaml::{Key, Node, SyntaxError, Value};
use std::collections::HashSet;
use std::ops::Range;

/// How deep a text may nest: as deep as the reader that runs cases goes.
pub const MAX_DEPTH: usize = 127;

/// How many faults are told: who reads fifty knows that it is no JSON.
const MAX_FAULTS: usize = 50;

/// Up to how many keys a mapping's names are compared one by one.
const FEW: usize = 16;

/// Reads text. The tree is complete when there are no faults; a key that stands twice is told, and both stay in the tree.
pub fn parse(text: &str) -> (Node, Vec<SyntaxError>) {
    let mut reader = Reader { text, at: 0, faults: Vec::new(), ended: false };
    reader.blanks();
    let node = if reader.at == text.len() {
        reader.fault(text.len()..text.len(), "the file is empty, and a value is wanted");
        Node::new(0..0, Value::Null)
    } else {
        reader.value(0)
    };
    reader.blanks();
    if reader.at < text.len() && reader.faults.is_empty() {
        let end = reader.line_end();
        reader.fault(reader.at..end, "the value ended before this");
    }
    (node, reader.faults)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    faults: Vec<SyntaxError>,
    /// True when the rest is not read: what is missing may well be there.
    ended: bool,
}

impl Reader<'_> {
    fn fault(&mut self, span: Range<usize>, message: impl Into<String>) {
        if self.faults.len() < MAX_FAULTS && !self.ended {
            self.faults.push(SyntaxError::new(message, span));
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn line_end(&self) -> usize {
        self.text[self.at..].find(['\n', '\r']).map_or(self.text.len(), |length| self.at + length)
    }

    fn value(&mut self, depth: usize) -> Node {
        let start = self.at;
        if depth > MAX_DEPTH {
            self.fault(start..start + 1, "it nests too deep");
            // What is this deep is not looked at: the rest of the text belongs to nobody.
            self.at = self.text.len();
            self.ended = true;
            return Node::new(start..start + 1, Value::Null);
        }
        match self.peek() {
            Some(b'{') => self.mapping(depth),
            Some(b'[') => self.list(depth),
            Some(b'"') => {
                let text = self.text();
                Node::new(start..self.at, Value::Text(text))
            }
            _ => self.word(),
        }
    }

    /// A bare word: `true`, `null`, a number, or something that is none of them.
    fn word(&mut self) -> Node {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|byte| !matches!(byte, b',' | b']' | b'}' | b'{' | b'[' | b'"' | b':' | b' ' | b'\t' | b'\n' | b'\r'))
        {
            self.at += 1;
        }
        let word = &self.text[start..self.at];
        let value = match word {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            number if is_number(number) => Value::Number(number.to_owned()),
            "" => {
                self.fault(start..self.text.ceil_char_boundary((start + 1).min(self.text.len())), "a value is wanted here");
                Value::Null
            }
            other => {
                let message = match other.as_bytes()[0] {
                    b'\'' => "text stands between double quotes".to_owned(),
                    b'/' | b'#' => "JSON has no comments".to_owned(),
                    byte if byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.') => {
                        format!("`{}` is not a number that JSON has", crate::text::shown(other))
                    }
                    _ => format!("`{}` needs double quotes", crate::text::shown(other)),
                };
                self.fault(start..self.at, message);
                // What was meant is most likely the word itself.
                Value::Text(other.to_owned())
            }
        };
        Node::new(start..self.at, value)
    }

    fn list(&mut self, depth: usize) -> Node {
        let start = self.at;
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                Some(b'}') | None => {
                    self.fault(start..start + 1, "this list is not closed");
                    break;
                }
                Some(b',') => {
                    self.fault(self.at..self.at + 1, "a value is wanted before this comma");
                    self.at += 1;
                    continue;
                }
                Some(_) => {}
            }
            let before = self.at;
            items.push(self.value(depth + 1));
            self.skip_what_never_moves(before);
            let last = self.at;
            self.blanks();
            match self.peek() {
                Some(b',') => self.comma(b']'),
                Some(b']' | b'}') | None => {}
                Some(_) => self.fault(last..last, "a comma is missing here"),
            }
        }
        Node::new(start..self.at, Value::List(items))
    }

    fn mapping(&mut self, depth: usize) -> Node {
        let start = self.at;
        self.at += 1;
        let (mut entries, mut names): (Vec<(Key, Node)>, HashSet<String>) = (Vec::new(), HashSet::new());
        loop {
            self.blanks();
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                Some(b']') | None => {
                    self.fault(start..start + 1, "this mapping is not closed");
                    break;
                }
                Some(b',') => {
                    self.fault(self.at..self.at + 1, "a key is wanted before this comma");
                    self.at += 1;
                    continue;
                }
                Some(_) => {}
            }
            let before = self.at;
            let key = self.key();
            // Most mappings are small, and comparing a few names is quicker than remembering them.
            let twice = if entries.len() < FEW {
                entries.iter().any(|(other, _)| other.name == key.name)
            } else {
                if entries.len() == FEW {
                    names.extend(entries.iter().map(|(key, _)| key.name.clone()));
                }
                !names.insert(key.name.clone())
            };
            if twice && self.faults.len() < MAX_FAULTS {
                self.faults.push(SyntaxError::duplicate(&key));
            }
            self.blanks();
            let node = if self.peek() == Some(b':') {
                self.at += 1;
                let behind = self.at;
                self.blanks();
                match self.peek() {
                    Some(b'}' | b',' | b']') | None => {
                        self.fault(behind..behind, "a value is wanted behind this colon");
                        Node::new(behind..behind, Value::Null)
                    }
                    Some(_) => self.value(depth + 1),
                }
            } else {
                self.fault(key.span.end..key.span.end, "a colon is missing behind this key");
                Node::new(key.span.end..key.span.end, Value::Null)
            };
            entries.push((key, node));
            self.skip_what_never_moves(before);
            let last = self.at;
            self.blanks();
            match self.peek() {
                Some(b',') => self.comma(b'}'),
                Some(b'}' | b']') | None => {}
                Some(_) => self.fault(last..last, "a comma is missing here"),
            }
        }
        Node::new(start..self.at, Value::Map(entries))
    }

    fn key(&mut self) -> Key {
        let start = self.at;
        if self.peek() == Some(b'"') {
            let name = self.text();
            return Key { name, span: start..self.at };
        }
        let node = self.word();
        // A bare word that is a value of JSON is no key either.
        if matches!(node.value, Value::Bool(_) | Value::Null | Value::Number(_)) && !node.span.is_empty() {
            self.fault(node.span.clone(), "a key stands between double quotes");
        }
        Key { name: self.text[node.span.clone()].to_owned(), span: node.span }
    }

    /// A comma, and what may not follow it.
    fn comma(&mut self, close: u8) {
        let at = self.at;
        self.at += 1;
        self.blanks();
        if self.peek() == Some(close) {
            self.fault(at..at + 1, "nothing follows this comma");
        }
    }

    /// Past a character that no reader took, so that reading always ends.
    fn skip_what_never_moves(&mut self, before: usize) {
        if self.at == before {
            self.at = self.text.ceil_char_boundary((self.at + 1).min(self.text.len()));
        }
    }

    /// Text between quotes. Without the closing one it ends with its line.
    fn text(&mut self) -> String {
        let start = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\') || byte < b' ').unwrap_or(rest.len());
            out.push_str(&rest[..plain]);
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return out;
                }
                Some(b'\\') => self.escape(&mut out),
                Some(b'\n' | b'\r') | None => {
                    self.fault(start..self.at, "this text has no closing quote");
                    return out;
                }
                Some(byte) => {
                    let message =
                        if byte == b'\t' { "a tab in text is written `\\t`" } else { "this character cannot stand in text" };
                    self.fault(self.at..self.at + 1, message);
                    self.at += 1;
                }
            }
        }
    }

    fn escape(&mut self, out: &mut String) {
        let start = self.at;
        self.at += 1;
        let Some(letter) = self.text[self.at..].chars().next() else { return };
        let plain = match letter {
            '"' | '\\' | '/' => letter,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                self.at += 1;
                let first = self.four_digits();
                let code = match first {
                    Some(high @ 0xd800..0xdc00) if self.text[self.at..].starts_with("\\u") => {
                        let back = self.at;
                        self.at += 2;
                        if let Some(low @ 0xdc00..0xe000) = self.four_digits() {
                            Some(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00))
                        } else {
                            self.at = back;
                            None
                        }
                    }
                    other => other,
                };
                match code.and_then(char::from_u32) {
                    Some(character) => out.push(character),
                    None if first.is_some() => self.fault(start..self.at, "this is half of a pair: it stands for no character"),
                    None => self.fault(start..self.at, "`\\u` wants four digits of base 16"),
                }
                return;
            }
            '\n' | '\r' => return,
            _ => {
                self.at += letter.len_utf8();
                self.fault(start..self.at, "JSON has no such escape: a backslash in text is written `\\\\`");
                return;
            }
        };
        self.at += letter.len_utf8();
        out.push(plain);
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        let number = digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())??;
        self.at += 4;
        Some(number)
    }
}

fn is_number(word: &str) -> bool {
    let digits = |text: &str| text.len() - text.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    let rest = word.strip_prefix('-').unwrap_or(word);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest.starts_with('0')) {
        return false;
    }
    let mut rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = &fraction[length..];
    }
    if let Some(power) = rest.strip_prefix(['e', 'E']) {
        let power = power.strip_prefix(['+', '-']).unwrap_or(power);
        let length = digits(power);
        if length == 0 {
            return false;
        }
        rest = &power[length..];
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::model::yaml_to_json;

    /// The faults of a text, each with the bytes that it names, and what was read all the same.
    fn told(text: &str) -> String {
        let (node, faults) = parse(text);
        let mut out = String::new();
        faults.iter().for_each(|fault| out.push_str(&format!("<{}> {}\n", &text[fault.span.clone()], fault.message)));
        out.push_str(&yaml_to_json(&node).to_string());
        out
    }

    #[test]
    fn what_is_json_is_read_whole() {
        let text = r#" {"a": [1, -0.5e+3, true, null, "é\n\u00e9\ud83d\ude00"], "b": {}, "": []} "#;
        let (node, faults) = parse(text);
        assert_eq!(faults, []);
        assert_eq!(yaml_to_json(&node), serde_json::from_str::<serde_json::Value>(text).expect("it is JSON"));
        let list = node.get("a").expect("a");
        assert_eq!(&text[list.items()[1].span.clone()], "-0.5e+3");
        assert_eq!(&text[node.key("b").expect("b").span.clone()], "\"b\"");
    }

    #[test]
    fn what_is_broken_is_read_as_far_as_it_goes() {
        insta::assert_snapshot!(told("{\"type\": \"object\",\n \"properties\": {\"a\": {\"ty\n }\n}"), @r#"
        <"ty> this text has no closing quote
        <> a colon is missing behind this key
        <{> this mapping is not closed
        {"properties":{"a":{"ty":null}},"type":"object"}
        "#);
        insta::assert_snapshot!(told("{\"a\": 1 \"b\": [1 2,], }"), @r#"
        <> a comma is missing here
        <> a comma is missing here
        <,> nothing follows this comma
        <,> nothing follows this comma
        {"a":1,"b":[1,2]}
        "#);
        insta::assert_snapshot!(told("{'a': tru, b: 01, \"c\": }"), @r#"
        <'a'> text stands between double quotes
        <tru> `tru` needs double quotes
        <b> `b` needs double quotes
        <01> `01` is not a number that JSON has
        <> a value is wanted behind this colon
        {"'a'":"tru","b":"01","c":null}
        "#);
        insta::assert_snapshot!(told("[\"\\ud800\", \"\\x\", \"\t\"]"), @r#"
        <\ud800> this is half of a pair: it stands for no character
        <\x> JSON has no such escape: a backslash in text is written `\\`
        <	> a tab in text is written `\t`
        ["","",""]
        "#);
        insta::assert_snapshot!(told("{\"a\": 1}, 2"), @r#"
        <, 2> the value ended before this
        {"a":1}
        "#);
        insta::assert_snapshot!(told(""), @"
        <> the file is empty, and a value is wanted
        null
        ");
        insta::assert_snapshot!(told("{\"a\": 1, \"a\": 2}"), @r#"
        <"a"> this key stands twice
        {"a":1}
        "#);
        insta::assert_snapshot!(told("[1, 2}"), @"
        <[> this list is not closed
        [1,2]
        ");
    }

    #[test]
    fn it_takes_what_serde_takes_and_nothing_else() {
        let pieces = [
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"", "1", "-", "0", ".5", "e9", "true", "nul", " ", "\n", "\\", "é", "\u{1}",
        ];
        let mut state = 7u64;
        let (mut taken, mut refused) = (0, 0);
        for _ in 0..60_000 {
            let mut text = String::new();
            for _ in 0..=state % 9 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(pieces[usize::try_from(state >> 33).expect("31 bits fit") % pieces.len()]);
            }
            let (_, mut faults) = parse(&text);
            // A key that stands twice is JSON, and a rule's matter.
            faults.retain(|fault| fault.duplicate.is_none());
            let theirs = serde_json::from_str::<serde_json::Value>(&text).is_ok();
            assert_eq!(faults.is_empty(), theirs, "{text:?}: {faults:?}");
            if theirs { taken += 1 } else { refused += 1 }
        }
        assert!(taken > 1000 && refused > 1000, "{taken} {refused}");
    }

    #[test]
    fn deep_text_ends() {
        for open in ["[", "{\"a\":"] {
            let (_, faults) = parse(&open.repeat(100_000));
            // The one thing to say: of what is closed further down nothing is known.
            assert!(faults.len() == 1 && faults[0].message.contains("nests too deep"), "{faults:?}");
        }
    }
}
