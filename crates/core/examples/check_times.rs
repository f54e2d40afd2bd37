//! How long checking a pack takes while its manifest is typed in, one thread and no other language's parser:
//! `cargo run --release -p packwright-core --example check_times -- FOLDER`.

use packwright_core::check::{Checker, Outside};
use packwright_core::source::{PackSource, ReadError, SourceEntry, SourceKind};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

const KEYS: usize = 40;

fn main() {
    let Some(folder) = std::env::args().nth(1) else { panic!("say which folder") };
    let mut pack = Folder::default();
    pack.take(Path::new(&folder), "");
    pack.entries.sort_by(|a, b| a.path.cmp(&b.path));
    let mut checker = Checker::default();
    let begin = Instant::now();
    let found = checker.check(&pack, &Outside::default()).diagnostics.len();
    tell(&format!("the first time, {found} findings"), &mut [begin.elapsed().as_secs_f64()]);

    let text = String::from_utf8(pack.files["pack.yaml"].0.clone()).unwrap_or_default();
    let numbers = text.match_indices("_ms: ").map(|(at, _)| at + 5);
    let middle = numbers.min_by_key(|at| at.abs_diff(text.len() / 2)).unwrap_or(0);
    let mut took = Vec::new();
    for key in 0..KEYS {
        let mut typed = text.clone();
        if key % 2 == 0 {
            typed.insert(middle, 'x');
        }
        pack.files.insert("pack.yaml".to_owned(), (typed.into_bytes(), key as u64 + 1));
        let begin = Instant::now();
        let checked = checker.check(&pack, &Outside::default());
        took.push(begin.elapsed().as_secs_f64());
        checker.take_back(checked.tree);
    }
    tell(&format!("a key, of {KEYS}, in {} lines", text.lines().count()), &mut took);
}

#[expect(clippy::print_stdout, reason = "what it is for")]
fn tell(what: &str, took: &mut [f64]) {
    took.sort_by(f64::total_cmp);
    let at = |part: usize| took[(took.len() - 1) * part / 100] * 1000.0;
    println!("{:>9.2} ms, 95 of 100 within {:>9.2} ms  {what}", at(50), at(95));
}

/// A folder that was read once, with a stamp for each file.
#[derive(Default)]
struct Folder {
    entries: Vec<SourceEntry>,
    files: BTreeMap<String, (Vec<u8>, u64)>,
}

impl Folder {
    #[expect(clippy::disallowed_methods, reason = "whoever measures knows which folder it was")]
    fn take(&mut self, folder: &Path, below: &str) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = format!("{below}{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                self.entries.push(SourceEntry { path: path.clone(), kind: SourceKind::Folder, size: 0 });
                self.take(&entry.path(), &format!("{path}/"));
            } else if let Ok(bytes) = std::fs::read(entry.path()) {
                self.entries.push(SourceEntry { path: path.clone(), kind: SourceKind::File, size: bytes.len() as u64 });
                self.files.insert(path, (bytes, 0));
            }
        }
    }
}

impl PackSource for Folder {
    fn entries(&self) -> &[SourceEntry] {
        &self.entries
    }

    fn stamp(&self, path: &str) -> Option<u64> {
        self.files.get(path).map(|(_, stamp)| *stamp)
    }

    fn read(&self, path: &str) -> Result<Cow<'_, [u8]>, ReadError> {
        self.files.get(path).map(|(bytes, _)| Cow::Borrowed(bytes.as_slice())).ok_or(ReadError::NotFound)
    }
}
