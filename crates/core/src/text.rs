//! A file's text and where its lines are.
//!
//! Inside Packwright a place is a byte offset into the text, counted without a byte-order mark. People and protocols count
//! otherwise: lines and columns from 1 for people, UTF-16 units from 0 for the language server. This module converts.

use line_index::{LineIndex, TextSize, WideEncoding, WideLineCol};

/// The mark that some editors put before UTF-8 text.
pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// Text with an index of its lines.
#[derive(Debug, Clone)]
pub struct Text {
    text: String,
    index: LineIndex,
}

/// A place for people: both counted from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

/// A place for the language server: both counted from 0, the character in UTF-16 units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WirePosition {
    pub line: u32,
    pub character: u32,
}

/// How many characters of what an author wrote a message repeats.
const SHOWN: usize = 60;

/// What an author wrote, as a message repeats it: on one line, and no longer than a line bears.
pub fn shown(written: &str) -> String {
    let written = written.trim();
    let mut line = one_line(&written.chars().take(SHOWN).collect::<String>());
    if written.chars().nth(SHOWN).is_some() {
        line.push('…');
    }
    line
}

/// The text with every line break as a blank, and every other character that would not be seen as its code.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => line.push(' '),
            '\r' => {}
            hidden if hidden.is_control() => line.extend(hidden.escape_unicode()),
            seen => line.push(seen),
        }
    }
    line
}

impl Text {
    /// Takes text as an editor or a file has it; a byte-order mark is dropped.
    pub fn new(text: impl Into<String>) -> Self {
        let mut text = text.into();
        if text.starts_with(BYTE_ORDER_MARK) {
            text.drain(..BYTE_ORDER_MARK.len_utf8());
        }
        let index = LineIndex::new(&text);
        Self { text, index }
    }

    /// The text, without a byte-order mark.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where an offset is, for people. An offset past the end, or inside a character, counts as the nearest place before it.
    pub fn position(&self, offset: usize) -> Position {
        let offset = self.floor(offset);
        let place = self.index.line_col(size(offset));
        let column = self.text[offset - place.col as usize..offset].chars().count();
        Position { line: place.line + 1, column: u32::try_from(column).unwrap_or(u32::MAX).saturating_add(1) }
    }

    /// Where an offset is, for the language server.
    pub fn wire_position(&self, offset: usize) -> WirePosition {
        let place = self.index.line_col(size(self.floor(offset)));
        let wide = self.index.to_wide(WideEncoding::Utf16, place).expect("the line index was made from this very text");
        WirePosition { line: wide.line, character: wide.col }
    }

    /// The offset of a place that the language server named; `None` when the text has no such place.
    pub fn offset(&self, place: WirePosition) -> Option<usize> {
        let line = self.index.line(place.line)?;
        // A character past the line's end means the end, says the protocol.
        let end = self.text[..usize::from(line.end())].trim_end_matches(['\n', '\r']).len().max(usize::from(line.start()));
        let wide = WideLineCol { line: place.line, col: place.character };
        let offset = self.index.to_utf8(WideEncoding::Utf16, wide).and_then(|place| self.index.offset(place)).map(usize::from);
        Some(offset.filter(|&offset| offset <= end && self.text.is_char_boundary(offset)).unwrap_or(end))
    }

    fn floor(&self, offset: usize) -> usize {
        self.text.floor_char_boundary(offset.min(self.text.len()))
    }
}

fn size(offset: usize) -> TextSize {
    // A text of 4 GiB is refused long before it comes here (see `check::MAX_TEXT`).
    TextSize::try_from(offset).unwrap_or_else(|_| TextSize::from(u32::MAX))
}

/// JSON with an item a line and two spaces a level. Order and spelling stay as they are written: only white space changes. Text
/// that is no JSON comes out with other white space, and nothing else.
pub fn indent_json(text: &str) -> String {
    let (mut out, mut depth, mut letters) = (String::with_capacity(text.len() * 2), 0usize, text.chars().peekable());
    let line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                out.push(letter);
                while let Some(inner) = letters.next() {
                    out.push(inner);
                    match inner {
                        '"' => break,
                        '\\' => out.extend(letters.next()),
                        _ => {}
                    }
                }
            }
            '{' | '[' => {
                out.push(letter);
                while letters.next_if(|next| next.is_whitespace()).is_some() {}
                if let Some(close) = letters.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(close);
                } else {
                    depth += 1;
                    line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                line(&mut out, depth);
                out.push(letter);
            }
            ',' => {
                out.push(letter);
                line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            blank if blank.is_whitespace() => {}
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn json_is_indented_in_its_own_order() {
        let text = r#"{"b":[1, {"a" : "x, \"{: y"}],"a":{},"c":[ ],"d":1.50}"#;
        let indented = super::indent_json(text);
        assert_eq!(
            indented,
            "{\n  \"b\": [\n    1,\n    {\n      \"a\": \"x, \\\"{: y\"\n    }\n  ],\n  \"a\": {},\n  \"c\": [],\n  \"d\": 1.50\n}"
        );
        let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("it is JSON");
        assert_eq!(value(&indented), value(text));
        assert_eq!(super::indent_json(&indented), indented);
        assert_eq!(super::indent_json("]]}\"open"), "\n]\n]\n}\"open");
    }

    use super::{Position, Text, WirePosition, shown};

    #[test]
    fn counts_characters_for_people_and_utf16_units_for_the_wire() {
        let text = Text::new("a: 1\nb: 😀x\n");
        let x = text.as_str().find('x').expect("it is there");
        assert_eq!(text.position(x), Position { line: 2, column: 5 });
        assert_eq!(text.wire_position(x), WirePosition { line: 1, character: 5 });
        assert_eq!(text.offset(WirePosition { line: 1, character: 5 }), Some(x));
    }

    #[test]
    fn a_place_past_the_line_is_its_end_and_past_the_text_is_none() {
        let text = Text::new("ab\r\ncd");
        assert_eq!(text.offset(WirePosition { line: 0, character: 99 }), Some(2));
        assert_eq!(text.offset(WirePosition { line: 1, character: 99 }), Some(6));
        assert_eq!(text.offset(WirePosition { line: 7, character: 0 }), None);
    }

    #[test]
    fn what_was_written_is_shown_on_one_line() {
        assert_eq!(shown("  A B\r\n  C\n"), "A B   C");
        assert_eq!(shown("a\u{1b}[1m"), "a\\u{1b}[1m");
        assert_eq!(shown(&"é".repeat(61)), format!("{}…", "é".repeat(60)));
    }

    #[test]
    fn a_byte_order_mark_moves_nothing() {
        assert_eq!(Text::new("\u{feff}ab").position(1), Position { line: 1, column: 2 });
    }

    #[test]
    fn an_offset_inside_a_character_counts_as_its_start() {
        assert_eq!(Text::new("é").position(1), Position { line: 1, column: 1 });
    }
}
