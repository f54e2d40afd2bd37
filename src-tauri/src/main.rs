//! The window: a thin shell around the app.
//!
//! It reads its arguments, starts the web engine in a way that paints ([`paint`]), makes one window and hands the page's
//! calls to [`packwright_app`]. What a pack is, and what may be done with it, is not known here.

// No console window beside ours on Windows.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod arguments;
mod bridge;
mod desktop;
mod paint;
mod window;

use arguments::Arguments;
use packwright_app::home::{HOME_VARIABLE, Home};
use packwright_app::studio::{Studio, StudioOptions};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;
use tauri::Manager;

fn main() -> ExitCode {
    let started = Instant::now();
    let arguments = match Arguments::read(std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned())) {
        Ok(arguments) => arguments,
        Err(stop) => return stop.say(),
    };
    let home = match Home::find(std::env::var_os(HOME_VARIABLE)) {
        Ok(home) => home,
        Err(error) => {
            return arguments::say_and_fail(&format!("{error}; set {HOME_VARIABLE} to a folder that Packwright may use"));
        }
    };
    if let Some(message) = window::no_display() {
        return arguments::say_and_fail(message);
    }
    // Before GTK starts: it reads the environment once.
    let ladder = paint::Ladder::begin(&home, arguments.reset_rendering, started);

    let open = arguments.folder.clone();
    let ran = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, words, folder| window::second_start(app, &words, &folder)))
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(tauri::generate_handler![bridge::call, bridge::listen])
        .setup(move |app| {
            let events = Arc::new(bridge::Events::default());
            let desktop = desktop::Shell::new(app.handle().clone(), ladder.clone());
            let options = StudioOptions { samples: desktop::samples(app.handle()), home: home.clone(), open: open.clone() };
            let studio = Studio::new(options, Box::new(desktop), events.teller());
            let theme = studio.preferences().theme;
            app.manage(bridge::Shared { studio: Arc::new(studio), events });
            window::open(app.handle(), &home, theme)?;
            ladder.watch(app.handle().clone());
            Ok(())
        })
        .build(tauri::generate_context!());
    match ran {
        Ok(app) => {
            app.run(|app, event| window::on_event(app, &event));
            ExitCode::SUCCESS
        }
        Err(error) => arguments::say_and_fail(&format!("the window cannot be started: {error}")),
    }
}
