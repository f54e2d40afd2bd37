//! A screen nobody sees, and the session bus that goes with it.

use anyhow::{Context, Result, bail, ensure};
use camino::Utf8Path;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt, EventMask};

/// An X server and a session bus. Dropping ends both.
pub struct Screen {
    server: Child,
    bus: Child,
    display: String,
    bus_address: String,
}

impl Screen {
    /// Starts both. `home` is a folder for whatever programs want to write.
    pub fn start(width: u32, height: u32, home: &Utf8Path) -> Result<Self> {
        // `-displayfd 1`: the server chooses a free number and says which once it listens.
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", &format!("{width}x{height}x24"), "-nolisten", "tcp", "-noreset"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("Xvfb starts")?;
        let number = first_line(&mut server).context("Xvfb says its display")?;
        let display = format!(":{number}");
        let bus = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address=1"])
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", home)
            .env("DISPLAY", &display)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let mut bus = match bus {
            Ok(bus) => bus,
            Err(error) => {
                end(&mut server);
                return Err(error).context("dbus-daemon starts");
            }
        };
        let bus_address = first_line(&mut bus);
        let mut screen = Self { server, bus, display, bus_address: String::new() };
        screen.bus_address = bus_address.context("dbus-daemon says its address")?;
        Ok(screen)
    }

    /// Puts a program on this screen, with a home of its own and nothing of whoever runs the tests.
    pub fn dress(&self, command: &mut Command, home: &Utf8Path) {
        for folder in ["config", "data", "cache"] {
            let _ = fs_err::create_dir_all(home.join(folder));
        }
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("LANG", "C.UTF-8")
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", home)
            .env("PACKWRIGHT_HOME", home)
            .env("DISPLAY", &self.display)
            .env("GDK_BACKEND", "x11")
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus_address)
            // No accessibility bus is started for a screen that nobody reads.
            .env("NO_AT_BRIDGE", "1");
    }

    /// Asks the window of that name to close, as its close button does.
    pub fn close_window(&self, name: &str) -> Result<()> {
        let (connection, screen) = x11rb::connect(Some(&self.display)).context("the screen answers")?;
        let root = connection.setup().roots[screen].root;
        let atom = |name: &str| -> Result<u32> { Ok(connection.intern_atom(false, name.as_bytes())?.reply()?.atom) };
        let (protocols, delete) = (atom("WM_PROTOCOLS")?, atom("WM_DELETE_WINDOW")?);
        let mut found = None;
        // Without a window manager, a program's windows are the screen's children.
        for window in connection.query_tree(root)?.reply()?.children {
            let title = connection.get_property(false, window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 1024)?.reply()?.value;
            if String::from_utf8_lossy(&title).contains(name) {
                found = Some(window);
            }
        }
        let window = found.with_context(|| format!("there is a window called “{name}”"))?;
        let event = ClientMessageEvent::new(32, window, protocols, [delete, 0, 0, 0, 0]);
        connection.send_event(false, window, EventMask::NO_EVENT, event)?.check()?;
        Ok(())
    }

    /// A picture of the whole screen, as PNG, by `import`.
    pub fn picture(&self, path: &Utf8Path) -> Result<()> {
        let done = Command::new("import")
            .args(["-window", "root", "-display", &self.display, path.as_str()])
            .status()
            .context("ImageMagick's `import` runs")?;
        if !done.success() {
            bail!("`import` could not take a picture of {}", self.display);
        }
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        end(&mut self.bus);
        end(&mut self.server);
    }
}

/// Ends a program that we started, and waits for it.
pub fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

fn first_line(child: &mut Child) -> Result<String> {
    let mut reader = BufReader::new(child.stdout.take().context("its output is a pipe")?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    // Kept open: a program that writes to a closed pipe ends.
    child.stdout = Some(reader.into_inner());
    let line = line.trim();
    ensure!(!line.is_empty(), "it ended without a word");
    Ok(line.to_owned())
}
