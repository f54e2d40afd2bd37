//! What the commands about releases share: where they look, and how they say what was checked.

use crate::exit::Code;
use crate::output::{Output, visible};
use crate::run::runner;
use camino::Utf8PathBuf;
use packwright_app::home::{HOME_VARIABLE, Home};
use packwright_app::shipping::{Registry, Shipping};
use packwright_app::wire::{Failure, FailureCode, ShipCheck, Verdict};
use std::sync::Arc;

/// Everything about releases, in the home that the environment names.
pub fn shipping(output: &Output) -> Result<Shipping, Failure> {
    let home = Home::find(std::env::var_os(HOME_VARIABLE)).map_err(|error| Failure {
        code: FailureCode::Other,
        message: error.to_string(),
        hints: vec![format!("Set {HOME_VARIABLE} to a folder that Packwright may use.")],
    })?;
    Ok(Shipping::new(home, Arc::new(runner(output)?)))
}

/// The registry of an option; without one, what a reference says, or else this computer.
pub fn registry(option: Option<&str>) -> Result<Option<Registry>, Failure> {
    option.map(Registry::parse).transpose()
}

/// Runs a command to its exit code.
pub fn answered(output: &Output, answer: Result<Code, Failure>) -> Code {
    answer.unwrap_or_else(|failure| output.failure(&failure))
}

/// A pack's folder; a manifest stands for its pack.
pub fn pack_folder(named: &camino::Utf8Path) -> Result<Utf8PathBuf, Failure> {
    use packwright_app::core::folder::MANIFEST;
    if named.as_str().is_empty() {
        return Err(Failure {
            code: FailureCode::BadRequest,
            message: "an empty path names no folder".to_owned(),
            hints: vec!["Name the pack's folder, or leave the argument out for the one you are in.".to_owned()],
        });
    }
    let parent = named.parent().filter(|parent| !parent.as_str().is_empty()).unwrap_or(".".into());
    Ok(if named.file_name() == Some(MANIFEST) && named.is_file() { parent.to_owned() } else { named.to_owned() })
}

/// Rows of a plan or a verdict, one a line, each with what to do below it.
pub fn rows(checks: &[ShipCheck]) -> String {
    let mut text = String::new();
    for check in checks {
        let mark = match check.verdict {
            Verdict::Pass => "\u{1b}[32mok  \u{1b}[0m",
            Verdict::Warn => "\u{1b}[33mwarn\u{1b}[0m",
            Verdict::Fail => "\u{1b}[1;31mFAIL\u{1b}[0m",
            Verdict::Info => "    ",
        };
        text.push_str(&format!("  {mark}  {}\n", visible(&check.text)));
        if let Some(place) = &check.place
            && check.verdict != Verdict::Pass
        {
            let at = if place.line > 0 { format!(":{}:{}", place.line, place.column) } else { String::new() };
            text.push_str(&format!("        {}{at}\n", visible(&place.file)));
        }
        if let Some(hint) = &check.hint {
            text.push_str(&format!("        {}\n", visible(hint)));
        }
    }
    text
}

/// Lines of a name and what it is, aligned.
pub fn facts(facts: &[(&str, &str)]) -> String {
    let width = facts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (name, value) in facts {
        text.push_str(&format!("  {name:width$}  {}\n", visible(value)));
    }
    text
}
