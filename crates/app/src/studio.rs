//! The window's use cases: everything that its page can ask for.

use crate::commands::Commands;
use crate::geometry::Geometry;
use crate::session::{Known, LastCheck, Session, Tell, entries, has_manifest, summary};
use crate::shipping::{Registry, Release, Repository, Shipping};
use crate::trying::{Runner, Runs, TriedPack, save_case, tools_view};
use crate::wire::{
    Environment, Event, Failure, FailureCode, FileArg, FileText, FolderArg, JournalArg, LineEnding, LspArg, MoveArg, NewPackArg,
    NewPackView, PackView, Preferences, PreferencesArg, PublishArg, PulledView, ReceiptView, RecentPack, RegistryArg,
    RegistryView, ReleaseArg, ReleaseView, RemoveArg, RunArg, RunView, Sample, SampleArg, SaveArg, SaveCaseArg, Saved, SavedCase,
    SessionArg, ShipArg, ShipPlan, StartView, StepState, StopRunArg, ToolsView, UnsavedText, VerifiedView,
};
use crate::{environment, new_pack, samples, uri};
use camino::{Utf8Path, Utf8PathBuf};
use packwright_core::check::check_pack;
use packwright_core::folder::MANIFEST;
use packwright_core::rules::manifest::{is_slug, slug};
use packwright_kit::disk::{DiskPack, inside};
use packwright_kit::home::{Home, shown};
use packwright_kit::journal::{Journal, Record};
use packwright_kit::moves::move_files;
use packwright_kit::store::{self, Store};
use packwright_kit::text_file;
use packwright_registry::store::Reference;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// What only a window can do. The shell implements it.
pub trait Desktop: Send + Sync {
    /// Asks the author for a folder.
    fn pick_folder(&self) -> Option<Utf8PathBuf>;
    /// The page has something to show.
    fn show(&self);
    /// The page has painted.
    fn painted(&self);
    /// Names the window.
    fn set_title(&self, title: &str);
    /// Closes the window, and with it the program.
    fn close(&self);
}

/// What a studio is made of.
pub struct StudioOptions {
    pub home: Home,
    /// The folder of the sample packs, when they are installed.
    pub samples: Option<Utf8PathBuf>,
    /// The folder to open first.
    pub open: Option<String>,
}

/// The window's use cases and their state.
pub struct Studio {
    home: Home,
    samples: Option<Utf8PathBuf>,
    open: Mutex<Option<String>>,
    desktop: Box<dyn Desktop>,
    tell: Tell,
    journal: Journal,
    runner: Arc<Runner>,
    runs: Runs,
    shipping: Shipping,
    /// Publications that go on, by session: what stops them.
    publishing: Mutex<HashMap<u32, Arc<AtomicBool>>>,
    store: Arc<Mutex<Option<Store>>>,
    openings: Mutex<Openings>,
    /// Folders that the author chose. The page may open these and no others: it is not trusted with the rest of the disk.
    chosen: Mutex<HashSet<Utf8PathBuf>>,
}

/// The open pack, and where those before it lay: a page may still be saving their last words.
#[derive(Default)]
struct Openings {
    current: Option<Arc<Session>>,
    known: HashMap<u32, (Utf8PathBuf, Known)>,
}

const PREFERENCES: &str = "preferences";

impl Studio {
    /// A studio that tells its events to `tell`. A database that cannot be opened costs the history, not the studio.
    pub fn new(options: StudioOptions, desktop: Box<dyn Desktop>, tell: Tell) -> Self {
        let store = Store::open(&options.home.data).ok();
        let runner = Arc::new(runner(&options.home, &tell));
        Self {
            journal: Journal::new(&options.home.data),
            shipping: Shipping::new(options.home.clone(), runner.clone()),
            publishing: Mutex::default(),
            runner,
            runs: Runs::default(),
            home: options.home,
            samples: options.samples,
            open: Mutex::new(options.open.as_deref().map(canonical).map(Utf8PathBuf::into_string)),
            desktop,
            tell,
            store: Arc::new(Mutex::new(store)),
            openings: Mutex::default(),
            chosen: Mutex::new(options.open.iter().map(|path| canonical(path)).collect()),
        }
    }

    /// A second start asks this window to open a folder.
    pub fn open_requested(&self, path: &str) {
        let path = canonical(path);
        lock(&self.chosen).insert(path.clone());
        (self.tell)(Event::OpenRequested { path: path.into_string() });
    }

