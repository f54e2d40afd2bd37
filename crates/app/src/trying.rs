//! Trying tools: running one, running its cases, keeping a run as a case. The window and the command line both come here.

mod keep;
mod runs;
mod view;

pub use packwright_sandbox as sandbox;

pub use keep::{Kept, save_case};
pub use runs::Runs;
pub use view::{broken_off, case_view, hints, run_view, tools_view};

use crate::wire::{Blocked, Failure, FailureCode, Place, RunArg, RunView};
use camino::{Utf8Path, Utf8PathBuf};
use packwright_core::call::ToolError;
use packwright_core::cases::{self, Case, CaseFile};
use packwright_core::folder::MANIFEST;
use packwright_core::model::Manifest;
use packwright_core::policy::{Ledger, Spent};
use packwright_core::recording::Recording;
use packwright_core::source::PackSource;
use packwright_core::text::Text;
use packwright_kit::disk::DiskPack;
use packwright_kit::home::Home;
use packwright_sandbox::http::{Net, Replay};
use packwright_sandbox::{Call, Chance, Prepared, Run, Sandbox, Stop};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// What a session has used of its budgets, by capability.
type Spending = BTreeMap<String, Spent>;

/// Told when the engine is being compiled, and when it is ready.
pub type EngineTold = Box<dyn Fn(bool, Duration) + Send + Sync>;

/// Runs tools. One for a whole program; the engine is loaded when it is first needed.
pub struct Runner {
    cache: Utf8PathBuf,
    told: EngineTold,
    sandbox: OnceLock<Result<Sandbox, String>>,
    /// The tool that ran last, as long as none of its files changes.
    last: Mutex<Option<(u64, Arc<Prepared>)>>,
}

impl Runner {
    pub fn new(home: &Home, told: EngineTold) -> Self {
        Self { cache: home.cache.join("sandbox"), told, sandbox: OnceLock::new(), last: Mutex::default() }
    }

    /// The sandbox, opened when it is not yet.
    pub fn sandbox(&self) -> Result<&Sandbox, Failure> {
        let opened = self.sandbox.get_or_init(|| {
            let begin = Instant::now();
            let mut compiled = false;
            let sandbox = Sandbox::open(&self.cache, || {
                compiled = true;
                (self.told)(false, Duration::ZERO);
            });
            if compiled {
                (self.told)(true, begin.elapsed());
            }
            sandbox.map_err(|error| error.to_string())
        });
        opened.as_ref().map_err(|message| {
            Failure::new(
                FailureCode::Other,
                message.clone(),
                "Start again. If that does not help, tell us what `packwright env` says.",
            )
        })
    }

