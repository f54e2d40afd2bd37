//! One text file: from bytes to what an editor holds, and back without changing a byte the author did not.

use crate::{atomic, digest};
use camino::{Utf8Path, Utf8PathBuf};
use packwright_core::text::BYTE_ORDER_MARK;
use std::io::{self, Read};

/// Largest file the editor opens. A browser's text view stays quick to about here; what is larger is data.
pub const MAX_BYTES: u64 = 5 * 1024 * 1024;

/// How lines end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineEnding {
    Lf,
    Crlf,
    /// Both. The text keeps its `\r`.
    Mixed,
}

/// A file as an editor holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextFile {
    /// Without a byte-order mark; lines end with `\n`, but for [`LineEnding::Mixed`].
    pub text: String,
    pub line_ending: LineEnding,
    pub byte_order_mark: bool,
    /// Of the file's bytes.
    pub digest: String,
    pub read_only: bool,
}

/// Why a text could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadTextError {
    #[error("`{path}` does not exist")]
    NotFound { path: Utf8PathBuf },
    #[error("`{path}` is a folder")]
    IsFolder { path: Utf8PathBuf },
    #[error("`{path}` is not a file that can be read")]
    Special { path: Utf8PathBuf },
    #[error("`{path}` cannot be read: you have no permission")]
    Denied { path: Utf8PathBuf },
    #[error("`{path}` has {} MB; the editor opens up to {} MB", size / 1_048_576, MAX_BYTES / 1_048_576)]
    TooLarge { path: Utf8PathBuf, size: u64 },
    #[error("`{path}` is not UTF-8 text: byte {} cannot be read", at + 1)]
    NotText { path: Utf8PathBuf, at: usize },
    #[error("`{path}` cannot be read: {source}")]
    Io { path: Utf8PathBuf, source: io::Error },
}

/// Why a text could not be saved. The file is as it was.
#[derive(Debug, thiserror::Error)]
pub enum SaveTextError {
    #[error("`{path}` changed on disk after it was opened")]
    ChangedOutside { path: Utf8PathBuf },
    #[error("`{path}` was removed after it was opened")]
    Removed { path: Utf8PathBuf },
    #[error(transparent)]
    Write(#[from] atomic::WriteError),
}

/// Reads a file for an editor.
pub fn read(path: &Utf8Path) -> Result<TextFile, ReadTextError> {
    let bytes = read_bytes(path, MAX_BYTES)?;
    let digest = digest::of(&bytes);
    let text = String::from_utf8(bytes)
        .map_err(|error| ReadTextError::NotText { path: path.to_owned(), at: error.utf8_error().valid_up_to() })?;
    let (text, byte_order_mark) = match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => (rest.to_owned(), true),
        None => (text, false),
    };
    let line_ending = line_ending(&text);
    let text = if line_ending == LineEnding::Crlf { text.replace("\r\n", "\n") } else { text };
    Ok(TextFile { text, line_ending, byte_order_mark, digest, read_only: is_read_only(path) })
}

/// A file's bytes, when they are at most `limit` and it is a file.
pub fn read_bytes(path: &Utf8Path, limit: u64) -> Result<Vec<u8>, ReadTextError> {
    let size = size_of_file(path)?;
    if size > limit {
        return Err(ReadTextError::TooLarge { path: path.to_owned(), size });
    }
    fs_err::read(path).map_err(|error| explain(path, error))
}

/// The first bytes of a file, at most `length`.
pub fn read_start(path: &Utf8Path, length: usize) -> Result<Vec<u8>, ReadTextError> {
    size_of_file(path)?;
    let mut start = Vec::new();
    let file = fs_err::File::open(path).map_err(|error| explain(path, error))?;
    file.take(length as u64).read_to_end(&mut start).map_err(|error| explain(path, error))?;
    Ok(start)
}

/// Asked before opening: opening a pipe waits for somebody to write.
fn size_of_file(path: &Utf8Path) -> Result<u64, ReadTextError> {
    let metadata = fs_err::metadata(path).map_err(|error| explain(path, error))?;
    if metadata.is_dir() {
        return Err(ReadTextError::IsFolder { path: path.to_owned() });
    }
    if !metadata.is_file() {
        return Err(ReadTextError::Special { path: path.to_owned() });
    }
    Ok(metadata.len())
}

