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
export type FailureCode = "not_found" | "wrong_kind" | "denied" | "read_only" | "disk_full" | "not_text" | "too_large" | "changed_outside" | "outside_pack" | "no_pack" | "bad_manifest" | "exists" | "version_exists" | "plan_changed" | "unreachable" | "refused" | "stopped" | "bad_request" | "other";

/**
 * What the app tells the page without being asked.
 */
export type Event = { "event": "lsp", session: number, message: string, } | { "event": "entries", session: number, entries: Array<Entry>, hasManifest: boolean, } | { "event": "identity", session: number, name: string, version: string | null, } | { "event": "fileChanged", session: number, path: string, digest: string | null, } | { "event": "vanished", session: number, gone: boolean, } | { "event": "engine", ready: boolean, millis: number, } | { "event": "publishing", session: number, step: number, state: StepState, } | { "event": "closeRequested" } | { "event": "openRequested", path: string, };

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
 * Arguments: files of an opened pack that get other names.
 */
export type MoveArg = { session: number, moves: Array<FileMove>, };

/**
 * Arguments: a file of an opened pack that is to go.
 */
export type RemoveArg = { session: number, path: string, 
/**
 * The digest of what it holds as far as the author knows. Other bytes are not removed.
 */
base: string, };

/**
 * A file's path now, and the one that it gets.
 */
export type FileMove = { from: string, to: string, };

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

/**
 * What the New pack dialog offers.
 */
export type NewPackView = { templates: Array<Template>, 
/**
 * Where new packs go unless the author says otherwise: an absolute path.
 */
folder: string, 
/**
 * The same, with `~` for the home folder: for people.
 */
shown: string, };

/**
 * A pack to begin with.
 */
export type Template = { 
/**
 * Names it for `new_pack`.
 */
id: string, title: string, 
/**
 * What it is for, in one sentence.
 */
description: string, 
/**
 * What it holds, in a few words: "one tool, its schemas, two cases".
 */
contents: string, 
/**
 * An address to begin with, when the template asks for the address of a service.
 */
address: string | null, };

/**
 * Arguments of `new_pack`.
 */
export type NewPackArg = { template: string, 
/**
 * The folder in which the pack's own folder is made.
 */
folder: string, 
/**
 * The pack's name, and that of its folder: a–z, 0–9 and `-`.
 */
name: string, 
/**
 * One sentence; empty keeps the template's.
 */
description: string, 
/**
 * The service's address, when the template asks for one.
 */
address: string | null, };

/**
 * The tools of a pack, as its files are on disk now.
 */
export type ToolsView = { tools: Array<ToolView>, 
/**
 * Case files that cannot be read, and why.
 */
brokenCases: Array<BrokenCases>, 
/**
 * Why there are no tools to show: the manifest cannot be read. `null` when it can.
 */
problem: string | null, };

/**
 * A tool that can be tried.
 */
export type ToolView = { name: string, title: string | null, description: string | null, 
/**
 * The handler's path in the pack.
 */
handler: string | null, 
/**
 * The input schema as JSON text, for a form, in the author's order; `null` when it cannot be read.
 */
inputSchema: string | null, 
/**
 * An input to begin with: indented JSON.
 */
example: string, 
/**
 * Why it cannot run; `null` when it can.
 */
blocked: Blocked | null, cases: Array<CaseView>, };

/**
 * Why a tool cannot run, and what to do.
 */
export type Blocked = { message: string, hint: string, 
/**
 * Where to mend it.
 */
place: Place | null, };

/**
 * A place in a file of the pack. Lines and columns count from 1; 0 when only the file is known.
 */
export type Place = { file: string, line: number, column: number, };

/**
 * A saved test.
 */
export type CaseView = { file: string, name: string, line: number, 
/**
 * Indented JSON.
 */
input: string, 
/**
 * What it expects, in a few words: "output contains …", "error `not_found`", "the schema".
 */
expects: string, 
/**
 * True when it replays a recording instead of asking the network.
 */
recorded: boolean, };

/**
 * A case file that cannot be read.
 */
export type BrokenCases = { place: Place, message: string, };

/**
 * Arguments of `run_tool`.
 */
export type RunArg = { session: number, 
/**
 * Names the run, for `stop_run` and `save_case`: a number the page has not used in this session.
 */
run: number, tool: string, 
/**
 * JSON. With a case, the case's own input counts.
 */
input: string, case: CaseArg | null, };

/**
 * A case, by its file and name.
 */
export type CaseArg = { file: string, name: string, };

/**
 * Arguments: a run that goes on.
 */
export type StopRunArg = { session: number, run: number, };

/**
 * One run of a tool: what came out, and what it cost.
 */