    /// The author closes the window. The page is asked to bring its text into safety, and answers with `close_window`.
    pub fn close_requested(&self) {
        (self.tell)(Event::CloseRequested);
    }

    /// Keeps where the window is.
    pub fn keep_geometry(&self, geometry: &Geometry) {
        geometry.write(&self.home);
    }

    /// How the author likes the window.
    pub fn preferences(&self) -> Preferences {
        let kept = lock(&self.store).as_ref().and_then(|store| store.setting(PREFERENCES).ok().flatten());
        kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
    }

    /// The open pack, when it is the one that is meant.
    fn current(&self, session: u32) -> Result<Arc<Session>, Failure> {
        lock(&self.openings).current.clone().filter(|current| current.id() == session).ok_or_else(Failure::no_pack)
    }

    /// The folder of an opening, and what the page knows of its files; of one that has ended, too.
    fn opened(&self, session: u32) -> Result<(Utf8PathBuf, Known), Failure> {
        lock(&self.openings).known.get(&session).cloned().ok_or_else(Failure::no_pack)
    }

    /// Where the open pack's releases are in a registry.
    fn repository(&self, session: u32, registry: &str) -> Result<Repository, Failure> {
        self.shipping.repository_of(&self.opened(session)?.0, &Registry::parse(registry)?)
    }

    /// A release of the open pack.
    fn release(&self, args: &ReleaseArg) -> Result<Release, Failure> {
        let repository = self.repository(args.session, &args.registry)?;
        Ok(Release { repository, reference: Reference::Tag(args.version.clone()) })
    }

    fn with_store<T>(&self, act: impl FnOnce(&mut Store) -> Result<T, store::StoreError>) -> Result<T, Failure> {
        let mut store = lock(&self.store);
        if store.is_none() {
            // The disk may have been full when the studio started, and have room now.
            *store = Some(Store::open(&self.home.data)?);
        }
        Ok(act(store.as_mut().expect("it was opened above"))?)
    }

    fn view(&self, disk: &DiskPack, check: &LastCheck, session: &Session) -> PackView {
        let root = disk.root();
        let unsaved = self.journal.of_pack(root).into_iter().map(|record| UnsavedText {
            path: record.file,
            text: record.text,
            base: record.base,
            at: record.at,
        });
        PackView {
            session: session.id(),
            followed: session.is_followed(),
            root: root.to_string(),
            root_uri: uri::of_folder(root),
            shown: shown(root),
            name: check.name.clone().unwrap_or_else(|| root.file_name().unwrap_or("pack").to_owned()),
            version: check.version.clone(),
            has_manifest: has_manifest(disk),
            entries: entries(disk),
            unsaved: unsaved.collect(),
        }
    }

    fn open_folder(&self, path: &Utf8Path) -> Result<PackView, Failure> {
        let disk = DiskPack::read(path)?;
        let check = summary(&check_pack(&disk));
        let (store, root) = (self.store.clone(), disk.root().to_owned());
        let remember = move |check: LastCheck| {
            if let Some(store) = lock(&store).as_mut() {
                let name = check.name.unwrap_or_else(|| root.file_name().unwrap_or("pack").to_owned());
                let pack = store::RecentPack {
                    path: root.clone(),
                    name,
                    version: check.version,
                    opened_at: now(),
                    errors: check.errors,
                    warnings: check.warnings,
                };
                // The list is a convenience: that it could not be written is no reason to stop an author.
                let _ = store.remember(&pack);
            }
        };
        remember(check.clone());
        let mut openings = lock(&self.openings);
        openings.current = None;
        let session = Arc::new(Session::start(disk.clone(), &self.tell, remember));
        openings.known.insert(session.id(), (session.root().to_owned(), session.known().clone()));
        openings.current = Some(session.clone());
        drop(openings);
        let view = self.view(&disk, &check, &session);
        self.desktop.set_title(&format!("{} — Packwright", view.name));
        Ok(view)
    }
}

impl Commands for Studio {
    fn start(&self, (): ()) -> Result<StartView, Failure> {
        Ok(StartView {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            open: lock(&self.open).take(),
            preferences: self.preferences(),
            home: shown(&self.home.data),
        })
    }

    fn ready(&self, (): ()) -> Result<(), Failure> {
        self.desktop.show();
        Ok(())
    }

    fn painted(&self, (): ()) -> Result<(), Failure> {
        self.desktop.painted();
        Ok(())
    }

