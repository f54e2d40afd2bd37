//! What crosses between a front end and the app: plain data, named as the page names it.
//!
//! These types are not the domain's. They change when a screen needs something else, while `core`'s types change when
//! the language does. TypeScript for them is generated into `ui/src/lib/generated/wire.ts` (see [`crate::commands`]).
//! Numbers are `number` on the other side, so nothing here may exceed 2^53.

mod shipping;
mod trying;

pub use shipping::*;
pub use trying::*;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the page needs to draw its first frame.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StartView {
    /// The studio's own version.
    pub version: String,
    /// The folder named on the command line, or the one that a second start asked for.
    pub open: Option<String>,
    /// How the author likes the window.
    pub preferences: Preferences,
    /// Where the data folder is, `~` for the home folder.
    pub home: String,
}

/// How the author likes the window. Every field has a default, so that a missing or damaged file costs nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Preferences {
    /// Light, dark, or as the system says.
    pub theme: Theme,
    /// Width of the sidebar in CSS pixels; 0 when it is hidden.
    pub sidebar: u32,
    /// Height of the panel in CSS pixels; 0 when it is hidden.
    pub panel: u32,
    /// Width of the inspector in CSS pixels; 0 when it is hidden.
    pub inspector: u32,
}

impl Default for Preferences {
    fn default() -> Self {
        // The widths of the drawings in docs/images, which leave 40 columns of text at 1000 × 640.
        Self { theme: Theme::System, sidebar: 240, panel: 160, inspector: 336 }
    }
}

/// The colours of the window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

/// A folder that was opened before.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecentPack {
    pub path: String,
    /// The same path, with `~` for the home folder: for people.
    pub shown: String,
    pub name: String,
    pub version: Option<String>,
    /// Milliseconds since 1970.
    #[ts(type = "number")]
    pub opened_at: u64,
    pub errors: u32,
    pub warnings: u32,
    /// False when the folder is gone; the row stays, so that the author can look for it.
    pub exists: bool,
}

/// A pack that comes with the studio. It is opened as a copy.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Sample {
    pub name: String,
    pub description: String,
    /// What it holds, in a few words: "2 tools, cases".
    pub contents: String,
}

/// An opened folder.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PackView {
    /// Names this opening. Commands and events carry it, so that what belongs to one pack never reaches another.
    pub session: u32,
    /// The folder, absolute.
    pub root: String,
    /// The same as a `file:` URI without a slash at the end: what the language server calls it.
    pub root_uri: String,
    /// The same, with `~` for the home folder: for people.
    pub shown: String,
    /// The name in the manifest, or the folder's.
    pub name: String,
    pub version: Option<String>,
    /// False when there is no `pack.yaml`: the page offers to make one.
    pub has_manifest: bool,
    /// False when the system does not tell of changes by other hands: the page says so.
    pub followed: bool,
    /// Files and folders, sorted by path, each folder before what it holds.
    pub entries: Vec<Entry>,
    /// Text that was typed and never saved, from an earlier session.
    pub unsaved: Vec<UnsavedText>,
}

/// A file or folder of the pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Relative to the pack, with `/` on every system.
    pub path: String,
    pub kind: EntryKind,
    /// Bytes; 0 for a folder.
    #[ts(type = "number")]
    pub size: u64,
    /// Left out of the pack by `.packignore`.
    pub ignored: bool,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    File,
    Folder,
    /// A link, whatever it leads to.
    Link,
    /// A device, socket or pipe: shown, never read.
    Special,
}

/// Text from the journal.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UnsavedText {
    pub path: String,
    pub text: String,
    /// The digest of the file that the text was typed on; `null` when the file did not exist.
    pub base: Option<String>,
    /// Milliseconds since 1970.
    #[ts(type = "number")]
    pub at: u64,
}

/// A file's text as an editor holds it: lines end with `\n`, no byte-order mark. Saving restores both.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FileText {
    pub path: String,
    pub text: String,
    /// Names these exact bytes; `save_file` wants it back.
    pub digest: String,
    pub line_ending: LineEnding,
    /// True when the file begins with a byte-order mark.
    pub bom: bool,
    /// True when the file or its folder cannot be written.
    pub read_only: bool,
}

/// How lines end in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum LineEnding {
    Lf,
    Crlf,
    /// Both: the text keeps its `\r`, so that saving changes no line the author did not touch.
    Mixed,
}

/// The answer to a save.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Saved {
    pub path: String,
    pub digest: String,
}

/// What this computer gives us, for people who look for a fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Environment {
    pub version: String,
    pub system: String,
    /// In the order to show them.
    pub facts: Vec<Fact>,
}

