//! What the host answered during one run of a case, kept in a file so that the case replays without a connection.
//!
//! ```yaml
//! recording: 1
//! calls:
//!   - http:
//!       method: GET
//!       url: https://example.org/a.json
//!       status: 200
//!       headers: {content-type: application/json}
//!       body: |
//!         {"a": 1}
//! ```
//!
//! People read these files and may edit them. Reading is strict all the same: a recording that is half understood would replay
//! something that never was.

use crate::model::whole;
use crate::text::{Text, shown};
use crate::yaml::strict::{self, Fault, FileError, known_keys};
use crate::yaml::write::{block, flow, quoted, word};
use crate::yaml::{Node, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::collections::BTreeMap;

/// The version of the format that is written and read.
const FORMAT: u64 = 1;

/// How long a line of headers may be before each gets its own.
const MAX_LINE: usize = 110;

/// Answers in the order in which they were given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recording {
    pub calls: Vec<HttpCall>,
}

/// One request and its answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HttpCall {
    pub method: String,
    pub url: String,
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    /// The body, when it is text.
    pub body: String,
    /// The body, when it is not: written as base64, and `body` is then empty.
    pub body_base64: Option<Vec<u8>>,
}

/// Why text is not a recording, and where.
pub type RecordingError = FileError;

impl HttpCall {
    /// Takes a body as it came: as text when it is text.
    pub fn set_body(&mut self, bytes: Vec<u8>) {
        match String::from_utf8(bytes) {
            Ok(text) => (self.body, self.body_base64) = (text, None),
            Err(error) => (self.body, self.body_base64) = (String::new(), Some(error.into_bytes())),
        }
    }

    /// The body as it came.
    pub fn body_bytes(&self) -> &[u8] {
        self.body_base64.as_deref().unwrap_or(self.body.as_bytes())
    }
}

impl Recording {
    /// Reads a recording.
    pub fn read(text: &str) -> Result<Self, RecordingError> {
        let text = Text::new(text);
        Self::read_with_tree(&text).map(|(recording, _)| recording).map_err(|fault| fault.placed(&text))
    }

    /// The same with the tree that it was read from.
    pub(crate) fn read_with_tree(text: &Text) -> Result<(Self, Node), Fault> {
        let root = strict::tree(text)?;
        Ok((read(&root)?, root))
    }

    /// The text of a file: for people, and read back as the same recording.
    pub fn write(&self) -> String {
        let mut out = format!("recording: {FORMAT}\n");
        out.push_str(if self.calls.is_empty() { "calls: []\n" } else { "calls:\n" });
        self.calls.iter().for_each(|call| write_call(call, &mut out));
        out
    }
}

fn write_call(call: &HttpCall, out: &mut String) {
    out.push_str("  - http:\n");
    let mut line = |key: &str, value: &str| out.push_str(&format!("      {key}: {value}\n"));
    line("method", &word(&call.method));
    line("url", &address(&call.url));
    line("status", &call.status.to_string());
    let headers = flow(&serde_json::Value::from_iter(call.headers.clone()));
    if headers.len() <= MAX_LINE {
        line("headers", &headers);
    } else {
        let lines = call.headers.iter().map(|(name, value)| format!("\n        {}: {}", key(name), word(value)));
        out.push_str(&format!("      headers:{}\n", lines.collect::<String>()));
    }
    let (key, body) = match &call.body_base64 {
        Some(bytes) => ("body_base64", quoted(&base64(bytes))),
        None => ("body", block(&call.body, "        ").unwrap_or_else(|| quoted(&call.body))),
    };
    out.push_str(&format!("      {key}: {body}\n"));
}

/// A key on a line of its own, however long.
fn key(name: &str) -> String {
    let written = word(name);
    if written.len() > 1000 { format!("? {written}\n        ") } else { written }
}

/// An address as it is when nothing in it means anything to YAML: outside of brackets, a comma does not.
fn address(url: &str) -> String {
    let harmless = |character: char| character.is_ascii_alphanumeric() || "/?&=%+-_.~,;@()*!$".contains(character);
    match url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) {
        Some(rest) if !rest.is_empty() && rest.chars().all(harmless) => url.to_owned(),
        _ => word(url),
    }
}

fn read(root: &Node) -> Result<Recording, Fault> {
    let Some(version) = root.get("recording") else {
        return Err(Fault::at(root, format!("this is no recording: it has no `recording: {FORMAT}`")));
    };
    if whole(version) != Some(FORMAT) {
        let written = version.as_word().map_or_else(|| version.kind().to_owned(), |word| format!("`{}`", shown(word)));
        let message =
            format!("this recording has format {written}, and format {FORMAT} is known here: update Packwright, or record again");
        return Err(Fault::at(version, message));
    }
    known_keys(root, &["recording", "calls"], "a recording")?;
    let calls = root.get("calls").ok_or_else(|| Fault::at(root, "this recording has no `calls`"))?;
    let Value::List(items) = &calls.value else { return Err(Fault::at(calls, "`calls` must be a list")) };
    Ok(Recording { calls: items.iter().map(read_call).collect::<Result<_, _>>()? })
}

