//! What is generated from the core and committed is fresh: the rules' pages and the manifest's JSON Schema.
//!
//! With `PACKWRIGHT_BLESS` set, these tests write the files instead; `cargo xtask generate` does that.

use camino::{Utf8Path, Utf8PathBuf};
use packwright_core::rules::page::pages;
use packwright_core::shape::json_schema;
use std::collections::BTreeSet;

fn docs() -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs")
}

fn blessing() -> bool {
    std::env::var_os("PACKWRIGHT_BLESS").is_some()
}

#[test]
fn committed_rule_pages_are_fresh() {
    let folder = docs().join("rules");
    let pages = pages();
    if blessing() {
        for (path, text) in &pages {
            let path = folder.join(path);
            fs_err::create_dir_all(path.parent().expect("a page lies in a folder")).expect("docs/rules can be written");
            fs_err::write(&path, text).expect("docs/rules can be written");
        }
        for gone in files(&folder).iter().filter(|path| !pages.contains_key(path.as_str())) {
            fs_err::remove_file(folder.join(gone)).expect("docs/rules can be written");
        }
    }
    let stale: Vec<&str> = pages
        .iter()
        .filter(|(path, text)| fs_err::read_to_string(folder.join(path)).ok().as_ref() != Some(*text))
        .map(|(path, _)| path.as_str())
        .collect();
    assert_eq!(stale, [""; 0], "these pages of docs/rules are stale: run `cargo xtask generate`");
    let wanted: BTreeSet<String> = pages.into_keys().collect();
    let gone: Vec<String> = files(&folder).difference(&wanted).cloned().collect();
    assert_eq!(gone, [""; 0], "these pages of docs/rules belong to no rule: run `cargo xtask generate`");
}

#[test]
fn committed_manifest_schema_is_fresh() {
    let path = docs().join("pack.schema.json");
    let made = serde_json::to_string_pretty(&json_schema::manifest()).expect("a schema is JSON") + "\n";
    if blessing() {
        fs_err::write(&path, &made).expect("docs can be written");
    }
    let committed = fs_err::read_to_string(&path).unwrap_or_default();
    assert_eq!(committed, made, "{path} is stale: run `cargo xtask generate`");
}

/// The paths below a folder, with `/`.
fn files(folder: &Utf8Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in next.read_dir_utf8().expect("docs/rules can be listed") {
            let path = entry.expect("docs/rules can be listed").into_path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let below = path.strip_prefix(folder).expect("it lies below the folder");
                found.insert(below.components().map(|part| part.as_str()).collect::<Vec<_>>().join("/"));
            }
        }
    }
    found
}