    fn set_preferences(&self, args: PreferencesArg) -> Result<(), Failure> {
        let text = serde_json::to_string(&args.preferences).expect("preferences are plain data");
        self.with_store(|store| store.set_setting(PREFERENCES, &text))
    }

    fn environment(&self, (): ()) -> Result<Environment, Failure> {
        Ok(environment::report(&self.home))
    }

    fn recent_packs(&self, (): ()) -> Result<Vec<RecentPack>, Failure> {
        let recent = self.with_store(|store| store.recent())?;
        lock(&self.chosen).extend(recent.iter().map(|pack| pack.path.clone()));
        Ok(recent
            .into_iter()
            .map(|pack| RecentPack {
                shown: shown(&pack.path),
                exists: pack.path.is_dir(),
                path: pack.path.into_string(),
                name: pack.name,
                version: pack.version,
                opened_at: pack.opened_at,
                errors: pack.errors,
                warnings: pack.warnings,
            })
            .collect())
    }

    fn forget_recent(&self, args: FolderArg) -> Result<(), Failure> {
        self.with_store(|store| store.forget(&args.path))
    }

    fn samples(&self, (): ()) -> Result<Vec<Sample>, Failure> {
        Ok(self.samples.as_deref().map(samples::list).unwrap_or_default())
    }

    fn pick_folder(&self, (): ()) -> Result<Option<String>, Failure> {
        let picked = self.desktop.pick_folder().map(|path| canonical(path.as_str()));
        lock(&self.chosen).extend(picked.clone());
        Ok(picked.map(Utf8PathBuf::into_string))
    }

    fn open_pack(&self, args: FolderArg) -> Result<PackView, Failure> {
        let folder = Utf8PathBuf::from(args.path);
        if !lock(&self.chosen).contains(&folder) {
            let message = format!("`{folder}` was not chosen by you");
            return Err(Failure::new(FailureCode::Denied, message, "Choose the folder with “Open folder”."));
        }
        self.open_folder(&folder)
    }

    fn open_sample(&self, args: SampleArg) -> Result<PackView, Failure> {
        let folder = self.samples.as_deref().ok_or_else(|| {
            Failure::new(
                FailureCode::NotFound,
                "the samples are not installed",
                "Reinstall Packwright, or open packs-samples from its sources.",
            )
        })?;
        let copies = self.home.data.join("samples");
        let copy = samples::copy(folder, &args.name, &copies)?;
        self.open_folder(&copy)
    }

    fn close_pack(&self, args: SessionArg) -> Result<(), Failure> {
        let mut openings = lock(&self.openings);
        if openings.current.as_ref().is_some_and(|current| current.id() == args.session) {
            openings.current = None;
            self.desktop.set_title("Packwright");
        }
        Ok(())
    }

    fn create_manifest(&self, args: SessionArg) -> Result<(), Failure> {
        let session = self.current(args.session)?;
        create_manifest(session.root())?;
        // The watcher would see it soon; the author is waiting.
        session.look_again();
        Ok(())
    }

    fn read_file(&self, args: FileArg) -> Result<FileText, Failure> {
        let (root, known) = self.opened(args.session)?;
        let full = inside(&root, &args.path).ok_or_else(|| Failure::outside(&args.path))?;
        let read = text_file::read(&full);
        // What could not be read is followed too: the page tries again when it changes.
        known.lock().insert(args.path.clone(), read.as_ref().ok().map(|file| file.digest.clone()));
        let file = read?;
        Ok(FileText {
            path: args.path,
            text: file.text,
            digest: file.digest,
            line_ending: match file.line_ending {
                text_file::LineEnding::Lf => LineEnding::Lf,
                text_file::LineEnding::Crlf => LineEnding::Crlf,
                text_file::LineEnding::Mixed => LineEnding::Mixed,
            },
            bom: file.byte_order_mark,
            read_only: file.read_only,
        })
    }