fn read_call(item: &Node) -> Result<HttpCall, Fault> {
    known_keys(item, &["http"], "a call")?;
    let Some(call) = item.get("http") else { return Err(Fault::at(item, "a call must say what was called: `http:`")) };
    known_keys(call, &["method", "url", "status", "headers", "body", "body_base64"], "an `http` call")?;
    let text = |key: &str| call.get(key).map(|node| strict::word(node, key).map(str::to_owned)).transpose();
    let wanted = |key: &str| text(key)?.ok_or_else(|| Fault::at(item, format!("this call has no `{key}`")));
    let status = call.get("status").ok_or_else(|| Fault::at(item, "this call has no `status`"))?;
    let code = whole(status).and_then(|code| u16::try_from(code).ok()).filter(|code| (100..=999).contains(code));
    let mut headers = BTreeMap::new();
    if let Some(node) = call.get("headers") {
        let Value::Map(entries) = &node.value else { return Err(Fault::at(node, "`headers` must be a mapping")) };
        for (name, value) in entries {
            headers.insert(name.name.clone(), strict::word(value, &name.name)?.to_owned());
        }
    }
    let body = text("body")?;
    let body_base64 = match call.get("body_base64") {
        Some(node) if body.is_some() => return Err(Fault::at(node, "this call has a `body` as well; keep one of the two")),
        Some(node) => Some(from_base64(strict::word(node, "body_base64")?).ok_or_else(|| Fault::at(node, "this is not base64"))?),
        None => None,
    };
    Ok(HttpCall {
        method: wanted("method")?,
        url: wanted("url")?,
        status: code.ok_or_else(|| Fault::at(status, "`status` must be a number from 100 to 999"))?,
        headers,
        body: body.unwrap_or_default(),
        body_base64,
    })
}

fn base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// Blanks and line breaks may stand anywhere; `None` for anything else that is not base64.
fn from_base64(text: &str) -> Option<Vec<u8>> {
    let letters: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    BASE64.decode(letters).ok()
}

#[cfg(test)]
mod tests {
    use super::{HttpCall, Recording, base64, from_base64};
    use crate::yaml::write::tests::nasty;
    use std::collections::BTreeMap;

    fn call(body: &str) -> HttpCall {
        HttpCall {
            method: "GET".to_owned(),
            url: "https://example.org/a.json?b=c%20d,e".to_owned(),
            status: 200,
            headers: BTreeMap::from([("content-type".to_owned(), "application/json".to_owned())]),
            body: body.to_owned(),
            body_base64: None,
        }
    }

    fn error(text: &str) -> String {
        Recording::read(text).expect_err("it is refused").to_string()
    }

