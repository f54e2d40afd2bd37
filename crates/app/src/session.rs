//! An open pack: its language server, its watcher, and what the page knows of its files.

use crate::lsp::{DiskChanged, Listener, Server};
use crate::wire::{Entry, EntryKind, Event, Failure, FailureCode};
use camino::{Utf8Path, Utf8PathBuf};
use crossbeam_channel::Sender;
use lsp_server::{Connection, Message};
use packwright_core::check::{Checked, tally};
use packwright_core::folder::{IGNORE_FILE, MANIFEST, PackIgnore};
use packwright_core::source::{PackSource, SourceKind};
use packwright_kit::disk::DiskPack;
use packwright_kit::text_file;
use packwright_kit::watch::{Change, Watcher};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Takes events for the page.
pub type Tell = Arc<dyn Fn(Event) + Send + Sync>;

/// An open pack. Dropping it ends its watcher and its server.
pub struct Session {
    id: u32,
    root: Utf8PathBuf,
    known: Known,
    to_server: Sender<Message>,
    /// Without it nobody follows the disk, and the server ends.
    follower: Arc<Mutex<Follower>>,
}

/// The digests of the files that the page has read or written: what is on disk, as far as the page knows. `None` is "no file".
#[derive(Clone, Default)]
pub struct Known(Arc<Mutex<HashMap<String, Option<String>>>>);

impl Known {
    /// While this is held, no change is told: a save and what is known of it change together.
    pub(crate) fn lock(&self) -> MutexGuard<'_, HashMap<String, Option<String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How the last check ended: kept for the list of recent packs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LastCheck {
    pub name: Option<String>,
    pub version: Option<String>,
    pub errors: u32,
    pub warnings: u32,
}

impl Session {
    /// Starts a server and a watcher for a folder that was listed. `verdict` is called after each check whose result is new.
    pub fn start(disk: DiskPack, tell: &Tell, mut verdict: impl FnMut(LastCheck) + Send + 'static) -> Self {
        // Counted over the whole run: no two openings share a number.
        static OPENINGS: AtomicU32 = AtomicU32::new(1);
        let id = OPENINGS.fetch_add(1, Ordering::Relaxed);
        let root = disk.root().to_owned();
        let known = Known::default();
        let (server_side, client_side) = Connection::memory();
        let (disk_sender, disk_receiver) = crossbeam_channel::unbounded();

        let mut last = LastCheck::default();
        let name = tell.clone();
        let listener = OnCheck(move |checked: &Checked| {
            let now = summary(checked);
            if now == last {
                return;
            }
            if (&now.name, &now.version) != (&last.name, &last.version)
                && let Some(known_name) = &now.name
            {
                name(Event::Identity { session: id, name: known_name.clone(), version: now.version.clone() });
            }
            last = now.clone();
            verdict(now);
        });
        let follower = Follower::start(id, &disk, tell, &known, disk_sender);
        let server = Server::new(disk, listener);
        std::thread::spawn(move || server.run(&server_side, &disk_receiver));
        let out = tell.clone();
        let from_server = client_side.receiver;
        std::thread::spawn(move || {
            for message in from_server {
                out(Event::Lsp { session: id, message: to_json(&message) });
            }
        });
        Self { id, root, known, to_server: client_side.sender, follower }
    }

    /// Names this opening.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// True when the system tells of changes by other hands.
    pub fn is_followed(&self) -> bool {
        locked(&self.follower).watcher.is_some()
    }

    /// Looks at the whole folder now.
    pub fn look_again(&self) {
        locked(&self.follower).changed(&Change::Everything);
    }

    /// The pack's folder.
    pub fn root(&self) -> &Utf8Path {
        &self.root
    }

    pub(crate) fn known(&self) -> &Known {
        &self.known
    }

    /// Hands a message to the server.
    pub fn send(&self, message: &str) -> Result<(), Failure> {
        let message: Message = serde_json::from_str(message).map_err(|error| {
            Failure::new(
                FailureCode::BadRequest,
                format!("this is no message of the language server protocol: {error}"),
                "Open the pack again.",
            )
        })?;
        self.to_server.send(message).map_err(|_| {
            Failure::new(FailureCode::Other, "the language server has ended", "Open the pack again; your text is kept.")
        })
    }
}

struct OnCheck<F>(F);

impl<F: FnMut(&Checked) + Send> Listener for OnCheck<F> {
    fn checked(&mut self, checked: &Checked) {
        (self.0)(checked);
    }
}

/// What a list of packs says of a check.
pub fn summary(checked: &Checked) -> LastCheck {
    let (errors, warnings) = tally(&checked.diagnostics);
    LastCheck {
        name: checked.pack.name.clone(),
        version: checked.pack.version.clone(),
        errors: u32::try_from(errors).unwrap_or(u32::MAX),
        warnings: u32::try_from(warnings).unwrap_or(u32::MAX),
    }
}

/// Follows the disk: tells the page what changed, and the server that something did.
struct Follower {
    session: u32,
    root: Utf8PathBuf,
    /// Which folder it is: another may be put in its place, under its name.
    identity: Option<Identity>,
    shown: Vec<Entry>,
    gone: bool,
    known: Known,
    tell: Tell,
    server: Sender<DiskChanged>,
    /// `None` while the folder is gone, and where the system cannot watch.
    watcher: Option<Watcher>,
}

/// How often the folder itself is looked for. A watch ends with its folder, and nothing tells when another one takes its place.
const LOOK_EVERY: Duration = Duration::from_secs(1);

