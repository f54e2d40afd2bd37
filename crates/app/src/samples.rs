//! The packs that come with the studio: listed, and copied so that they are the author's to change.

use crate::wire::{Failure, FailureCode, Sample};
use camino::{Utf8Path, Utf8PathBuf};
use packwright_core::check::check_pack;
use packwright_core::source::PackSource;
use packwright_kit::disk::DiskPack;

/// In the order of the first page: what most people want to write comes first.
const NAMES: &[&str] = &["open-library", "word-count", "progress-tracking", "change-tracking", "memory-provider"];

/// The samples in a folder. What is not there is left out.
pub fn list(folder: &Utf8Path) -> Vec<Sample> {
    NAMES.iter().filter_map(|name| describe(&folder.join(name), name)).collect()
}

fn describe(folder: &Utf8Path, name: &str) -> Option<Sample> {
    let disk = DiskPack::read(folder).ok()?;
    let pack = check_pack(&disk).pack;
    let has = |path: &str| disk.entries().iter().any(|entry| entry.path == path);
    let mut contents = Vec::new();
    match pack.tools.len() {
        0 => {}
        1 => contents.push("1 tool".to_owned()),
        number => contents.push(format!("{number} tools")),
    }
    for (path, word) in [
        ("tests", "cases"),
        ("behavior.md", "behaviour"),
        ("guides", "guides"),
        ("templates", "templates"),
        ("extensions", "contracts"),
    ] {
        if has(path) {
            contents.push(word.to_owned());
        }
    }
    Some(Sample { name: name.to_owned(), description: pack.description.unwrap_or_default(), contents: contents.join(", ") })
}

/// Copies a sample below `to`, unless a copy is there already: that one is the author's. Gives the copy's folder.
pub fn copy(from: &Utf8Path, name: &str, to: &Utf8Path) -> Result<Utf8PathBuf, Failure> {
    if !NAMES.contains(&name) {
        return Err(Failure::new(FailureCode::NotFound, format!("there is no sample `{name}`"), "Choose one of the list."));
    }
    let target = to.join(name);
    if target.exists() {
        return Ok(target);
    }
    let source = DiskPack::read(&from.join(name))?;
    // Under another name until it is whole, so that a copy that was cut short is never taken for one.
    let unfinished = to.join(format!(".packwright-{name}"));
    let explain = |error: std::io::Error| {
        Failure::new(
            FailureCode::Other,
            format!("the sample cannot be copied: {error}"),
            "Make the data folder writable; `packwright env` says where it is.",
        )
    };
    if unfinished.exists() {
        fs_err::remove_dir_all(&unfinished).map_err(explain)?;
    }
    fs_err::create_dir_all(&unfinished).map_err(explain)?;
    for entry in source.entries() {
        let path = unfinished.join(&entry.path);
        if entry.is_folder() {
            fs_err::create_dir_all(&path).map_err(explain)?;
        } else if entry.is_file() {
            // Bytes, not the file: an installed sample may be read-only, and its copy must not be.
            let bytes = fs_err::read(source.root().join(&entry.path)).map_err(explain)?;
            fs_err::write(&path, bytes).map_err(explain)?;
        }
    }
    fs_err::rename(&unfinished, &target).map_err(explain)?;
    Ok(target)
}