fn explain(path: &Utf8Path, error: io::Error) -> ReadTextError {
    let path = path.to_owned();
    match error.kind() {
        io::ErrorKind::NotFound => ReadTextError::NotFound { path },
        io::ErrorKind::PermissionDenied => ReadTextError::Denied { path },
        _ => ReadTextError::Io { path, source: error },
    }
}

/// Names what a path holds now: the digest of a file that the editor opens, size and time of a larger one; `None` when there is no file.
pub fn current_digest(path: &Utf8Path) -> Option<String> {
    match read_bytes(path, MAX_BYTES) {
        Ok(bytes) => Some(digest::of(&bytes)),
        // Reading gigabytes to name them would stop everything else.
        Err(ReadTextError::TooLarge { size, .. }) => {
            let changed = fs_err::metadata(path).and_then(|metadata| metadata.modified()).ok();
            Some(format!("large:{size}:{changed:?}"))
        }
        Err(_) => None,
    }
}

/// Saves an editor's text and gives the new digest.
///
/// `base` is the digest of what the author last saw on disk, `None` for no file. Over anything else nothing is written.
pub fn save(
    path: &Utf8Path,
    text: &str,
    line_ending: LineEnding,
    byte_order_mark: bool,
    base: Option<&str>,
) -> Result<String, SaveTextError> {
    let bytes = to_bytes(text, line_ending, byte_order_mark);
    let new = digest::of(&bytes);
    let now = current_digest(path);
    if now.as_deref() == Some(new.as_str()) {
        return Ok(new);
    }
    // A path that holds no file at all (a folder, say) is for the writer to name.
    if now.as_deref() != base && !path.is_dir() {
        let path = path.to_owned();
        return Err(if now.is_some() { SaveTextError::ChangedOutside { path } } else { SaveTextError::Removed { path } });
    }
    atomic::write(path, &bytes)?;
    Ok(new)
}

/// Removes a file that still holds the bytes of that digest. One that changed or went since stays as it is.
pub fn remove(path: &Utf8Path, base: &str) -> Result<(), SaveTextError> {
    let Some(now) = current_digest(path) else { return Err(SaveTextError::Removed { path: path.to_owned() }) };
    if now != base {
        return Err(SaveTextError::ChangedOutside { path: path.to_owned() });
    }
    Ok(fs_err::remove_file(path).map_err(|error| atomic::explain(path, error))?)
}

fn to_bytes(text: &str, line_ending: LineEnding, byte_order_mark: bool) -> Vec<u8> {
    let mark = if byte_order_mark { BYTE_ORDER_MARK.to_string() } else { String::new() };
    let text = if line_ending == LineEnding::Crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
    (mark + &text).into_bytes()
}

fn line_ending(text: &str) -> LineEnding {
    let all = text.matches('\n').count();
    let with_return = text.matches("\r\n").count();
    let bare_return = text.matches('\r').count() > with_return;
    match with_return {
        0 if !bare_return => LineEnding::Lf,
        _ if with_return == all && !bare_return => LineEnding::Crlf,
        _ => LineEnding::Mixed,
    }
}

fn is_read_only(path: &Utf8Path) -> bool {
    fs_err::metadata(path).is_ok_and(|metadata| metadata.permissions().readonly())
}

