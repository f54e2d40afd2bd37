//! Stamps: a short text that changes when files change, kept beside what was made from them.
//!
//! Not a protection against anybody: only an answer to "is this still what it was made from?".

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use fs_err as fs;

/// The 64-bit FNV-1a hash: the standard library's own hash may change with the compiler, and then everything would be made anew.
struct Hash(u64);

impl Hash {
    fn new() -> Self {
        Hash(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, bytes: &[u8]) {
        // The length first, so that two files never read as one.
        for byte in (bytes.len() as u64).to_le_bytes().iter().chain(bytes) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn text(&self) -> String {
        format!("{:016x}\n", self.0)
    }
}

/// A stamp over the bytes of some files.
pub(crate) fn of_contents(files: &[PathBuf]) -> anyhow::Result<String> {
    let mut hash = Hash::new();
    for file in files {
        hash.add(&fs::read(file)?);
    }
    Ok(hash.text())
}

/// A stamp over names, sizes and times of all files in a folder, but for folders named in `without`. Reads no contents.
pub(crate) fn of_listing(folder: &Path, without: &[&str]) -> anyhow::Result<String> {
    let mut files = Vec::new();
    list(folder, without, &mut files)?;
    files.sort();
    let mut hash = Hash::new();
    for file in files {
        let about = fs::metadata(&file)?;
        let changed = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        hash.add(file.strip_prefix(folder)?.to_string_lossy().as_bytes());
        hash.add(&about.len().to_le_bytes());
        hash.add(&changed.as_nanos().to_le_bytes());
    }
    Ok(hash.text())
}

fn list(folder: &Path, without: &[&str], files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_type()?.is_dir() {
            files.push(entry.path());
        } else if !without.iter().any(|name| entry.file_name() == *name) {
            list(&entry.path(), without, files)?;
        }
    }
    Ok(())
}

/// Whether `stamp` is what `file` says.
pub(crate) fn is_current(file: &Path, stamp: &str) -> bool {
    fs::read_to_string(file).is_ok_and(|written| written == stamp)
}

/// Whether `made` is missing or older than `source`.
pub(crate) fn is_stale(made: &Path, source: &Path) -> anyhow::Result<bool> {
    let Ok(about) = fs::metadata(made) else { return Ok(true) };
    Ok(about.modified()? < fs::metadata(source)?.modified()?)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::workspace::Scratch;

    #[test]
    fn contents_count_and_so_do_their_borders() {
        let folder = Scratch::new().unwrap();
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        let files = [one.clone(), two.clone()];
        fs::write(&one, "ab").unwrap();
        fs::write(&two, "c").unwrap();
        let first = of_contents(&files).unwrap();
        assert_eq!(of_contents(&files).unwrap(), first);
        fs::write(&one, "a").unwrap();
        fs::write(&two, "bc").unwrap();
        assert_ne!(of_contents(&files).unwrap(), first);
    }

    #[test]
    fn listing_sees_changes_but_not_in_folders_left_out() {
        let folder = Scratch::new().unwrap();
        fs::create_dir_all(folder.path().join("src")).unwrap();
        fs::create_dir_all(folder.path().join("dist")).unwrap();
        fs::write(folder.path().join("src/page.ts"), "1").unwrap();
        let stamp = || of_listing(folder.path(), &["dist"]).unwrap();
        let first = stamp();
        fs::write(folder.path().join("dist/page.js"), "made").unwrap();
        assert_eq!(stamp(), first);
        fs::write(folder.path().join("src/page.ts"), "22").unwrap();
        let second = stamp();
        assert_ne!(second, first);
        fs::write(folder.path().join("src/other.ts"), "").unwrap();
        assert_ne!(stamp(), second);
    }

    #[test]
    fn a_stamp_file_is_current_only_with_the_same_stamp() {
        let folder = Scratch::new().unwrap();
        let file = folder.path().join("stamp");
        assert!(!is_current(&file, "a\n"));
        fs::write(&file, "a\n").unwrap();
        assert!(is_current(&file, "a\n"));
        assert!(!is_current(&file, "b\n"));
    }

    #[test]
    fn made_is_stale_when_missing_or_older() {
        let folder = Scratch::new().unwrap();
        let (made, source) = (folder.path().join("made"), folder.path().join("source"));
        fs::write(&source, "").unwrap();
        assert!(is_stale(&made, &source).unwrap());
        fs::write(&made, "").unwrap();
        let now = std::time::SystemTime::now();
        let set = |path: &Path, time| {
            let file = fs::OpenOptions::new().write(true).open(path).unwrap();
            file.set_modified(time).unwrap();
        };
        set(&source, now);
        set(&made, now + Duration::from_secs(1));
        assert!(!is_stale(&made, &source).unwrap());
        set(&source, now + Duration::from_secs(2));
        assert!(is_stale(&made, &source).unwrap());
    }
}
