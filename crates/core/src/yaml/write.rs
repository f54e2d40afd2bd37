//! YAML text from values: what the studio writes into files that people read and edit.
//!
//! What is not certain to be read back as it was is quoted.

use serde_json::Value;

/// A value on one line: `{query: dune, limit: 2}`.
pub(crate) fn flow(value: &Value) -> String {
    let mut out = String::new();
    write_flow(value, &mut out);
    out
}

fn write_flow(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => out.push_str(&word(text)),
        Value::Array(items) => {
            out.push('[');
            for (number, item) in items.iter().enumerate() {
                out.push_str(if number > 0 { ", " } else { "" });
                write_flow(item, out);
            }
            out.push(']');
        }
        Value::Object(entries) => {
            out.push('{');
            for (number, (key, item)) in entries.iter().enumerate() {
                out.push_str(if number > 0 { ", " } else { "" });
                let key = word(key);
                // YAML looks for the colon in 1024 characters at most, unless it is told that a key comes.
                out.push_str(if key.len() > 1000 { "? " } else { "" });
                out.push_str(&key);
                out.push_str(": ");
                write_flow(item, out);
            }
            out.push('}');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

/// Text as it is when that is sure to be read as the same text anywhere, in brackets too; else quoted.
pub fn word(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

fn is_plain(text: &str) -> bool {
    // Words that some reader takes for something else than text.
    const TAKEN: &[&str] = &["null", "true", "false", "yes", "no", "on", "off", "y", "n", "inf", "infinity", "nan"];
    let begins = text.starts_with(|first: char| first.is_alphabetic() || first == '/');
    let ends = text.ends_with(|last: char| last.is_alphanumeric() || matches!(last, '/' | '.' | '_' | '-' | '*' | '!' | ')'));
    let mut rest = text.chars().peekable();
    let mut fits = true;
    while let Some(character) = rest.next() {
        fits &= match character {
            ':' => rest.peek() == Some(&'/'),
            other => other.is_alphanumeric() || " _-./%+=?&~@;*()!$'".contains(other),
        };
    }
    begins && ends && fits && !TAKEN.contains(&text.to_ascii_lowercase().as_str())
}

/// Text between double quotes, with an escape for every character that could be lost or not seen.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            hidden if is_hidden(hidden) && u32::from(hidden) > 0xffff => out.push_str(&format!("\\U{:08x}", u32::from(hidden))),
            hidden if is_hidden(hidden) => out.push_str(&format!("\\u{:04x}", u32::from(hidden))),
            seen => out.push(seen),
        }
    }
    out.push('"');
    out
}

/// A literal block (`|`) of these lines, each after `indent`; `None` when a block does not say the text exactly.
///
/// It begins with the bar and ends without a line break, to be put behind `key: `.
pub(crate) fn block(text: &str, indent: &str) -> Option<String> {
    let (lines, bar) = match text.strip_suffix('\n') {
        Some(lines) if !lines.ends_with('\n') => (lines, "|"),
        Some(_) => return None,
        None => (text, "|-"),
    };
    let first = lines.chars().next()?;
    // A first line that begins with blanks would set the indentation; lines of blanks alone are stripped by editors.
    let blank = |line: &str| !line.is_empty() && line.trim().is_empty();
    if first.is_whitespace()
        || lines.chars().any(|one| one != '\n' && one != '\t' && is_hidden(one))
        || lines.split('\n').any(blank)
    {
        return None;
    }
    let mut out = bar.to_owned();
    for line in lines.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.push_str(indent);
            out.push_str(line);
        }
    }
    Some(out)
}