/// One line of the environment report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Fact {
    /// Stable, for machines: `display`, `webkit`, `rendering`, `data`, `keychain` …
    pub key: String,
    /// For people.
    pub label: String,
    pub verdict: Verdict,
    /// What was found.
    pub value: String,
    /// What to do about it, when something is.
    pub hint: Option<String>,
}

/// How a fact stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Pass,
    Warn,
    Fail,
    /// Neither good nor bad: a path, a version.
    Info,
}

/// Why a command failed, ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    pub code: FailureCode,
    /// What happened and where: one sentence that names the path.
    pub message: String,
    /// What to do next.
    pub hints: Vec<String>,
}

/// A code exists only because some front end branches on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    /// The path leads nowhere.
    NotFound,
    /// It is a file, and a folder was wanted, or the other way round.
    WrongKind,
    /// It may not be read or written.
    Denied,
    /// The disk or folder is read-only.
    ReadOnly,
    /// The disk is full.
    DiskFull,
    /// The file is not UTF-8 text.
    NotText,
    /// The file is larger than the editor opens.
    TooLarge,
    /// The file changed on disk after it was read.
    ChangedOutside,
    /// The path leads out of the pack.
    OutsidePack,
    /// No pack is open, so there is nothing to act on.
    NoPack,
    /// `pack.yaml` cannot be read.
    BadManifest,
    /// What is to be made exists already.
    Exists,
    /// The version is published with other bytes.
    VersionExists,
    /// The files changed after the plan was made.
    PlanChanged,
    /// The registry does not answer.
    Unreachable,
    /// The registry, or a signature that is wanted, refuses.
    Refused,
    /// The author stopped it.
    Stopped,
    /// The request itself is malformed.
    BadRequest,
    /// Anything else; the message says what.
    Other,
}

/// What the app tells the page without being asked.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(tag = "event", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Event {
    /// A message of the language server: JSON-RPC as text.
    Lsp { session: u32, message: String },
    /// Files came, went or changed size.
    Entries { session: u32, entries: Vec<Entry>, has_manifest: bool },
    /// The manifest's name or version changed.
    Identity { session: u32, name: String, version: Option<String> },
    /// A file changed on disk by another hand; `digest` is `null` when it is gone.
    FileChanged { session: u32, path: String, digest: Option<String> },
    /// The pack's folder itself is gone (`true`) or came back (`false`).
    Vanished { session: u32, gone: bool },
    /// The engine that runs inline handlers is being compiled, once per computer (`ready` is false), or is ready.
    Engine { ready: bool, millis: u32 },
    /// A step of publishing, by its place in the plan.
    Publishing { session: u32, step: u32, state: StepState },
    /// The author closes the window: the page saves or journals what it holds, then calls `close_window`.
    CloseRequested,
    /// A second start asked for this folder.
    OpenRequested { path: String },
}

/// What the language server puts into the `data` of a diagnostic: all that a screen shows beside the message.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DiagnosticData {
    /// What to do, sentence by sentence.
    pub hints: Vec<String>,
    /// What the certain fix would do, as a button's words; `null` when there is none.
    pub fix: Option<String>,
    /// The rule in one sentence.
    pub summary: String,
    /// Why the rule exists.
    pub why: String,
}

/// Arguments: a folder on this computer.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct FolderArg {
    pub path: String,
}

/// Arguments: an opening, as [`PackView`] names it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SessionArg {
    pub session: u32,
}

/// Arguments: a file of an opened pack, relative to it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct FileArg {
    pub session: u32,
    pub path: String,
}

/// Arguments: a sample's name.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct SampleArg {
    pub name: String,
}

/// Arguments of a save.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SaveArg {
    pub session: u32,
    pub path: String,
    pub text: String,
    /// The digest of what the author last saw on disk, `null` for no file. A save over other bytes is refused, always.
    pub base: Option<String>,
    pub line_ending: LineEnding,
    pub bom: bool,
}

/// Arguments: a file of an opened pack that is to go.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct RemoveArg {
    pub session: u32,
    pub path: String,
    /// The digest of what it holds as far as the author knows. Other bytes are not removed.
    pub base: String,
}

/// Arguments: files of an opened pack that get other names.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct MoveArg {
    pub session: u32,
    pub moves: Vec<FileMove>,
}

/// A file's path now, and the one that it gets.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct FileMove {
    pub from: String,
    pub to: String,
}

/// Arguments of the journal: text that is not saved yet.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JournalArg {
    pub session: u32,
    pub path: String,
    pub text: String,
    pub base: Option<String>,
}

/// Arguments: a message for the language server.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct LspArg {
    pub session: u32,
    pub message: String,
}

/// Arguments: preferences to keep.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PreferencesArg {
    pub preferences: Preferences,
}