    /// Makes a tool ready. The one that ran last is ready already, unless its pack has changed.
    pub fn prepare(&self, pack: &TriedPack, tool: &str) -> Result<Result<Arc<Prepared>, Blocked>, Failure> {
        let sandbox = self.sandbox()?;
        let state = pack.state(tool);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, prepared)) = &*last
            && *known == state
        {
            return Ok(Ok(prepared.clone()));
        }
        let prepared = match sandbox.prepare(&pack.disk, &pack.manifest, tool) {
            Ok(prepared) => Arc::new(prepared),
            Err(blocked) => return Ok(Err(blocked.into())),
        };
        *last = Some((state, prepared.clone()));
        Ok(Ok(prepared))
    }

    /// Runs a tool with an input, on the real network.
    pub fn run(&self, prepared: &Prepared, input: Value, spent: BTreeMap<String, Spent>, stop: Stop) -> Result<Run, Failure> {
        let sandbox = self.sandbox()?;
        let net = Net::Live(sandbox.client());
        Ok(sandbox.run(prepared, Call { input, net, ledger: Ledger::new(spent), chance: Chance::Real, stop }))
    }

    /// Runs a case: offline, with its recording, the same time and the same chance every time.
    pub fn run_case(&self, pack: &TriedPack, prepared: &Prepared, case: &Case, stop: Stop) -> Result<CaseRun, Failure> {
        let net = match case.recording.as_deref().map(|path| pack.recording(path)).transpose() {
            Ok(Some(recording)) => Net::Replay(Replay::new(recording)),
            Ok(None) => Net::Off,
            Err(problem) => return Ok(CaseRun { run: None, problem: Some(problem) }),
        };
        let call = Call { input: case.input.clone(), net, ledger: Ledger::default(), chance: Chance::Fixed(1), stop };
        let run = self.sandbox()?.run(prepared, call);
        let problem = judge(case, &run).err();
        Ok(CaseRun { run: Some(run), problem })
    }

    /// Runs a tool or a case for the page. A tool that cannot run is an answer, too.
    pub fn run_for(&self, pack: &TriedPack, args: &RunArg, runs: &Runs) -> Result<RunView, Failure> {
        // Before anything is prepared, which may take a second: a stop must find it.
        let (stop, spent) = runs.begin(args.session, args.run);
        let ended = self.run_begun(pack, args, stop, spent);
        let (kept, spent) = match &ended {
            Ok((_, Some((kept, spent)))) => (Some(kept.clone()), Some(spent.clone())),
            _ => (None, None),
        };
        runs.end(args.session, args.run, kept, spent);
        ended.map(|(view, _)| view)
    }

    fn run_begun(
        &self,
        pack: &TriedPack,
        args: &RunArg,
        stop: Stop,
        spent: Spending,
    ) -> Result<(RunView, Option<(Kept, Spending)>), Failure> {
        let case = match &args.case {
            None => None,
            Some(wanted) => Some(pack.case(&wanted.file, &wanted.name).map(|(_, case)| case).ok_or_else(|| {
                let message = format!("`{}` has no case called “{}”", wanted.file, wanted.name);
                Failure::new(FailureCode::NotFound, message, "It was renamed or removed: choose another one.")
            })?),
        };
        let begin = Instant::now();
        let prepared = match self.prepare(pack, &args.tool)? {
            Ok(prepared) => prepared,
            Err(blocked) => return Ok((view::blocked(args.run, &args.tool, &blocked), None)),
        };
        let prepare = begin.elapsed();
        if let Some(case) = case {
            let ended = self.run_case(pack, &prepared, case, stop)?;
            return Ok((run_view(pack, &args.tool, args.run, prepare, &ended, Some(case)), None));
        }
        let input: Value = match serde_json::from_str(&args.input) {
            Ok(input) => input,
            Err(error) => {
                let error = ToolError::new("invalid_input", format!("the input is not JSON: {error}"));
                return Ok((view::broken_off(args.run, &args.tool, error, Vec::new()), None));
            }
        };
        let run = self.run(&prepared, input.clone(), spent, stop)?;
        let kept = (Kept::of(&args.tool, input, &run), run.ledger.clone().into_workspace());
        let ended = CaseRun { run: Some(run), problem: None };
        Ok((run_view(pack, &args.tool, args.run, prepare, &ended, None), Some(kept)))
    }

    /// Runs all cases of a pack, or those whose tool or name has `filter` in it; tells each as it ends.
    pub fn run_all(
        &self,
        pack: &TriedPack,
        filter: Option<&str>,
        mut told: impl FnMut(&CaseFile, &Case, &CaseRun),
    ) -> Result<Tally, Failure> {
        let mut tally = Tally { passed: 0, failed: 0, broken: pack.broken.len() };
        for file in &pack.cases {
            let prepared = self.prepare(pack, &file.tool)?;
            for case in &file.cases {
                if filter.is_some_and(|filter| !case.name.contains(filter) && !file.tool.contains(filter)) {
                    continue;
                }
                let ended = match &prepared {
                    Ok(prepared) => self.run_case(pack, prepared, case, Stop::default())?,
                    Err(blocked) => CaseRun { run: None, problem: Some(format!("{}. {}", blocked.message, blocked.hint)) },
                };
                if ended.problem.is_none() {
                    tally.passed += 1;
                } else {
                    tally.failed += 1;
                }
                told(file, case, &ended);
            }
        }
        Ok(tally)
    }
}

/// How many cases passed, failed, and how many files of cases could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Tally {
    pub passed: usize,
    pub failed: usize,
    pub broken: usize,
}

/// A case that was run, or could not be.
pub struct CaseRun {
    pub run: Option<Run>,
    /// Why it did not pass.
    pub problem: Option<String>,
}

fn judge(case: &Case, run: &Run) -> Result<(), String> {
    let outcome = run.outcome.clone().map_err(|failure| failure.error);
    cases::judge(&case.expect, &outcome).map_err(|mismatch| mismatch.to_string())?;
    if run.not_asked > 0 {
        return Err(format!("the recording holds {} more answers, which the handler did not ask for", run.not_asked));
    }
    let took = run.times.total.as_millis();
    match case.max_ms {
        Some(most) if took > u128::from(most) => Err(format!("it took {took} ms, and at most {most} ms are allowed")),
        _ => Ok(()),
    }
}

