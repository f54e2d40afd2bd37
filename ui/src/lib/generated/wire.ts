// Made from crates/app/src/wire.rs and commands.rs by `cargo xtask generate`. Do not edit.

/**
 * What the page needs to draw its first frame.
 */
export type StartView = { 
/**
 * The studio's own version.
 */
version: string, 
/**
 * The folder named on the command line, or the one that a second start asked for.
 */
open: string | null, 
/**
 * How the author likes the window.
 */
preferences: Preferences, 
/**
 * Where the data folder is, `~` for the home folder.
 */
home: string, };

/**
 * How the author likes the window. Every field has a default, so that a missing or damaged file costs nothing.
 */
export type Preferences = { 
/**
 * Light, dark, or as the system says.
 */
theme: Theme, 
/**
 * Width of the sidebar in CSS pixels; 0 when it is hidden.
 */
sidebar: number, 
/**
 * Height of the panel in CSS pixels; 0 when it is hidden.
 */
panel: number, 
/**
 * Width of the inspector in CSS pixels; 0 when it is hidden.
 */
inspector: number, };

/**
 * The colours of the window.
 */
export type Theme = "system" | "light" | "dark";

/**
 * A folder that was opened before.
 */
export type RecentPack = { path: string, 
/**
 * The same path, with `~` for the home folder: for people.
 */
shown: string, name: string, version: string | null, 
/**
 * Milliseconds since 1970.
 */
openedAt: number, errors: number, warnings: number, 
/**
 * False when the folder is gone; the row stays, so that the author can look for it.
 */
exists: boolean, };

/**
 * A pack that comes with the studio. It is opened as a copy.
 */
export type Sample = { name: string, description: string, 
/**
 * What it holds, in a few words: "2 tools, cases".
 */
contents: string, };

/**
 * An opened folder.
 */
export type PackView = { 
/**
 * Names this opening. Commands and events carry it, so that what belongs to one pack never reaches another.
 */
session: number, 
/**
 * The folder, absolute.
 */
root: string, 
/**
 * The same as a `file:` URI without a slash at the end: what the language server calls it.
 */
rootUri: string, 
/**
 * The same, with `~` for the home folder: for people.
 */
shown: string, 
/**
 * The name in the manifest, or the folder's.
 */
name: string, version: string | null, 
/**
 * False when there is no `pack.yaml`: the page offers to make one.
 */
hasManifest: boolean, 
/**
 * False when the system does not tell of changes by other hands: the page says so.
 */
followed: boolean, 
/**
 * Files and folders, sorted by path, each folder before what it holds.
 */
entries: Array<Entry>, 
/**
 * Text that was typed and never saved, from an earlier session.
 */
unsaved: Array<UnsavedText>, };

/**
 * A file or folder of the pack.
 */
export type Entry = { 
/**
 * Relative to the pack, with `/` on every system.
 */
path: string, kind: EntryKind, 
/**
 * Bytes; 0 for a folder.
 */
size: number, 
/**
 * Left out of the pack by `.packignore`.
 */
ignored: boolean, };

/**
 * What an entry is.
 */
export type EntryKind = "file" | "folder" | "link" | "special";

/**
 * Text from the journal.
 */
export type UnsavedText = { path: string, text: string, 
/**
 * The digest of the file that the text was typed on; `null` when the file did not exist.
 */
base: string | null, 
/**
 * Milliseconds since 1970.
 */
at: number, };

/**
 * A file's text as an editor holds it: lines end with `\n`, no byte-order mark. Saving restores both.
 */
export type FileText = { path: string, text: string, 
/**
 * Names these exact bytes; `save_file` wants it back.
 */
digest: string, lineEnding: LineEnding, 
/**
 * True when the file begins with a byte-order mark.
 */
bom: boolean, 
/**
 * True when the file or its folder cannot be written.
 */
readOnly: boolean, };

/**
 * How lines end in a file.
 */
export type LineEnding = "lf" | "crlf" | "mixed";

/**
 * The answer to a save.
 */
export type Saved = { path: string, digest: string, };

/**
 * What this computer gives us, for people who look for a fault.
 */
export type Environment = { version: string, system: string, 
/**
 * In the order to show them.
 */
facts: Array<Fact>, };

/**
 * One line of the environment report.
 */
export type Fact = { 
/**
 * Stable, for machines: `display`, `webkit`, `rendering`, `data`, `keychain` …
 */
key: string, 
/**
 * For people.
 */
label: string, verdict: Verdict, 
/**
 * What was found.
 */
value: string, 
/**
 * What to do about it, when something is.
 */
hint: string | null, };

/**
 * How a fact stands.
 */
