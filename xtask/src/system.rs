//! What Packwright needs from the operating system: what it is called there, how to see that it is there, and how to get it.
//!
//! On Debian and Ubuntu [`provide`] installs what is missing. Elsewhere it prints the command and stops.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use fs_err as fs;

use crate::Stop;
use crate::process;

/// What a need is for, so that opening the studio does not ask for what only the tests use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// To build and open the studio.
    Build,
    /// To drive the real window where nobody looks, and to meet programs of others: tests, `--headless`, `bench`.
    Window,
}

/// How to see that a need is met, however it came to this machine.
#[derive(Debug, Clone, Copy)]
enum Probe {
    /// A program on the path.
    Program(&'static str),
    /// A library with its headers, as `pkg-config` knows it.
    Library(&'static str),
}

struct Need {
    purpose: Purpose,
    probe: Probe,
    debian: &'static str,
    fedora: &'static str,
    arch: &'static str,
    why: &'static str,
}

/// Everything on Linux. Tauri's own list is longer: tray icons, a menu bar and app images, which the studio has not. A need without a
/// name on a system is not asked for there, and the tests that would use it are skipped.
const NEEDS: [Need; 12] = [
    Need {
        purpose: Purpose::Build,
        probe: Probe::Program("cc"),
        debian: "build-essential",
        fedora: "gcc",
        arch: "base-devel",
        why: "links Rust programs and compiles SQLite",
    },
    Need {
        purpose: Purpose::Build,
        probe: Probe::Program("pkg-config"),
        debian: "pkg-config",
        fedora: "pkgconf-pkg-config",
        arch: "pkgconf",
        why: "finds the libraries below",
    },
    Need {
        purpose: Purpose::Build,
        probe: Probe::Library("gtk+-3.0"),
        debian: "libgtk-3-dev",
        fedora: "gtk3-devel",
        arch: "gtk3",
        why: "the window and its file dialogs",
    },
    Need {
        purpose: Purpose::Build,
        probe: Probe::Library("webkit2gtk-4.1"),
        debian: "libwebkit2gtk-4.1-dev",
        fedora: "webkit2gtk4.1-devel",
        arch: "webkit2gtk-4.1",
        why: "the web view inside the window",
    },
    Need {
        purpose: Purpose::Window,
        probe: Probe::Program("WebKitWebDriver"),
        debian: "webkit2gtk-driver",
        // Fedora moved the program between packages; dnf finds the owner of a file.
        fedora: "/usr/bin/WebKitWebDriver",
        arch: "webkit2gtk-4.1",
        why: "lets the tests click and type in the window",
    },
    Need {
        purpose: Purpose::Window,
        probe: Probe::Program("Xvfb"),
        debian: "xvfb",
        fedora: "xorg-x11-server-Xvfb",
        arch: "xorg-server-xvfb",
        why: "a screen in memory for the tests",
    },
    Need {
        purpose: Purpose::Window,
        probe: Probe::Program("dbus-daemon"),
        debian: "dbus",
        fedora: "dbus-daemon",
        arch: "dbus",
        why: "a session bus of the tests' own, by which a second start finds the first",
    },
    Need {
        purpose: Purpose::Window,
        probe: Probe::Program("import"),
        debian: "imagemagick",
        fedora: "ImageMagick",
        arch: "imagemagick",
        why: "takes pictures of that screen",
    },
    Need {
        purpose: Purpose::Window,
        probe: Probe::Program("docker-registry"),
        debian: "docker-registry",
        fedora: "",
        arch: "",
        why: "a registry that is not ours, for the tests to publish to",
    },
    Need {
        purpose: Purpose::Window,
        probe: Probe::Program("nvim"),
        debian: "neovim",
        fedora: "neovim",
        arch: "neovim",
        why: "an editor that is not ours, for the language server",
    },
    Need {
        purpose: Purpose::Window,
        probe: Probe::Program("skopeo"),
        debian: "skopeo",
        fedora: "skopeo",
        arch: "skopeo",
        why: "reads what we published, as others would",
    },
    Need {
        purpose: Purpose::Window,
        probe: Probe::Program("umoci"),
        debian: "umoci",
        fedora: "umoci",
        arch: "umoci",
        why: "unpacks what we published, as others would",
    },
];

/// The systems whose commands we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum System {
    Debian,
    Fedora,
    Arch,
    OtherLinux,
    MacOs,
    Windows,
    Unknown,
}

/// Sees that everything for `purpose` is there, and on Debian and Ubuntu installs what is not.
pub(crate) fn provide(purpose: Purpose) -> anyhow::Result<()> {
    match system() {
        System::MacOs => provide_on_macos(),
        System::Windows => provide_on_windows(),
        System::Unknown => Ok(()),
        linux => provide_on_linux(linux, purpose),
    }
}

fn system() -> System {
    if cfg!(target_os = "macos") {
        System::MacOs
    } else if cfg!(windows) {
        System::Windows
    } else if cfg!(target_os = "linux") {
        linux(&fs::read_to_string("/etc/os-release").unwrap_or_default())
    } else {
        System::Unknown
    }
}

/// Which Linux an `os-release` file describes: its own name first, then those it says it is like.
fn linux(os_release: &str) -> System {
    let value = |key: &str| {
        let line = os_release.lines().find_map(|line| line.trim().strip_prefix(key)?.strip_prefix('='));
        line.unwrap_or_default().trim_matches(['"', '\'']).to_lowercase()
    };
    let names = format!("{} {}", value("ID"), value("ID_LIKE"));
    names
        .split_whitespace()
        .find_map(|name| match name {
            "debian" | "ubuntu" => Some(System::Debian),
            "fedora" | "rhel" | "centos" => Some(System::Fedora),
            "arch" => Some(System::Arch),
            _ => None,
        })
        .unwrap_or(System::OtherLinux)
}

fn provide_on_linux(system: System, purpose: Purpose) -> anyhow::Result<()> {
    let name = |need: &Need| match system {
        System::Fedora => need.fedora,
        System::Arch => need.arch,
        _ => need.debian,
    };
    let wanted = NEEDS.iter().filter(|need| need.purpose <= purpose && !name(need).is_empty());
    let missing: Vec<&Need> = wanted.filter(|need| !is_met(need.probe)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    eprintln!("Missing on this machine:");
    for need in &missing {
        eprintln!("  {:<24} {}", name(need), need.why);
    }
    let names: Vec<&str> = missing.iter().map(|need| name(need)).collect();
    match system {
        System::Debian => {
            install_with_apt(&names)?;
            match missing.iter().find(|need| !is_met(need.probe)) {
                Some(need) => stop(&format!("{} is installed now, but {} is still not found.", need.debian, need.probe)),
                None => Ok(()),
            }
        }
        System::Fedora => stop(&format!("Install with: sudo dnf install {}", names.join(" "))),
        System::Arch => stop(&format!("Install with: sudo pacman -S --needed {}", names.join(" "))),
        _ => stop("These are Debian's names; install what your system calls them, then run this command again."),
    }
}

impl std::fmt::Display for Probe {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Probe::Program(name) => write!(formatter, "the program {name}"),
            Probe::Library(name) => write!(formatter, "the library {name}"),
        }
    }
}

