//! JSON read strictly, with the place of everything in it.

use super::layout::{Entry, Form, Piece};
use super::{Data, Fault};
use crate::text::shown;
use std::collections::HashSet;

/// How deep a file may nest: as deep as `serde_json` goes.
const MAX_DEPTH: usize = 127;

/// What a text says and where; a text that is not JSON, or has a key twice, is refused.
pub(super) fn read(text: &str) -> Result<(Data, Piece), Fault> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    reader.blank();
    let read = reader.value()?;
    reader.blank();
    if reader.at < text.len() {
        return Err(reader.wrong("something stands behind the end of the JSON"));
    }
    Ok(read)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        self.at = self.text.len() - self.rest().trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    fn wrong(&self, message: impl Into<String>) -> Fault {
        let length = self.rest().lines().next().unwrap_or_default().trim_end().len();
        Fault::new(self.at..self.at + length, message, "mend this first")
    }

    fn value(&mut self) -> Result<(Data, Piece), Fault> {
        let start = self.at;
        match self.byte() {
            Some(b'{' | b'[') if self.depth >= MAX_DEPTH => Err(self.wrong("it nests too deep")),
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'"') => {
                let text = self.string()?;
                Ok((Data::Text(text), Piece::scalar(start..self.at, Form::Double)))
            }
            Some(_) => self.word(),
            None => Err(self.wrong("the JSON ends too early")),
        }
    }

    fn word(&mut self) -> Result<(Data, Piece), Fault> {
        let length = self.rest().find(|one: char| !one.is_ascii_alphanumeric() && !"+-.".contains(one));
        let word = &self.rest()[..length.unwrap_or(self.rest().len())];
        let data = match word {
            "null" => Data::Null,
            "true" => Data::Bool(true),
            "false" => Data::Bool(false),
            number if is_number(number) => Data::Number(number.to_owned()),
            other => return Err(self.wrong(format!("`{}` is no JSON value", shown(other)))),
        };
        let piece = Piece::scalar(self.at..self.at + word.len(), Form::Plain);
        self.at += word.len();
        Ok((data, piece))
    }

    fn string(&mut self) -> Result<String, Fault> {
        let bytes = self.text.as_bytes();
        let mut end = self.at + 1;
        loop {
            match bytes.get(end) {
                Some(b'"') => break,
                Some(b'\\') => end += 2,
                Some(_) => end += 1,
                None => return Err(self.wrong("this text is not closed")),
            }
        }
        let written = self.text.get(self.at..=end).ok_or_else(|| self.wrong("this text is not closed"))?;
        let text =
            serde_json::from_str(written).map_err(|_| self.wrong("this is no JSON text: an escape or a character is wrong"))?;
        self.at = end + 1;
        Ok(text)
    }

    /// True when the collection goes on behind a comma; goes behind its bracket when it does not.
    fn more(&mut self, bracket: u8) -> Result<bool, Fault> {
        self.blank();
        match self.byte() {
            Some(b',') => {
                self.at += 1;
                self.blank();
                Ok(true)
            }
            Some(byte) if byte == bracket => {
                self.at += 1;
                Ok(false)
            }
            _ => Err(self.wrong(format!("a comma or `{}` is wanted here", char::from(bracket)))),
        }
    }

    /// Goes into a collection; false when there is nothing in it.
    fn open(&mut self, bracket: u8) -> bool {
        self.at += 1;
        self.blank();
        let empty = self.byte() == Some(bracket);
        self.at += usize::from(empty);
        !empty
    }

    fn array(&mut self) -> Result<(Data, Piece), Fault> {
        let start = self.at;
        let (mut items, mut entries) = (Vec::new(), Vec::new());
        self.depth += 1;
        let mut more = self.open(b']');
        while more {
            let begin = self.at;
            let (item, value) = self.value()?;
            items.push(item);
            entries.push(Entry { start: begin, key: None, intro: begin, colon: false, value });
            more = self.more(b']')?;
        }
        self.depth -= 1;
        Ok((Data::List(items), Piece { outer: start, start, end: self.at, form: Form::List { flow: true, entries } }))
    }

    fn object(&mut self) -> Result<(Data, Piece), Fault> {
        let start = self.at;
        let (mut fields, mut entries, mut names) = (Vec::new(), Vec::new(), HashSet::new());
        self.depth += 1;
        let mut more = self.open(b'}');
        while more {
            let begin = self.at;
            if self.byte() != Some(b'"') {
                return Err(self.wrong("a key between double quotes is wanted here"));
            }
            let name = self.string()?;
            let key = begin..self.at;
            if !names.insert(name.clone()) {
                return Err(Fault::twice(key, &name));
            }
            self.blank();
            if self.byte() != Some(b':') {
                return Err(self.wrong("a colon is wanted here"));
            }
            self.at += 1;
            let intro = self.at;
            self.blank();
            let (item, value) = self.value()?;
            fields.push((name, item));
            entries.push(Entry { start: begin, key: Some(key), intro, colon: true, value });
            more = self.more(b'}')?;
        }
        self.depth -= 1;
        let form = Form::Map { flow: true, entries, merges: false };
        Ok((Data::Map(fields), Piece { outer: start, start, end: self.at, form }))
    }
}

/// A number as JSON spells them: no leading zero, a digit on both sides of the point.
fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) = match word.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (word, None),
    };
    let (whole, part) = match mantissa.split_once('.') {
        Some((whole, part)) => (whole, Some(part)),
        None => (mantissa, None),
    };
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    digits(whole)
        && (whole.len() == 1 || !whole.starts_with('0'))
        && part.is_none_or(digits)
        && exponent.is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
}

#[cfg(test)]
mod tests {
    use super::{is_number, read};
    use crate::edit::Data;

    #[test]
    fn what_is_read_is_what_serde_json_reads() {
        for text in [
            "{}",
            "[]",
            " [1, -0, 1.50, 1e3, -2E+7, true, false, null, \"a\\u00e9\\n\\\"\"] ",
            "{\"b\": {\"a\": [[], {}]}, \"c\": 0}",
            "\"é\"",
            "",
            "{",
            "[1,]",
            "{\"a\":}",
            "{a: 1}",
            "[01]",
            "[1.]",
            "[.5]",
            "[+1]",
            "[1 2]",
            "{\"a\" 1}",
            "nul",
            "[\"\\x\"]",
            "[\"\\ud800\"]",
            "[\"a\nb\"]",
            "{} {}",
            "[\"",
            "[\"\\",
            "'a'",
            "[NaN]",
            "// c\n1",
            "[1}",
            "\u{feff}1",
            "\u{a0}1",
        ] {
            let ours = read(text).map(|(data, _)| data).map_err(drop);
            let theirs = serde_json::from_str::<serde_json::Value>(text).map_err(drop);
            assert_eq!(ours.is_ok(), theirs.is_ok(), "{text}");
            if let (Ok(Data::List(ours)), Ok(serde_json::Value::Array(theirs))) = (ours, theirs) {
                assert_eq!(ours.len(), theirs.len());
            }
        }
        assert!(read(&"[".repeat(100_000)).is_err());
        assert!(read("{\"a\": 1, \"\\u0061\": 2}").is_err());
    }

    #[test]
    fn numbers_are_json_numbers() {
        for yes in ["0", "-0", "10", "1.50", "1e3", "-1.5E-7"] {
            assert!(is_number(yes), "{yes}");
        }
        for no in ["", "-", "01", "1.", ".5", "1e", "0x1f", "1_0", "+1", "1.2.3", "--1"] {
            assert!(!is_number(no), "{no}");
        }
    }
}