#[cfg(test)]
mod tests {
    use super::{LineEnding, MAX_BYTES, ReadTextError, SaveTextError, read, read_start, remove, save};
    use crate::digest;
    use camino::{Utf8Path, Utf8PathBuf};

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = Utf8Path::from_path(folder.path()).expect("Unicode").to_owned();
        (folder, path)
    }

    #[test]
    fn a_file_s_start_is_read_without_the_rest() {
        let (_keep, root) = folder();
        let path = root.join("a");
        fs_err::write(&path, "abc").expect("write");
        assert_eq!(read_start(&path, 2).expect("read"), b"ab");
        assert_eq!(read_start(&path, 9).expect("read"), b"abc");
        assert!(matches!(read_start(&root, 2), Err(ReadTextError::IsFolder { .. })));
        assert!(matches!(read_start(&root.join("b"), 2), Err(ReadTextError::NotFound { .. })));
    }

    /// Reads bytes as a file, changes nothing, saves, and gives what is then on disk.
    fn round_trip(bytes: &[u8]) -> Vec<u8> {
        let (_keep, root) = folder();
        let path = root.join("a");
        fs_err::write(&path, bytes).expect("write");
        let file = read(&path).expect("read");
        // Over other bytes, so that the save really writes.
        fs_err::write(&path, "elsewhere").expect("write");
        let base = digest::of(b"elsewhere");
        save(&path, &file.text, file.line_ending, file.byte_order_mark, Some(&base)).expect("save");
        fs_err::read(&path).expect("read")
    }

    #[test]
    fn every_byte_comes_back() {
        for text in ["", "a", "a\n", "a\r\nb\r\n", "a\r\nb\n", "\u{feff}a\r\n", "a\rb\n", "\r\n", "é😀\0\n", "a\r\n\r\r\n"] {
            assert_eq!(round_trip(text.as_bytes()), text.as_bytes(), "{text:?}");
        }
    }

    #[test]
    fn an_editor_sees_plain_lines() {
        let (_keep, root) = folder();
        let path = root.join("a");
        fs_err::write(&path, "\u{feff}a\r\nb\r\n").expect("write");
        let file = read(&path).expect("read");
        assert_eq!((file.text.as_str(), file.line_ending, file.byte_order_mark), ("a\nb\n", LineEnding::Crlf, true));
    }

    #[test]
    fn a_save_over_other_bytes_is_refused() {
        let (_keep, root) = folder();
        let path = root.join("a");
        let first = save(&path, "one\n", LineEnding::Lf, false, None).expect("a new file");
        fs_err::write(&path, "by another hand\n").expect("write");
        let refused = save(&path, "two\n", LineEnding::Lf, false, Some(&first));
        assert!(matches!(refused, Err(SaveTextError::ChangedOutside { .. })));
        assert_eq!(fs_err::read_to_string(&path).expect("read"), "by another hand\n");
        fs_err::remove_file(&path).expect("remove");
        assert!(matches!(save(&path, "two\n", LineEnding::Lf, false, Some(&first)), Err(SaveTextError::Removed { .. })));
        save(&path, "two\n", LineEnding::Lf, false, None).expect("the author knows that it is gone");
    }

    #[test]
    fn only_the_bytes_that_were_meant_are_removed() {
        let (_keep, root) = folder();
        let path = root.join("a");
        let base = save(&path, "one\n", LineEnding::Lf, false, None).expect("a new file");
        fs_err::write(&path, "by another hand\n").expect("write");
        assert!(matches!(remove(&path, &base), Err(SaveTextError::ChangedOutside { .. })));
        assert_eq!(fs_err::read_to_string(&path).expect("read"), "by another hand\n");
        fs_err::write(&path, "one\n").expect("write");
        remove(&path, &base).expect("it is what was meant");
        assert!(!path.exists());
        assert!(matches!(remove(&path, &base), Err(SaveTextError::Removed { .. })));
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let (_keep, root) = folder();
        let path = root.join("a");
        assert!(matches!(read(&path), Err(ReadTextError::NotFound { .. })));
        assert!(matches!(read(&root), Err(ReadTextError::IsFolder { .. })));
        fs_err::write(&path, b"name: \xff").expect("write");
        assert!(matches!(read(&path), Err(ReadTextError::NotText { at: 6, .. })));
        let big = fs_err::File::create(&path).expect("create");
        big.set_len(MAX_BYTES + 1).expect("grow");
        assert!(matches!(read(&path), Err(ReadTextError::TooLarge { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_not_waited_for() {
        let (_keep, root) = folder();
        let path = root.join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo runs");
        assert!(made.success());
        assert!(matches!(read(&path), Err(ReadTextError::Special { .. })));
    }
}
