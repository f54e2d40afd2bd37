//! The one place that prints: text for people, one envelope for machines.

#![expect(clippy::print_stdout, reason = "printing is what this module is for")]

use crate::exit::Code;
use packwright_app::wire::Failure;
use serde::Serialize;
use serde_json::{Value, json};

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
            anstream::print!("{text}");
        }
    }

    /// A remark for people, on standard error.
    pub fn say(&self, text: &str) {
        if !self.json {
            anstream::eprint!("{text}");
        }
    }

    /// The envelope, for machines.
    pub fn envelope(&self, ok: bool, data: impl Serialize, diagnostics: Vec<Value>) {
        if self.json {
            let data = serde_json::to_value(data).expect("answers are plain data");
            self.emit(ok, data, &diagnostics, Value::Null);
        }
    }

    /// A command that could not do its work.
    pub fn failure(&self, failure: &Failure) -> Code {
        if self.json {
            let error = json!({ "code": failure.code, "message": failure.message, "hints": failure.hints, "details": null });
            self.emit(false, Value::Null, &[], error);
        } else {
            anstream::eprintln!("\u{1b}[1;31merror\u{1b}[0m: {}", failure.message);
            for hint in &failure.hints {
                anstream::eprintln!("  {hint}");
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
        println!("{}", serde_json::to_string_pretty(&envelope).expect("the envelope is plain data"));
    }
}
