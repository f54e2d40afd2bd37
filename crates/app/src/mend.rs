//! Applies every certain fix of a pack: what `packwright check --fix` does.

use crate::check::{Report, check_for, texts_of};
use crate::wire::{Failure, FailureCode};
use camino::{Utf8Path, Utf8PathBuf};
use packwright_core::check::{Checked, Checker};
use packwright_core::diagnostic::{Diagnostic, Edit, Fix};
use packwright_core::source::{PackSource, ReadError};
use packwright_core::text::BYTE_ORDER_MARK;
use packwright_kit::disk::DiskPack;
use packwright_kit::{atomic, text_file};
use std::collections::{BTreeMap, BTreeSet};

/// A pack with its fixes made, in memory.
#[derive(Debug)]
pub struct Mended {
    /// What changes.
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
    /// Every byte as it was read; `None` when there was no file.
    bytes: Option<Vec<u8>>,
}

/// A fix can uncover another fault with a fix; past this many rounds something goes in circles.
const MOST_ROUNDS: usize = 20;

/// How many fixes are tried one by one, where all together leave more faults than there were.
const MOST_ALONE: usize = 100;

/// Makes the certain fixes of a folder's findings, for these targets too. Nothing is written yet.
///
/// A file that a fix wants to change is held fast first, and the folder is checked again: a fix is only made of text that is there. So is
/// each round after it. A round that leaves more findings than there were is taken back, and its fixes are made one by one: what is written
/// never says more wrong things than what was read.
pub fn mend_folder(path: &Utf8Path, targets: &[String]) -> Result<Mended, Failure> {
    let mut disk = DiskPack::read(path)?;
    let mut checker = Checker::default();
    let mut held: BTreeMap<String, Option<Vec<u8>>> = BTreeMap::new();
    let mut strange = BTreeSet::new();
    let mut fixes = 0;
    let mut refused: BTreeSet<Told> = BTreeSet::new();
    let mut alone = false;
    let mut checked = check_for(&mut checker, &disk, targets);
    let mut rounds = 0;
    while rounds < if alone { MOST_ROUNDS + MOST_ALONE } else { MOST_ROUNDS } {
        rounds += 1;
        let mut chosen = apart(&checked, &strange, &refused);
        chosen.truncate(if alone { 1 } else { chosen.len() });
        let Some(first) = chosen.first().copied().map(told) else { break };
        let chosen: Vec<&Fix> = chosen.iter().filter_map(|found| found.fix.as_ref()).collect();
        let mut edits: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
        chosen.iter().flat_map(|fix| &fix.edits).for_each(|edit| edits.entry(&edit.file).or_default().push(edit));
        let new: Vec<String> = edits.keys().filter(|path| !held.contains_key(**path)).map(|path| (*path).to_owned()).collect();
        if new.is_empty() {
            let (mut before, mut changed) = (Vec::new(), Vec::new());
            for (path, mut edits) in edits {
                let mut text = whole_text(&disk, path);
                before.push((path.to_owned(), text.clone()));
                let mark = text.len() - without_mark(&text).len();
                edits.sort_by_key(|edit| std::cmp::Reverse((edit.range.start, edit.range.end)));
                edits.iter().for_each(|edit| text.replace_range(mark + edit.range.start..mark + edit.range.end, &edit.text));
                changed.push((path.to_owned(), text));
            }
            changed.into_iter().for_each(|(path, text)| disk.open(&path, text));
            let after = check_for(&mut checker, &disk, targets);
            if after.diagnostics.len() <= checked.diagnostics.len() {
                fixes += chosen.len();
                checked = after;
                continue;
            }
            if chosen.len() == 1 {
                refused.insert(first);
            }
            alone = true;
            before.into_iter().for_each(|(path, text)| disk.open(&path, text));
        }
        for path in new {
            let bytes = match disk.read(&path) {
                Ok(bytes) => Some(bytes.into_owned()),
                Err(ReadError::NotFound) => None,
                Err(_) => {
                    strange.insert(path);
                    continue;
                }
            };
            match String::from_utf8(bytes.clone().unwrap_or_default()) {
                Ok(text) => {
                    disk.open(&path, text);
                    held.insert(path, bytes);
                }
                Err(_) => drop(strange.insert(path)),
            }
        }
        checked = check_for(&mut checker, &disk, targets);
    }
    let mut files = Vec::new();
    for (path, bytes) in held {
        let text = |bytes: &[u8]| without_mark(&String::from_utf8_lossy(bytes)).to_owned();
        let (before, after) = (text(bytes.as_deref().unwrap_or_default()), without_mark(&whole_text(&disk, &path)).to_owned());
        if before != after {
            files.push(MendedFile { path, before, after, bytes });
        }
    }
    let texts = texts_of(&disk, &checked);
    let report = Report { root: disk.root().to_owned(), checked, texts };
    Ok(Mended { files, fixes, report })
}