    #[test]
    fn it_is_written_for_people() {
        let mut binary = call("");
        binary.set_body(vec![0xff, 0, 1]);
        binary.headers = (0..3).map(|number| (format!("x-{number}"), "a long value ".repeat(5))).collect();
        let recording = Recording { calls: vec![call("{\n  \"a\": 1\n}\n"), call("Too many requests"), call("a\r\nb"), binary] };
        insta::assert_snapshot!(recording.write(), @r#"
        recording: 1
        calls:
          - http:
              method: GET
              url: https://example.org/a.json?b=c%20d,e
              status: 200
              headers: {content-type: application/json}
              body: |
                {
                  "a": 1
                }
          - http:
              method: GET
              url: https://example.org/a.json?b=c%20d,e
              status: 200
              headers: {content-type: application/json}
              body: |-
                Too many requests
          - http:
              method: GET
              url: https://example.org/a.json?b=c%20d,e
              status: 200
              headers: {content-type: application/json}
              body: "a\r\nb"
          - http:
              method: GET
              url: https://example.org/a.json?b=c%20d,e
              status: 200
              headers:
                x-0: "a long value a long value a long value a long value a long value "
                x-1: "a long value a long value a long value a long value a long value "
                x-2: "a long value a long value a long value a long value a long value "
              body_base64: "/wAB"
        "#);
        assert_eq!(Recording::read(&recording.write()), Ok(recording));
        assert_eq!(Recording::default().write(), "recording: 1\ncalls: []\n");
    }

    #[test]
    fn every_text_is_read_back() {
        for text in nasty() {
            let mut nasty = call(&text);
            nasty.method.clone_from(&text);
            nasty.url.clone_from(&text);
            nasty.headers.insert(text.clone(), text.clone());
            let recording =
                Recording { calls: vec![nasty.clone(), call(&format!("{text}\n")), call(&format!("a\n{text}b\n  {text}"))] };
            assert!(
                Recording::read(&recording.write()).as_ref() == Ok(&recording),
                "{:?}",
                text.chars().take(99).collect::<String>()
            );
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_kept() {
        for length in 0..300_usize {
            let bytes: Vec<u8> = (0..length).map(|at| u8::try_from((at * 151 + length) % 256).expect("a byte")).collect();
            assert_eq!(from_base64(&base64(&bytes)).as_ref(), Some(&bytes));
            let mut call = call("old");
            call.set_body(bytes.clone());
            let recording = Recording { calls: vec![call] };
            let read = Recording::read(&recording.write()).expect("it can be read");
            assert_eq!((read.calls[0].body_bytes(), &read), (bytes.as_slice(), &recording));
        }
        assert_eq!(
            ["", "Zg==", "Zm8=", "Zm9v", "Zm9 v\nYg=="].map(from_base64),
            ["", "f", "fo", "foo", "foob"].map(|text| Some(text.into()))
        );
        for no in ["Z", "Zg", "Zg=", "Zg===", "====", "Zh==", "Zm9!", "Zg==Zg==", "=", "Z==="] {
            assert_eq!(from_base64(no), None, "{no}");
        }
    }

    #[test]
    fn the_samples_are_read_and_come_back() {
        for text in [
            include_str!("../../../packs-samples/open-library/tests/recordings/finds-dune.yaml"),
            include_str!("../../../packs-samples/open-library/tests/recordings/merged-record.yaml"),
            include_str!("../../../packs-samples/open-library/tests/recordings/slow-down.yaml"),
            include_str!("../../../packs-samples/open-library/tests/recordings/encoded-query.yaml"),
        ] {
            let recording = Recording::read(text).expect("a sample can be read");
            assert!(!recording.calls.is_empty() && !recording.calls[0].body.is_empty());
            // All but the comments.
            let plain: Vec<&str> = text
                .lines()
                .filter(|line| !line.starts_with('#'))
                .map(|line| line.split(" #").next().unwrap_or_default())
                .collect();
            assert_eq!(recording.write().lines().collect::<Vec<_>>(), plain);
        }
    }

    #[test]
    fn what_is_no_recording_is_refused_with_its_place() {
        let http = |rest: &str| error(&format!("recording: 1\ncalls:\n  - http: {{method: GET, url: u, {rest}}}\n"));
        let said = [
            error(""),
            error("calls: []\n"),
            error("recording: 2\ncalls: []\n"),
            error("recording: [1]\ncalls: []\n"),
            error("recording: 1\n"),
            error("recording: 1\ncalls: {}\n"),
            error("recording: 1\ncalls: []\nseed: 5\n"),
            error("recording: 1\ncalls: [5]\n"),
            error("recording: 1\ncalls: [{}]\n"),
            error("\u{feff}recording: 1\ncalls: [{gateway: {}}]\n"),
            http("status: 99999"),
            http("status: 200, hedaers: {}"),
            http("status: 200, headers: [a]"),
            http("status: 200, headers: {a: [b]}"),
            http("status: 200, body: {a: 1}"),
            http("status: 200, body_base64: '*'"),
            http("status: 200, body: a, body_base64: Zg=="),
            http("headers: {}"),
            error("recording: 1\ncalls:\n  - http: {status: 200}\n"),
            error("recording: 1\ncalls: [\n"),
        ];
        insta::assert_snapshot!(said.join("\n"), @"
        line 1, column 1: this is no recording: it has no `recording: 1`
        line 1, column 1: this is no recording: it has no `recording: 1`
        line 1, column 12: this recording has format `2`, and format 1 is known here: update Packwright, or record again
        line 1, column 12: this recording has format a list, and format 1 is known here: update Packwright, or record again
        line 1, column 1: this recording has no `calls`
        line 2, column 8: `calls` must be a list
        line 3, column 1: `seed` is no key of a recording; it has `recording`, `calls`
        line 2, column 9: a call must be a mapping, and this is a number
        line 2, column 9: a call must say what was called: `http:`
        line 2, column 10: `gateway` is no key of a call; it has `http`
        line 3, column 41: `status` must be a number from 100 to 999
        line 3, column 46: `hedaers` is no key of an `http` call; did you mean `headers`?
        line 3, column 55: `headers` must be a mapping
        line 3, column 59: `a` must be text, and this is a list
        line 3, column 52: `body` must be text, and this is a mapping
        line 3, column 59: this is not base64
        line 3, column 68: this call has a `body` as well; keep one of the two
        line 3, column 5: this call has no `status`
        line 3, column 5: this call has no `method`
        line 2, column 8: unclosed bracket '['
        ");
    }
}