export type Verdict = "pass" | "warn" | "fail" | "info";

/**
 * Why a command failed, ready to be shown.
 */
export type Failure = { code: FailureCode, 
/**
 * What happened and where: one sentence that names the path.
 */
message: string, 
/**
 * What to do next.
 */
hints: Array<string>, };

/**
 * A code exists only because some front end branches on it.
 */
export type FailureCode = "not_found" | "wrong_kind" | "denied" | "read_only" | "disk_full" | "not_text" | "too_large" | "changed_outside" | "outside_pack" | "no_pack" | "bad_request" | "other";

/**
 * What the app tells the page without being asked.
 */
export type Event = { "event": "lsp", session: number, message: string, } | { "event": "entries", session: number, entries: Array<Entry>, hasManifest: boolean, } | { "event": "identity", session: number, name: string, version: string | null, } | { "event": "fileChanged", session: number, path: string, digest: string | null, } | { "event": "vanished", session: number, gone: boolean, } | { "event": "closeRequested" } | { "event": "openRequested", path: string, };

/**
 * What the language server puts into the `data` of a diagnostic: all that a screen shows beside the message.
 */
export type DiagnosticData = { 
/**
 * What to do, sentence by sentence.
 */
hints: Array<string>, 
/**
 * What the certain fix would do, as a button's words; `null` when there is none.
 */
fix: string | null, 
/**
 * The rule in one sentence.
 */
summary: string, 
/**
 * Why the rule exists.
 */
why: string, };

/**
 * Arguments: a folder on this computer.
 */
export type FolderArg = { path: string, };

/**
 * Arguments: an opening, as [`PackView`] names it.
 */
export type SessionArg = { session: number, };

/**
 * Arguments: a file of an opened pack, relative to it.
 */
export type FileArg = { session: number, path: string, };

/**
 * Arguments: a sample's name.
 */
export type SampleArg = { name: string, };

/**
 * Arguments of a save.
 */
export type SaveArg = { session: number, path: string, text: string, 
/**
 * The digest of what the author last saw on disk, `null` for no file. A save over other bytes is refused, always.
 */
base: string | null, lineEnding: LineEnding, bom: boolean, };

/**
 * Arguments of the journal: text that is not saved yet.
 */
export type JournalArg = { session: number, path: string, text: string, base: string | null, };

/**
 * Arguments: a message for the language server.
 */
export type LspArg = { session: number, message: string, };

/**
 * Arguments: preferences to keep.
 */
export type PreferencesArg = { preferences: Preferences, };

/** Every command: what it takes and what it answers. */
export interface Commands {
  /** What the page needs to draw its first frame. */
  start: { args: null; answer: StartView };
  /** The page has something to show: the window may come forward. */
  ready: { args: null; answer: null };
  /** The page has painted a frame in the window that came forward: the web engine works here. */
  painted: { args: null; answer: null };
  /** Keeps how the author likes the window. */
  set_preferences: { args: PreferencesArg; answer: null };
  /** What this computer gives us. */
  environment: { args: null; answer: Environment };
  /** Folders opened before, newest first. */
  recent_packs: { args: null; answer: Array<RecentPack> };
  /** Takes a folder off the list; the folder itself stays. */
  forget_recent: { args: FolderArg; answer: null };
  /** The packs that come with the studio. */
  samples: { args: null; answer: Array<Sample> };
  /** Asks the author for a folder; `null` when the dialog was dismissed. */
  pick_folder: { args: null; answer: string | null };
  /** Opens a folder, whatever is in it. Only one that the author chose: named at the start, picked, or opened before. */
  open_pack: { args: FolderArg; answer: PackView };
  /** Copies a sample to the data folder and opens the copy. */
  open_sample: { args: SampleArg; answer: PackView };
  /** Closes the pack: its watcher and language server end. */
  close_pack: { args: SessionArg; answer: null };
  /** Writes a first `pack.yaml` into the open folder, which has none. */
  create_manifest: { args: SessionArg; answer: null };
  /** A file's text. */
  read_file: { args: FileArg; answer: FileText };
  /** Writes a file atomically and takes its text off the journal. */
  save_file: { args: SaveArg; answer: Saved };
  /** Keeps unsaved text, so that it survives whatever happens to the studio. */
  journal_file: { args: JournalArg; answer: null };
  /** Drops what the journal holds of a file. */
  discard_journal: { args: FileArg; answer: null };
  /** Hands a message to the language server of the open pack; its answers come as events. */
  lsp_send: { args: LspArg; answer: null };
  /** Everything is saved or journalled: the window may close. */
  close_window: { args: null; answer: null };
}
