//! What a pack's schemas give beside checks: example values, and types for handlers.

use crate::wire::{Failure, FailureCode};
use camino::Utf8Path;
use packwright_core::folder::MANIFEST;
use packwright_core::model::{Manifest, SchemaRef, Tool};
use packwright_core::schema::{Bundle, Examples, TypedTool, examples_of, typescript};
use packwright_core::source::PackSource;
use packwright_core::text::{Text, shown};
use packwright_kit::disk::DiskPack;
use serde_json::Value;

/// A pack whose manifest could be read.
pub struct ReadPack {
    disk: DiskPack,
    /// The manifest's text, without a byte-order mark.
    pub text: String,
    pub manifest: Manifest,
    /// A folder that is removed with it, for a pack that was pulled to be looked at.
    _keep: Option<tempfile::TempDir>,
}

/// One of a tool's two schemas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Input,
    Output,
}

impl ReadPack {
    /// Reads a folder.
    pub fn read(folder: &Utf8Path) -> Result<Self, Failure> {
        let disk = DiskPack::read(folder)?;
        let unreadable = |message: String| {
            Failure::new(FailureCode::BadManifest, message, "Run `packwright check`: it says what to mend, and where.")
        };
        let bytes = disk.read(MANIFEST).map_err(|_| {
            let message = format!("`{}` has no {MANIFEST} that can be read", disk.root());
            Failure::new(FailureCode::NotFound, message, "Name a pack's folder, or make one with `packwright init`.")
        })?;
        let text = String::from_utf8(bytes.into_owned())
            .map_err(|_| unreadable(format!("`{}` is not UTF-8 text", disk.root().join(MANIFEST))))?;
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        let manifest = Manifest::read(&text).map_err(|error| {
            let place = Text::new(text.as_str()).position(error.span.start);
            let (file, line, column, why) = (disk.root().join(MANIFEST), place.line, place.column, error.message);
            unreadable(format!("`{file}` cannot be read at line {line}, column {column}: {why}"))
        })?;
        Ok(Self { disk, text, manifest, _keep: None })
    }

    /// The same pack, which lies in a temporary folder.
    pub(crate) fn with(self, folder: tempfile::TempDir) -> Self {
        Self { _keep: Some(folder), ..self }
    }

    /// A file of the pack, read as JSON.
    pub fn json(&self, path: &str) -> Option<Value> {
        let bytes = self.disk.read(path).ok()?;
        serde_json::from_slice(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes)).ok()
    }

    /// A tool, by name.
    pub fn tool(&self, name: &str) -> Result<&Tool, Failure> {
        self.manifest.tool(name).ok_or_else(|| {
            let names: Vec<&str> = self.manifest.tools.iter().map(|tool| tool.name.as_str()).collect();
            let near = packwright_core::nearest::nearest(name, names.iter().copied());
            let hint = match (near, names.as_slice()) {
                (Some(near), _) => format!("Did you mean `{}`?", shown(&near)),
                (None, []) => "It has no tools.".to_owned(),
                (None, names) => {
                    format!("It has {}.", names.iter().take(20).map(|name| shown(name)).collect::<Vec<_>>().join(", "))
                }
            };
            Failure::new(FailureCode::BadRequest, format!("the pack has no tool `{}`", shown(name)), &hint)
        })
    }

    /// A tool's schema with all that it refers to; `None` where the tool has none.
    pub fn schema(&self, tool: &Tool, of: Of) -> Option<Result<Bundle, String>> {
        let files = |path: &str| self.json(path);
        Some(match if of == Of::Input { tool.input.as_ref()? } else { tool.output.as_ref()? } {
            SchemaRef::Inline(value) => Bundle::of(MANIFEST, value, &files).map_err(|error| error.to_string()),
            SchemaRef::File(path) => match self.json(path) {
                Some(value) => Bundle::of(path, &value, &files).map_err(|error| error.to_string()),
                None => Err(format!("`{}` is not there, or not JSON.", shown(path))),
            },
        })
    }
}

/// Values that fit a tool's input or output.
pub fn examples(folder: &Utf8Path, tool: &str, of: Of, options: &Examples) -> Result<Vec<Value>, Failure> {
    let pack = ReadPack::read(folder)?;
    let tool = pack.tool(tool)?;
    let what = if of == Of::Input { "input" } else { "output" };
    let failure = |message: String, hint: &str| Failure::new(FailureCode::BadManifest, message, hint);
    match pack.schema(tool, of) {
        None => Err(failure(
            format!("the tool `{}` has no `{what}` schema", shown(&tool.name)),
            &format!("Write one under `{what}`, in the manifest or in a file of `schemas/`."),
        )),
        Some(Err(why)) => Err(failure(
            format!("the `{what}` schema of `{}` cannot be used: {}", shown(&tool.name), why.trim_end_matches('.')),
            "Run `packwright check`: it says what to mend, and where.",
        )),
        Some(Ok(bundle)) => Ok(examples_of(&bundle, options)),
    }
}

/// The declaration file of a pack: `packwright:tools` and the host's types.
pub fn types(folder: &Utf8Path) -> Result<String, Failure> {
    let pack = ReadPack::read(folder)?;
    let bundles: Vec<[Option<Bundle>; 2]> = pack
        .manifest
        .tools
        .iter()
        .map(|tool| [Of::Input, Of::Output].map(|of| pack.schema(tool, of).and_then(Result::ok)))
        .collect();
    let tools: Vec<TypedTool<'_>> = pack
        .manifest
        .tools
        .iter()
        .zip(&bundles)
        .map(|(tool, [input, output])| TypedTool {
            name: &tool.name,
            title: tool.title.as_deref(),
            description: tool.description.as_deref(),
            input: input.as_ref(),
            output: output.as_ref(),
        })
        .collect();
    Ok(typescript(&tools))
}
