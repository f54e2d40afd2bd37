//! The real window, driven through WebKit's own driver.
//!
//! Waiting is always for a condition, with a bound: a test that waits for a time is either slow or wrong.

use crate::program;
use crate::screen::{Screen, end};
use anyhow::{Context, Result, bail, ensure};
use camino::{Utf8Path, Utf8PathBuf};
use fantoccini::actions::{InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// How long a condition may take to come true. Seen: under one second; the machine may be busy with something else.
const PATIENCE: Duration = Duration::from_secs(20);

/// Keys that are not characters.
pub mod key {
    pub const CONTROL: char = '\u{e009}';
    pub const SHIFT: char = '\u{e008}';
    pub const ENTER: char = '\u{e007}';
    pub const ESCAPE: char = '\u{e00c}';
    pub const END: char = '\u{e010}';
    pub const HOME: char = '\u{e011}';
    pub const DOWN: char = '\u{e015}';
    pub const BACKSPACE: char = '\u{e003}';
    pub const F2: char = '\u{e032}';
    pub const F4: char = '\u{e034}';
    pub const F8: char = '\u{e038}';
    pub const F12: char = '\u{e03c}';
}

/// How a window is started.
#[derive(Clone)]
pub struct Options {
    pub folder: Option<Utf8PathBuf>,
    pub width: u32,
    pub height: u32,
    pub dark: bool,
    /// More for the environment.
    pub variables: Vec<(String, String)>,
}

impl Default for Options {
    fn default() -> Self {
        Self { folder: None, width: 1280, height: 800, dark: false, variables: Vec::new() }
    }
}

impl Options {
    /// The window on a folder.
    pub fn on(folder: &Utf8Path) -> Self {
        Self { folder: Some(folder.to_owned()), ..Self::default() }
    }
}

/// A running studio. Dropping ends it, its driver and its screen.
pub struct Window {
    runtime: Runtime,
    client: Option<Client>,
    driver: Child,
    screen: Screen,
    home: Utf8PathBuf,
}

impl Window {
    /// Starts the studio with `home` as its home, and waits until its page is ready and the folder it was given is open,
    /// or refused: until then the keys of an open pack do nothing.
    pub fn start(home: &Utf8Path, options: &Options) -> Result<Self> {
        let window = Self::start_unpainted(home, options)?;
        window.wait(
            "the page is ready and opens nothing",
            "return document.body.dataset.ready === 'true' && document.querySelector('main[aria-busy=true]') === null",
        )?;
        Ok(window)
    }

    /// The same, without waiting for the page.
    pub fn start_unpainted(home: &Utf8Path, options: &Options) -> Result<Self> {
        let screen = Screen::start(options.width, options.height, home)?;
        let port = free_port()?;
        let mut command = Command::new("WebKitWebDriver");
        screen.dress(&mut command, home);
        command
            .arg(format!("--port={port}"))
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .envs(options.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if options.dark {
            command.env("GTK_THEME", "Adwaita:dark");
        }
        let driver = command.spawn().context("WebKitWebDriver starts")?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let mut window = Self { runtime, client: None, driver, screen, home: home.to_owned() };
        let arguments: Vec<&str> = options.folder.iter().map(|folder| folder.as_str()).collect();
        let browser = json!({ "binary": program("packwright-studio")?, "args": arguments });
        let capabilities: Map<String, Value> = [("webkitgtk:browserOptions".to_owned(), browser)].into_iter().collect();
        let address = format!("http://127.0.0.1:{port}");
        let begin = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            ensure!(begin.elapsed() < PATIENCE, "WebKitWebDriver does not listen");
            std::thread::sleep(Duration::from_millis(10));
        }
        let client =
            window.runtime.block_on(ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(&address));
        window.client = Some(client.context("the driver opens the window")?);
        Ok(window)
    }

    fn client(&self) -> &Client {
        self.client.as_ref().expect("the window was opened")
    }

    /// The studio's home.
    pub fn home(&self) -> &Utf8Path {
        &self.home
    }

    /// The screen it stands on.
    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    /// Runs a script in the page: its `return` is the answer.
    pub fn run(&self, script: &str) -> Result<Value> {
        self.runtime.block_on(self.client().execute(script, Vec::new())).with_context(|| format!("the script runs: {script}"))
    }

    /// Waits until a script answers true.
    pub fn wait(&self, what: &str, script: &str) -> Result<()> {
        self.try_until(what, || Ok(self.run(script)? == true))
    }

    /// Waits until something outside the page is so; when it never is, says what the page shows.
    pub fn until(&self, what: &str, mut is_so: impl FnMut() -> bool) -> Result<()> {
        self.try_until(what, || Ok(is_so()))
    }

    /// The same for what may fail a few times before it goes well; the last failure is part of what is said.
    pub fn try_until(&self, what: &str, mut is_so: impl FnMut() -> Result<bool>) -> Result<()> {
        let begin = Instant::now();
        loop {
            let answer = is_so();
            if let Ok(true) = answer {
                return Ok(());
            }
            if begin.elapsed() > PATIENCE {
                bail!(
                    "waited {} s in vain until {what}; the last answer was {answer:?}; the page says:\n{}",
                    PATIENCE.as_secs(),
                    self.says()
                );
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// All that can be read on the page.
    fn says(&self) -> String {
        self.run("return document.body.innerText").ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default()
    }

    /// Waits until an element is there.
    pub fn wait_for(&self, selector: &str) -> Result<()> {
        self.wait(&format!("`{selector}` is there"), &format!("return document.querySelector({}) !== null", quoted(selector)))
    }

    /// Waits until no such element is there.
    pub fn wait_gone(&self, selector: &str) -> Result<()> {
        self.wait(&format!("`{selector}` is gone"), &format!("return document.querySelector({}) === null", quoted(selector)))
    }

    /// Waits until the page says a text.
    pub fn wait_text(&self, text: &str) -> Result<()> {
        self.wait(&format!("the page says “{text}”"), &format!("return document.body.innerText.includes({})", quoted(text)))
    }

    /// Clicks the first element of a selector, once it is there.
    pub fn click(&self, selector: &str) -> Result<()> {
        let once = || self.runtime.block_on(async { self.client().find(Locator::Css(selector)).await?.click().await });
        self.wait_for(selector)?;
        // The page may have put another element in its place between finding and clicking.
        if once().is_ok() {
            return Ok(());
        }
        self.wait_for(selector)?;
        once().with_context(|| format!("`{selector}` can be clicked"))
    }

    /// Clicks the first button or link with that text.
    pub fn click_text(&self, text: &str) -> Result<()> {
        let find = format!(
            "[...document.querySelectorAll('button, a, [role=row], tr')].find(e => e.innerText.trim().startsWith({}))",
            quoted(text)
        );
        self.wait(&format!("“{text}” can be clicked"), &format!("return {find} !== undefined"))?;
        self.run(&format!("{find}.click()")).map(drop)
    }

    /// Types into whatever has the focus.
    pub fn type_text(&self, text: &str) -> Result<()> {
        let key = |character| if character == '\n' { key::ENTER } else { character };
        self.press(&text.chars().map(|character| vec![key(character)]).collect::<Vec<_>>())
    }

    /// Presses keys together: `&[CONTROL, 's']`.
    pub fn chord(&self, keys: &[char]) -> Result<()> {
        self.press(&[keys.to_vec()])
    }

    fn press(&self, chords: &[Vec<char>]) -> Result<()> {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for chord in chords {
            for &value in chord {
                actions = actions.then(KeyAction::Down { value });
            }
            for &value in chord.iter().rev() {
                actions = actions.then(KeyAction::Up { value });
            }
        }
        self.runtime.block_on(self.client().perform_actions(actions)).context("keys can be pressed")
    }

    /// Moves the pointer to a place of the page, in CSS pixels.
    pub fn point(&self, x: i32, y: i32) -> Result<()> {
        let moved = PointerAction::MoveTo { duration: None, x: f64::from(x), y: f64::from(y) };
        self.runtime
            .block_on(self.client().perform_actions(MouseActions::new("mouse".to_owned()).then(moved)))
            .context("the pointer can be moved")
    }

    /// Presses and releases the pointer's button where it stands.
    pub fn press_here(&self) -> Result<()> {
        let actions = MouseActions::new("mouse".to_owned())
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.runtime.block_on(self.client().perform_actions(actions)).context("the pointer can be pressed")
    }

    /// The same, with a key held down meanwhile.
    pub fn press_here_holding(&self, value: char) -> Result<()> {
        let keyboard =
            |action| self.runtime.block_on(self.client().perform_actions(KeyActions::new("keyboard".to_owned()).then(action)));
        keyboard(KeyAction::Down { value })?;
        let pressed = self.press_here();
        keyboard(KeyAction::Up { value })?;
        pressed
    }

    /// Opens a file of the pack from the tree and puts the cursor into its text.
    pub fn open_file(&self, path: &str) -> Result<()> {
        let item = format!("[role=treeitem][data-path={}]", quoted(path));
        if let Some((folder, _)) = path.rsplit_once('/') {
            self.wait_for(&format!("[role=treeitem][data-path={}]", quoted(folder)))?;
            if self.run(&format!("return document.querySelector({}) === null", quoted(&item)))? == Value::Bool(true) {
                self.click(&format!("[role=treeitem][data-path={}]", quoted(folder)))?;
            }
        }
        self.click(&item)?;
        self.wait_for(&format!("[role=tab][data-path={}][aria-selected=true]", quoted(path)))?;
        self.focus_editor()
    }

    /// Puts the cursor into the editor.
    pub fn focus_editor(&self) -> Result<()> {
        // It is there before its text is, and cannot be clicked until then.
        self.wait("a text is shown", "return (document.querySelector('.cm-content')?.getClientRects().length ?? 0) > 0")?;
        self.click(".cm-content")
    }

    /// Waits until what was typed is on disk.
    pub fn wait_saved(&self) -> Result<()> {
        self.wait_for("[data-save-state=saved]")
    }

    /// Waits until the page has drawn what it knows: a picture taken before may be of the frame before.
    pub fn settle(&self) -> Result<()> {
        self.run("window.packwrightSettled = false; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => { window.packwrightSettled = true; }, 150)))")?;
        self.wait("the page is drawn", "return window.packwrightSettled === true")
    }

    /// Gives the window's content another size.
    pub fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.runtime.block_on(self.client().set_window_size(width, height)).context("the window can be resized")
    }

    /// Waits until the layout, which is kept a moment after it changed, is in the database.
    pub fn settle_preferences(&self) -> Result<()> {
        let database = self.home.join("data/packwright.db-wal");
        let begin = Instant::now();
        while !fs_err::read(&database).is_ok_and(|bytes| bytes.windows(9).any(|part| part == b"\"panel\":0")) {
            ensure!(begin.elapsed() < PATIENCE, "the layout was not kept");
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// A picture of the screen.
    pub fn picture(&self, path: &Utf8Path) -> Result<()> {
        self.settle()?;
        self.screen.picture(path)
    }

    /// A bare command that runs another program on the same screen and bus, with the same home: a second start.
    pub fn beside(&self, program: &Utf8Path) -> Command {
        let mut command = Command::new(program);
        self.screen.dress(&mut command, &self.home);
        command
    }

    /// Ends the studio as a power cut would: nothing is told to it.
    pub fn kill(mut self) -> Result<()> {
        let studio = program("packwright-studio")?;
        for process in processes_of(&studio, &self.home)? {
            let done = Command::new("kill").args(["-9", &process.to_string()]).status()?;
            if !done.success() {
                bail!("process {process} could not be ended");
            }
        }
        // Nobody is left to say goodbye to.
        self.client = None;
        Ok(())
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            // A page that is gone cannot say goodbye, and need not; a driver that hangs is ended below.
            let _ = self.runtime.block_on(async { tokio::time::timeout(Duration::from_secs(5), client.close()).await });
        }
        end(&mut self.driver);
    }
}

/// The processes of a program that were started with our home: never anyone else's.
pub fn processes_of(program: &Utf8Path, home: &Utf8Path) -> Result<Vec<u32>> {
    let mut found = Vec::new();
    for entry in fs_err::read_dir("/proc")?.filter_map(Result::ok) {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let Ok(path) = fs_err::read_link(entry.path().join("exe")) else { continue };
        let Ok(environment) = fs_err::read(entry.path().join("environ")) else { continue };
        let ours = format!("PACKWRIGHT_HOME={home}");
        if path == program.as_std_path() && environment.split(|byte| *byte == 0).any(|variable| variable == ours.as_bytes()) {
            found.push(id);
        }
    }
    Ok(found)
}

/// A script's or a selector's string.
pub fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string is plain data")
}

fn free_port() -> Result<u16> {
    // The driver cannot choose one itself; between here and there another program could take it, and the start would fail loudly.
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
