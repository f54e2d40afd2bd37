//! Writing a file so that at every moment it is whole: the old bytes or the new ones.
//!
//! The new bytes go to a file beside it, reach the disk, and take its place in one step. A link is followed, so that it stays a link;
//! permissions stay. Whatever goes wrong, the old file is untouched.

use camino::{Utf8Path, Utf8PathBuf};
use std::io::{self, Write};

/// How the name of a file begins whose write has not ended. It is ours: the watcher and the file tree pass over it, should it ever
/// stay behind.
pub const UNFINISHED: &str = ".packwright-";

/// Why a file could not be written. The file is as it was.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("`{path}` cannot be written: the disk is full")]
    DiskFull { path: Utf8PathBuf },
    #[error("`{path}` cannot be written: the disk or the file is read-only")]
    ReadOnly { path: Utf8PathBuf },
    #[error("`{path}` cannot be written: you have no permission")]
    Denied { path: Utf8PathBuf },
    #[error("`{path}` is a folder, and a file was to be written")]
    IsFolder { path: Utf8PathBuf },
    #[error("`{path}` cannot be written: its folder is gone")]
    NoFolder { path: Utf8PathBuf },
    #[error("`{path}` cannot be written: {source}")]
    Io { path: Utf8PathBuf, source: io::Error },
}

/// Who may read a file that did not exist before.
#[derive(Debug, Clone, Copy)]
enum Readers {
    /// As the account's settings say.
    Usual,
    /// Its owner alone.
    Owner,
}

/// Writes `bytes` in place of what the path holds.
pub fn write(path: &Utf8Path, bytes: &[u8]) -> Result<(), WriteError> {
    replace(path, bytes, Readers::Usual)
}

/// The same; a new file can be read by its owner alone.
pub fn write_private(path: &Utf8Path, bytes: &[u8]) -> Result<(), WriteError> {
    replace(path, bytes, Readers::Owner)
}

fn replace(path: &Utf8Path, bytes: &[u8], readers: Readers) -> Result<(), WriteError> {
    let target = resolve(path).map_err(|error| explain(path, error))?;
    let old = match fs_err::metadata(&target) {
        Ok(metadata) if metadata.is_dir() => return Err(WriteError::IsFolder { path: path.to_owned() }),
        // A rename would replace a file that its owner has locked: that is not ours to decide.
        Ok(metadata) if metadata.permissions().readonly() => return Err(WriteError::ReadOnly { path: path.to_owned() }),
        Ok(metadata) => Some(metadata.permissions()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(explain(path, error)),
    };
    let folder = target.parent().unwrap_or(Utf8Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(UNFINISHED);
    let new = match readers {
        Readers::Usual => builder.permissions(usual_permissions()).tempfile_in(folder),
        Readers::Owner => builder.tempfile_in(folder),
    };
    let mut new = new.map_err(|error| explain(path, error))?;
    new.write_all(bytes).and_then(|()| new.flush()).map_err(|error| explain(path, error))?;
    if let Some(permissions) = old {
        new.as_file().set_permissions(permissions).map_err(|error| explain(path, error))?;
    }
    new.as_file().sync_all().map_err(|error| explain(path, error))?;
    new.persist(&target).map_err(|error| explain(path, error.error))?;
    // So that the new name survives a power cut too. Where folders cannot be opened (Windows), the rename is durable enough.
    #[cfg(unix)]
    if let Ok(folder) = fs_err::File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// Where the bytes really go: through links, to a file that may not exist yet.
fn resolve(path: &Utf8Path) -> io::Result<Utf8PathBuf> {
    match path.canonicalize_utf8() {
        Ok(target) => Ok(target),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let folder = path.parent().unwrap_or(Utf8Path::new(".")).canonicalize_utf8()?;
            Ok(folder.join(path.file_name().unwrap_or_default()))
        }
        Err(error) => Err(error),
    }
}

/// What the account's own settings (its umask) are then taken from.
#[cfg(unix)]
fn usual_permissions() -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    std::fs::Permissions::from_mode(0o666)
}

#[cfg(not(unix))]
fn usual_permissions() -> std::fs::Permissions {
    // The builder ignores it there; what it takes is any file's.
    fs_err::metadata(".").map(|metadata| metadata.permissions()).expect("the working folder exists")
}

pub(crate) fn explain(path: &Utf8Path, error: io::Error) -> WriteError {
    let path = path.to_owned();
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => WriteError::DiskFull { path },
        io::ErrorKind::ReadOnlyFilesystem => WriteError::ReadOnly { path },
        io::ErrorKind::PermissionDenied => WriteError::Denied { path },
        io::ErrorKind::NotFound => WriteError::NoFolder { path },
        _ => WriteError::Io { path, source: error },
    }
}

#[cfg(test)]
mod tests {
    use super::{WriteError, write};
    use camino::{Utf8Path, Utf8PathBuf};

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = Utf8Path::from_path(folder.path()).expect("Unicode").to_owned();
        (folder, path)
    }

    #[test]
    fn replaces_the_bytes_and_leaves_nothing_beside() {
        let (_keep, root) = folder();
        let file = root.join("a.txt");
        write(&file, b"one").expect("new");
        write(&file, b"two").expect("again");
        assert_eq!(fs_err::read(&file).expect("read"), b"two");
        assert_eq!(fs_err::read_dir(&root).expect("list").count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn keeps_the_mode_and_writes_through_a_link() {
        use std::os::unix::fs::PermissionsExt;
        let (_keep, root) = folder();
        let (real, link) = (root.join("real.sh"), root.join("link.sh"));
        write(&real, b"#!/bin/sh\n").expect("new");
        fs_err::set_permissions(&real, std::fs::Permissions::from_mode(0o755)).expect("mode");
        std::os::unix::fs::symlink("real.sh", &link).expect("link");
        write(&link, b"#!/bin/sh\ntrue\n").expect("through the link");
        assert!(fs_err::symlink_metadata(&link).expect("link").is_symlink());
        assert_eq!(fs_err::read(&real).expect("read"), b"#!/bin/sh\ntrue\n");
        assert_eq!(fs_err::metadata(&real).expect("mode").permissions().mode() & 0o777, 0o755);
    }

    #[test]
    fn says_why_not_and_touches_nothing() {
        let (_keep, root) = folder();
        fs_err::create_dir(root.join("folder")).expect("folder");
        assert!(matches!(write(&root.join("folder"), b"x"), Err(WriteError::IsFolder { .. })));
        assert!(matches!(write(&root.join("gone/a.txt"), b"x"), Err(WriteError::NoFolder { .. })));
        let locked = root.join("locked.txt");
        write(&locked, b"old").expect("new");
        let mut permissions = fs_err::metadata(&locked).expect("metadata").permissions();
        permissions.set_readonly(true);
        fs_err::set_permissions(&locked, permissions).expect("lock");
        assert!(matches!(write(&locked, b"new"), Err(WriteError::ReadOnly { .. })));
        assert_eq!(fs_err::read(&locked).expect("read"), b"old");
    }
}