    fn save_file(&self, args: SaveArg) -> Result<Saved, Failure> {
        let (root, known) = self.opened(args.session)?;
        let full = inside(&root, &args.path).ok_or_else(|| Failure::outside(&args.path))?;
        let line_ending = match args.line_ending {
            LineEnding::Lf => text_file::LineEnding::Lf,
            LineEnding::Crlf => text_file::LineEnding::Crlf,
            LineEnding::Mixed => text_file::LineEnding::Mixed,
        };
        // A new file may be the first of its folder. What stands in the way is said by the save.
        if args.base.is_none() {
            full.parent().map(fs_err::create_dir_all).transpose().unwrap_or_default();
        }
        // Held over the write: the watcher must not take our own save for another hand's.
        let mut known = known.lock();
        let digest = text_file::save(&full, &args.text, line_ending, args.bom, args.base.as_deref())?;
        known.insert(args.path.clone(), Some(digest.clone()));
        drop(known);
        // The text is on disk; a record that stays behind would be offered again, which loses nothing.
        let _ = self.journal.forget(&root, &args.path);
        Ok(Saved { path: args.path, digest })
    }

    fn move_files(&self, args: MoveArg) -> Result<(), Failure> {
        let session = self.current(args.session)?;
        let root = session.root();
        let full = |path: &str| inside(root, path).ok_or_else(|| Failure::outside(path));
        let moves: Vec<_> =
            args.moves.iter().map(|each| Ok((full(&each.from)?, full(&each.to)?))).collect::<Result<_, Failure>>()?;
        // Held over the move: the watcher must not take it for another hand's.
        let mut known = session.known().lock();
        move_files(&moves)?;
        for each in &args.moves {
            if let Some(digest) = known.remove(&each.from) {
                known.insert(each.to.clone(), digest);
            }
        }
        drop(known);
        // The page saved the text before it asked.
        args.moves.iter().for_each(|each| drop(self.journal.forget(root, &each.from)));
        session.look_again();
        Ok(())
    }

    fn remove_file(&self, args: RemoveArg) -> Result<(), Failure> {
        let session = self.current(args.session)?;
        let full = inside(session.root(), &args.path).ok_or_else(|| Failure::outside(&args.path))?;
        // Held over the removal: the watcher must not take it for another hand's.
        let mut known = session.known().lock();
        text_file::remove(&full, &args.base)?;
        known.remove(&args.path);
        drop(known);
        let _ = self.journal.forget(session.root(), &args.path);
        session.look_again();
        Ok(())
    }

    fn journal_file(&self, args: JournalArg) -> Result<(), Failure> {
        let (root, _) = self.opened(args.session)?;
        inside(&root, &args.path).ok_or_else(|| Failure::outside(&args.path))?;
        Ok(self.journal.keep(&Record { pack: root, file: args.path, text: args.text, base: args.base, at: now() })?)
    }

    fn discard_journal(&self, args: FileArg) -> Result<(), Failure> {
        let (root, _) = self.opened(args.session)?;
        Ok(self.journal.forget(&root, &args.path)?)
    }

    fn lsp_send(&self, args: LspArg) -> Result<(), Failure> {
        self.current(args.session)?.send(&args.message)
    }

    fn new_pack_view(&self, (): ()) -> Result<NewPackView, Failure> {
        Ok(new_pack::view(&self.home))
    }

    fn new_pack(&self, args: NewPackArg) -> Result<PackView, Failure> {
        if args.folder != self.home.packs && !lock(&self.chosen).contains(&canonical(&args.folder)) {
            let message = format!("`{}` was not chosen by you", args.folder);
            return Err(Failure::new(FailureCode::Denied, message, "Choose the folder with “Choose…”."));
        }
        let made = new_pack::make(&args)?;
        lock(&self.chosen).insert(made.clone());
        self.open_folder(&made)
    }

    fn registries(&self, (): ()) -> Result<Vec<RegistryView>, Failure> {
        self.shipping.registries()
    }

    fn add_registry(&self, args: RegistryArg) -> Result<RegistryView, Failure> {
        self.shipping.add_registry(&args.registry)
    }

    fn forget_registry(&self, args: RegistryArg) -> Result<(), Failure> {
        self.shipping.forget_registry(&args.registry)
    }

    fn ship_plan(&self, args: ShipArg) -> Result<ShipPlan, Failure> {
        self.shipping.plan(&self.opened(args.session)?.0, &args.registry)
    }

    fn publish(&self, args: PublishArg) -> Result<ReceiptView, Failure> {
        let (root, _) = self.opened(args.session)?;
        let cancel = Arc::new(AtomicBool::new(false));
        lock(&self.publishing).insert(args.session, cancel.clone());
        let report = |step: usize, state: StepState| {
            (self.tell)(Event::Publishing { session: args.session, step: u32::try_from(step).unwrap_or(u32::MAX), state });
        };
        let receipt = self.shipping.publish(&root, &args.registry, Some(&args.digest), &report, &cancel);
        lock(&self.publishing).remove(&args.session);
        receipt
    }