export type RunView = { run: number, tool: string, 
/**
 * Indented JSON; `null` when the run ended with an error before there was an output. An output that breaks its schema is here too.
 */
output: string | null, error: RunError | null, 
/**
 * Where the input breaks its schema.
 */
inputViolations: Array<ViolationView>, 
/**
 * Where the output breaks its schema.
 */
outputViolations: Array<ViolationView>, logs: Array<LogLine>, calls: Array<CallView>, times: Times, useOf: Use, 
/**
 * The verdict of the case that was run; `null` for a run by hand.
 */
verdict: CaseVerdict | null, 
/**
 * True when the network was asked, so that a case of this run needs a recording (it is made by `save_case`).
 */
recordable: boolean, };

/**
 * Why a run has no result.
 */
export type RunError = { 
/**
 * A built-in code, or one that the tool declares.
 */
code: string, message: string, 
/**
 * What to do next.
 */
hints: Array<string>, 
/**
 * Where in the author's files it happened, innermost first.
 */
stack: Array<Frame>, 
/**
 * What the handler said besides: indented JSON.
 */
details: string | null, };

/**
 * A line of a stack trace.
 */
export type Frame = { 
/**
 * The function's name; empty at the top of a module.
 */
function: string, place: Place, };

/**
 * A place where a value breaks its schema.
 */
export type ViolationView = { 
/**
 * A JSON pointer into the value; empty for the whole.
 */
at: string, message: string, 
/**
 * Line of the value's indented JSON, from 1.
 */
line: number, 
/**
 * The rule that was broken.
 */
rule: Place | null, };

/**
 * A line that the handler wrote.
 */
export type LogLine = { level: LogLevel, text: string, };

/**
 * How much a log line matters.
 */
export type LogLevel = "debug" | "info" | "warn" | "error";

/**
 * Something the handler asked of the host.
 */
export type CallView = { 
/**
 * "http GET", "random", "clock" …
 */
call: string, 
/**
 * The address that was asked, or what was asked for.
 */
what: string, status: number | null, 
/**
 * Bytes of the answer.
 */
size: number, micros: number, allowed: boolean, 
/**
 * The rule that allowed it: "openlib-read › search"; empty for what needs none.
 */
rule: string, 
/**
 * Of the task's budget: "1 / 50".
 */
budget: string | null, 
/**
 * Why it was refused or failed.
 */
message: string | null, 
/**
 * An allow rule that would permit it, as a line of YAML.
 */
suggestion: string | null, };

/**
 * Where the time went, in microseconds.
 */
export type Times = { 
/**
 * Reading and preparing the handler.
 */
compile: number, instantiate: number, 
/**
 * Waiting for the host: the network, mostly.
 */
host: number, 
/**
 * The handler's own.
 */
own: number, total: number, };

/**
 * What a run used, and what it might have.
 */
export type Use = { timeoutMs: number, 
/**
 * Bytes.
 */
memory: number, memoryLimit: number, fuel: number, fuelLimit: number, 
/**
 * Bytes.
 */
output: number, outputLimit: number, };

/**
 * How a case ended.
 */
export type CaseVerdict = { name: string, verdict: Verdict, 
/**
 * What was wanted and what came; empty when it passed.
 */
message: string, };

/**
 * Arguments of `save_case`: keeps a run as a case.
 */
export type SaveCaseArg = { session: number, 
/**
 * A run of this session.
 */
run: number, name: string, expect: KeepExpect, };

/**
 * What a saved case expects.
 */
export type KeepExpect = "same" | "schema";

/**
 * Where a case was saved.
 */
export type SavedCase = { place: Place, 
/**
 * The recording's path, when one was written.
 */
recording: string | null, };

/**
 * A place to publish to.
 */
export type RegistryView = { 
/**
 * Names it in commands: `local`, or an address such as `ghcr.io/acme`.
 */
id: string, title: string, 
/**
 * True for the registry on this computer.
 */
local: boolean, };

/**
 * Arguments: a registry, by address.
 */
export type RegistryArg = { registry: string, };

/**
 * Arguments: the open pack and a registry.
 */
export type ShipArg = { session: number, registry: string, };

/**
 * What publishing would do, with every digest known. Nothing was sent to make it.
 */
export type ShipPlan = { 
/**
 * The pack's folder, with `~`: where it comes from.
 */
from: string, 
/**
 * Where it goes: `this computer` or `ghcr.io/acme/open-library`.
 */
to: string, 
/**
 * The full id: `acme.open-library`.
 */
pack: string, version: string, 
/**
 * The newest release there, when there is one.
 */
after: string | null, 
/**
 * The manifest's digest. `null` while a blocker stands in the way of assembling.
 */
digest: string | null, 
/**
 * Bytes of the packed layer.
 */
size: number, signedBy: SignerView, 
/**
 * In the order to show them. Those that fail block publishing.
 */
checks: Array<ShipCheck>, 
/**
 * What will happen, in order.
 */
steps: Array<ShipStep>, files: Array<ShippedFile>, 
/**
 * True when this very digest is published under this version already: there is nothing to do.
 */
published: boolean, };

/**
 * Who signs.
 */