impl Mended {
    /// Writes what changed: all of it, or nothing when a file is not what it was any more.
    pub fn write(&self) -> Result<(), Failure> {
        for file in &self.files {
            let now = match text_file::read_bytes(&self.place(file), u64::MAX) {
                Ok(bytes) => Some(bytes),
                Err(text_file::ReadTextError::NotFound { .. }) => None,
                Err(error) => return Err(error.into()),
            };
            if now != file.bytes {
                let message = format!("`{}` changed while it was being fixed; nothing was written", file.path);
                return Err(Failure::new(
                    FailureCode::ChangedOutside,
                    message,
                    "Run it again: it then begins with what is there now.",
                ));
            }
        }
        let mut written = Vec::new();
        for file in &self.files {
            let mark = file.bytes.as_ref().is_some_and(|bytes| bytes.starts_with("\u{feff}".as_bytes()));
            let bytes = if mark { format!("{BYTE_ORDER_MARK}{}", file.after) } else { file.after.clone() };
            if let Err(error) = atomic::write(&self.place(file), bytes.as_bytes()) {
                let failure = Failure::from(error);
                let mut hints = vec!["The file is as it was. See to it that it can be written, then run it again.".to_owned()];
                if !written.is_empty() {
                    hints.push(format!("Written before that: {}.", written.join(", ")));
                }
                return Err(Failure { hints, ..failure });
            }
            written.push(format!("`{}`", file.path));
        }
        Ok(())
    }

    fn place(&self, file: &MendedFile) -> Utf8PathBuf {
        self.report.root.join(&file.path)
    }
}

/// What a finding is known by when its place may have moved: its file, its code and its words.
type Told = (String, &'static str, String);

fn told(found: &Diagnostic) -> Told {
    (found.file.clone(), found.code, found.message.clone())
}

/// Findings with a certain fix, that do not touch each other, nor a file that is no text, in their order.
fn apart<'a>(checked: &'a Checked, strange: &BTreeSet<String>, refused: &BTreeSet<Told>) -> Vec<&'a Diagnostic> {
    let mut taken: Vec<&Edit> = Vec::new();
    let touches = |one: &Edit, other: &Edit| {
        one.file == other.file && one.range.start <= other.range.end && other.range.start <= one.range.end
    };
    let mut chosen = Vec::new();
    for found in &checked.diagnostics {
        let Some(fix) = found.fix.as_ref().filter(|fix| fix.certain && !refused.contains(&told(found))) else { continue };
        let free = |edit: &Edit| !strange.contains(&edit.file) && !taken.iter().any(|other| touches(edit, other));
        if !fix.edits.is_empty() && fix.edits.iter().all(free) {
            taken.extend(&fix.edits);
            chosen.push(found);
        }
    }
    chosen
}

/// A file's text; one that is not there yet is empty.
fn whole_text(disk: &DiskPack, path: &str) -> String {
    disk.read(path).ok().and_then(|bytes| String::from_utf8(bytes.into_owned()).ok()).unwrap_or_default()
}

