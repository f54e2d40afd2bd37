//! A pack's folder on disk, as the core wants to see it.

use crate::text_file::{self, ReadTextError};
use camino::{Utf8Path, Utf8PathBuf};
use packwright_core::check::MAX_TEXT;
use packwright_core::folder::{IGNORE_FILE, MANIFEST, MAX_PACK_BYTES, PackIgnore, is_litter};
use packwright_core::source::{PackSource, ReadError, SourceEntry, SourceKind};
use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;

/// Most entries that are listed. A pack of 100 MB in files of 5 KB has 20,000; past this it is no pack.
pub const MAX_ENTRIES: usize = 20_000;

/// A listing of a folder, read from disk at one moment; files are read when they are asked for.
#[derive(Debug, Clone)]
pub struct DiskPack {
    root: Utf8PathBuf,
    entries: Vec<SourceEntry>,
    truncated: bool,
    /// An editor's text of open files: it counts, not what is on disk.
    open: HashMap<String, String>,
    /// By path: another number when the file is another one.
    stamps: HashMap<String, u64>,
    purpose: Purpose,
}

/// What a listing is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// To look at texts: what is too large for one is not read, and links to folders stay links.
    Looking,
    /// To publish: every file is read, and a link to a folder is that folder.
    Shipping,
}

/// Why a folder could not be listed.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    #[error("`{path}` does not exist")]
    NotFound { path: Utf8PathBuf },
    #[error("`{path}` is not a folder")]
    NotAFolder { path: Utf8PathBuf },
    #[error("`{path}` cannot be read: you have no permission")]
    Denied { path: Utf8PathBuf },
    #[error("`{path}` cannot be read: {source}")]
    Io { path: Utf8PathBuf, source: io::Error },
}

impl DiskPack {
    /// Lists a folder, to look at it.
    pub fn read(root: &Utf8Path) -> Result<Self, ListError> {
        Self::list(root, Purpose::Looking)
    }

    /// Lists a folder, to publish what is in it: files of any size that a pack may have, links inside the pack resolved.
    pub fn for_shipping(root: &Utf8Path) -> Result<Self, ListError> {
        Self::list(root, Purpose::Shipping)
    }

    fn list(root: &Utf8Path, purpose: Purpose) -> Result<Self, ListError> {
        let explain = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => ListError::NotFound { path: root.to_owned() },
            io::ErrorKind::NotADirectory => ListError::NotAFolder { path: root.to_owned() },
            io::ErrorKind::PermissionDenied => ListError::Denied { path: root.to_owned() },
            _ => ListError::Io { path: root.to_owned(), source: error },
        };
        let real = root.canonicalize_utf8().map_err(explain)?;
        if !real.is_dir() {
            return Err(ListError::NotAFolder { path: root.to_owned() });
        }
        let mut listing = Listing {
            ignore: ignore_file(&real),
            root: real.clone(),
            entries: Vec::new(),
            stamps: HashMap::new(),
            truncated: false,
            purpose,
        };
        listing.walk(fs_err::read_dir(&real).map_err(explain)?);
        listing.entries.sort_by(|a, b| a.path.cmp(&b.path));
        let Listing { entries, stamps, truncated, .. } = listing;
        Ok(Self { root: real, entries, truncated, open: HashMap::new(), stamps, purpose })
    }

    /// The folder, with links resolved.
    pub fn root(&self) -> &Utf8Path {
        &self.root
    }

    /// Puts an editor's text before the file's; a file that does not exist yet is there from now on.
    pub fn open(&mut self, path: &str, text: String) {
        if let Err(at) = self.entries.binary_search_by(|entry| entry.path.as_str().cmp(path)) {
            self.entries.insert(at, SourceEntry { path: path.to_owned(), kind: SourceKind::File, size: text.len() as u64 });
        }
        // The manifest is read anew whenever it is checked, and nobody asks for its stamp.
        if path != MANIFEST {
            self.stamps.insert(path.to_owned(), stamp(&text));
        }
        self.open.insert(path.to_owned(), text);
    }

    fn on_disk(&self, path: &str) -> Result<Utf8PathBuf, ReadError> {
        match self.purpose {
            Purpose::Looking => Ok(self.root.join(path)),
            // A manifest's words must not fetch into a release what lies outside the pack.
            Purpose::Shipping => inside(&self.root, path).ok_or(ReadError::NotFound),
        }
    }
}

