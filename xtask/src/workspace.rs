//! Where things are: the repository, the build folder, and folders that last as long as one run.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Context;
use fs_err as fs;

/// The repository and its build folder, both absolute.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    /// `CARGO_TARGET_DIR` when set, else `target/` in the repository.
    pub(crate) target: PathBuf,
}

impl Workspace {
    pub(crate) fn find() -> anyhow::Result<Self> {
        // Asked for when running: two clones that share a build folder share one xtask, too, and what was compiled in may be
        // the other one's path.
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").context("start xtask with `cargo xtask`")?;
        let root = Path::new(&manifest).parent().context("xtask lies in the repository")?.to_owned();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => std::path::absolute(folder)?,
            None => root.join("target"),
        };
        Ok(Workspace { root, target })
    }

    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    pub(crate) fn samples(&self) -> PathBuf {
        self.root.join("packs-samples")
    }

    /// A program that `cargo build` left: `debug` or `release`.
    pub(crate) fn program(&self, profile: &str, name: &str) -> PathBuf {
        self.target.join(profile).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }

    /// A tool that cargo installed for this repository alone.
    pub(crate) fn tool(&self, name: &str) -> PathBuf {
        self.target.join("tools/bin").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    }
}

/// A folder among the system's temporary files, removed when dropped.
///
/// Not below the build folder: sockets are made in it, and their paths may have a hundred characters at most.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> anyhow::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("packwright-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder)?;
        Ok(Scratch(folder))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A folder that cannot be removed costs some disk until the next restart, and must not hide a test's result.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Copies a folder with all that is in it. `to` must not exist.
pub(crate) fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target)?;
        }
    }
    Ok(())
}