/// A pack as its files are on disk, read for trying.
pub struct TriedPack {
    pub disk: DiskPack,
    pub manifest: Manifest,
    manifest_text: Text,
    pub cases: Vec<CaseFile>,
    /// Files of cases that cannot be read: place and reason.
    pub broken: Vec<(Place, String)>,
}

impl TriedPack {
    /// Reads a pack. A manifest that cannot be read has no tools that could be tried; a broken file of cases costs only itself.
    pub fn read(root: &Utf8Path) -> Result<Self, Failure> {
        // The listing that publishing reads: what is tried is what will be shipped, and nothing outside the pack.
        let disk = DiskPack::for_shipping(root)?;
        let unreadable = |message: String| {
            Failure::new(
                FailureCode::BadManifest,
                message,
                "Run `packwright check`, or open pack.yaml: the problem list says what to mend.",
            )
        };
        let bytes = disk.read(MANIFEST).map_err(|_| {
            Failure::new(
                FailureCode::NotFound,
                format!("`{}` has no pack.yaml", disk.root()),
                "Make one with `packwright init`, or a whole pack with `packwright new`.",
            )
        })?;
        let text = String::from_utf8(bytes.into_owned()).map_err(|_| unreadable("pack.yaml is not UTF-8 text".to_owned()))?;
        let text = Text::new(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text));
        let manifest =
            Manifest::read(text.as_str()).map_err(|error| unreadable(format!("pack.yaml cannot be read: {}", error.message)))?;
        let (mut cases, mut broken) = (Vec::new(), Vec::new());
        let files = disk.entries().iter().filter(|entry| entry.is_file() && is_case_file(&entry.path));
        for path in files.map(|entry| entry.path.as_str()) {
            let text = disk.read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
            match cases::read(path, text.strip_prefix('\u{feff}').unwrap_or(&text)) {
                Ok(file) => cases.push(file),
                Err(error) => {
                    broken.push((Place { file: path.to_owned(), line: error.line, column: error.column }, error.message));
                }
            }
        }
        Ok(Self { manifest_text: text, disk, manifest, cases, broken })
    }

    /// A case by its file and name.
    pub fn case(&self, file: &str, name: &str) -> Option<(&CaseFile, &Case)> {
        let file = self.cases.iter().find(|known| known.path == file)?;
        Some((file, file.cases.iter().find(|case| case.name == name)?))
    }

    /// Where a tool stands in the manifest.
    pub fn tool_place(&self, name: &str) -> Option<Place> {
        let place = self.manifest_text.position(self.manifest.tool(name)?.span.start);
        Some(Place { file: MANIFEST.to_owned(), line: place.line, column: place.column })
    }

    fn recording(&self, path: &str) -> Result<Recording, String> {
        let bytes = self
            .disk
            .read(path)
            .map_err(|_| format!("its recording `{path}` cannot be read; run the tool and save the case again"))?;
        let text = String::from_utf8_lossy(&bytes);
        Recording::read(&text)
            .map_err(|error| format!("its recording `{path}` cannot be read: line {}: {}", error.line, error.message))
    }

    /// Changes when anything changes that a tool may be made of.
    fn state(&self, tool: &str) -> u64 {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        (self.disk.root(), tool, self.manifest_text.as_str()).hash(&mut hasher);
        // A handler may import from anywhere in the pack.
        for entry in self.disk.entries().iter().filter(|entry| entry.is_file()) {
            (&entry.path, entry.size, changed_at(&self.disk.root().join(&entry.path))).hash(&mut hasher);
        }
        hasher.finish()
    }
}

fn changed_at(path: &Utf8Path) -> Option<std::time::SystemTime> {
    fs_err::metadata(path).and_then(|about| about.modified()).ok()
}

/// `tests/*.yaml`; recordings lie deeper.
fn is_case_file(path: &str) -> bool {
    path.strip_prefix("tests/")
        .is_some_and(|name| !name.contains('/') && (matches!(name.rsplit('.').next(), Some("yaml" | "yml"))))
}

impl From<packwright_sandbox::Blocked> for Blocked {
    fn from(blocked: packwright_sandbox::Blocked) -> Self {
        let place = blocked.place.map(|(file, line, column)| Place { file, line, column });
        Self { message: blocked.message, hint: blocked.hint, place }
    }
}
