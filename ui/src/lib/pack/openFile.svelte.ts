/**
 * A file in a tab: its text, whether it is saved, and what stands between the author and the disk.
 *
 * Text is journalled within a quarter of a second and saved after a pause. Journal and saves go through one queue, so
 * that a late journal can never outlive the save that made it needless. Nothing here writes over bytes that the
 * author has not seen: the app refuses such a save, and the author chooses.
 */
import type { Failure, FileArg, FileText, LineEnding, UnsavedText } from "../generated/wire";
import { failureOf, type Host } from "../host/host";
import type { Buffer } from "./buffer";

/** Unsaved text is in the journal after this long at most; short enough that a kill costs a word. */
export const JOURNAL_AFTER_MS = 250;
/** A pause in typing that long saves. */
export const SAVE_AFTER_MS = 1000;

export type SaveState = "saved" | "unsaved" | "saving" | "failed";

export type FileNotice =
  | { kind: "conflict" }
  | { kind: "save-failed"; failure: Failure }
  | { kind: "restored" }
  | { kind: "deleted" };

/** The disk's side of a conflict. */
interface Theirs {
  text: string;
  digest: string;
}

export type Phase = { at: "loading" } | { at: "failed"; failure: Failure } | { at: "ready"; buffer: Buffer };

/** What a file needs from its surroundings. */
export interface OpenFileContext {
  host: Host;
  /** The opening that the file belongs to; its commands name it also after another pack was opened. */
  session: number;
  makeBuffer(options: {
    /** What the file is called now: it may get another name. */
    path: () => string;
    text: string;
    readOnly: boolean;
    mixed: () => boolean;
    changed: () => void;
  }): Promise<Buffer>;
  /** False while the pack's folder is gone: text is then journalled and waits. */
  reachable(): boolean;
  /** A save of ours has reached the disk. */
  saved(path: string): void;
  /** The disk's new text was taken over without a question. */
  reloaded(path: string): void;
  /** The file was shown and can no longer be read: its text here is nobody's any more. */
  lost(path: string): void;
}