impl Follower {
    fn start(session: u32, disk: &DiskPack, tell: &Tell, known: &Known, server: Sender<DiskChanged>) -> Arc<Mutex<Self>> {
        let follower = Self {
            session,
            identity: identity(disk.root()),
            root: disk.root().to_owned(),
            shown: entries(disk),
            gone: false,
            known: known.clone(),
            tell: tell.clone(),
            server,
            watcher: None,
        };
        let follower = Arc::new(Mutex::new(follower));
        watch(&follower);
        let weak = Arc::downgrade(&follower);
        std::thread::spawn(move || {
            // What changed between the listing and the start of the watch was told by nobody.
            if let Some(follower) = weak.upgrade() {
                locked(&follower).changed(&Change::Everything);
            }
            loop {
                std::thread::sleep(LOOK_EVERY);
                // The session has ended.
                let Some(follower) = weak.upgrade() else { return };
                let moved = {
                    let mut follower = locked(&follower);
                    let now = identity(&follower.root);
                    let moved = now != follower.identity;
                    follower.identity = now;
                    if moved {
                        follower.changed(&Change::Everything);
                    }
                    moved && follower.identity.is_some()
                };
                if moved {
                    watch(&follower);
                }
            }
        });
        follower
    }

    fn changed(&mut self, change: &Change) {
        match DiskPack::read(&self.root) {
            Ok(disk) => {
                if std::mem::take(&mut self.gone) {
                    (self.tell)(Event::Vanished { session: self.session, gone: false });
                }
                let now = entries(&disk);
                if now != self.shown {
                    self.shown.clone_from(&now);
                    (self.tell)(Event::Entries { session: self.session, has_manifest: has_manifest(&disk), entries: now });
                }
                let _ = self.server.send(DiskChanged);
                tell_changes(self.session, &self.root, change, &self.known, &self.tell);
            }
            Err(_) if !self.gone => {
                self.gone = true;
                (self.tell)(Event::Vanished { session: self.session, gone: true });
            }
            Err(_) => {}
        }
    }
}

/// What tells a folder from another under the same name.
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(folder: &Utf8Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    fs_err::metadata(folder).ok().filter(std::fs::Metadata::is_dir).map(|metadata| (metadata.dev(), metadata.ino()))
}

/// Where a folder has no number that can be asked for, that it is there must do.
#[cfg(not(unix))]
fn identity(folder: &Utf8Path) -> Option<Identity> {
    folder.is_dir().then_some((0, 0))
}

/// Watches the folder that is there now.
fn watch(follower: &Arc<Mutex<Follower>>) {
    let root = locked(follower).root.clone();
    let weak = Arc::downgrade(follower);
    let watcher = Watcher::start(&root, move |change| {
        if let Some(follower) = weak.upgrade() {
            locked(&follower).changed(&change);
        }
    });
    // The old one is dropped outside the lock: it may be waiting for it.
    let old = std::mem::replace(&mut locked(follower).watcher, watcher.ok());
    drop(old);
}

fn locked(follower: &Mutex<Follower>) -> MutexGuard<'_, Follower> {
    follower.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells of files that the page knows and that another hand wrote. Our own saves are known by their digest.
fn tell_changes(session: u32, root: &Utf8Path, change: &Change, known: &Known, tell: &Tell) {
    let mut known = known.lock();
    let paths: Vec<String> = match change {
        Change::Everything => known.keys().cloned().collect(),
        Change::Paths(paths) => known.keys().filter(|path| touched(path, paths)).cloned().collect(),
    };
    for path in paths {
        let now = text_file::current_digest(&root.join(&path));
        if known.get(&path) != Some(&now) {
            known.insert(path.clone(), now.clone());
            tell(Event::FileChanged { session, path, digest: now });
        }
    }
}

/// A renamed folder changes every file in it.
fn touched(path: &str, changed: &BTreeSet<String>) -> bool {
    changed.contains(path) || path.match_indices('/').any(|(at, _)| changed.contains(&path[..at])) || changed.contains("")
}

/// The entries for a page's tree.
pub(crate) fn entries(disk: &DiskPack) -> Vec<Entry> {
    let ignore = disk
        .read(IGNORE_FILE)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes.into_owned()).ok())
        .map(|text| PackIgnore::parse(&text));
    disk.entries()
        .iter()
        .map(|entry| Entry {
            path: entry.path.clone(),
            kind: match entry.kind {
                SourceKind::File => EntryKind::File,
                SourceKind::Folder => EntryKind::Folder,
                SourceKind::LinkInside { .. } | SourceKind::LinkOutside { .. } | SourceKind::LinkBroken { .. } => EntryKind::Link,
                SourceKind::Special | SourceKind::Unnameable => EntryKind::Special,
            },
            size: entry.size,
            ignored: ignore.as_ref().is_some_and(|ignore| ignore.leaves_out(&entry.path, entry.is_folder())),
        })
        .collect()
}

pub(crate) fn has_manifest(disk: &DiskPack) -> bool {
    disk.entries().iter().any(|entry| entry.path == MANIFEST)
}

fn to_json(message: &Message) -> String {
    #[derive(Serialize)]
    struct Framed<'a> {
        jsonrpc: &'static str,
        #[serde(flatten)]
        message: &'a Message,
    }
    serde_json::to_string(&Framed { jsonrpc: "2.0", message }).expect("messages are plain data")
}
