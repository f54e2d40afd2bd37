//! A window that always paints.
//!
//! On some graphics drivers WebKitGTK shows an empty window. So the page says twice how it stands: when it has something to show, which
//! brings the window forward, and when a frame of it was painted there. When it stays silent, the program starts itself again one
//! step down the ladder ([`Fallback`]), and remembers the step that painted.

use crate::window;
use packwright_app::environment::{Fallback, WindowReport};
use packwright_app::home::Home;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tauri::AppHandle;

/// How long a page may take to paint. Seen: 0.5 s on a slow machine without a graphics driver; ten times that, and it will not come.
const PATIENCE: Duration = Duration::from_secs(8);

/// Set for the process that starts itself again, so that the step is tried and not looked up.
const STEP_VARIABLE: &str = "PACKWRIGHT_RENDERING_STEP";

const WAITING: u8 = 0;
const PAINTED: u8 = 1;
const GIVEN_UP: u8 = 2;

/// The step in force, and whether it painted.
#[derive(Clone)]
pub struct Ladder {
    step: Fallback,
    /// [`WAITING`], [`PAINTED`] or [`GIVEN_UP`]: whoever changes it first has decided.
    outcome: Arc<AtomicU8>,
    started: Instant,
    home: Home,
    report: Arc<Mutex<WindowReport>>,
}

impl Ladder {
    /// Chooses the step, and sets its variables for the web engine. Must run before GTK starts.
    pub fn begin(home: &Home, reset: bool, started: Instant) -> Self {
        let mut report = WindowReport::read(home);
        let asked = std::env::var(STEP_VARIABLE).ok().and_then(|text| serde_json::from_value(text.into()).ok());
        let step = asked.unwrap_or(if reset { Fallback::None } else { report.fallback });
        for (name, value) in step.variables() {
            // What the author set stays: it was set for a reason.
            if std::env::var_os(name).is_none() {
                set_variable(name, value);
            }
        }
        report.webkit = tauri::webview_version().ok();
        // Already now, so that the first page shows it. The step is kept only once it has painted.
        report.write(home);
        report.fallback = step;
        Self { step, outcome: Arc::default(), started, home: home.clone(), report: Arc::new(Mutex::new(report)) }
    }

    /// Waits for the first frame; without one, starts the program again a step further down.
    pub fn watch(&self, app: AppHandle) {
        let ladder = self.clone();
        std::thread::spawn(move || {
            std::thread::sleep(patience());
            // Nothing is painted in a window that is minimised, and that is no fault.
            while window::is_minimised(&app) {
                std::thread::sleep(PATIENCE);
            }
            // After the last step there is nothing further to try; an empty window can at least be closed.
            let Some(next) = ladder.step.next() else { return window::show(&app) };
            if ladder.decide(GIVEN_UP) {
                start_again(&app, next);
            }
        });
    }

    /// True for the one who decides: a page that paints at the last moment is not taken from under an author's hands.
    fn decide(&self, outcome: u8) -> bool {
        self.outcome.compare_exchange(WAITING, outcome, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// The page has painted.
    pub fn painted(&self) {
        if !self.decide(PAINTED) {
            return;
        }
        let mut report = self.report.lock().unwrap_or_else(PoisonError::into_inner);
        report.painted_ms = u64::try_from(self.started.elapsed().as_millis()).ok();
        report.write(&self.home);
    }
}

/// A test may lower the patience to see the ladder at work; nobody else needs to.
fn patience() -> Duration {
    let asked = std::env::var("PACKWRIGHT_PAINT_PATIENCE_MS").ok().and_then(|text| text.parse().ok());
    asked.map_or(PATIENCE, Duration::from_millis)
}

/// Starts the program again on another step, and ends this one.
fn start_again(app: &AppHandle, step: Fallback) {
    let name = serde_json::to_value(step).expect("a step is plain data");
    // Given up first: the new process must not take this one for the studio that is already running.
    tauri_plugin_single_instance::destroy(app);
    let words = std::env::args_os().skip(1).filter(|word| word != "--reset-rendering");
    let started = std::env::current_exe().and_then(|program| {
        std::process::Command::new(program).args(words).env(STEP_VARIABLE, name.as_str().unwrap_or_default()).spawn()
    });
    match started {
        Ok(_) => app.exit(0),
        // Then this window is all there is.
        Err(_) => window::show(app),
    }
}

#[expect(unsafe_code, reason = "the web engine reads its switches from the environment and from nowhere else")]
fn set_variable(name: &str, value: &str) {
    // SAFETY: called from `begin` only, before any other thread runs.
    unsafe { std::env::set_var(name, value) };
}
