//! Keeping a run as a case: its input, what is expected, and a recording of what the network answered.

use super::TriedPack;
use crate::wire::{Failure, FailureCode, KeepExpect, Place, SavedCase};
use camino::Utf8Path;
use packwright_core::call::ToolError;
use packwright_core::cases::{self, Expect, NewCase};
use packwright_core::rules::manifest::slug;
use packwright_kit::disk::inside;
use packwright_kit::text_file::{self, LineEnding};
use packwright_sandbox::Run;
use packwright_sandbox::http::{Exchange, record};
use serde_json::Value;

/// What a run leaves behind, so that it can become a case.
#[derive(Debug, Clone)]
pub struct Kept {
    pub tool: String,
    pub input: Value,
    pub outcome: Result<Value, ToolError>,
    pub exchanges: Vec<Exchange>,
}

impl Kept {
    pub fn of(tool: &str, input: Value, run: &Run) -> Self {
        let outcome = run.outcome.clone().map_err(|failure| failure.error);
        Self { tool: tool.to_owned(), input, outcome, exchanges: run.exchanges.clone() }
    }
}

/// Adds a run to the tool's file of cases. The recording is written first: a case never names one that is not there.
pub fn save_case(pack: &TriedPack, kept: &Kept, name: &str, expect: KeepExpect) -> Result<SavedCase, Failure> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Failure::new(FailureCode::BadRequest, "a case needs a name", "Say what it shows, as in “finds Dune”."));
    }
    let known = pack.cases.iter().find(|file| file.tool == kept.tool);
    let path = known.map_or_else(|| format!("tests/{}.yaml", file_name(&kept.tool)), |file| file.path.clone());
    if let Some((place, message)) = pack.broken.iter().find(|(place, _)| place.file == path) {
        let message = format!("`{path}` cannot be added to: line {}: {message}", place.line);
        return Err(Failure::new(FailureCode::Other, message, "Mend the file first; nothing was changed."));
    }
    let recording = (!kept.exchanges.is_empty()).then(|| free_recording(pack.disk.root(), &file_name(name)));
    let expect = match (&kept.outcome, expect) {
        (Ok(_), KeepExpect::Schema) => Expect::Schema,
        (Ok(output), KeepExpect::Same) => Expect::Output(output.clone()),
        (Err(error), _) => Expect::Error(error.code.clone()),
    };
    let case = NewCase { name: name.to_owned(), input: kept.input.clone(), expect, recording: recording.clone(), max_ms: None };

    let full = pack.disk.root().join(&path);
    let before = match text_file::read(&full) {
        Ok(file) => Some(file),
        Err(text_file::ReadTextError::NotFound { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let text = cases::append(before.as_ref().map(|file| file.text.as_str()), &kept.tool, &case).map_err(|error| {
        Failure::new(
            FailureCode::Other,
            format!("`{path}` cannot be added to: {}", error.message),
            "Nothing was changed. Add the case by hand.",
        )
    })?;

    // The first case of a pack makes the folder, too.
    for file in [Some(&path), recording.as_ref().map(|recording| format!("tests/{recording}")).as_ref()].into_iter().flatten() {
        let full = inside(pack.disk.root(), file).ok_or_else(|| Failure::outside(file))?;
        fs_err::create_dir_all(full.parent().unwrap_or(&full)).map_err(|error| {
            Failure::new(
                FailureCode::Denied,
                error.to_string(),
                "Give yourself permission to write there, then save the case again.",
            )
        })?;
    }
    if let Some(recording) = &recording {
        let text = record(&kept.exchanges).write();
        text_file::save(&pack.disk.root().join("tests").join(recording), &text, LineEnding::Lf, false, None)?;
    }
    let (ending, mark, base) =
        before.map_or((LineEnding::Lf, false, None), |file| (file.line_ending, file.byte_order_mark, Some(file.digest)));
    text_file::save(&full, &text, ending, mark, base.as_deref())?;
    let line = cases::read(&path, &text).ok().and_then(|file| file.cases.last().map(|case| case.line));
    let place = Place { file: path, line: line.and_then(|line| u32::try_from(line).ok()).unwrap_or(0), column: 1 };
    Ok(SavedCase { place, recording: recording.map(|path| format!("tests/{path}")) })
}

/// A file's name made of any text.
fn file_name(text: &str) -> String {
    let name = slug(text);
    if name.is_empty() { "case".to_owned() } else { name }
}

/// A name for a recording that no file has, relative to `tests/`.
fn free_recording(root: &Utf8Path, name: &str) -> String {
    let candidates =
        std::iter::once(format!("recordings/{name}.yaml")).chain((2..).map(|number| format!("recordings/{name}-{number}.yaml")));
    candidates.into_iter().find(|path| !root.join("tests").join(path).exists()).expect("numbers go on")
}