impl PackSource for DiskPack {
    fn entries(&self) -> &[SourceEntry] {
        &self.entries
    }

    fn truncated(&self) -> bool {
        self.truncated
    }

    fn folder_name(&self) -> Option<String> {
        self.root.file_name().map(str::to_owned)
    }

    fn leads_in_circles(&self, path: &str) -> bool {
        if !may_follow(&self.root, path) {
            return true;
        }
        let target = self.root.join(path).canonicalize_utf8().ok();
        let Some(target) = target.as_deref().and_then(|target| target.strip_prefix(&self.root).ok()) else { return true };
        let target = target.components().map(|part| part.as_str()).collect::<Vec<_>>().join("/");
        // What lies behind it may be a link that leads back.
        let links = self.entries.iter().filter(|entry| entry.kind == SourceKind::LinkInside { folder: true });
        let behind = links.filter_map(|entry| entry.path.strip_prefix(&target)?.strip_prefix('/'));
        behind.into_iter().any(|rest| !may_follow(&self.root, &format!("{path}/{rest}")))
    }

    fn stamp(&self, path: &str) -> Option<u64> {
        self.stamps.get(path).copied()
    }

    fn read(&self, path: &str) -> Result<Cow<'_, [u8]>, ReadError> {
        if let Some(text) = self.open.get(path) {
            return Ok(Cow::Borrowed(text.as_bytes()));
        }
        let path = self.on_disk(path)?;
        let limit = if self.purpose == Purpose::Shipping { MAX_PACK_BYTES } else { MAX_TEXT };
        match text_file::read_bytes(&path, limit) {
            Ok(bytes) => Ok(Cow::Owned(bytes)),
            Err(ReadTextError::NotFound { .. }) => Err(ReadError::NotFound),
            Err(ReadTextError::TooLarge { size, .. }) => Err(ReadError::TooLarge { size }),
            Err(ReadTextError::Denied { .. }) => Err(ReadError::Failed("you have no permission".to_owned())),
            Err(error) => Err(ReadError::Failed(error.to_string())),
        }
    }

    fn read_start(&self, path: &str, length: usize) -> Result<Vec<u8>, ReadError> {
        if let Some(text) = self.open.get(path) {
            return Ok(text.as_bytes()[..text.len().min(length)].to_vec());
        }
        text_file::read_start(&self.on_disk(path)?, length).map_err(|error| match error {
            ReadTextError::NotFound { .. } => ReadError::NotFound,
            error => ReadError::Failed(error.to_string()),
        })
    }
}

/// A path that a page or a manifest named, made absolute; `None` when it would leave the pack, by its words or through a link.
pub fn inside(root: &Utf8Path, path: &str) -> Option<Utf8PathBuf> {
    let strange: &[char] = if cfg!(windows) { &['\\', '\0', ':'] } else { &['\\', '\0'] };
    if path.contains(strange) || path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        return None;
    }
    let root = root.canonicalize_utf8().ok()?;
    let full = root.join(path);
    // The nearest thing that exists must lie in the pack; what does not exist yet cannot be a link.
    let mut there = full.as_path();
    loop {
        match there.canonicalize_utf8() {
            Ok(real) => return real.starts_with(&root).then_some(full),
            Err(_) if fs_err::symlink_metadata(there).is_ok() => return None,
            Err(_) => there = there.parent()?,
        }
    }
}

/// The folder's `.packignore`; one that cannot be read leaves nothing out, and checking says so.
fn ignore_file(root: &Utf8Path) -> PackIgnore {
    let text = text_file::read_bytes(&root.join(IGNORE_FILE), MAX_TEXT).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    PackIgnore::parse(&text.unwrap_or_default())
}

struct Listing {
    root: Utf8PathBuf,
    ignore: PackIgnore,
    entries: Vec<SourceEntry>,
    stamps: HashMap<String, u64>,
    truncated: bool,
    purpose: Purpose,
}