/// Characters that are not seen, that break lines for some readers, or that YAML does not have.
fn is_hidden(character: char) -> bool {
    let code = u32::from(character);
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || code & 0xfffe == 0xfffe
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{block, flow, quoted, word};
    use crate::model::yaml_to_json;
    use crate::text::shown;
    use crate::yaml;
    use serde_json::{Value, json};

    fn read(text: &str) -> Value {
        yaml_to_json(&yaml::parse(text).unwrap_or_else(|error| panic!("{error:?}\n{}", shown(text))))
    }

    #[test]
    fn simple_words_stand_as_they_are() {
        let value =
            json!({"query": "zzqxv unfindable", "url": "https://a.org/b?c=d&e=f%20", "limit": 2, "a b": [null, true, 1.5]});
        assert_eq!(flow(&value), "{a b: [null, true, 1.5], limit: 2, query: zzqxv unfindable, url: https://a.org/b?c=d&e=f%20}");
        assert_eq!(
            flow(&json!({"type": "text/html; charset=utf-8", "no": "5"})),
            r#"{"no": "5", type: text/html; charset=utf-8}"#
        );
    }

    #[test]
    fn any_text_is_read_back() {
        for text in nasty() {
            for written in [word(&text), quoted(&text)] {
                assert_eq!(read(&written), json!(text), "{}", shown(&written));
                assert_eq!(read(&format!("[{written}, {written}]")), json!([text, text]), "{}", shown(&written));
            }
            let value = json!({ text.as_str(): [text, { text.as_str(): text }] });
            assert_eq!(read(&flow(&value)), value, "{}", shown(&text));
            assert_eq!(read(&format!("a:\n  - b: {}\n", flow(&value)))["a"][0]["b"], value, "{}", shown(&text));
            if let Some(block) = block(&text, "    ") {
                assert_eq!(read(&format!("- a: {block}\n  b: c\n"))[0], json!({"a": text, "b": "c"}), "{}", shown(&block));
                assert_eq!(read(&format!("- a: {block}"))[0]["a"], json!(text), "{}", shown(&block));
            }
        }
    }

    #[test]
    fn text_for_people_becomes_a_block() {
        assert_eq!(block("{\n  \"a\": 1\n\n}\n", "  ").as_deref(), Some("|\n  {\n    \"a\": 1\n\n  }"));
        assert_eq!(block("one line", "  ").as_deref(), Some("|-\n  one line"));
        for no in ["", "\n", " a\n", "a\r\nb\n", "a\n\n", "a\n  \nb\n", "a\u{7}\n"] {
            assert_eq!(block(no, "  "), None, "{no:?}");
        }
    }

    /// Texts that readers of YAML stumble over, and many more made of their parts.
    pub(crate) fn nasty() -> Vec<String> {
        let parts = [
            "",
            " ",
            "  ",
            "\n",
            "\r\n",
            "\r",
            "\t",
            ": ",
            ":",
            " #",
            "#",
            "- ",
            "-",
            "? ",
            "'",
            "\"",
            "\\",
            "{",
            "}",
            "[",
            "]",
            ",",
            "&a",
            "*a",
            "!x",
            "|",
            ">",
            "%",
            "@",
            "`",
            "~",
            "null",
            "true",
            "no",
            "1",
            "0x1f",
            "1e3",
            ".inf",
            "=",
            "<<",
            "---",
            "...",
            "a",
            "Zoë",
            "日本",
            "😀",
            "\0",
            "\u{7}",
            "\u{1b}",
            "\u{7f}",
            "\u{85}",
            "\u{a0}",
            "\u{200b}",
            "\u{2028}",
            "\u{feff}",
            "\u{fffe}",
            "\u{ffff}",
            "\u{1fffe}",
            "\u{10ffff}",
            "\u{e000}",
            "\u{301}",
            "${secrets[\"a\"]}",
            "2026-01-31",
            "12:30:45",
            "https://a.org/b?c=d&e",
        ];
        let mut texts: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
        let mut state: usize = 1;
        for _ in 0..1500 {
            let mut text = String::new();
            for _ in 0..=state % 5 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push_str(parts[(state >> 33) % parts.len()]);
            }
            texts.push(text);
        }
        texts.push("x".repeat(5_000));
        texts
    }
}
