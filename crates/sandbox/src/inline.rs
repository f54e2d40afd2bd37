//! Inline handlers: from the author's files to what the engine is given.

pub mod outline;
mod room;
mod script;

use packwright_core::source::PackSource;
use serde::Serialize;
use std::collections::BTreeMap;

/// Why a tool cannot run, found before anything ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    pub message: String,
    pub hint: String,
    /// The file to mend, and where in it; line 0 when the file as a whole is meant.
    pub place: Option<(String, u32, u32)>,
}

impl Blocked {
    pub(crate) fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into(), place: None }
    }

    pub(crate) fn at(mut self, file: &str, line: u32, column: u32) -> Self {
        self.place = Some((file.to_owned(), line, column));
        self
    }
}

/// Which function of which file answers a tool's calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub module: String,
    pub export: String,
}

/// What the engine's `source` answers with.
#[derive(Debug, Serialize)]
struct Source {
    tools: BTreeMap<String, Entry>,
    modules: BTreeMap<String, String>,
}

/// More modules than any handler has: an import that never ends is a mistake.
const MOST_MODULES: usize = 500;

/// Reads handlers and all that they import, types blanked: JSON for the engine.
pub fn collect(pack: &dyn PackSource, tools: BTreeMap<String, Entry>) -> Result<String, Blocked> {
    let mut modules = BTreeMap::new();
    let mut waiting: Vec<String> = tools.values().map(|entry| entry.module.clone()).collect();
    while let Some(path) = waiting.pop() {
        if modules.contains_key(&path) {
            continue;
        }
        if modules.len() == MOST_MODULES {
            return Err(Blocked::new(
                format!("a handler imports more than {MOST_MODULES} files"),
                "Bundle what it needs into fewer.",
            ));
        }
        let script = read(pack, &path)?;
        // An import that leads nowhere is the engine's to report: it knows the line.
        waiting.extend(script.imports.iter().filter_map(|import| resolve(pack, &path, import)));
        modules.insert(path, script.code);
    }
    Ok(serde_json::to_string(&Source { tools, modules }).expect("text is plain data"))
}

fn read(pack: &dyn PackSource, path: &str) -> Result<script::Script, Blocked> {
    let bytes = pack.read(path).map_err(|_| {
        Blocked::new(format!("`{path}` cannot be read"), "Make the file, or name another one as the tool's handler.")
            .at(path, 0, 0)
    })?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| Blocked::new(format!("`{path}` is not UTF-8 text"), "Save it as UTF-8.").at(path, 0, 0))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    script::read(path, text).map_err(|error| {
        Blocked::new(format!("`{path}` does not parse: {}", error.message), error.hint).at(path, error.line, error.column)
    })
}

/// The file that an import means, when there is one.
fn resolve(pack: &dyn PackSource, from: &str, import: &str) -> Option<String> {
    let is_file = |path: &str| pack.entries().iter().any(|entry| entry.path == path && entry.is_file());
    packwright_core::languages::resolve(from, import, is_file).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use packwright_core::source::MemoryPack;

    fn entry(module: &str) -> BTreeMap<String, Entry> {
        BTreeMap::from([("t".to_owned(), Entry { module: module.to_owned(), export: "t".to_owned() })])
    }

    #[test]
    fn a_handler_comes_with_all_that_it_imports() {
        let pack = MemoryPack::new([
            (
                "handlers/t.ts",
                "import { a } from './lib/a'; import type { X } from 'packwright:tools'; export const t = () => a;",
            ),
            ("handlers/lib/a.ts", "import b from '../b.js'; import '../t.ts'; export const a = b;"),
            ("handlers/b.ts", "export default 1"),
            ("handlers/other.ts", "nobody asks for this"),
        ]);
        let source: serde_json::Value = serde_json::from_str(&collect(&pack, entry("handlers/t.ts")).unwrap()).unwrap();
        let modules: Vec<&String> = source["modules"].as_object().unwrap().keys().collect();
        assert_eq!(modules, ["handlers/b.ts", "handlers/lib/a.ts", "handlers/t.ts"]);
        assert_eq!(source["tools"]["t"]["module"], "handlers/t.ts");
    }

    #[test]
    fn what_is_missing_or_broken_is_named() {
        let pack = MemoryPack::new([("handlers/t.ts", "import './a.ts'; export const t = 1;"), ("handlers/a.ts", "let a = = 1")]);
        let blocked = collect(&pack, entry("handlers/t.ts")).unwrap_err();
        assert_eq!(blocked.place.as_ref().map(|place| (place.0.as_str(), place.1)), Some(("handlers/a.ts", 1)));
        let blocked = collect(&pack, entry("handlers/no.ts")).unwrap_err();
        assert!(blocked.message.contains("handlers/no.ts"), "{blocked:?}");
    }
}