    fn stop_publish(&self, args: SessionArg) -> Result<(), Failure> {
        if let Some(cancel) = lock(&self.publishing).get(&args.session) {
            cancel.store(true, Ordering::SeqCst);
        }
        Ok(())
    }

    fn releases(&self, args: ShipArg) -> Result<Vec<ReleaseView>, Failure> {
        self.shipping.releases(&self.repository(args.session, &args.registry)?)
    }

    fn verify_release(&self, args: ReleaseArg) -> Result<VerifiedView, Failure> {
        self.shipping.verify(&self.release(&args)?)
    }

    fn pull_release(&self, args: ReleaseArg) -> Result<PulledView, Failure> {
        let pulled = self.shipping.pull_to_data(&self.release(&args)?)?;
        // The author asked for the copy, so the page may open it.
        lock(&self.chosen).insert(canonical(&pulled.folder));
        Ok(pulled)
    }

    fn tools(&self, args: SessionArg) -> Result<ToolsView, Failure> {
        match TriedPack::read(&self.opened(args.session)?.0) {
            Ok(pack) => Ok(tools_view(&pack)),
            Err(failure) if matches!(failure.code, FailureCode::BadManifest | FailureCode::NotFound) => {
                Ok(ToolsView { tools: Vec::new(), broken_cases: Vec::new(), problem: Some(failure.message) })
            }
            Err(failure) => Err(failure),
        }
    }

    fn run_tool(&self, args: RunArg) -> Result<RunView, Failure> {
        let pack = TriedPack::read(&self.opened(args.session)?.0)?;
        self.runner.run_for(&pack, &args, &self.runs)
    }

    fn stop_run(&self, args: StopRunArg) -> Result<(), Failure> {
        self.runs.stop(args.session, args.run);
        Ok(())
    }

    fn save_case(&self, args: SaveCaseArg) -> Result<SavedCase, Failure> {
        let pack = TriedPack::read(&self.opened(args.session)?.0)?;
        let kept = self.runs.kept(args.session, args.run).ok_or_else(|| {
            Failure::new(FailureCode::NotFound, "this run is not kept any more", "Run the tool again, then save the case.")
        })?;
        save_case(&pack, &kept, &args.name, args.expect)
    }

    fn close_window(&self, (): ()) -> Result<(), Failure> {
        self.desktop.close();
        Ok(())
    }
}

/// The runner of the window, which tells the page of the one time that takes a second.
fn runner(home: &Home, tell: &Tell) -> Runner {
    let tell = tell.clone();
    let told = move |ready: bool, took: std::time::Duration| {
        tell(Event::Engine { ready, millis: u32::try_from(took.as_millis()).unwrap_or(u32::MAX) });
    };
    Runner::new(home, Box::new(told))
}

/// A folder's one name, however it was written; a manifest stands for its pack. What does not exist stays as it is, for the message.
fn canonical(path: &str) -> Utf8PathBuf {
    let path = Utf8Path::new(path);
    let folder = if path.file_name() == Some(MANIFEST) && path.is_file() { path.parent().unwrap_or(path) } else { path };
    folder.canonicalize_utf8().unwrap_or_else(|_| folder.to_owned())
}

/// Makes a folder a pack: writes a first manifest into it, unless it has one. Gives the manifest's path.
pub fn create_manifest(folder: &Utf8Path) -> Result<Utf8PathBuf, Failure> {
    let folder = DiskPack::read(folder)?.root().to_owned();
    let path = folder.join(MANIFEST);
    match text_file::save(&path, &first_manifest(folder.file_name()), text_file::LineEnding::Lf, false, None) {
        Ok(_) => Ok(path),
        Err(text_file::SaveTextError::ChangedOutside { .. }) => {
            Err(Failure::new(FailureCode::Other, format!("`{path}` exists already"), "Open it; nothing was changed."))
        }
        Err(error) => Err(error.into()),
    }
}

/// What every pack says, and no more.
fn first_manifest(folder: Option<&str>) -> String {
    let name = folder.map(slug).filter(|name| is_slug(name)).unwrap_or_else(|| "my-pack".to_owned());
    format!(
        "name: {name}\nversion: 0.1.0\n\n# One sentence for people and for agents: what this pack makes possible, and when to use it.\ndescription: A new pack.\ncategory: general\n"
    )
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A thread that panicked while it held the lock left plain data behind: going on is better than ending.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}