export class OpenFile {
  #path = $state("");
  #context: OpenFileContext;
  #phase = $state.raw<Phase>({ at: "loading" });
  #notice = $state.raw<FileNotice | null>(null);
  #saveState = $state<SaveState>("saved");
  #failure = $state.raw<Failure | null>(null);
  #journalled = $state(false);
  #readOnly = $state(false);
  #lineEnding = $state<LineEnding>("lf");
  /** Why the journal does not hold the text; what the author should know, and no reason to stop saving. */
  #journalFailure = $state.raw<Failure | null>(null);
  /** What was last seen on disk while the author has to choose: `null` for no file, `undefined` when nobody looked. */
  #theirs = $state.raw<Theirs | null | undefined>();
  #comparing = $state(false);
  #bom = false;
  /** The digest of the bytes that the text was typed on; `null` when there was no file. */
  #base: string | null = null;
  #revision = 0;
  #savedRevision = 0;
  #quiet = false;
  #closed = false;
  #queue: Promise<unknown> = Promise.resolve();
  #journalTimer: ReturnType<typeof setTimeout> | undefined;
  #saveTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(path: string, context: OpenFileContext) {
    this.#path = path;
    this.#context = context;
  }

  get path(): string {
    return this.#path;
  }

  get phase(): Phase {
    return this.#phase;
  }

  get buffer(): Buffer | null {
    return this.#phase.at === "ready" ? this.#phase.buffer : null;
  }

  get notice(): FileNotice | null {
    return this.#notice;
  }

  get saveState(): SaveState {
    return this.#saveState;
  }

  /** Why the last save failed, while `saveState` says so. */
  get failure(): Failure | null {
    return this.#failure;
  }

  get journalled(): boolean {
    return this.#journalled;
  }

  get readOnly(): boolean {
    return this.#readOnly;
  }

  get lineEnding(): LineEnding {
    return this.#lineEnding;
  }

  /** Why the journal refused the text, while it does. */
  get journalFailure(): Failure | null {
    return this.#journalFailure;
  }

  /** The disk's text beside which the author's is compared; `null` while no comparison is open. */
  get theirs(): string | null {
    return this.#comparing ? (this.#theirs?.text ?? null) : null;
  }

  /** False for a tab whose file has never been on disk, as far as was seen. */
  get exists(): boolean {
    return this.#base !== null;
  }

  /** The digest of the bytes on disk that the text was typed on. */
  get base(): string | null {
    return this.#base;
  }

  get #arg(): FileArg {
    return { session: this.#context.session, path: this.path };
  }

  get dirty(): boolean {
    return this.#saveState !== "saved";
  }

  /** Reads the file. Restored text lies over the disk's as one undoable step; `create` makes do without a file. */
  async load(options: { restore?: UnsavedText; create?: boolean } = {}): Promise<void> {
    this.#phase = { at: "loading" };
    // A change on disk that is told meanwhile waits its turn: the text that was read may be older.
    await this.#inTurn(() => this.#read(options));
  }

  async #read(options: { restore?: UnsavedText; create?: boolean }): Promise<void> {
    let file: FileText;
    try {
      file = await this.#context.host.call("read_file", this.#arg);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code !== "not_found" || !(options.restore || options.create)) {
        this.#phase = { at: "failed", failure };
        return;
      }
      file = { path: this.path, text: "", digest: "", lineEnding: "lf", bom: false, readOnly: false };
    }
    this.#base = file.digest || null;
    this.#lineEnding = file.lineEnding;
    this.#bom = file.bom;
    this.#readOnly = file.readOnly;
    const buffer = await this.#context.makeBuffer({
      path: () => this.path,
      text: file.text,
      readOnly: file.readOnly,
      mixed: () => this.#lineEnding === "mixed",
      changed: () => this.#changed(),
    });
    if (this.#closed) return;
    this.#phase = { at: "ready", buffer };
    if (options.restore) await this.#restore(options.restore, buffer, file.text);
  }

  async #restore(restore: UnsavedText, buffer: Buffer, onDisk: string): Promise<void> {
    if (restore.text === onDisk) {
      await this.#context.host.call("discard_journal", this.#arg).catch(() => undefined);
      return;
    }
    this.#quietly(() => buffer.replace(restore.text, { undoable: true }));
    this.#revision++;
    this.#base = restore.base;
    this.#saveState = "unsaved";
    this.#journalled = true;
    this.#notice = { kind: "restored" };
  }

  /** The author changed the text. */
  #changed(): void {
    if (this.#quiet) return;
    this.#revision++;
    this.#journalled = false;
    const blocked = this.#notice?.kind === "conflict" || this.#notice?.kind === "deleted";
    if (this.#saveState !== "saving" && !blocked) this.#saveState = "unsaved";
    if (blocked) this.#saveState = "failed";
    this.#journalTimer ??= setTimeout(() => void this.journal(), JOURNAL_AFTER_MS);
    clearTimeout(this.#saveTimer);
    // What waits for the author's choice is not tried again behind their back.
    if (!blocked) this.#saveSoon();
  }

  /** Hands the unsaved text to the journal. */
  async journal(): Promise<void> {
    clearTimeout(this.#journalTimer);
    this.#journalTimer = undefined;
    await this.#inTurn(async () => {
      const buffer = this.buffer;
      if (!buffer || this.#revision === this.#savedRevision || this.#journalled) return;
      const revision = this.#revision;
      try {
        await this.#context.host.call("journal_file", {
          ...this.#arg,
          text: buffer.text(),
          base: this.#base,
        });
        if (revision === this.#revision) this.#journalled = true;
        this.#journalFailure = null;
      } catch (error) {
        // A notice may stand that asks the author something more urgent: the status bar tells of this.
        this.#journalFailure = failureOf(error);
      }
    });
  }

  /** Saves unsaved text; true when the disk holds what the author sees. */
  async save(): Promise<boolean> {
    clearTimeout(this.#saveTimer);
    this.#saveTimer = undefined;
    return this.#inTurn(async () => this.#revision === this.#savedRevision || this.#write());
  }

  async #write(): Promise<boolean> {
    const buffer = this.buffer;
    if (!buffer) return true;
    if (!this.#context.reachable()) return false;
    const revision = this.#revision;
    this.#saveState = "saving";
    try {
      const saved = await this.#context.host.call("save_file", {
        ...this.#arg,
        text: buffer.text(),
        base: this.#base,
        lineEnding: this.#lineEnding,
        bom: this.#bom,
      });
      this.#settle(saved.digest, revision);
      this.#context.saved(this.path);
      return this.#revision === revision;
    } catch (error) {
      const failure = failureOf(error);
      this.#failed(failure);
      if (failure.code === "changed_outside") await this.#look();
      return false;
    }
  }

  /** Writes the author's text over what they saw on disk. Where it changed again since, they choose again. */
  async keepMine(): Promise<boolean> {
    clearTimeout(this.#saveTimer);
    this.#saveTimer = undefined;
    return this.#inTurn(async () => {
      if (this.#theirs === undefined && !(await this.#look())) return false;
      this.#base = this.#theirs?.digest ?? null;
      return this.#write();
    });
  }

  /** Reads what the author has to choose against; false when that cannot be told. */
  async #look(): Promise<boolean> {
    try {
      const { text, digest } = await this.#context.host.call("read_file", this.#arg);
      this.#theirs = { text, digest };
      return true;
    } catch (error) {
      const failure = failureOf(error);
      this.#theirs = undefined;
      if (failure.code === "not_found") this.#deleted();
      else this.#failure = failure;
      return failure.code === "not_found";
    }
  }

  /** Takes the disk's text, as a step that can be undone. */
  async takeTheirs(): Promise<void> {
    await this.#inTurn(async () => {
      const buffer = this.buffer;
      if (!buffer) return;
      try {
        const file = await this.#context.host.call("read_file", this.#arg);
        this.#quietly(() => buffer.replace(file.text, { undoable: true }));
        this.#adopt(file);
      } catch (error) {
        const failure = failureOf(error);
        if (failure.code === "not_found") this.#deleted();
        else this.#failure = failure;
        return;
      }
      await this.#context.host.call("discard_journal", this.#arg).catch(() => undefined);
    });
  }

  /** Shows the disk's text beside the author's. */
  async compare(): Promise<void> {
    await this.#inTurn(async () => {
      this.#comparing = (await this.#look()) && this.#theirs != null;
    });
  }

  endComparison(): void {
    this.#comparing = false;
  }

  /** Lets go of restored text and of the journal's copy. */
  async discardRestored(): Promise<void> {
    await this.#context.host.call("discard_journal", this.#arg).catch(() => undefined);
    await this.takeTheirs();
  }

  /** The watcher saw other bytes than ours; `null` means that the file is gone. */
  async changedOnDisk(digest: string | null): Promise<void> {
    await this.#inTurn(async () => {
      const buffer = this.buffer;
      if (!buffer) return;
      if (digest === this.#base) {
        this.#resume();
        return;
      }
      if (digest === null) {
        if (this.#context.reachable()) this.#deleted();
        return;
      }
      const dirty = () => this.#revision !== this.#savedRevision;
      if (dirty()) {
        this.#conflict();
        await this.#look();
        return;
      }
      try {
        const file = await this.#context.host.call("read_file", this.#arg);
        if (dirty()) {
          this.#conflict();
          this.#theirs = { text: file.text, digest: file.digest };
          return;
        }
        const same = file.text === buffer.text();
        this.#quietly(() => buffer.replace(file.text, { undoable: false }));
        this.#adopt(file);
        if (!same) this.#context.reloaded(this.path);
      } catch (error) {
        const failure = failureOf(error);
        if (failure.code === "not_found") this.#deleted();
        else {
          this.#notice = null;
          this.#phase = { at: "failed", failure };
          this.#context.lost(this.path);
        }
      }
    });
    // A file that could not be read may be readable now.
    if (digest !== null && this.#phase.at === "failed") await this.load();
  }

  /** The file has another name on disk; text, history and all else stay. */
  moved(path: string): void {
    this.#path = path;
  }

  /** The pack's folder is back: looks at the file again and saves what waited. */
  async folderIsBack(): Promise<void> {
    if (!this.buffer) return this.#phase.at === "failed" ? this.load() : undefined;
    try {
      const file = await this.#context.host.call("read_file", this.#arg);
      await this.changedOnDisk(file.digest);
    } catch (error) {
      if (failureOf(error).code === "not_found") await this.changedOnDisk(null);
    }
    await this.settle();
  }

  /** Saves what is unsaved and says whether the tab may go. */
  async close(): Promise<boolean> {
    if (this.buffer && this.#revision !== this.#savedRevision) {
      const waits = this.#notice?.kind === "conflict" || this.#notice?.kind === "deleted";
      if (waits || !(await this.save())) {
        await this.journal();
        return false;
      }
    }
    this.#stop();
    return true;
  }

  /** Lets the tab go without its text; the author asked for it. */
  async abandon(): Promise<void> {
    this.#stop();
    await this.#queue;
    await this.#context.host.call("discard_journal", this.#arg).catch(() => undefined);
  }

  /** Before the pack closes: saves what may be saved, journals the rest. */
  async settle(): Promise<void> {
    const asks = this.#notice !== null && this.#notice.kind !== "save-failed";
    if (asks || !(await this.save())) await this.journal();
  }

  /** Ends the timers; what they would have done is the caller's to do. */
  dispose(): void {
    this.#stop();
  }

  #stop(): void {
    this.#closed = true;
    clearTimeout(this.#journalTimer);
    clearTimeout(this.#saveTimer);
  }

  #adopt(file: FileText): void {
    this.#lineEnding = file.lineEnding;
    this.#bom = file.bom;
    this.#revision++;
    this.#settle(file.digest, this.#revision);
  }

  #settle(digest: string, revision: number): void {
    this.#base = digest;
    this.#savedRevision = revision;
    this.#notice = null;
    this.#failure = null;
    this.#theirs = undefined;
    this.#comparing = false;
    this.#saveState = revision === this.#revision ? "saved" : "unsaved";
    if (revision === this.#revision) {
      this.#journalled = false;
      this.#journalFailure = null;
      clearTimeout(this.#saveTimer);
    } else this.#saveSoon();
  }

  #saveSoon(): void {
    clearTimeout(this.#saveTimer);
    if (!this.#closed && this.#context.reachable())
      this.#saveTimer = setTimeout(() => void this.save(), SAVE_AFTER_MS);
  }

  #failed(failure: Failure): void {
    if (failure.code === "changed_outside") {
      this.#conflict(failure);
      return;
    }
    this.#failure = failure;
    this.#saveState = "failed";
    if (failure.code === "not_found") this.#deleted();
    else this.#notice = { kind: "save-failed", failure };
  }

  #conflict(failure: Failure | null = null): void {
    clearTimeout(this.#saveTimer);
    this.#failure = failure;
    this.#saveState = "failed";
    this.#notice = { kind: "conflict" };
  }

  /** The file is gone, and the author has seen that: saving it again makes it anew. */
  #deleted(): void {
    clearTimeout(this.#saveTimer);
    this.#theirs = null;
    this.#comparing = false;
    if (this.#revision !== this.#savedRevision) this.#saveState = "failed";
    this.#notice = { kind: "deleted" };
  }

  /** The disk holds again what the text was typed on: there is nothing left to choose. */
  #resume(): void {
    const dirty = this.#revision !== this.#savedRevision;
    if (this.#notice?.kind !== "deleted" && this.#notice?.kind !== "conflict") return;
    this.#notice = null;
    this.#failure = null;
    this.#theirs = undefined;
    this.#comparing = false;
    this.#saveState = dirty ? "unsaved" : "saved";
    if (dirty) this.#saveSoon();
  }

  #quietly(work: () => void): void {
    this.#quiet = true;
    try {
      work();
    } finally {
      this.#quiet = false;
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}
