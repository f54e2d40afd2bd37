//! Text that was typed and not saved: kept outside the pack, so that it survives whatever happens to the studio.
//!
//! One file a buffer, named by the digest of its full path, written atomically, removed when the text is saved.

use crate::{atomic, digest};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use std::io;

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
#[derive(Debug, Clone)]
pub struct Journal {
    folder: Utf8PathBuf,
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
        Self { folder: data.join("journal") }
    }

    /// Keeps a text, in place of an earlier one of the same file.
    pub fn keep(&self, record: &Record) -> Result<(), JournalError> {
        fs_err::create_dir_all(&self.folder).map_err(|source| JournalError::Folder { path: self.folder.clone(), source })?;
        let bytes = serde_json::to_vec(record).expect("a record is plain data");
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
        let Ok(folder) = fs_err::read_dir(&self.folder) else { return Vec::new() };
        let mut records: Vec<Record> = folder
            .filter_map(Result::ok)
            .filter_map(|entry| fs_err::read(entry.path()).ok())
            .filter_map(|bytes| serde_json::from_slice::<Record>(&bytes).ok())
            .filter(|record| record.pack == pack)
            .collect();
        records.sort_by(|a, b| a.file.cmp(&b.file));
        records
    }

    fn path(&self, pack: &Utf8Path, file: &str) -> Utf8PathBuf {
        let name = digest::of(format!("{pack}\0{file}").as_bytes());
        self.folder.join(format!("{}.json", name.trim_start_matches("sha256:")))
    }
}

#[cfg(test)]
mod tests {
    use super::{Journal, Record};
    use camino::Utf8Path;

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