/// A number that is another one for another thing, as good as certainly.
fn stamp(thing: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    thing.hash(&mut hasher);
    hasher.finish()
}

/// True for a link to a folder in which the link itself does not lie, and that is part of the pack.
fn may_follow(root: &Utf8Path, path: &str) -> bool {
    let real = |path: &str| root.join(path).canonicalize_utf8().ok();
    let Some(target) = real(path) else { return false };
    // Every folder on the way, as it is written: a link may stand behind a link.
    let on_the_way = std::iter::once("").chain(path.match_indices('/').map(|(at, _)| &path[..at]));
    let own = target.strip_prefix(root).is_ok_and(|below| !below.components().any(|part| is_litter(part.as_str())));
    own && on_the_way.map(real).all(|folder| folder.is_some_and(|folder| folder != target))
}

impl Listing {
    /// Lists level by level, so that a folder with too much in it hides nothing that lies above it.
    fn walk(&mut self, root: fs_err::ReadDir) {
        let mut waiting = VecDeque::new();
        self.list(root, "", &mut waiting);
        while let Some(path) = waiting.pop_front() {
            if self.truncated {
                return;
            }
            // A closed folder is listed as empty; one folder at a time is open, however deep they nest.
            if let Ok(below) = fs_err::read_dir(self.root.join(&path)) {
                self.list(below, &path, &mut waiting);
            }
        }
    }

    fn list(&mut self, folder: fs_err::ReadDir, prefix: &str, waiting: &mut VecDeque<String>) {
        let mut here: Vec<fs_err::DirEntry> = folder.filter_map(Result::ok).collect();
        // The system's own order is chance: which entries count must not be.
        here.sort_by_key(fs_err::DirEntry::file_name);
        for entry in here {
            let os_name = entry.file_name();
            let Some(name) = os_name.to_str() else {
                let shown = os_name.to_string_lossy();
                self.entries.push(SourceEntry { path: join(prefix, &shown), kind: SourceKind::Unnameable, size: 0 });
                continue;
            };
            if is_litter(name) {
                continue;
            }
            if self.entries.len() >= MAX_ENTRIES {
                self.truncated = true;
                return;
            }
            let path = join(prefix, name);
            let Ok(metadata) = entry.metadata() else { continue };
            let kind = if metadata.is_symlink() {
                match self.link(&path) {
                    SourceKind::LinkInside { folder: true }
                        if self.purpose == Purpose::Shipping && may_follow(&self.root, &path) =>
                    {
                        SourceKind::Folder
                    }
                    other => other,
                }
            } else if metadata.is_dir() {
                SourceKind::Folder
            } else if metadata.is_file() {
                SourceKind::File
            } else {
                SourceKind::Special
            };
            let file = match kind {
                SourceKind::File => Some(metadata),
                // What it leads to is what counts, and is published in its place.
                SourceKind::LinkInside { folder: false } => fs_err::metadata(entry.path()).ok(),
                _ => None,
            };
            let size = file.as_ref().map_or(0, std::fs::Metadata::len);
            if let Some(file) = file {
                self.stamps.insert(path.clone(), stamp(&(size, file.modified().ok())));
            }
            // For looking, a link to a folder is not followed: what it leads to is in the pack already. What is left out is not
            // looked into.
            if kind == SourceKind::Folder && !self.ignore.leaves_out(&path, true) {
                waiting.push_back(path.clone());
            }
            self.entries.push(SourceEntry { path, kind, size });
        }
    }

    fn link(&self, path: &str) -> SourceKind {
        let full = self.root.join(path);
        let target = fs_err::read_link(&full).map(|target| target.to_string_lossy().into_owned()).unwrap_or_default();
        match full.canonicalize_utf8() {
            Ok(real) if real.starts_with(&self.root) => SourceKind::LinkInside { folder: real.is_dir() },
            Ok(_) => SourceKind::LinkOutside { target },
            // A link that leads nowhere may still lead out.
            Err(_)
                if target.starts_with('/')
                    || target.split('/').filter(|part| *part == "..").count() > path.matches('/').count() =>
            {
                SourceKind::LinkOutside { target }
            }
            Err(_) => SourceKind::LinkBroken { target },
        }
    }
}

