//! An ignore file of any bytes, held against the paths of a pack and against what its own lines look like.

use packwright_core::folder::PackIgnore;

const PATHS: &[&str] = &[
    "pack.yaml",
    "schemas/a.json",
    "schemas/deep/er/still/b.json",
    "guides/Über uns.md",
    "a b/c",
    "handlers/node_modules/x/index.js",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "!x",
    "#x",
    "[a]",
];

pub fn run(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let ignore = PackIgnore::parse(text);
    let lines = text.lines().count();
    assert!(ignore.faults.iter().all(|(line, _)| *line < lines), "a fault stands on a line that is there");
    let own = text.lines().map(|line| line.trim_matches(['/', '!', ' '])).filter(|line| !line.is_empty()).take(20);
    for path in PATHS.iter().copied().chain(own) {
        ignore.leaves_out(path, false);
        ignore.leaves_out(path, true);
    }
}
