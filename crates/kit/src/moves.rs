//! Moving files of a pack: all of them or none, and never over another file.

use camino::{Utf8Path, Utf8PathBuf};
use std::io;

/// Why files could not be moved. They are where they were.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    #[error("`{path}` cannot be moved: it is not there any more")]
    Missing { path: Utf8PathBuf },
    #[error("`{path}` exists already")]
    Exists { path: Utf8PathBuf },
    #[error("`{from}` cannot be moved to `{to}`: {source}")]
    Io { from: Utf8PathBuf, to: Utf8PathBuf, source: io::Error },
}

/// Moves files, each from its first path to its second one. Folders that are not there yet are made.
pub fn move_files(moves: &[(Utf8PathBuf, Utf8PathBuf)]) -> Result<(), MoveError> {
    let mut made = Vec::new();
    for (done, (from, to)) in moves.iter().enumerate() {
        if let Err(error) = move_file(from, to, &mut made) {
            for (from, to) in moves[..done].iter().rev() {
                // What cannot go back either stays findable: under its new name.
                let _ = fs_err::rename(to, from);
            }
            for folder in made.iter().rev() {
                let _ = fs_err::remove_dir(folder);
            }
            return Err(error);
        }
    }
    Ok(())
}

fn move_file(from: &Utf8Path, to: &Utf8Path, made: &mut Vec<Utf8PathBuf>) -> Result<(), MoveError> {
    let there = |path: &Utf8Path| fs_err::symlink_metadata(path).is_ok_and(|metadata| !metadata.is_symlink());
    if !there(from) {
        return Err(MoveError::Missing { path: from.to_owned() });
    }
    // Where letters' case does not tell files apart, another spelling finds the file itself.
    let itself =
        || there(to) && from.canonicalize_utf8().is_ok_and(|real| to.canonicalize_utf8().is_ok_and(|other| other == real));
    if fs_err::symlink_metadata(to).is_ok() && !itself() {
        return Err(MoveError::Exists { path: to.to_owned() });
    }
    let folders: Vec<&Utf8Path> = to.ancestors().skip(1).take_while(|folder| !folder.exists()).collect();
    let explain = |source| MoveError::Io { from: from.to_owned(), to: to.to_owned(), source };
    for folder in folders.into_iter().rev() {
        fs_err::create_dir(folder).map_err(explain)?;
        made.push(folder.to_owned());
    }
    fs_err::rename(from, to).map_err(explain)
}

#[cfg(test)]
mod tests {
    use super::{MoveError, move_files};
    use camino::{Utf8Path, Utf8PathBuf};

    fn folder(files: &[&str]) -> (tempfile::TempDir, Utf8PathBuf) {
        let keep = tempfile::tempdir().expect("a temporary folder");
        let root = Utf8Path::from_path(keep.path()).expect("Unicode").to_owned();
        for file in files {
            fs_err::write(root.join(file), file).expect("write");
        }
        (keep, root)
    }

    fn holds(root: &Utf8Path, path: &str) -> Option<String> {
        fs_err::read_to_string(root.join(path)).ok()
    }

    #[test]
    fn files_move_into_folders_that_are_made() {
        let (_keep, root) = folder(&["a", "b"]);
        move_files(&[(root.join("a"), root.join("x/y/a")), (root.join("b"), root.join("x/c"))]).expect("moved");
        assert_eq!((holds(&root, "x/y/a").as_deref(), holds(&root, "x/c").as_deref()), (Some("a"), Some("b")));
        assert!(!root.join("a").exists() && !root.join("b").exists());
    }

    #[test]
    fn nothing_is_moved_over_another_file_and_then_nothing_at_all() {
        let (_keep, root) = folder(&["a", "b", "taken"]);
        let refused = move_files(&[(root.join("a"), root.join("x/a")), (root.join("b"), root.join("taken"))]);
        assert!(matches!(refused, Err(MoveError::Exists { path }) if path == root.join("taken")));
        assert_eq!((holds(&root, "a").as_deref(), holds(&root, "b").as_deref()), (Some("a"), Some("b")));
        assert_eq!(holds(&root, "taken").as_deref(), Some("taken"));
        assert!(!root.join("x").exists());
    }

    #[test]
    fn what_is_gone_or_a_link_is_not_moved() {
        let (_keep, root) = folder(&["a"]);
        assert!(matches!(move_files(&[(root.join("b"), root.join("c"))]), Err(MoveError::Missing { .. })));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(root.join("a"), root.join("link")).expect("link");
            assert!(matches!(move_files(&[(root.join("link"), root.join("c"))]), Err(MoveError::Missing { .. })));
            assert!(matches!(move_files(&[(root.join("a"), root.join("link"))]), Err(MoveError::Exists { .. })));
        }
    }
}
