/**
 * A file in a tab: its text, whether it is saved, and what stands between the author and the disk.
 *
 * Text is journalled within a quarter of a second and saved after a pause. Journal and saves go through one queue, so
 * that a late journal can never outlive the save that made it needless. Nothing here writes over bytes that the
 * author has not seen: the app refuses such a save, and the author chooses.
 */
import type { Failure, FileText, LineEnding, UnsavedText } from "../generated/wire";
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

export type Phase = { at: "loading" } | { at: "failed"; failure: Failure } | { at: "ready"; buffer: Buffer };

/** What a file needs from its surroundings. */
export interface OpenFileContext {
  host: Host;
  makeBuffer(options: {
    path: string;
    text: string;
    readOnly: boolean;
    changed: () => void;
  }): Promise<Buffer>;
  /** False while the pack's folder is gone: text is then journalled and waits. */
  reachable(): boolean;
  /** The disk's new text was taken over without a question. */
  reloaded(path: string): void;
}

export class OpenFile {
  readonly path: string;
  #context: OpenFileContext;
  #phase = $state.raw<Phase>({ at: "loading" });
  #notice = $state.raw<FileNotice | null>(null);
  #saveState = $state<SaveState>("saved");
  #failure = $state.raw<Failure | null>(null);
  #journalled = $state(false);
  #readOnly = $state(false);
  #lineEnding = $state<LineEnding>("lf");
  /** The disk's text beside which the author's is compared; `null` while no comparison is open. */
  #theirs = $state.raw<string | null>(null);
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
    this.path = path;
    this.#context = context;
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

  get theirs(): string | null {
    return this.#theirs;
  }

  get dirty(): boolean {
    return this.#saveState !== "saved";
  }

  /** Reads the file. Restored text lies over the disk's as one undoable step; `create` makes do without a file. */
  async load(options: { restore?: UnsavedText; create?: boolean } = {}): Promise<void> {
    this.#phase = { at: "loading" };
    let file: FileText;
    try {
      file = await this.#context.host.call("read_file", { path: this.path });
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
      path: this.path,
      text: file.text,
      readOnly: file.readOnly,
      changed: () => this.#changed(),
    });
    if (this.#closed) return;
    this.#phase = { at: "ready", buffer };
    if (options.restore) await this.#restore(options.restore, buffer, file.text);
  }

  async #restore(restore: UnsavedText, buffer: Buffer, onDisk: string): Promise<void> {
    if (restore.text === onDisk) {
      await this.#context.host.call("discard_journal", { path: this.path }).catch(() => undefined);
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
    if (!blocked && this.#context.reachable())
      this.#saveTimer = setTimeout(() => void this.save(), SAVE_AFTER_MS);
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
          path: this.path,
          text: buffer.text(),
          base: this.#base,
        });
        if (revision === this.#revision) this.#journalled = true;
      } catch (error) {
        // The save that follows says the same in the notice; without one the author must still learn of it.
        this.#failed(failureOf(error));
      }
    });
  }

  /** Saves unsaved text; true when the disk holds what the author sees. */
  async save(options: { overwrite?: boolean } = {}): Promise<boolean> {
    clearTimeout(this.#saveTimer);
    this.#saveTimer = undefined;
    return this.#inTurn(async () => {
      const buffer = this.buffer;
      if (!buffer) return true;
      if (this.#revision === this.#savedRevision && !options.overwrite) return true;
      if (!this.#context.reachable()) return false;
      const revision = this.#revision;
      this.#saveState = "saving";
      try {
        const saved = await this.#context.host.call("save_file", {
          path: this.path,
          text: buffer.text(),
          base: this.#base,
          overwrite: options.overwrite ?? false,
          lineEnding: this.#lineEnding,
          bom: this.#bom,
        });
        this.#settle(saved.digest, revision);
        return this.#revision === revision;
      } catch (error) {
        this.#failed(failureOf(error));
        return false;
      }
    });
  }

  /** Writes the author's text over what is on disk, after both were offered. */
  keepMine(): Promise<boolean> {
    return this.save({ overwrite: true });
  }

  /** Takes the disk's text, as a step that can be undone. */
  async takeTheirs(): Promise<void> {
    await this.#inTurn(async () => {
      const buffer = this.buffer;
      if (!buffer) return;
      try {
        const file = await this.#context.host.call("read_file", { path: this.path });
        this.#quietly(() => buffer.replace(file.text, { undoable: true }));
        this.#adopt(file);
        await this.#context.host.call("discard_journal", { path: this.path });
      } catch (error) {
        this.#failed(failureOf(error));
      }
    });
  }

  /** Shows the disk's text beside the author's. */
  async compare(): Promise<void> {
    try {
      this.#theirs = (await this.#context.host.call("read_file", { path: this.path })).text;
    } catch (error) {
      this.#failed(failureOf(error));
    }
  }

  endComparison(): void {
    this.#theirs = null;
  }

  /** Lets go of restored text and of the journal's copy. */
  async discardRestored(): Promise<void> {
    await this.#context.host.call("discard_journal", { path: this.path }).catch(() => undefined);
    await this.takeTheirs();
  }

  /** The watcher saw other bytes than ours; `null` means that the file is gone. */
  async changedOnDisk(digest: string | null): Promise<void> {
    await this.#inTurn(async () => {
      const buffer = this.buffer;
      if (digest === null) {
        if (this.#context.reachable() && buffer && this.#base !== null) this.#notice = { kind: "deleted" };
        return;
      }
      if (digest === this.#base) {
        if (this.#notice?.kind === "deleted") this.#notice = null;
        return;
      }
      if (!buffer) return;
      if (this.#revision !== this.#savedRevision) {
        this.#conflict();
        return;
      }
      try {
        const file = await this.#context.host.call("read_file", { path: this.path });
        if (this.#revision !== this.#savedRevision) {
          this.#conflict();
          return;
        }
        const same = file.text === buffer.text();
        this.#quietly(() => buffer.replace(file.text, { undoable: false }));
        this.#adopt(file);
        if (!same) this.#context.reloaded(this.path);
      } catch (error) {
        const failure = failureOf(error);
        if (failure.code === "not_found") this.#notice = { kind: "deleted" };
        else this.#phase = { at: "failed", failure };
      }
    });
    // A file that could not be read may be readable now.
    if (digest !== null && this.#phase.at === "failed") await this.load();
  }

  /** The pack's folder is back: looks at the file again and saves what waited. */
  async folderIsBack(): Promise<void> {
    if (!this.buffer) return this.#phase.at === "failed" ? this.load() : undefined;
    try {
      const file = await this.#context.host.call("read_file", { path: this.path });
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
    await this.#context.host.call("discard_journal", { path: this.path }).catch(() => undefined);
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
    this.#theirs = null;
    this.#saveState = revision === this.#revision ? "saved" : "unsaved";
    if (revision === this.#revision) {
      this.#journalled = false;
      clearTimeout(this.#saveTimer);
    }
  }

  #failed(failure: Failure): void {
    if (failure.code === "changed_outside") {
      this.#conflict(failure);
      return;
    }
    this.#failure = failure;
    this.#saveState = "failed";
    this.#notice = failure.code === "not_found" ? { kind: "deleted" } : { kind: "save-failed", failure };
  }

  #conflict(failure: Failure | null = null): void {
    clearTimeout(this.#saveTimer);
    this.#failure = failure;
    this.#saveState = "failed";
    if (this.#notice?.kind !== "deleted") this.#notice = { kind: "conflict" };
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