/// A text as findings count it.
fn without_mark(text: &str) -> &str {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::mend_folder;
    use crate::wire::FailureCode;
    use camino::{Utf8Path, Utf8PathBuf};

    /// A pack with a misspelt key, a byte-order mark and a file that must not be published.
    fn pack() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = Utf8Path::from_path(folder.path()).expect("Unicode").canonicalize_utf8().expect("it exists");
        fs_err::write(root.join("pack.yaml"), "\u{feff}name: a\r\nversion: 1.0.0\r\ndescripton: Says.\r\n").expect("written");
        fs_err::write(root.join(".env"), "").expect("written");
        (folder, root)
    }

    #[test]
    fn certain_fixes_are_made_and_every_other_byte_stays() {
        let (_keep, root) = pack();
        let mended = mend_folder(&root, &[]).expect("a pack");
        assert_eq!(mended.fixes, 2);
        mended.write().expect("written");
        let text = fs_err::read_to_string(root.join("pack.yaml")).expect("read");
        assert_eq!(text, "\u{feff}name: a\r\nversion: 1.0.0\r\ndescription: Says.\r\n");
        assert_eq!(fs_err::read_to_string(root.join(".packignore")).expect("read"), "/.env\n");
        let again = mend_folder(&root, &[]).expect("a pack");
        assert_eq!((again.fixes, again.files.len()), (0, 0));
    }

    #[test]
    fn a_guess_is_left_to_the_author_and_of_two_that_exclude_each_other_one_is_made() {
        let (_keep, root) = pack();
        fs_err::remove_file(root.join(".env")).expect("removed");
        let text = "name: Fix_Me\nversion: 1.0.0\ndescription: Says.\nlicense: GPL\ncatagory: tools\ncategry: crm\n";
        fs_err::write(root.join("pack.yaml"), text).expect("written");
        let before = mend_folder(&root, &[]).expect("a pack");
        before.write().expect("written");
        let after = fs_err::read_to_string(root.join("pack.yaml")).expect("read");
        assert_eq!(after, text.replace("catagory", "category"));
        assert_eq!(before.fixes, 1);
    }

    #[test]
    fn a_fix_that_leaves_more_faults_than_there_were_is_not_made() {
        let (_keep, root) = pack();
        fs_err::remove_file(root.join(".env")).expect("removed");
        // Below `tools` each of them lacks much.
        let text = "name: n\nversion: 1.0.0\ntols: [{name: a}, {name: b}]\ndescripton: Says.\n";
        fs_err::write(root.join("pack.yaml"), text).expect("written");
        let mended = mend_folder(&root, &[]).expect("a pack");
        mended.write().expect("written");
        assert_eq!(mended.fixes, 1);
        assert_eq!(fs_err::read_to_string(root.join("pack.yaml")).expect("read"), text.replace("descripton", "description"));
    }

    #[test]
    fn what_changed_in_the_meantime_is_not_written_over() {
        type Change = fn(&Utf8Path);
        let changes: [(&str, Change); 3] = [
            ("pack.yaml", |root| fs_err::write(root.join("pack.yaml"), "name: by-another-hand\n").expect("written")),
            ("pack.yaml", |root| fs_err::remove_file(root.join("pack.yaml")).expect("removed")),
            (".packignore", |root| fs_err::write(root.join(".packignore"), "/mine\n").expect("written")),
        ];
        for (path, change) in changes {
            let (_keep, root) = pack();
            let mended = mend_folder(&root, &[]).expect("a pack");
            change(&root);
            let before = |path: &str| fs_err::read(root.join(path)).ok();
            let held = [before("pack.yaml"), before(".packignore")];
            let refused = mended.write().expect_err("it changed");
            assert_eq!(refused.code, FailureCode::ChangedOutside);
            assert_eq!(refused.message, format!("`{path}` changed while it was being fixed; nothing was written"));
            assert_eq!([before("pack.yaml"), before(".packignore")], held, "neither is touched");
        }
    }

    #[test]
    fn a_file_that_is_no_text_is_left_as_it_is() {
        let (_keep, root) = pack();
        fs_err::write(root.join(".packignore"), b"/x\xff\n").expect("written");
        let mended = mend_folder(&root, &[]).expect("a pack");
        mended.write().expect("written");
        assert_eq!(fs_err::read(root.join(".packignore")).expect("read"), b"/x\xff\n");
    }
}
