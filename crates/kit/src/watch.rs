//! Reports changes in a pack's folder by other hands.

use camino::{Utf8Path, Utf8PathBuf};
use notify::{Config, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer_opt};
use packwright_core::folder::is_litter;
use std::collections::BTreeSet;
use std::time::Duration;

/// How long a burst of changes is gathered. Shorter than an author notices, longer than an editor's save takes.
const GATHER: Duration = Duration::from_millis(80);

/// What happened in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// These paths (relative, with `/`) were made, written, renamed or removed.
    Paths(BTreeSet<String>),
    /// More happened than could be told apart: look at everything.
    Everything,
}

/// Watches until it is dropped.
pub struct Watcher {
    _debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
}

/// Why a folder cannot be watched.
#[derive(Debug, thiserror::Error)]
#[error("changes in `{path}` cannot be followed: {source}")]
pub struct WatchError {
    pub path: Utf8PathBuf,
    pub source: notify::Error,
}

impl Watcher {
    /// Calls `tell` from a thread of its own for each burst of changes below `root`.
    pub fn start(root: &Utf8Path, mut tell: impl FnMut(Change) + Send + 'static) -> Result<Self, WatchError> {
        let explain = |source| WatchError { path: root.to_owned(), source };
        let base = root.to_owned();
        let handle = move |result: DebounceEventResult| {
            let change = match result {
                Ok(events) if events.iter().any(|event| event.need_rescan()) => Change::Everything,
                Ok(events) => {
                    let paths: BTreeSet<String> = events
                        .iter()
                        .filter(|event| !event.kind.is_access())
                        .flat_map(|event| &event.paths)
                        .filter_map(|path| relative(&base, path))
                        .collect();
                    if paths.is_empty() {
                        return;
                    }
                    Change::Paths(paths)
                }
                Err(_) => Change::Everything,
            };
            tell(change);
        };
        // Links are not followed: one that leads to a system folder would cost a watch for everything in it.
        let config = Config::default().with_follow_symlinks(false);
        let mut debouncer = new_debouncer_opt::<_, RecommendedWatcher, _>(GATHER, None, handle, RecommendedCache::new(), config)
            .map_err(explain)?;
        debouncer.watch(root.as_std_path(), RecursiveMode::Recursive).map_err(explain)?;
        Ok(Self { _debouncer: debouncer })
    }
}

/// The path as the pack names it; the folder itself is the empty path. Litter is `None`.
fn relative(root: &Utf8Path, path: &std::path::Path) -> Option<String> {
    let path = Utf8Path::from_path(path)?.strip_prefix(root).ok()?;
    if path.components().any(|part| is_litter(part.as_str())) {
        return None;
    }
    Some(path.components().map(|part| part.as_str()).collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::{Change, Watcher};
    use camino::Utf8Path;
    use std::sync::mpsc;
    use std::time::Duration;

    #[test]
    fn a_write_a_new_file_and_a_removal_are_told_and_litter_is_not() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let root = Utf8Path::from_path(folder.path()).expect("Unicode").canonicalize_utf8().expect("it exists");
        fs_err::write(root.join("pack.yaml"), "one").expect("write");
        let (send, receive) = mpsc::channel();
        let _watcher = Watcher::start(&root, move |change| drop(send.send(change))).expect("watch");
        let next_about = |path: &str| {
            // Bounded: each burst comes within seconds or not at all.
            for _ in 0..20 {
                match receive.recv_timeout(Duration::from_secs(10)).expect("a change is told") {
                    Change::Everything => return,
                    Change::Paths(paths) => {
                        assert!(paths.iter().all(|path| !path.contains("DS_Store")), "{paths:?}");
                        if paths.contains(path) {
                            return;
                        }
                    }
                }
            }
            panic!("`{path}` was never told");
        };
        fs_err::write(root.join(".DS_Store"), "").expect("write");
        fs_err::write(root.join("pack.yaml"), "two").expect("write");
        next_about("pack.yaml");
        fs_err::create_dir(root.join("guides")).expect("folder");
        next_about("guides");
        fs_err::write(root.join("guides/a.md"), "new").expect("write");
        next_about("guides/a.md");
        fs_err::remove_file(root.join("guides/a.md")).expect("remove");
        next_about("guides/a.md");
    }
}
