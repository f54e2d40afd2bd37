//! Text that was typed and not saved: kept outside the pack, so that it survives whatever happens to the studio.
//!
//! One file a buffer, named by the digest of its full path, written atomically, removed when the text is saved. A write that a
//! crash broke off leaves its new file beside the record: it is taken in its place where it is whole and younger, and goes in any
//! case, or text that was saved long ago would be offered for ever.

use crate::{atomic, digest};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::io;
use std::sync::{Mutex, PoisonError};

/// Unsaved text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The pack's folder.
    pub pack: Utf8PathBuf,
    /// The file, relative to the pack.
    pub file: String,
    pub text: String,
    /// The digest of the file that the text was typed on; `None` when there was none.
    pub base: Option<String>,
    /// Milliseconds since 1970.
    pub at: u64,
}

/// The folder of the records.
#[derive(Debug)]
pub struct Journal {
    folder: Utf8PathBuf,
    /// Held by whoever writes: a file that is being written must not be taken for one that a crash left.
    writing: Mutex<()>,
}

/// Why the journal failed.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    #[error("the journal's folder `{path}` cannot be made: {source}")]
    Folder { path: Utf8PathBuf, source: io::Error },
    #[error("unsaved text cannot be kept: {0}")]
    Write(#[from] atomic::WriteError),
    #[error("`{path}` cannot be removed from the journal: {source}")]
    Remove { path: Utf8PathBuf, source: io::Error },
}

impl Journal {
    /// The journal below a data folder.
    pub fn new(data: &Utf8Path) -> Self {
        Self { folder: data.join("journal"), writing: Mutex::default() }
    }

    /// Keeps a text, in place of an earlier one of the same file.
    pub fn keep(&self, record: &Record) -> Result<(), JournalError> {
        fs_err::create_dir_all(&self.folder).map_err(|source| JournalError::Folder { path: self.folder.clone(), source })?;
        let bytes = serde_json::to_vec(record).expect("a record is plain data");
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(atomic::write_private(&self.path(&record.pack, &record.file), &bytes)?)
    }

    /// Forgets a file's text; it need not be there.
    pub fn forget(&self, pack: &Utf8Path, file: &str) -> Result<(), JournalError> {
        let path = self.path(pack, file);
        match fs_err::remove_file(&path) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(source) => Err(JournalError::Remove { path, source }),
        }
    }

    /// What a pack's files hold unsaved, by file. A record that cannot be read is left where it is.
    pub fn of_pack(&self, pack: &Utf8Path) -> Vec<Record> {
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let Ok(folder) = self.folder.read_dir_utf8() else { return Vec::new() };
        let (left, kept): (Vec<_>, Vec<_>) =
            folder.filter_map(Result::ok).partition(|entry| entry.file_name().starts_with(atomic::UNFINISHED));
        let mut paths: Vec<_> = kept.iter().map(|entry| entry.path().to_owned()).collect();
        paths.extend(left.iter().filter_map(|entry| self.take_in(entry.path())));
        paths.sort();
        paths.dedup();
        let mut records: Vec<Record> = paths.iter().filter_map(|path| read(path)).filter(|record| record.pack == pack).collect();
        records.sort_by(|a, b| a.file.cmp(&b.file));
        records
    }

    /// Puts what a broken-off write left in its record's place, or away. Answers with the record's path where it took it.
    fn take_in(&self, left: &Utf8Path) -> Option<Utf8PathBuf> {
        let taken = read(left).and_then(|record| {
            let path = self.path(&record.pack, &record.file);
            let is_younger = read(&path).is_none_or(|kept| kept.at < record.at);
            (is_younger && fs_err::rename(left, &path).is_ok()).then_some(path)
        });
        if taken.is_none() {
            let _ = fs_err::remove_file(left);
        }
        taken
    }

    fn path(&self, pack: &Utf8Path, file: &str) -> Utf8PathBuf {
        let name = digest::of(format!("{pack}\0{file}").as_bytes());
        self.folder.join(format!("{}.json", name.trim_start_matches("sha256:")))
    }
}

fn read(path: &Utf8Path) -> Option<Record> {
    fs_err::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok())
}

#[cfg(test)]
mod tests {
    use super::{Journal, Record};
    use camino::Utf8Path;

    #[test]
    fn a_write_that_was_broken_off_costs_nothing_and_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = Utf8Path::from_path(folder.path()).expect("Unicode");
        let journal = Journal::new(root);
        let record =
            |file: &str, text: &str, at: u64| Record { pack: "/a".into(), file: file.into(), text: text.into(), base: None, at };
        journal.keep(&record("younger", "old", 1)).expect("keep");
        journal.keep(&record("older", "new", 3)).expect("keep");
        let leave = |name: &str, bytes: Vec<u8>| fs_err::write(root.join("journal").join(name), bytes).expect("write");
        let whole = |record: Record| serde_json::to_vec(&record).expect("plain data");
        leave(".packwright-1", whole(record("younger", "new", 2)));
        leave(".packwright-2", whole(record("older", "old", 2)));
        leave(".packwright-3", whole(record("first", "text", 2)));
        leave(".packwright-4", b"{\"pack\":\"/a\",\"fi".to_vec());
        let wanted = [record("first", "text", 2), record("older", "new", 3), record("younger", "new", 2)];
        assert_eq!(journal.of_pack(Utf8Path::new("/a")), wanted);
        assert_eq!(fs_err::read_dir(root.join("journal")).expect("list").count(), 3, "a file a record, and nothing else");
        for record in &wanted {
            journal.forget(&record.pack, &record.file).expect("forget");
        }
        assert!(journal.of_pack(Utf8Path::new("/a")).is_empty(), "what was saved does not come back");
    }

    #[test]
    fn keeps_the_last_text_of_each_file_and_forgets_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let journal = Journal::new(Utf8Path::from_path(folder.path()).expect("Unicode"));
        let record =
            |pack: &str, text: &str| Record { pack: pack.into(), file: "pack.yaml".into(), text: text.into(), base: None, at: 1 };
        assert!(journal.of_pack(Utf8Path::new("/a")).is_empty());
        journal.keep(&record("/a", "one")).expect("keep");
        #[cfg(unix)]
        for entry in fs_err::read_dir(folder.path().join("journal")).expect("list") {
            use std::os::unix::fs::PermissionsExt;
            let mode = entry.and_then(|entry| entry.metadata()).expect("metadata").permissions().mode();
            assert_eq!(mode & 0o077, 0, "unsaved text is its author's");
        }
        journal.keep(&record("/a", "two")).expect("keep");
        journal.keep(&record("/b", "other pack")).expect("keep");
        fs_err::write(folder.path().join("journal/broken.json"), "{").expect("write");
        assert_eq!(journal.of_pack(Utf8Path::new("/a")), [record("/a", "two")]);
        journal.forget(Utf8Path::new("/a"), "pack.yaml").expect("forget");
        journal.forget(Utf8Path::new("/a"), "pack.yaml").expect("twice is fine");
        assert!(journal.of_pack(Utf8Path::new("/a")).is_empty());
    }
}
