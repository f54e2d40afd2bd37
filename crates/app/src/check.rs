//! Checking a folder once: what `packwright check` and a recent pack's verdict come from.

use crate::wire::Failure;
use camino::{Utf8Path, Utf8PathBuf};
use packwright_core::check::{Checked, check_pack};
use packwright_core::source::PackSource;
use packwright_core::text::Text;
use packwright_kit::disk::DiskPack;
use std::collections::BTreeMap;

/// A checked folder, with the texts that the findings point into.
#[derive(Debug)]
pub struct Report {
    /// The folder, with links resolved.
    pub root: Utf8PathBuf,
    pub checked: Checked,
    /// By path; a file that is no text is missing.
    pub texts: BTreeMap<String, Text>,
}

/// Checks a folder, whatever is in it.
pub fn check_folder(path: &Utf8Path) -> Result<Report, Failure> {
    let disk = DiskPack::read(path)?;
    let checked = check_pack(&disk);
    let texts = texts_of(&disk, &checked);
    Ok(Report { root: disk.root().to_owned(), checked, texts })
}

/// The texts of the files that findings name.
pub fn texts_of(source: &dyn PackSource, checked: &Checked) -> BTreeMap<String, Text> {
    let mut texts = BTreeMap::new();
    for found in &checked.diagnostics {
        // A finding about the file as a whole points into no text.
        if found.range == (0..0) || texts.contains_key(&found.file) {
            continue;
        }
        if let Ok(bytes) = source.read(&found.file)
            && let Ok(text) = String::from_utf8(bytes.into_owned())
        {
            texts.insert(found.file.clone(), Text::new(text));
        }
    }
    texts
}
