//! The one window: made hidden with its theme's colour behind it, shown when its page has something to show, put back where it was.

use crate::arguments::absolute;
use crate::bridge::Shared;
use packwright_app::environment::{Display, display};
use packwright_app::geometry::Geometry;
use packwright_app::home::Home;
use packwright_app::wire::Theme;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tauri::webview::Color;
use tauri::{
    AppHandle, LogicalPosition, LogicalSize, Manager, RunEvent, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent,
};

/// The window's label. The capability file names it too.
pub const MAIN: &str = "main";

/// What the page's design calls `--app`, for the moment before the page has painted.
const LIGHT: Color = Color(0xea, 0xec, 0xee, 0xff);
const DARK: Color = Color(0x11, 0x13, 0x16, 0xff);

/// The smallest window that the design still holds at.
const SMALLEST: LogicalSize<f64> = LogicalSize { width: 800.0, height: 520.0 };

/// A window without a screen to stand on.
pub fn no_display() -> Option<&'static str> {
    (display() == Display::None)
        .then_some("no display: set DISPLAY or WAYLAND_DISPLAY. The command line, `packwright`, works without one.")
}

/// Makes the window, hidden, with the colour of its theme behind it, so that no other is ever seen.
///
/// It is shown when the page has something to show, and not later: a web engine paints nothing in a hidden window.
pub fn open(app: &AppHandle, home: &Home, theme: Theme) -> tauri::Result<()> {
    let geometry = Geometry::read(home).fitted(screen_size(app));
    let mut builder = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
        .title("Packwright")
        .visible(false)
        .inner_size(geometry.width, geometry.height)
        .min_inner_size(SMALLEST.width, SMALLEST.height)
        // The page's own folder, so that nothing of it lies outside ours.
        .data_directory(home.data.join("page").into_std_path_buf())
        .on_navigation(is_own_page)
        .on_new_window(|_, _| tauri::webview::NewWindowResponse::Deny);
    if let Some((x, y)) = geometry.position {
        builder = builder.position(x, y);
    }
    let window = builder.build()?;
    let dark = match theme {
        Theme::System => system_is_dark(&window),
        Theme::Dark => true,
        Theme::Light => false,
    };
    window.set_background_color(Some(if dark { DARK } else { LIGHT }))?;
    if geometry.maximized {
        window.maximize()?;
    }
    Ok(())
}

/// As the web engine sees it: by the desktop theme's own background, whatever the theme is called.
#[cfg(target_os = "linux")]
fn system_is_dark(window: &WebviewWindow) -> bool {
    use gtk::prelude::{StyleContextExt, WidgetExt};
    let colour = window.gtk_window().ok().and_then(|window| window.style_context().lookup_color("theme_bg_color"));
    colour.is_some_and(|colour| colour.red() + colour.green() + colour.blue() < 1.5)
}

#[cfg(not(target_os = "linux"))]
fn system_is_dark(window: &WebviewWindow) -> bool {
    window.theme().is_ok_and(|theme| theme == tauri::Theme::Dark)
}

/// The size of the main screen, in logical pixels.
fn screen_size(app: &AppHandle) -> Option<(f64, f64)> {
    let monitor = app.primary_monitor().ok()??;
    let size: LogicalSize<f64> = monitor.size().to_logical(monitor.scale_factor());
    Some((size.width, size.height))
}

/// The page may load itself and nothing else.
fn is_own_page(url: &tauri::Url) -> bool {
    match url.scheme() {
        "tauri" => true,
        // Windows serves the page over http on a name of its own; `tauri dev` from the dev server.
        "http" | "https" => url.host_str() == Some("tauri.localhost") || (cfg!(dev) && url.host_str() == Some("localhost")),
        _ => false,
    }
}

/// Brings the window to the front.
pub fn show(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(MAIN) {
        let _ = window.show();
        let _ = window.set_focus();
    }
}

/// True while nobody can see the window.
pub fn is_minimised(app: &AppHandle) -> bool {
    app.get_webview_window(MAIN).is_some_and(|window| window.is_minimized().unwrap_or(false))
}

/// A second start: this window comes forward and opens what that one was asked to.
pub fn second_start(app: &AppHandle, words: &[String], folder: &str) {
    if let Some(window) = app.get_webview_window(MAIN) {
        let _ = window.unminimize();
    }
    show(app);
    let asked = words.iter().skip(1).find(|word| !word.starts_with('-'));
    if let (Some(asked), Some(shared)) = (asked, app.try_state::<Shared>()) {
        shared.studio.open_requested(&absolute(asked, folder.as_ref()));
    }
}

/// How long a window must stand still before its place is kept: dragging an edge tells of a hundred sizes.
const STANDS_STILL: Duration = Duration::from_millis(400);

/// Keeps the window's place: soon after it changed, and when it closes.
pub fn on_event(app: &AppHandle, event: &RunEvent) {
    match event {
        RunEvent::WindowEvent { event: WindowEvent::Resized(_) | WindowEvent::Moved(_), .. } => {
            // One wait for the whole drag.
            static WAITING: AtomicBool = AtomicBool::new(false);
            if !WAITING.swap(true, Ordering::AcqRel) {
                let app = app.clone();
                std::thread::spawn(move || {
                    std::thread::sleep(STANDS_STILL);
                    WAITING.store(false, Ordering::Release);
                    keep_place(&app);
                });
            }
        }
        RunEvent::WindowEvent { event: WindowEvent::CloseRequested { api, .. }, .. } => {
            let Some(shared) = app.try_state::<Shared>().filter(|shared| shared.events.is_heard()) else { return };
            // The last words may not be in the journal yet: the page brings them there, and then closes the window itself.
            api.prevent_close();
            shared.studio.close_requested();
            let app = app.clone();
            std::thread::spawn(move || {
                std::thread::sleep(LAST_WORDS);
                close(&app);
            });
        }
        _ => {}
    }
}

/// How long a page may take for its last words. A save takes milliseconds; a page that hangs must not keep the window.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// Closes the window, and with it the program.
pub fn close(app: &AppHandle) {
    keep_place(app);
    app.exit(0);
}

fn keep_place(app: &AppHandle) {
    if let (Some(window), Some(shared)) = (app.get_webview_window(MAIN), app.try_state::<Shared>()) {
        // A window that nobody has seen yet stands nowhere.
        if window.is_visible().unwrap_or(false) {
            shared.studio.keep_geometry(&geometry(&window));
        }
    }
}

fn geometry(window: &WebviewWindow) -> Geometry {
    let scale = window.scale_factor().unwrap_or(1.0);
    let size: Option<LogicalSize<f64>> = window.inner_size().ok().map(|size| size.to_logical(scale));
    let position: Option<LogicalPosition<f64>> = window.outer_position().ok().map(|position| position.to_logical(scale));
    let maximized = window.is_maximized().unwrap_or(false);
    let usual = Geometry::default();
    Geometry {
        width: size.map_or(usual.width, |size| size.width),
        height: size.map_or(usual.height, |size| size.height),
        position: position.map(|position| (position.x, position.y)),
        maximized,
    }
}