export type SignerView = { name: string, 
/**
 * `SHA256:…`; `null` when the key is made at the first publication.
 */
fingerprint: string | null, };

/**
 * One check of the plan.
 */
export type ShipCheck = { verdict: Verdict, text: string, 
/**
 * What to do; `null` when nothing is.
 */
hint: string | null, 
/**
 * Where to mend it.
 */
place: Place | null, };

/**
 * One step of publishing.
 */
export type ShipStep = { title: string, 
/**
 * A short digest, a file count …
 */
detail: string, size: number | null, };

/**
 * A file of the layer.
 */
export type ShippedFile = { path: string, size: number, 
/**
 * True when it was built from the author's files.
 */
built: boolean, };

/**
 * Arguments of `publish`.
 */
export type PublishArg = { session: number, registry: string, 
/**
 * The digest that the plan promised. When the files say another by now, nothing is sent.
 */
digest: string, };

/**
 * What was published.
 */
export type ReceiptView = { 
/**
 * `ghcr.io/acme/open-library:1.2.0`, ready to be pasted.
 */
reference: string, 
/**
 * The same, pinned: `ghcr.io/acme/open-library@sha256:…`.
 */
pinned: string, version: string, digest: string, contentDigest: string, sourceDigest: string, signedBy: SignerView, 
/**
 * True when the release was there already, bit for bit.
 */
unchanged: boolean, millis: number, 
/**
 * Milliseconds since 1970.
 */
at: number, };

/**
 * How a step of publishing goes.
 */
export type StepState = "running" | "done" | "skipped" | "failed";

/**
 * A published version.
 */
export type ReleaseView = { version: string, digest: string, 
/**
 * True when `latest` names it.
 */
latest: boolean, signed: boolean, };

/**
 * Arguments: a release of the open pack.
 */
export type ReleaseArg = { session: number, registry: string, version: string, };

/**
 * What verifying a release found.
 */
export type VerifiedView = { version: string, digest: string, verdict: Verdict, 
/**
 * One line each: digests, signature, bill of material.
 */
checks: Array<ShipCheck>, };

/**
 * A release that was pulled back.
 */
export type PulledView = { version: string, digest: string, 
/**
 * The folder it was unpacked into; it may be opened.
 */
folder: string, shown: string, files: number, };

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
  /** Gives files other names: all of them or none, and never over another file. */
  move_files: { args: MoveArg; answer: null };
  /** Takes away a file that the studio made, while its bytes are those that were saved; its folder stays. */
  remove_file: { args: RemoveArg; answer: null };
  /** Keeps unsaved text, so that it survives whatever happens to the studio. */
  journal_file: { args: JournalArg; answer: null };
  /** Drops what the journal holds of a file. */
  discard_journal: { args: FileArg; answer: null };
  /** Hands a message to the language server of the open pack; its answers come as events. */
  lsp_send: { args: LspArg; answer: null };
  /** The templates of the New pack dialog, and where new packs go. */
  new_pack_view: { args: null; answer: NewPackView };
  /** Makes a pack from a template and opens it. The folder is the one that `new_pack_view` named, or one that was picked. */
  new_pack: { args: NewPackArg; answer: PackView };
  /** The tools of the open pack, with their cases, from its files as they are saved. */
  tools: { args: SessionArg; answer: ToolsView };
  /** Runs a tool or a case once, in a fresh instance. A tool that fails is an answer, not a failure. */
  run_tool: { args: RunArg; answer: RunView };
  /** Ends a run that goes on; its `run_tool` answers at once. */
  stop_run: { args: StopRunArg; answer: null };
  /** Keeps a run as a case, with a recording of what the network answered. */
  save_case: { args: SaveCaseArg; answer: SavedCase };
  /** Where one can publish to: this computer first. */
  registries: { args: null; answer: Array<RegistryView> };
  /** Adds a registry by its address; it is not asked anything yet. */
  add_registry: { args: RegistryArg; answer: RegistryView };
  /** Takes a registry off the list. */
  forget_registry: { args: RegistryArg; answer: null };
  /** What publishing would do. Nothing is sent. */
  ship_plan: { args: ShipArg; answer: ShipPlan };
  /** Publishes what the plan promised; steps come as events. */
  publish: { args: PublishArg; answer: ReceiptView };
  /** Stops a publication: what was sent stays invisible, no tag moves. */
  stop_publish: { args: SessionArg; answer: null };
  /** The releases of the open pack in a registry, newest first. */
  releases: { args: ShipArg; answer: Array<ReleaseView> };
  /** Checks a release's digests and signature, from the registry's own bytes. */
  verify_release: { args: ReleaseArg; answer: VerifiedView };
  /** Fetches a release, verifies it and unpacks it into a new folder. */
  pull_release: { args: ReleaseArg; answer: PulledView };
  /** Everything is saved or journalled: the window may close. */
  close_window: { args: null; answer: null };
}