fn is_met(probe: Probe) -> bool {
    match probe {
        Probe::Program(name) => find_program(name).is_some(),
        Probe::Library(name) => process::answer(Command::new("pkg-config").args(["--exists", name])).is_some(),
    }
}

/// The first file of that name on the path.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(name)).find(|file| file.is_file())
}

fn install_with_apt(names: &[&str]) -> anyhow::Result<()> {
    let install = format!("apt-get install -y --no-install-recommends {}", names.join(" "));
    let root = process::answer(Command::new("id").arg("-u")).is_some_and(|user| user == "0");
    if !root && find_program("sudo").is_none() {
        return stop(&format!("Run as root, then try again: apt-get update && {install}"));
    }
    for action in ["apt-get update -q", &install] {
        // `env` because sudo hands no variables on, and a question would wait for an answer that nobody gives.
        let words = format!("{}env DEBIAN_FRONTEND=noninteractive {action}", if root { "" } else { "sudo " });
        eprintln!("> {words}");
        let mut words = words.split(' ');
        let mut command = Command::new(words.next().context("there is a first word")?);
        process::must_succeed(command.args(words), action)?;
    }
    Ok(())
}

fn provide_on_macos() -> anyhow::Result<()> {
    match process::answer(Command::new("xcode-select").arg("-p")) {
        Some(_) => Ok(()),
        None => stop("Apple's command line tools are missing (compiler and web view). Install with: xcode-select --install"),
    }
}

