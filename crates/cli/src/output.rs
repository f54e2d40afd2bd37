//! The one place that prints: text for people, one envelope for machines.

use crate::exit::Code;
use packwright_app::wire::Failure;
use serde::Serialize;
use serde_json::{Value, json};
use std::io::{ErrorKind, Write};

/// The envelope's version. It changes when a reader of the old one would be misled.
const SCHEMA: u32 = 1;

/// Where a command's answer goes.
pub struct Output {
    command: &'static str,
    json: bool,
}

impl Output {
    pub fn new(command: &'static str, json: bool) -> Self {
        Self { command, json }
    }

    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Data for people, on standard output.
    pub fn print(&self, text: &str) {
        if !self.json {
            write(&mut anstream::stdout(), text);
        }
    }

    /// A remark for people, on standard error.
    pub fn say(&self, text: &str) {
        if !self.json {
            write(&mut anstream::stderr(), text);
        }
    }

    /// The envelope, for machines.
    pub fn envelope(&self, ok: bool, data: impl Serialize, diagnostics: Vec<Value>) {
        if self.json {
            let data = serde_json::to_value(data).expect("answers are plain data");
            self.emit(ok, data, &diagnostics, Value::Null);
        }
    }

    /// The envelope with data and, when there is one, a failure beside it.
    pub fn envelope_with(&self, ok: bool, data: impl Serialize, diagnostics: Vec<Value>, failure: Option<&Failure>) {
        if self.json {
            let data = serde_json::to_value(data).expect("answers are plain data");
            self.emit(ok, data, &diagnostics, failure.map_or(Value::Null, error));
        }
    }

    /// A command that could not do its work.
    pub fn failure(&self, failure: &Failure) -> Code {
        if self.json {
            self.emit(false, Value::Null, &[], error(failure));
        } else {
            self.say(&format!("\u{1b}[1;31merror\u{1b}[0m: {}\n", visible(&failure.message)));
            for hint in &failure.hints {
                self.say(&format!("  {}\n", visible(hint)));
            }
        }
        failure.code.into()
    }

    /// Wrong words on the command line, for machines.
    pub fn usage(&self, message: &str) {
        self.emit(false, Value::Null, &[], json!({ "code": "usage", "message": message.trim(), "hints": [], "details": null }));
    }

    fn emit(&self, ok: bool, data: Value, diagnostics: &[Value], error: Value) {
        let envelope = json!({ "schema": SCHEMA, "command": self.command, "ok": ok, "data": data, "diagnostics": diagnostics, "error": error });
        let text = serde_json::to_string_pretty(&envelope).expect("the envelope is plain data");
        write(&mut std::io::stdout().lock(), &format!("{text}\n"));
    }
}

fn error(failure: &Failure) -> Value {
    json!({ "code": failure.code, "message": failure.message, "hints": failure.hints, "details": null })
}

/// Text with its control characters written out: a file's name must not steer the terminal.
pub fn visible(text: &str) -> String {
    text.chars()
        .flat_map(|character| {
            if character.is_control() || is_misleading(character) {
                character.escape_default().collect()
            } else {
                vec![character]
            }
        })
        .collect()
}

/// Marks that turn the direction of text round or end its line: what is shown would not be what is there.
fn is_misleading(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Writes, or ends: whoever closed the pipe has read enough, and whoever gave us a full disk must hear of it.
fn write(to: &mut impl Write, text: &str) {
    if let Err(error) = to.write_all(text.as_bytes()).and_then(|()| to.flush()) {
        if error.kind() == ErrorKind::BrokenPipe {
            std::process::exit(Code::Fine as i32);
        }
        // Where this cannot be written either, the exit code has to do.
        let _ = writeln!(std::io::stderr(), "error: the answer cannot be written: {error}");
        std::process::exit(Code::CouldNotRun as i32);
    }
}
