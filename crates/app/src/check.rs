//! Checking a folder once: what `packwright check` and a recent pack's verdict come from.

use crate::wire::{Failure, FailureCode};
use camino::{Utf8Path, Utf8PathBuf};
use crossbeam_channel::{Receiver, Select};
use packwright_core::check::{Checked, Checker, Outside, Spread};
use packwright_core::source::{PackSource, ReadError};
use packwright_core::text::Text;
use packwright_core::yaml::blocks::MAX_BYTES;
use packwright_kit::disk::DiskPack;
use packwright_kit::watch::Watcher;
use packwright_sandbox::outline::Scripts;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// A checked folder, with the texts that the findings point into.
#[derive(Debug)]
pub struct Report {
    /// The folder, with links resolved.
    pub root: Utf8PathBuf,
    pub checked: Checked,
    /// By path; a file that is no text is missing.
    pub texts: BTreeMap<String, Text>,
}

/// How often a folder that went away is looked for.
const LOOK_AGAIN: Duration = Duration::from_millis(300);

/// What happened to a folder that is followed, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// It changed, and was checked again.
    Changed(usize),
    /// It is not there any more. When it comes back it is checked again.
    Gone(usize),
}

/// A folder that is checked, and can be checked again when it changes.
pub struct CheckedFolder {
    checker: Checker,
    targets: Vec<String>,
    report: Report,
    watcher: Option<(Watcher, Receiver<()>)>,
}

impl CheckedFolder {
    /// Checks a folder, for these targets too.
    pub fn open(path: &Utf8Path, targets: &[String]) -> Result<Self, Failure> {
        let mut checker = Checker::default();
        let report = report(&mut checker, path, targets)?;
        Ok(Self { checker, targets: targets.to_vec(), report, watcher: None })
    }

    /// What was found last.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Follows the folder from now on, for [`Self::wait_for_change`].
    pub fn follow(&mut self) -> Result<(), Failure> {
        let (changed, changes) = crossbeam_channel::unbounded();
        let watcher = Watcher::start(&self.report.root, move |_| changed.send(()).unwrap_or_default())
            .map_err(|error| Failure::new(FailureCode::Other, error.to_string(), "Check without --watch."))?;
        self.watcher = Some((watcher, changes));
        // What changed between the first look and now was told to nobody.
        self.again()
    }

    fn again(&mut self) -> Result<(), Failure> {
        let root = self.report.root.clone();
        self.report = report(&mut self.checker, &root, &self.targets)?;
        Ok(())
    }

    /// Waits until one of the folders that are followed changes, goes or comes back, and checks it again. `None` when none can be
    /// followed any more.
    pub fn wait_for_change(folders: &mut [Self]) -> Result<Option<Seen>, Failure> {
        let mut select = Select::new();
        let followed: Vec<(usize, Receiver<()>)> = folders
            .iter()
            .enumerate()
            .filter_map(|(number, folder)| folder.watcher.as_ref().map(|(_, changes)| (number, changes.clone())))
            .collect();
        followed.iter().for_each(|(_, receiver)| {
            select.recv(receiver);
        });
        let number = loop {
            let back = folders.iter().position(|folder| folder.watcher.is_none() && folder.report.root.is_dir());
            if let Some(back) = back {
                folders[back].follow()?;
                return Ok(Some(Seen::Changed(back)));
            }
            // Nothing tells of a folder that is not there: it is looked for.
            let is_whole = followed.len() == folders.len();
            match if is_whole { Ok(select.ready()) } else { select.ready_timeout(LOOK_AGAIN) } {
                Ok(ready) if followed[ready].1.recv().is_err() => return Ok(None),
                Ok(ready) => {
                    // A burst is one change.
                    followed[ready].1.try_iter().for_each(drop);
                    break followed[ready].0;
                }
                Err(_) => {}
            }
        };
        let folder = &mut folders[number];
        if !folder.report.root.is_dir() {
            folder.watcher = None;
            return Ok(Some(Seen::Gone(number)));
        }
        folder.again()?;
        Ok(Some(Seen::Changed(number)))
    }
}

fn report(checker: &mut Checker, path: &Utf8Path, targets: &[String]) -> Result<Report, Failure> {
    let disk = DiskPack::read(path)?;
    let checked = check_for(checker, &disk, targets);
    let texts = texts_of(&disk, &checked);
    Ok(Report { root: disk.root().to_owned(), checked, texts })
}

/// Checks a folder, whatever is in it.
pub fn check_folder(path: &Utf8Path) -> Result<Report, Failure> {
    report(&mut Checker::default(), path, &[])
}

/// Checks with all that the product has: every parser, and every core of the machine.
pub fn check_with(checker: &mut Checker, source: &dyn PackSource) -> Checked {
    check_for(checker, source, &[])
}

pub(crate) fn check_for(checker: &mut Checker, source: &dyn PackSource, targets: &[String]) -> Checked {
    checker.check(source, &Outside { languages: &Scripts, spread: &Threads, targets })
}

/// Spreads work over the machine's cores.
struct Threads;

/// Fewer things than this are done here: starting a thread costs as much as a few of them.
const WORTH_A_THREAD: usize = 16;

impl Spread for Threads {
    fn each(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
        let cores = std::thread::available_parallelism().map_or(1, usize::from).min(8).min(count / WORTH_A_THREAD);
        if cores < 2 {
            return (0..count).for_each(work);
        }
        let next = AtomicUsize::new(0);
        let run = || {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= count {
                    return;
                }
                work(number);
            }
        };
        std::thread::scope(|scope| {
            (1..cores).for_each(|_| drop(scope.spawn(run)));
            run();
        });
    }
}

/// The texts of the files that findings name.
pub fn texts_of(source: &dyn PackSource, checked: &Checked) -> BTreeMap<String, Text> {
    let mut texts = BTreeMap::new();
    for found in &checked.diagnostics {
        // A finding about the file as a whole points into no text.
        if found.range == (0..0) || texts.contains_key(&found.file) {
            continue;
        }
        if let Some(text) = text_up_to(source, &found.file) {
            texts.insert(found.file.clone(), text);
        }
    }
    texts
}

/// A file's text as far as findings need it: one may be that the file is too large, or that bytes in it are no text.
pub(crate) fn text_up_to(source: &dyn PackSource, path: &str) -> Option<Text> {
    let bytes = match source.read(path) {
        Ok(bytes) => bytes.into_owned(),
        Err(ReadError::TooLarge { .. }) => source.read_start(path, MAX_BYTES).ok()?,
        Err(_) => return None,
    };
    // What is no text becomes a sign that stands for it; what stands before it keeps its place.
    Some(Text::new(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())))
}