fn provide_on_windows() -> anyhow::Result<()> {
    // Where WebView2 says its version: Microsoft's documented key, for all users or for this one.
    const CLIENT: &str = r"Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}";
    let keys = [format!(r"HKLM\SOFTWARE\WOW6432Node\{CLIENT}"), format!(r"HKCU\Software\{CLIENT}")];
    if keys.iter().any(|key| process::answer(Command::new("reg").args(["query", key, "/v", "pv"])).is_some()) {
        return Ok(());
    }
    stop(
        "The WebView2 runtime is missing (the web view inside the window). Install with: winget install Microsoft.EdgeWebView2Runtime",
    )
}

fn stop(message: &str) -> anyhow::Result<()> {
    Err(Stop::cannot_run(message).into())
}

/// Whether a window can be shown to somebody.
pub(crate) fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// Sees that `program --version` says at least `wanted`; `advice` tells how to get it.
pub(crate) fn require_version(program: &Path, wanted: &str, advice: &str) -> anyhow::Result<()> {
    let name = program.file_stem().unwrap_or_default().to_string_lossy();
    let found = process::answer(Command::new(program).arg("--version"));
    let message = match found.as_deref() {
        Some(text) if version(text) >= version(wanted) => return Ok(()),
        Some(text) => format!("Packwright needs {name} {wanted} or newer; this machine has {text}. {advice}"),
        None => format!("Packwright needs {name} {wanted} or newer, and there is none on the path. {advice}"),
    };
    stop(&message)
}

/// The first number with a point in it, as major and minor: `rustc 1.95.0 (…)`, `v20.20.2`.
fn version(text: &str) -> Option<(u32, u32)> {
    let word = text.split_whitespace().find(|word| word.contains('.'))?;
    let mut parts = word.trim_start_matches('v').split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn systems_are_known_by_name_or_by_what_they_are_like() {
        assert_eq!(linux("PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\nVERSION_ID=\"12\"\n"), System::Debian);
        assert_eq!(linux("ID=ubuntu\nID_LIKE=debian\n"), System::Debian);
        assert_eq!(linux("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"), System::Debian);
        assert_eq!(linux("ID=fedora\n"), System::Fedora);
        assert_eq!(linux("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n"), System::Fedora);
        assert_eq!(linux("ID='manjaro'\nID_LIKE='arch'\n"), System::Arch);
        assert_eq!(linux("ID=nixos\nVERSION_ID=\"25.05\"\n"), System::OtherLinux);
        assert_eq!(linux(""), System::OtherLinux);
    }

    #[test]
    fn versions_compare_as_numbers() {
        assert_eq!(version("rustc 1.95.0 (59807616e 2026-04-14)"), Some((1, 95)));
        assert_eq!(version("v20.20.2"), Some((20, 20)));
        assert!(version("v8.17.0") < version("20.19"));
        assert!(version("no number") < version("1.95"));
    }

    #[test]
    fn building_asks_for_less_than_the_window_tests() {
        let count = |purpose| NEEDS.iter().filter(|need| need.purpose <= purpose).count();
        assert!(count(Purpose::Build) < count(Purpose::Window));
        assert_eq!(count(Purpose::Window), NEEDS.len());
    }
}
