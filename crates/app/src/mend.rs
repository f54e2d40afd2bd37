//! Applies every certain fix of a pack: what `packwright check --fix` does.

use crate::check::{Report, check_with, texts_of};
use crate::wire::Failure;
use camino::Utf8Path;
use packwright_core::check::{Checked, Checker};
use packwright_core::diagnostic::{Edit, Fix};
use packwright_core::source::PackSource;
use packwright_core::text::BYTE_ORDER_MARK;
use packwright_kit::disk::DiskPack;
use packwright_kit::{atomic, text_file};
use std::collections::BTreeMap;

/// A pack with its fixes made, on disk or only in memory.
#[derive(Debug)]
pub struct Mended {
    /// What changed.
    pub files: Vec<MendedFile>,
    /// How many fixes were made.
    pub fixes: usize,
    /// What is left.
    pub report: Report,
}

/// A file before and after. An empty text before: the file is new.
#[derive(Debug)]
pub struct MendedFile {
    pub path: String,
    pub before: String,
    pub after: String,
}

/// Whether fixes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Write {
    ToDisk,
    /// Only shown.
    Nothing,
}

/// A fix can uncover another fault with a fix; past this many rounds something goes in circles.
const MOST_ROUNDS: usize = 10;

/// Makes the certain fixes of a folder's findings. Each round is checked again, so that a fix is only made of text that is there.
pub fn mend_folder(path: &Utf8Path, write: Write) -> Result<Mended, Failure> {
    let mut disk = DiskPack::read(path)?;
    let mut checker = Checker::default();
    let mut before: BTreeMap<String, String> = BTreeMap::new();
    let mut fixes = 0;
    let mut checked = check_with(&mut checker, &disk);
    for _ in 0..MOST_ROUNDS {
        let chosen = apart(&checked);
        if chosen.is_empty() {
            break;
        }
        fixes += chosen.len();
        let mut edits: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
        chosen.iter().flat_map(|fix| &fix.edits).for_each(|edit| edits.entry(&edit.file).or_default().push(edit));
        let mut changed = Vec::new();
        for (path, mut edits) in edits {
            let text = text_of(&disk, path);
            edits.sort_by_key(|edit| std::cmp::Reverse((edit.range.start, edit.range.end)));
            let mut new = text.clone();
            edits.iter().for_each(|edit| new.replace_range(edit.range.clone(), &edit.text));
            before.entry(path.to_owned()).or_insert(text);
            changed.push((path.to_owned(), new));
        }
        changed.into_iter().for_each(|(path, text)| disk.open(&path, text));
        checked = check_with(&mut checker, &disk);
    }
    let mut files = Vec::new();
    for (path, before) in before {
        let after = text_of(&disk, &path);
        if write == Write::ToDisk {
            store(disk.root(), &path, &after)?;
        }
        files.push(MendedFile { path, before, after });
    }
    let texts = texts_of(&disk, &checked);
    let report = Report { root: disk.root().to_owned(), checked, texts };
    Ok(Mended { files, fixes, report })
}

/// Fixes that do not touch each other, in the order of their findings.
fn apart(checked: &Checked) -> Vec<&Fix> {
    let mut taken: Vec<&Edit> = Vec::new();
    let touches = |one: &Edit, other: &Edit| {
        one.file == other.file && one.range.start <= other.range.end && other.range.start <= one.range.end
    };
    let mut chosen = Vec::new();
    for fix in checked.diagnostics.iter().filter_map(|found| found.fix.as_ref()) {
        if !fix.edits.is_empty() && !fix.edits.iter().any(|edit| taken.iter().any(|other| touches(edit, other))) {
            taken.extend(&fix.edits);
            chosen.push(fix);
        }
    }
    chosen
}

/// A file's text without its byte-order mark, as findings count it; a file that is not there yet is empty.
fn text_of(disk: &DiskPack, path: &str) -> String {
    let text = disk.read(path).ok().and_then(|bytes| String::from_utf8(bytes.into_owned()).ok()).unwrap_or_default();
    text.strip_prefix(BYTE_ORDER_MARK).map_or(text.clone(), str::to_owned)
}

/// Writes a text in place of a file's, whose byte-order mark stays.
fn store(root: &Utf8Path, path: &str, text: &str) -> Result<(), Failure> {
    let full = root.join(path);
    let marked = text_file::read_bytes(&full, u64::MAX).is_ok_and(|bytes| bytes.starts_with("\u{feff}".as_bytes()));
    let bytes = if marked { format!("{BYTE_ORDER_MARK}{text}") } else { text.to_owned() };
    Ok(atomic::write(&full, bytes.as_bytes())?)
}