fn join(prefix: &str, name: &str) -> String {
    if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") }
}

#[cfg(test)]
mod tests {
    use super::{DiskPack, ListError, inside};
    use camino::{Utf8Path, Utf8PathBuf};
    use packwright_core::source::{PackSource, ReadError, SourceKind};

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = Utf8Path::from_path(folder.path()).expect("Unicode").canonicalize_utf8().expect("it exists");
        (folder, path)
    }

    #[test]
    fn lists_sorted_without_litter() {
        let (_keep, root) = folder();
        for path in ["guides/b.md", "guides/a.md", ".git/config", ".DS_Store", "pack.yaml"] {
            fs_err::create_dir_all(root.join(path).parent().expect("a folder")).expect("folder");
            fs_err::write(root.join(path), "x").expect("file");
        }
        let pack = DiskPack::read(&root).expect("list");
        let paths: Vec<&str> = pack.entries().iter().map(|entry| entry.path.as_str()).collect();
        assert_eq!(paths, ["guides", "guides/a.md", "guides/b.md", "pack.yaml"]);
        assert_eq!(pack.entries()[1].size, 1);
    }

    #[test]
    fn a_folder_with_too_much_hides_nothing_above_it_and_can_be_left_out() {
        let (_keep, root) = folder();
        fs_err::create_dir(root.join("a")).expect("folder");
        for number in 0..super::MAX_ENTRIES + 5 {
            fs_err::write(root.join(format!("a/{number}")), "").expect("file");
        }
        fs_err::write(root.join("pack.yaml"), "").expect("file");
        let pack = DiskPack::read(&root).expect("list");
        assert!(pack.truncated() && pack.entries().iter().any(|entry| entry.path == "pack.yaml"));
        fs_err::write(root.join(".packignore"), "a/\n").expect("file");
        let pack = DiskPack::read(&root).expect("list");
        assert!(!pack.truncated());
        assert_eq!(pack.entries().iter().map(|entry| entry.path.as_str()).collect::<Vec<_>>(), [".packignore", "a", "pack.yaml"]);
    }

    #[test]
    fn deep_folders_do_not_exhaust_anything() {
        let (_keep, root) = folder();
        let mut deep = root.clone();
        for _ in 0..400 {
            deep.push("d");
        }
        fs_err::create_dir_all(&deep).expect("folders");
        assert_eq!(DiskPack::read(&root).expect("list").entries().len(), 400);
    }

    #[test]
    fn an_editors_text_comes_first() {
        let (_keep, root) = folder();
        fs_err::write(root.join("pack.yaml"), "on disk").expect("file");
        let mut pack = DiskPack::read(&root).expect("list");
        pack.open("pack.yaml", "in the editor".into());
        pack.open("new.md", "new".into());
        assert_eq!(&*pack.read("pack.yaml").expect("read"), b"in the editor");
        assert_eq!(pack.entries().len(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn links_and_special_files_are_told_apart() {
        use std::os::unix::fs::symlink;
        let (_keep, root) = folder();
        let (_other, outside) = folder();
        fs_err::create_dir(root.join("data")).expect("folder");
        fs_err::write(root.join("data/real"), "x").expect("file");
        symlink("real", root.join("data/inside")).expect("link");
        symlink(&outside, root.join("data/outside")).expect("link");
        symlink("nothing", root.join("data/broken")).expect("link");
        symlink("..", root.join("data/up")).expect("link");
        symlink("loop", root.join("data/loop")).expect("link");
        assert!(std::process::Command::new("mkfifo").arg(root.join("data/pipe")).status().expect("mkfifo runs").success());
        let pack = DiskPack::read(&root).expect("list");
        let kind =
            |path: &str| pack.entries().iter().find(|entry| entry.path == path).map(|entry| entry.kind.clone()).expect("listed");
        assert_eq!(kind("data/inside"), SourceKind::LinkInside { folder: false });
        assert!(matches!(kind("data/outside"), SourceKind::LinkOutside { .. }));
        assert!(matches!(kind("data/broken"), SourceKind::LinkBroken { .. }));
        assert!(matches!(kind("data/loop"), SourceKind::LinkBroken { .. }));
        assert_eq!(kind("data/up"), SourceKind::LinkInside { folder: true });
        assert_eq!(kind("data/pipe"), SourceKind::Special);
    }

    #[cfg(unix)]
    #[test]
    fn for_shipping_a_link_to_a_folder_is_that_folder() {
        use std::os::unix::fs::symlink;
        let (_keep, root) = folder();
        for path in ["data/deep/a.md", ".git/config"] {
            fs_err::create_dir_all(root.join(path).parent().expect("a folder")).expect("folder");
            fs_err::write(root.join(path), "x").expect("file");
        }
        fs_err::create_dir(root.join("guides")).expect("folder");
        symlink("../data", root.join("guides/linked")).expect("link");
        symlink("..", root.join("data/deep/up")).expect("link");
        symlink("../.git", root.join("data/history")).expect("link");
        // Two that lead to each other.
        symlink("../guides", root.join("data/back")).expect("link");
        let pack = DiskPack::for_shipping(&root).expect("list");
        let kind = |path: &str| pack.entries().iter().find(|entry| entry.path == path).map(|entry| entry.kind.clone());
        assert_eq!(kind("guides/linked"), Some(SourceKind::Folder));
        assert_eq!(kind("guides/linked/deep/a.md"), Some(SourceKind::File));
        assert_eq!(&*pack.read("guides/linked/deep/a.md").expect("read"), b"x");
        for circle in ["data/deep/up", "guides/linked/deep/up", "guides/linked/back", "data/back/linked", "data/history"] {
            assert_eq!(kind(circle), Some(SourceKind::LinkInside { folder: true }), "{circle}");
        }
        // Checking only looks, and tells what publishing would meet.
        let looked = DiskPack::read(&root).expect("list");
        for path in ["data/deep/up", "data/history", "data/back", "guides/linked"] {
            assert!(looked.leads_in_circles(path), "{path}");
        }
        symlink("../data/deep", root.join("guides/deep")).expect("link");
        fs_err::remove_file(root.join("data/deep/up")).expect("gone");
        assert!(!DiskPack::read(&root).expect("list").leads_in_circles("guides/deep"));
        assert_eq!(
            DiskPack::read(&root)
                .expect("list")
                .entries()
                .iter()
                .filter(|entry| entry.path.starts_with("guides/linked/"))
                .count(),
            0
        );
    }

    #[test]
    fn for_shipping_large_files_are_read_and_nothing_outside() {
        let (_keep, root) = folder();
        fs_err::write(root.join("large.bin"), vec![7; 11_000_000]).expect("file");
        fs_err::create_dir(root.join("pack")).expect("folder");
        assert!(matches!(DiskPack::read(&root).expect("list").read("large.bin"), Err(ReadError::TooLarge { .. })));
        let pack = DiskPack::for_shipping(&root).expect("list");
        assert_eq!(pack.read("large.bin").expect("read").len(), 11_000_000);
        let pack = DiskPack::for_shipping(&root.join("pack")).expect("list");
        assert_eq!(pack.read("../large.bin"), Err(ReadError::NotFound));
    }

    #[test]
    fn what_is_no_folder_is_said() {
        let (_keep, root) = folder();
        assert!(matches!(DiskPack::read(&root.join("gone")), Err(ListError::NotFound { .. })));
        fs_err::write(root.join("file"), "").expect("file");
        assert!(matches!(DiskPack::read(&root.join("file")), Err(ListError::NotAFolder { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn paths_stay_inside() {
        let (_keep, root) = folder();
        let (_other, outside) = folder();
        std::os::unix::fs::symlink(&outside, root.join("way-out")).expect("link");
        std::os::unix::fs::symlink(outside.join("not-yet"), root.join("dangling")).expect("link");
        assert_eq!(inside(&root, "a/b.md"), Some(root.join("a/b.md")));
        for path in ["", "/etc/passwd", "../x", "a/../../x", "way-out/x", "way-out", "dangling", "a//b", "./a", "a\\b"] {
            assert_eq!(inside(&root, path), None, "{path}");
        }
    }
}
