//! The real window: every promise that only a window can keep.

mod assisting;
mod bad_input;
mod lifecycle;
mod security;
mod thin_line;
mod trying;

use camino::{Utf8Path, Utf8PathBuf};
use packwright_tests::window::{Options, Window};
use packwright_tests::{copy_of_sample, window_can_be_tested};
use std::collections::BTreeMap;

/// A pack of one's own, a home of one's own, and what keeps them there.
struct Place {
    pack: Utf8PathBuf,
    home: Utf8PathBuf,
    _keep: [tempfile::TempDir; 2],
}

impl Place {
    /// A copy of a sample; `None` when the window cannot be tested here, which was said.
    fn with_sample(test: &str, sample: &str) -> Option<Self> {
        if !window_can_be_tested(test) {
            return None;
        }
        let (keep, pack) = copy_of_sample(sample).expect("a copy of the sample");
        let home = tempfile::tempdir().expect("a temporary folder");
        let path = Utf8Path::from_path(home.path())
            .expect("the temporary folder's path is Unicode")
            .canonicalize_utf8()
            .expect("it exists");
        Some(Self { pack, home: path, _keep: [keep, home] })
    }

    /// The window on the pack.
    fn open(&self) -> Window {
        self.open_with(Options::on(&self.pack))
    }

    fn open_with(&self, options: Options) -> Window {
        Window::start(&self.home, &options).expect("the window opens")
    }

    fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        fs_err::write(self.pack.join(path), bytes).expect("the file can be written");
    }

    fn read(&self, path: &str) -> String {
        fs_err::read_to_string(self.pack.join(path)).expect("the file can be read")
    }

    /// Every file of the pack with its bytes, by its path.
    fn files(&self) -> BTreeMap<Utf8PathBuf, Vec<u8>> {
        let (mut found, mut folders) = (BTreeMap::new(), vec![self.pack.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in folder.read_dir_utf8().expect("the folder can be listed").flatten() {
                let path = entry.into_path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Ok(bytes) = fs_err::read(&path) {
                    // What is gone again was a save on its way.
                    found.insert(path, bytes);
                }
            }
        }
        found
    }
}

/// Waits, with a bound, for something outside the page.
fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let begin = std::time::Instant::now();
    while !is_so() {
        assert!(begin.elapsed().as_secs() < 20, "waited in vain until {what}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}
