//! How assistance is tested: a pack in memory, and a mark `<|>` where the cursor stands.

mod acting;
mod completing;
mod navigating;
mod outlining;
mod renaming;
mod sturdy;
mod telling;

use super::Pack;
use crate::languages::{Export, Import, Languages, ScriptOutline};
use crate::manifest::Manifest;
use crate::manifest::typed::Typed;
use crate::source::{MemoryPack, PackSource};
use crate::yaml::{self, Node};
use std::borrow::Cow;

/// A pack that every test can use: two tools, a credential, rules, cases.
pub(super) const FILES: &[(&str, &str)] = &[
    ("pack.yaml", include_str!("tests/pack.yaml")),
    (
        "schemas/find.input.json",
        r##"{
  "type": "object",
  "properties": {
    "query": {"type": "string", "description": "What to look for.", "examples": ["dune"]},
    "sort": {"enum": ["new", "old"]},
    "exact": {"type": "boolean"},
    "page": {"$ref": "#/$defs/page"}
  },
  "required": ["query"],
  "$defs": {"page": {"type": "object", "properties": {"size": {"type": "integer", "default": 10}}}}
}
"##,
    ),
    ("schemas/find.output.json", "{\"type\": \"object\", \"properties\": {\"hits\": {\"$ref\": \"parts.json#/$defs/hit\"}}}\n"),
    ("schemas/parts.json", "{\"$defs\": {\"hit\": {\"type\": \"string\"}}}\n"),
    ("handlers/find.ts", "import { shout } from \"./lib.ts\";\nexport function find(input) {\n  return shout(input);\n}\n"),
    ("handlers/lib.ts", "export function shout(text) {\n  return text;\n}\n"),
    (
        "tests/find.yaml",
        "tool: find\ncases:\n  - name: finds Dune\n    input: {query: dune}\n    recording: recordings/finds-dune.yaml\n  - name: nothing\n    expect: {error: not_found}\n",
    ),
    ("tests/recordings/finds-dune.yaml", "recording: 1\ncalls: []\n"),
    ("evals/find.yaml", "tool: find\ntasks:\n  - ask: Find Dune.\n    tools: [find, get]\n"),
    ("guides/use.md", "# Use\n\nSee [the schema](../schemas/find.input.json) and `find`.\n"),
    ("assets/icon.png", "png"),
    ("assets/logo.svg", "<svg/>"),
    ("components/memory.wasm", "wasm"),
    (
        "flows/main.ygtc",
        "id: main\ntype: messaging\nnodes:\n  ask:\n    memory.handle: {}\n    routing: [{to: end}]\n  end:\n    emit.log: {}\n",
    ),
    ("views/shelf.json", "{}"),
    ("migrations/0001-first.sql", "select 1;"),
];

/// Reads just enough of a module for tests: one export or import a line.
pub(super) struct Lines;

impl Languages for Lines {
    fn outline(&self, _: &str, text: &str) -> Option<ScriptOutline> {
        let mut outline = ScriptOutline::default();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            if let Some(rest) = line.strip_prefix("export function ") {
                let name: String = rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
                let at = start + line.len() - rest.len();
                outline.exports.push(Export { span: at..at + name.len(), name, function: true });
            }
            if let Some(at) = line.find("from \"").filter(|_| line.starts_with("import")) {
                let from = line[at + 6..].split('"').next().unwrap_or_default().to_owned();
                let at = start + at + 6;
                outline.imports.push(Import {
                    span: at..at + from.len(),
                    from,
                    types_only: false,
                    passed_on: false,
                    names: Vec::new(),
                });
            }
            start += line.len();
        }
        Some(outline)
    }
}

/// Calls `ask` with the pack of [`FILES`], the file at `path` replaced by `text`.
pub(super) fn with_pack<T>(path: &str, text: &str, ask: impl FnOnce(&Pack<'_>) -> T) -> T {
    let mut files: Vec<(&str, &str)> = FILES.iter().copied().filter(|(one, _)| *one != path).collect();
    files.push((path, text));
    with_files(&files, ask)
}

pub(super) fn with_files<T>(files: &[(&str, &str)], ask: impl FnOnce(&Pack<'_>) -> T) -> T {
    let source = MemoryPack::new(files.iter().copied());
    let text = files.iter().find(|(path, _)| *path == "pack.yaml").map_or("", |(_, text)| text);
    let root: Node = yaml::recover(text).0;
    let manifest = Manifest::read(&root).unwrap_or_default();
    let read = |path: &str| {
        let bytes = source.read(path).ok()?;
        String::from_utf8(bytes.into_owned()).ok().map(Cow::Owned)
    };
    ask(&Pack {
        manifest_text: text,
        root: &root,
        manifest: &manifest,
        entries: source.entries(),
        read: &read,
        languages: &Lines,
    })
}

/// A text without its mark, and where that stood.
pub(super) fn marked(text: &str) -> (String, usize) {
    let at = text.find("<|>").expect("the text has a mark");
    (text.replacen("<|>", "", 1), at)
}
