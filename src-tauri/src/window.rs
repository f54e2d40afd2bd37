//! The one window: created hidden, shown painted, put back where it was.

use crate::arguments::absolute;
use crate::bridge::Shared;
use crate::paint::Ladder;
use packwright_app::environment::{Display, display};
use packwright_app::geometry::Geometry;
use packwright_app::home::Home;
use tauri::webview::Color;
use tauri::{
    AppHandle, LogicalPosition, LogicalSize, Manager, RunEvent, Theme, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    WindowEvent,
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

/// Makes the window, hidden. It shows itself when its page has painted.
pub fn open(app: &AppHandle, home: &Home, _ladder: &Ladder) -> tauri::Result<()> {
    let geometry = Geometry::read(home);
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
    let dark = window.theme().is_ok_and(|theme| theme == Theme::Dark);
    window.set_background_color(Some(if dark { DARK } else { LIGHT }))?;
    if geometry.maximized {
        window.maximize()?;
    }
    Ok(())
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

/// A second start: this window comes forward and opens what that one was asked to.
pub fn second_start(app: &AppHandle, words: &[String], folder: &str) {
    if let Some(window) = app.get_webview_window(MAIN) {
        let _ = window.unminimize();
    }
    show(app);
    let asked = words.iter().skip(1).find(|word| !word.starts_with('-'));
    if let (Some(asked), Some(shared)) = (asked, app.try_state::<Shared>()) {
        shared.studio.open_requested(absolute(asked, folder.as_ref()));
    }
}

/// Keeps the window's place when it closes.
pub fn on_event(app: &AppHandle, event: &RunEvent) {
    if let RunEvent::WindowEvent { event: WindowEvent::CloseRequested { .. }, .. } = event
        && let (Some(window), Some(shared)) = (app.get_webview_window(MAIN), app.try_state::<Shared>())
    {
        shared.studio.keep_geometry(&geometry(&window));
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
