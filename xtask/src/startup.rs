//! One start of a desktop program on a screen of its own: when its first pixel appears, when its content, and its memory.
//!
//! Every run gets a fresh screen, session bus and home, so it is a first start with a warm disk cache. No window manager runs and
//! WebKit draws in software: compare only numbers of the same call.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use fs_err as fs;

use crate::process;
use crate::screen::{Frame, Screen, first_line};
use crate::workspace::{Scratch, copy_folder};

/// What is started.
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    pub(crate) program: PathBuf,
    /// Copied for each run, and the copy's path given as argument.
    pub(crate) folder: Option<PathBuf>,
}

/// What one start showed: milliseconds since the program was started, and megabytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start {
    /// The first pixel that is not the empty screen's.
    pub(crate) mapped: Option<f64>,
    /// The first picture with [`CONTENT`] colours.
    pub(crate) content: Option<f64>,
    /// The last change before [`QUIET`].
    pub(crate) still: f64,
    /// Proportional set size of all its processes, a second after `still`: what the machine gives up.
    pub(crate) memory: f64,
}

const LOOK_EVERY: Duration = Duration::from_millis(4);
/// Text is drawn in a dozen shades and more; an empty page, its background and a scroll bar are fewer.
const CONTENT: usize = 12;
/// Less than the half second after which a text caret blinks for the first time.
const QUIET: Duration = Duration::from_millis(400);
/// How long a page that shows nothing is waited for: ten times what a slow start takes.
const BLANK: Duration = Duration::from_secs(8);
const TOO_LONG: Duration = Duration::from_secs(30);

/// Starts the subject once and ends it again.
pub(crate) fn once(subject: &Subject) -> anyhow::Result<Start> {
    let screen = Screen::open()?;
    let home = Scratch::new()?;
    let surround = |command: &mut Command| {
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("LANG", "C.UTF-8");
        command.env("HOME", home.path()).env("PACKWRIGHT_HOME", home.path().join("packwright"));
        command
            .env("XDG_RUNTIME_DIR", home.path())
            .env("DISPLAY", &screen.display)
            .env("GDK_BACKEND", "x11")
            .env("NO_AT_BRIDGE", "1");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    };
    // The bus is started before the clock: on a desktop it is there already.
    let mut daemon = Command::new("dbus-daemon");
    surround(&mut daemon);
    daemon.args(["--session", "--nofork", "--print-address=1"]).stdout(Stdio::piped());
    let mut bus = Running(daemon.spawn().with_context(|| process::cannot_start(&daemon))?);
    let address = first_line(&mut bus.0)?;

    let mut command = Command::new(&subject.program);
    surround(&mut command);
    command.env("DBUS_SESSION_BUS_ADDRESS", address);
    if let Some(folder) = &subject.folder {
        let copy = home.path().join("library");
        copy_folder(folder, &copy)?;
        command.arg(copy);
    }
    let said = home.path().join("stderr");
    command.stderr(fs::File::create(&said)?.into_parts().0);
    let mut empty = Frame::default();
    screen.look(&mut empty)?;
    let begin = Instant::now();
    let mut program = Running(command.spawn().with_context(|| process::cannot_start(&command))?);
    let watched = watch(&screen, &empty, begin, &mut program.0);
    let mut start = watched.with_context(|| fs::read_to_string(&said).unwrap_or_default())?;
    sleep(Duration::from_secs(1));
    start.memory = memory(&family(program.0.id())?);
    Ok(start)
}

fn watch(screen: &Screen, empty: &Frame, begin: Instant, program: &mut Child) -> anyhow::Result<Start> {
    let milliseconds = |moment: Instant| (moment - begin).as_secs_f64() * 1000.0;
    let (mut mapped, mut content) = (None, None);
    let (mut last, mut changed) = (empty.clone(), begin);
    let mut frame = Frame::default();
    loop {
        let now = Instant::now();
        screen.look(&mut frame)?;
        if frame != last {
            changed = now;
            if mapped.is_none() && frame != *empty {
                mapped = Some(milliseconds(now));
            }
            if content.is_none() && frame.has_colours(CONTENT) {
                content = Some(milliseconds(now));
            }
            std::mem::swap(&mut frame, &mut last);
        } else if now - changed > if content.is_some() { QUIET } else { BLANK } || now - begin > TOO_LONG {
            break;
        }
        if let Some(status) = program.try_wait()? {
            bail!("the program ended while its window was awaited ({status})");
        }
        sleep(LOOK_EVERY);
    }
    Ok(Start { mapped, content, still: milliseconds(changed), memory: 0.0 })
}

/// A program that is ended, with all it started, when dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let family = family(self.0.id()).unwrap_or_default();
        let numbers = family.iter().map(u32::to_string).collect::<Vec<_>>().join(" ");
        // By the shell, whose `kill` is built in: some may be gone already, and then there is nothing to end.
        let _ = Command::new("sh").args(["-c", &format!("kill -KILL {numbers}")]).stderr(Stdio::null()).status();
        let _ = self.0.wait();
    }
}

/// A process and all that it started, and they, and so on.
fn family(process: u32) -> anyhow::Result<Vec<u32>> {
    let mut all = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let folder = entry?.path();
        let number = folder.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
        // A process may end between the two lines.
        if let (Some(number), Ok(stat)) = (number, fs::read_to_string(folder.join("stat"))) {
            all.push((number, parent(&stat)));
        }
    }
    let mut family = vec![process];
    let mut next = 0;
    while let Some(&member) = family.get(next) {
        family.extend(all.iter().filter(|(_, parent)| *parent == Some(member)).map(|(number, _)| *number));
        next += 1;
    }
    Ok(family)
}

/// The parent in `/proc/N/stat`, second after the name, which stands in parentheses and may contain anything.
fn parent(stat: &str) -> Option<u32> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// The sum over processes, without the session's own helpers, in megabytes.
fn memory(processes: &[u32]) -> f64 {
    let helpers = ["dbus", "at-spi", "dconf", "gvfs", "xdg-"];
    let mut kilobytes = 0.0;
    for process in processes {
        let folder = Path::new("/proc").join(process.to_string());
        let name = fs::read_to_string(folder.join("comm")).unwrap_or_default();
        if helpers.iter().any(|helper| name.starts_with(helper)) {
            continue;
        }
        let rollup = fs::read_to_string(folder.join("smaps_rollup")).unwrap_or_default();
        kilobytes += proportional(&rollup).unwrap_or(0.0);
    }
    kilobytes / 1024.0
}

/// `Pss:   12345 kB`
fn proportional(rollup: &str) -> Option<f64> {
    rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parents_are_read_past_any_name() {
        assert_eq!(parent("12 (a (b) c) S 7 12 12"), Some(7));
        assert_eq!(parent(""), None);
    }

    #[test]
    fn memory_is_the_proportional_line_only() {
        assert_eq!(proportional("Rss:  900 kB\nPss:  300 kB\nPss_Dirty:  200 kB\n"), Some(300.0));
    }

    #[test]
    fn this_process_is_in_its_own_family() {
        assert!(family(std::process::id()).unwrap().contains(&std::process::id()));
    }
}
