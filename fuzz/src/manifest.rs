//! A manifest of any bytes: checking it ends, and every finding stands at a place that is there.

use packwright_core::check::check_pack;
use packwright_core::source::{MemoryPack, PackSource};
use packwright_core::text::Text;

pub fn run(bytes: &[u8]) {
    let pack = MemoryPack::new([
        ("pack.yaml", bytes),
        ("schemas/a.json", br#"{"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]}"#),
        ("schemas/b.json", b"{"),
        ("handlers/a.ts", b"export function t(input: unknown) { return input; }\n"),
        ("tests/t.yaml", b"tool: t\ncases:\n  - name: one\n    input: {q: x}\n"),
        (".packignore", b"*.tmp\n"),
        ("README.md", b"# A pack\n"),
    ]);
    for found in check_pack(&pack).diagnostics {
        holds(&pack, &found.file, &found.range, &format!("{found:?}"));
        for edit in found.fix.iter().flat_map(|fix| &fix.edits) {
            holds(&pack, &edit.file, &edit.range, &format!("{found:?}"));
        }
    }
}

/// A range that lies in the file's text, on the borders of characters.
fn holds(pack: &MemoryPack, file: &str, range: &std::ops::Range<usize>, found: &str) {
    let text = pack.read(file).ok().and_then(|bytes| String::from_utf8(bytes.into_owned()).ok()).map(Text::new);
    match text {
        Some(text) => assert!(text.as_str().get(range.clone()).is_some(), "{found} stands outside of its file"),
        // A file that is missing, or no text, is meant as a whole or at its first strange byte.
        None => assert!(range.start <= range.end, "{found}"),
    }
}
