//! Between the page and the app: one command, one channel.

use packwright_app::commands::dispatch;
use packwright_app::session::Tell;
use packwright_app::studio::Studio;
use packwright_app::wire::{Event, Failure, FailureCode};
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};
use tauri::State;
use tauri::ipc::Channel;

/// What the page's calls reach.
pub struct Shared {
    pub studio: Arc<Studio>,
    pub events: Arc<Events>,
}

/// Runs a command of the wire.
#[tauri::command]
pub async fn call(command: String, args: Value, shared: State<'_, Shared>) -> Result<Value, Failure> {
    let studio = shared.studio.clone();
    // Off the window's thread: a command may read a disk, or wait for an author to choose a folder.
    let done = tauri::async_runtime::spawn_blocking(move || dispatch(&*studio, &command, args)).await;
    done.unwrap_or_else(|error| {
        Err(Failure {
            code: FailureCode::Other,
            message: format!("the command broke off: {error}"),
            hints: vec!["Your text is kept. Start the studio again, and tell us what you did.".to_owned()],
        })
    })
}

/// Gives the page's channel; a page that was loaded anew gives another.
#[tauri::command]
pub fn listen(channel: Channel<Event>, shared: State<'_, Shared>) {
    shared.events.connect(channel);
}

/// Events on their way to the page. Those told before the page listens wait for it, in order.
#[derive(Default)]
pub struct Events {
    to: Mutex<Line>,
}

#[derive(Default)]
struct Line {
    channel: Option<Channel<Event>>,
    waiting: Vec<Event>,
}

impl Events {
    /// What the app tells its events to.
    pub fn teller(self: &Arc<Self>) -> Tell {
        let events = self.clone();
        Arc::new(move |event| events.tell(event))
    }

    /// True when a page listens.
    pub fn is_heard(&self) -> bool {
        self.to.lock().unwrap_or_else(PoisonError::into_inner).channel.is_some()
    }

    fn tell(&self, event: Event) {
        let mut line = self.to.lock().unwrap_or_else(PoisonError::into_inner);
        match &line.channel {
            // A channel that fails belongs to a page that is gone.
            Some(channel) => drop(channel.send(event)),
            None => line.waiting.push(event),
        }
    }

    fn connect(&self, channel: Channel<Event>) {
        let mut line = self.to.lock().unwrap_or_else(PoisonError::into_inner);
        for event in line.waiting.drain(..) {
            let _ = channel.send(event);
        }
        line.channel = Some(channel);
    }
}
