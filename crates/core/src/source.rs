//! Where a pack's files come from: the one question that the core asks of the outside world.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// A folder that may be a pack.
///
/// `kit` answers from a disk and puts an editor's unsaved text before it; tests answer from memory.
pub trait PackSource: Sync {
    /// All that lies in the folder, sorted by path, litter left out (see [`crate::folder::is_litter`]). What
    /// `.packignore` names is still in it.
    fn entries(&self) -> &[SourceEntry];

    /// True when the folder holds more than was listed.
    fn truncated(&self) -> bool {
        false
    }

    /// The folder's own name, where it has one.
    fn folder_name(&self) -> Option<String> {
        None
    }

    /// True for a link to a folder of the pack that cannot be followed: behind it the same would come again without end, or what never
    /// ships.
    fn leads_in_circles(&self, path: &str) -> bool {
        let _ = path;
        false
    }

    /// A number that is another one when the file is another one; `None` where nobody keeps count.
    fn stamp(&self, path: &str) -> Option<u64> {
        let _ = path;
        None
    }

    /// A file's bytes. `path` is one of the entries' or leads there through a link.
    fn read(&self, path: &str) -> Result<Cow<'_, [u8]>, ReadError>;

    /// The first bytes of a file, at most `length`: what a file is stands there, however large it is.
    fn read_start(&self, path: &str, length: usize) -> Result<Vec<u8>, ReadError> {
        self.read(path).map(|bytes| bytes[..bytes.len().min(length)].to_vec())
    }
}

/// A file, folder or other thing in a pack's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceEntry {
    /// Relative to the pack, with `/` on every system.
    pub path: String,
    pub kind: SourceKind,
    /// Bytes; 0 for what is no file.
    pub size: u64,
}

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceKind {
    File,
    Folder,
    /// A link that leads to something in the pack; it counts as what it leads to.
    LinkInside {
        folder: bool,
    },
    /// A link that leads out of the pack, as it is written down.
    LinkOutside {
        target: String,
    },
    /// A link that leads nowhere.
    LinkBroken {
        target: String,
    },
    /// A device, pipe or socket: never read.
    Special,
    /// A name that is not Unicode, shown with replacement characters.
    Unnameable,
}

impl SourceEntry {
    /// True for a file, and for a link to one.
    pub fn is_file(&self) -> bool {
        matches!(self.kind, SourceKind::File | SourceKind::LinkInside { folder: false })
    }

    /// True for a folder, and for a link to one.
    pub fn is_folder(&self) -> bool {
        matches!(self.kind, SourceKind::Folder | SourceKind::LinkInside { folder: true })
    }
}

/// Why a file of a pack could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    NotFound,
    /// Larger than a text the studio reads.
    TooLarge {
        size: u64,
    },
    /// What the system said.
    Failed(String),
}

/// A pack in memory: for tests and examples.
#[derive(Debug, Clone, Default)]
pub struct MemoryPack {
    entries: Vec<SourceEntry>,
    files: BTreeMap<String, Vec<u8>>,
}

impl MemoryPack {
    /// A pack of these files; their folders come by themselves.
    pub fn new<P: Into<String>, B: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, B)>) -> Self {
        let mut pack = Self::default();
        for (path, bytes) in files {
            let (path, bytes) = (path.into(), bytes.into());
            for (at, _) in path.match_indices('/') {
                pack = pack.with(&path[..at], SourceKind::Folder, 0);
            }
            pack = pack.with(&path, SourceKind::File, bytes.len() as u64);
            pack.files.insert(path, bytes);
        }
        pack
    }

    /// The same with one more entry, which is no plain file.
    #[must_use]
    pub fn with(mut self, path: &str, kind: SourceKind, size: u64) -> Self {
        if let Err(at) = self.entries.binary_search_by(|entry| entry.path.as_str().cmp(path)) {
            self.entries.insert(at, SourceEntry { path: path.to_owned(), kind, size });
        }
        self
    }
}

impl PackSource for MemoryPack {
    fn entries(&self) -> &[SourceEntry] {
        &self.entries
    }

    fn read(&self, path: &str) -> Result<Cow<'_, [u8]>, ReadError> {
        self.files.get(path).map(|bytes| Cow::Borrowed(bytes.as_slice())).ok_or(ReadError::NotFound)
    }
}
