//! What this computer gives the studio: the facts that a person looking for a fault would ask for.
//!
//! The window itself is described by the window: it writes [`WindowReport`] at every start, and everyone else reads it.

use crate::home::{self, Home};
use camino::Utf8PathBuf;
use serde::{Deserialize, Serialize};

/// How the last window came up. `window.json` in the cache folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WindowReport {
    /// The web engine's version.
    pub webkit: Option<String>,
    /// The step of the fallback ladder that painted, or is to be tried next.
    pub fallback: Fallback,
    /// Milliseconds from the program's start to the first painted frame.
    pub painted_ms: Option<u64>,
}

/// Ways of starting the web engine, from the usual one to the one that always paints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fallback {
    /// As the system starts it.
    #[default]
    None,
    /// Without sharing buffers with the graphics driver.
    NoDmabuf,
    /// Without the graphics driver.
    NoCompositing,
}

impl Fallback {
    /// The next step down, if there is one.
    pub fn next(self) -> Option<Self> {
        match self {
            Self::None => Some(Self::NoDmabuf),
            Self::NoDmabuf => Some(Self::NoCompositing),
            Self::NoCompositing => None,
        }
    }

    /// The variables that this step sets for the web engine.
    pub fn variables(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::None => &[],
            Self::NoDmabuf => &[("WEBKIT_DISABLE_DMABUF_RENDERER", "1")],
            Self::NoCompositing => &[("WEBKIT_DISABLE_DMABUF_RENDERER", "1"), ("WEBKIT_DISABLE_COMPOSITING_MODE", "1")],
        }
    }
}

impl WindowReport {
    /// The report of the last window; the default when there was none, or it cannot be read.
    pub fn read(home: &Home) -> Self {
        fs_err::read(Self::path(home)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Keeps the report. It is a convenience: that it could not be kept is not worth an error.
    pub fn write(&self, home: &Home) {
        let bytes = serde_json::to_vec_pretty(self).expect("a report is plain data");
        if fs_err::create_dir_all(&home.cache).is_ok() {
            let _ = crate::atomic::write(&Self::path(home), &bytes);
        }
    }

    fn path(home: &Home) -> Utf8PathBuf {
        home.cache.join("window.json")
    }
}

/// Which screen there is to draw on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Display {
    Wayland(String),
    X11(String),
    /// macOS and Windows: always there.
    Native,
    None,
}

/// Finds the screen.
pub fn display() -> Display {
    if !cfg!(all(unix, not(target_os = "macos"))) {
        return Display::Native;
    }
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    match (variable("WAYLAND_DISPLAY"), variable("DISPLAY")) {
        (Some(name), _) => Display::Wayland(name),
        (None, Some(name)) => Display::X11(name),
        (None, None) => Display::None,
    }
}

/// How secrets can be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keychain {
    /// The system's keychain answers.
    Ready,
    /// Linux, and nothing on the session bus keeps secrets.
    NoService,
    /// It is there and does not answer; why.
    Failed(String),
}

/// Asks the system's keychain for an entry that is not there: an honest answer needs a keychain that works.
pub fn keychain() -> Keychain {
    // Without a keychain at all, this says why; making an entry would only say that there is none.
    if let Err(error) = keyring::v1::Entry::store_status() {
        return if cfg!(target_os = "linux") { Keychain::NoService } else { Keychain::Failed(error.to_string()) };
    }
    let asked = keyring::v1::Entry::new("packwright", "probe").and_then(|entry| entry.get_password());
    match asked {
        Ok(_) | Err(keyring::v1::Error::NoEntry) => Keychain::Ready,
        Err(error) => Keychain::Failed(error.to_string()),
    }
}

/// The operating system in a few words.
pub fn system() -> String {
    let pretty = fs_err::read_to_string("/etc/os-release").ok().and_then(|text| {
        text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME=").map(|name| name.trim_matches('"').to_owned()))
    });
    format!("{} ({})", pretty.unwrap_or_else(|| std::env::consts::OS.to_owned()), std::env::consts::ARCH)
}

/// A folder for the report: where it is, and whether it can be written.
pub fn folder(path: &camino::Utf8Path) -> (String, Result<(), String>) {
    let probe = || -> Result<(), String> {
        fs_err::create_dir_all(path).map_err(|error| error.to_string())?;
        tempfile::Builder::new().prefix(".packwright-").tempfile_in(path).map(drop).map_err(|error| error.to_string())
    };
    (home::shown(path), probe())
}

#[cfg(test)]
mod tests {
    use super::{Fallback, Home, WindowReport};
    use camino::Utf8Path;

    #[test]
    fn the_report_comes_back_and_a_broken_one_is_the_default() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let home = Home::at(Utf8Path::from_path(folder.path()).expect("Unicode"));
        assert_eq!(WindowReport::read(&home), WindowReport::default());
        let report = WindowReport { webkit: Some("2.50".into()), fallback: Fallback::NoDmabuf, painted_ms: Some(5) };
        report.write(&home);
        assert_eq!(WindowReport::read(&home), report);
        fs_err::write(home.cache.join("window.json"), "{").expect("write");
        assert_eq!(WindowReport::read(&home), WindowReport::default());
    }

    #[test]
    fn the_ladder_ends() {
        assert_eq!(Fallback::None.next().and_then(Fallback::next).and_then(Fallback::next), None);
    }
}
