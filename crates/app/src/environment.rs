//! The report on this computer: one for the window's first page, `packwright env` and a bug report.

use crate::wire::{Environment, Fact, Verdict};
use packwright_kit::environment::{Keychain, folder, keychain, system};
use packwright_kit::home::Home;

pub use packwright_kit::environment::{Display, Fallback, WindowReport, display};

/// Looks around.
pub fn report(home: &Home) -> Environment {
    let window = WindowReport::read(home);
    let mut facts = vec![display_fact(), webkit_fact(&window), rendering_fact(window.fallback)];
    if let Some(painted) = window.painted_ms {
        facts.push(fact("painted", "First frame", Verdict::Info, format!("{painted} ms after the last start")));
    }
    facts.push(keychain_fact());
    for (key, label, path) in
        [("data", "Data", &home.data), ("config", "Configuration", &home.config), ("cache", "Cache", &home.cache)]
    {
        let (shown, writable) = folder(path);
        facts.push(match writable {
            Ok(()) => fact(key, label, Verdict::Pass, shown),
            Err(why) => fact(key, label, Verdict::Fail, format!("{shown}: {why}"))
                .hint("Make the folder writable, or set PACKWRIGHT_HOME to one that is."),
        });
    }
    Environment { version: env!("CARGO_PKG_VERSION").to_owned(), system: system(), facts }
}

fn display_fact() -> Fact {
    match display() {
        Display::Wayland(name) => fact("display", "Display", Verdict::Pass, format!("Wayland ({name})")),
        Display::X11(name) => fact("display", "Display", Verdict::Pass, format!("X11 ({name})")),
        Display::Native => fact("display", "Display", Verdict::Pass, "the system's own".to_owned()),
        Display::None => fact("display", "Display", Verdict::Warn, "none".to_owned())
            .hint("The command line works without one; the window needs DISPLAY or WAYLAND_DISPLAY."),
    }
}

fn webkit_fact(window: &WindowReport) -> Fact {
    match &window.webkit {
        Some(version) => fact("webkit", "Web engine", Verdict::Pass, version.clone()),
        None => fact("webkit", "Web engine", Verdict::Info, "not known: the window was not started yet".to_owned()),
    }
}

fn rendering_fact(fallback: Fallback) -> Fact {
    match fallback {
        Fallback::None => fact("rendering", "Rendering", Verdict::Pass, "as the system starts it".to_owned()),
        Fallback::NoDmabuf => fact(
            "rendering",
            "Rendering",
            Verdict::Warn,
            "fallback 1: without DMA-BUF (WEBKIT_DISABLE_DMABUF_RENDERER)".to_owned(),
        )
        .hint("The window stayed blank without it. Start with --reset-rendering to try the usual way again."),
        Fallback::NoCompositing => fact(
            "rendering",
            "Rendering",
            Verdict::Warn,
            "fallback 2: without compositing (WEBKIT_DISABLE_COMPOSITING_MODE)".to_owned(),
        )
        .hint("The window stayed blank without it. Start with --reset-rendering to try the usual way again."),
    }
}

fn keychain_fact() -> Fact {
    match keychain() {
        Keychain::Ready => fact("keychain", "Keychain", Verdict::Pass, "ready".to_owned()),
        Keychain::NoService => fact("keychain", "Keychain", Verdict::Warn, "no Secret Service answers".to_owned())
            .hint("Writing and checking packs needs none. To keep secrets, start GNOME Keyring, KWallet or another one."),
        Keychain::Failed(why) => fact("keychain", "Keychain", Verdict::Warn, "not available".to_owned())
            .hint(&format!("Writing and checking packs needs none. What the system said: {why}")),
    }
}

fn fact(key: &str, label: &str, verdict: Verdict, value: String) -> Fact {
    Fact { key: key.to_owned(), label: label.to_owned(), verdict, value, hint: None }
}

impl Fact {
    fn hint(mut self, hint: &str) -> Self {
        self.hint = Some(hint.to_owned());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::report;
    use crate::wire::Verdict;
    use camino::Utf8Path;
    use packwright_kit::environment::{Fallback, WindowReport};
    use packwright_kit::home::Home;

    #[test]
    fn the_fallback_in_force_is_shown() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let home = Home::at(Utf8Path::from_path(folder.path()).expect("Unicode"));
        let rendering = |home| report(home).facts.into_iter().find(|fact| fact.key == "rendering").expect("it is reported");
        assert_eq!(rendering(&home).verdict, Verdict::Pass);
        WindowReport { fallback: Fallback::NoDmabuf, ..WindowReport::default() }.write(&home);
        assert!(rendering(&home).value.contains("WEBKIT_DISABLE_DMABUF_RENDERER"));
    }
}
