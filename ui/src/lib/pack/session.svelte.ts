/**
 * An open pack: its tree, its tabs, its problems and its language server.
 *
 * One session lives from opening a folder until it is closed; another folder gets a session of its own, so that
 * nothing of the old one can leak into it.
 */
import type { Text } from "@codemirror/state";
import { en } from "../strings/en";
import type { Entry, Event, Failure, FileMove, PackView, Place, UnsavedText } from "../generated/wire";
import type { EditorBuffer } from "../editor/editorBuffer";
import type { LanguageServer } from "../editor/languageServer";
import { failureOf, type Host } from "../host/host";
import type { Toasts } from "../shell/toasts.svelte";
import type { Buffer, Cursor } from "./buffer";
import { type ChangedText, type FileChange, filesOf, isWide, type MadeChange, stepsOf } from "./fileSteps";
import { OpenFile, type SaveState } from "./openFile.svelte";
import { lineAround, type Reference, References } from "./references.svelte";
import { type Problem, Problems } from "./problems.svelte";
import type { CodeAction, DocumentSymbol, Position, Range, WorkspaceEdit } from "./protocol";
import { foldersAbove, treeRows } from "./tree";
import { pathOf } from "./uri";

const MANIFEST = "pack.yaml";

/** What changed on disk: the text of a file, or which files there are. */
export type DiskChange = "text" | "entries";

/** Whether the list of problems can be believed: an empty one says "clean" only when somebody has looked. */
export type Checker = "starting" | "ready" | "failed";

const reversed = (moves: readonly FileMove[]): FileMove[] =>
  moves.map(({ from, to }) => ({ from: to, to: from })).reverse();

function isIn(at: Position, { start, end }: Range): boolean {
  const after = at.line > start.line || (at.line === start.line && at.character >= start.character);
  const before = at.line < end.line || (at.line === end.line && at.character <= end.character);
  return after && before;
}

export class PackSession {
  readonly host: Host;
  /** Names this opening; every command and event of it carries the number. */
  readonly id: number;
  readonly root: string;
  readonly rootUri: string;
  readonly shown: string;
  readonly problems = new Problems();
  readonly references = new References();
  #toasts: Toasts;
  #name = $state("");
  #version = $state<string | null>(null);
  #hasManifest = $state(true);
  #entries = $state.raw<readonly Entry[]>([]);
  #expanded = $state.raw<ReadonlySet<string>>(new Set());
  #files = $state.raw<readonly OpenFile[]>([]);
  #activePath = $state<string | null>(null);
  #gone = $state(false);
  /** False when changes by other programs go unnoticed, until the author has read that. */
  #followed = $state(true);
  #cursor = $state.raw<Cursor | null>(null);
  #failure = $state.raw<Failure | null>(null);
  /** Counts up when the text should get the focus; the editor pane watches it. */
  #focusWish = $state(0);
  #unsaved: readonly UnsavedText[];
  #server: Promise<LanguageServer> | null = null;
  #checker = $state<Checker>("starting");
  /** What a new name is asked for. */
  #renaming = $state.raw<{ path: string; at: Position; name: string } | null>(null);
  /** One change at a time: the next one is computed on the text that this one leaves. */
  #fixing = false;
  /** Problems that were mended and are listed until the server has looked again. */
  #fixed = new WeakSet<Problem>();
  /** The last change of several files, and what else takes it back when this no longer can. */
  #made = $state.raw<{ made: MadeChange; otherwise: string } | null>(null);
  #closed = false;
  #listeners = new Set<(change: DiskChange) => void>();

  #rows = $derived(treeRows(this.#entries, this.#expanded));
  #active = $derived(this.#files.find((file) => file.path === this.#activePath) ?? null);
  #saveState = $derived.by((): SaveState => {
    const states = new Set(this.#files.map((file) => file.saveState));
    return (["failed", "saving", "unsaved"] as const).find((state) => states.has(state)) ?? "saved";
  });

  constructor(host: Host, view: PackView, toasts: Toasts) {
    this.host = host;
    this.#toasts = toasts;
    this.id = view.session;
    this.root = view.root;
    this.rootUri = view.rootUri;
    this.shown = view.shown;
    this.#name = view.name;
    this.#version = view.version;
    this.#hasManifest = view.hasManifest;
    this.#followed = view.followed;
    this.#entries = view.entries;
    this.#unsaved = view.unsaved;
  }

  get name(): string {
    return this.#name;
  }

  get version(): string | null {
    return this.#version;
  }

  get hasManifest(): boolean {
    return this.#hasManifest;
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  get rows() {
    return this.#rows;
  }

  get files(): readonly OpenFile[] {
    return this.#files;
  }

  get active(): OpenFile | null {
    return this.#active;
  }

  get gone(): boolean {
    return this.#gone;
  }

  get checker(): Checker {
    return this.#checker;
  }

  get followed(): boolean {
    return this.#followed;
  }

  get cursor(): Cursor | null {
    return this.#cursor;
  }

  get saveState(): SaveState {
    return this.#saveState;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  get renaming(): { readonly name: string } | null {
    return this.#renaming;
  }

  get focusWish(): number {
    return this.#focusWish;
  }

  /** Connects the language server, brings back text that was not saved, and shows the manifest. */
  async begin(): Promise<void> {
    void this.#languageServer().catch((error: unknown) => {
      this.#failure = failureOf(error);
      this.#checker = "failed";
    });
    for (const unsaved of this.#unsaved) await this.open(unsaved.path, { restore: unsaved });
    this.#unsaved = [];
    if (this.#files.length === 0 && this.#hasManifest) await this.open(MANIFEST, { focus: true });
  }

  #languageServer(): Promise<LanguageServer> {
    this.#server ??= import("../editor/languageServer").then(
      ({ LanguageServer }) =>
        new LanguageServer({
          send: (message) => this.host.call("lsp_send", { session: this.id, message }),
          rootUri: this.rootUri,
          published: (path, diagnostics) => {
            this.#checker = "ready";
            return this.problems.publish(path, diagnostics);
          },
          started: (well) => (this.#checker = well ? "ready" : "failed"),
        }),
    );
    return this.#server;
  }

  /** Shows a file, in the tab it has or in a new one. */
  async open(
    path: string,
    options: { restore?: UnsavedText; create?: boolean; focus?: boolean } = {},
  ): Promise<OpenFile> {
    let file = this.#files.find((each) => each.path === path);
    this.#activePath = path;
    this.#reveal(path);
    if (!file) {
      file = new OpenFile(path, {
        host: this.host,
        session: this.id,
        reachable: () => !this.#gone,
        saved: () => this.#changed("text"),
        makeBuffer: (wanted) => this.#makeBuffer(wanted),
        reloaded: (changed) => this.#toasts.show({ tone: "info", message: en.toast.reloaded(changed) }),
        lost: (gone) => void this.#server?.then((server) => server.close(gone)),
      });
      this.#files = [...this.#files, file];
      await file.load(options);
    }
    if (options.focus && this.#activePath === path) this.#focusWish++;
    return file;
  }

  /** Tries again to read a file that could not be read. */
  async retry(file: OpenFile): Promise<void> {
    await file.load();
    if (file.buffer) this.#focusWish++;
  }

  async #makeBuffer(wanted: {
    path: () => string;
    text: string;
    readOnly: boolean;
    mixed: () => boolean;
    changed: () => void;
  }): Promise<Buffer> {
    const [{ EditorBuffer }, server] = await Promise.all([
      import("../editor/editorBuffer"),
      this.#languageServer(),
    ]);
    const buffer = await EditorBuffer.make({
      ...wanted,
      moved: (cursor, problemIds) => {
        if (this.#activePath !== wanted.path()) return;
        this.#cursor = cursor;
        // Two problems in one place: the one that was chosen stays chosen.
        const selected = this.problems.selected?.id;
        if (selected === undefined || !problemIds.includes(selected))
          this.problems.select(problemIds[0] ?? null);
      },
      fix: () => void this.applyFix(),
      assistant: {
        completions: (at) => server.completions(wanted.path(), at),
        hover: (at) => server.hover(wanted.path(), at),
        inlays: (part) => server.inlays(wanted.path(), part),
        goToDefinition: (at) => void this.goToDefinition(wanted.path(), at),
      },
    });
    const wantedStill = !this.#closed && this.#files.some((file) => file.path === wanted.path());
    if (wantedStill) server.open(wanted.path(), buffer, this.problems.of(wanted.path()));
    return buffer;
  }

  activate(path: string): void {
    this.#activePath = path;
    this.#reveal(path);
  }

  stepTab(direction: 1 | -1): void {
    const index = this.#files.findIndex((file) => file.path === this.#activePath);
    const next = this.#files[(index + direction + this.#files.length) % this.#files.length];
    if (!next) return;
    this.activate(next.path);
    this.#focusWish++;
  }

  focusEditor(): void {
    this.#focusWish++;
  }

  async close(file: OpenFile): Promise<void> {
    if (await file.close()) this.#drop(file);
    else this.#activePath = file.path;
  }

  /** Closes a tab whose text the author gives up. */
  async abandon(file: OpenFile): Promise<void> {
    await file.abandon();
    this.#drop(file);
  }

  #drop(file: OpenFile): void {
    const index = this.#files.indexOf(file);
    this.#files = this.#files.filter((each) => each !== file);
    if (this.#activePath === file.path) {
      this.#activePath = (this.#files[index] ?? this.#files.at(-1))?.path ?? null;
      this.#cursor = null;
      this.#focusWish++;
    }
    void this.#server?.then((server) => server.close(file.path));
  }

  /** Everything unsaved goes to the disk, or to the journal where it may not. */
  async settle(): Promise<void> {
    await Promise.all(this.#files.map((file) => file.settle()));
  }

  /** Saves everything. Answers with why not, when the disk does not hold what the author sees. */
  async saveAll(): Promise<Failure | null> {
    await this.settle();
    const unsaved = this.#files.find((file) => file.dirty);
    if (!unsaved) return null;
    const reason = unsaved.failure;
    return {
      code: reason?.code ?? "other",
      message: en.session.notSaved(unsaved.path),
      hints: reason ? [reason.message, ...reason.hints] : [en.session.notSavedHint],
    };
  }

  /** Tells of every change of the pack on disk, by our saves or other hands, until the returned function is called. */
  onChange(listener: (change: DiskChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(change: DiskChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  /** The window may be about to go: what is not journalled goes there now. */
  async journalAll(): Promise<void> {
    await Promise.all(this.#files.map((file) => file.journal()));
  }

  /** Another pack takes the place of this one: the text stands still, goes where it is safe, and all ends. */
  async end(): Promise<void> {
    for (const file of this.#files) file.buffer?.freeze();
    await this.settle();
    await this.dispose();
  }

  async dispose(): Promise<void> {
    this.#closed = true;
    this.#made = null;
    this.#toasts.withdraw("undoAcross");
    for (const file of this.#files) file.dispose();
    const server = await this.#server?.catch(() => null);
    server?.dispose();
  }

  async createManifest(): Promise<void> {
    try {
      await this.host.call("create_manifest", { session: this.id });
      this.#hasManifest = true;
      this.#failure = null;
      const file = await this.open(MANIFEST, { focus: true });
      if (file.phase.at === "failed") await this.retry(file);
    } catch (error) {
      this.#failure = failureOf(error);
    }
  }

  dismissNotFollowed(): void {
    this.#followed = true;
  }

  dismissFailure(): void {
    this.#failure = null;
  }

  toggle(folder: string, expanded = !this.#expanded.has(folder)): void {
    const next = new Set(this.#expanded);
    if (expanded) next.add(folder);
    else next.delete(folder);
    this.#expanded = next;
  }

  #reveal(path: string): void {
    const folders = foldersAbove(path).filter((folder) => !this.#expanded.has(folder));
    if (folders.length > 0) this.#expanded = new Set([...this.#expanded, ...folders]);
  }

  async showPlace(place: Place): Promise<void> {
    const file = await this.open(place.file);
    const at = { line: Math.max(0, place.line - 1), character: Math.max(0, place.column - 1) };
    if (place.line > 0) file.buffer?.reveal({ start: at, end: at });
    this.#focusWish++;
  }

  async showProblem(problem: Problem): Promise<void> {
    this.references.show(false);
    await this.#showRange(problem.path, problem.range);
    this.problems.select(problem.id);
  }

  async #showRange(path: string, range: Range): Promise<void> {
    const file = await this.open(path);
    file.buffer?.reveal(range);
    this.#focusWish++;
  }

  /** Shows where that is declared which stands at a place, or at the cursor. */
  async goToDefinition(path = this.#activePath, at = this.#active?.buffer?.cursor()): Promise<void> {
    if (path === null || !at) return;
    try {
      const server = await this.#languageServer();
      const [target] = await server.definition(path, at);
      const declared = target ? pathOf(this.rootUri, target.uri) : null;
      if (target && declared !== null) await this.#showRange(declared, target.range);
      else this.#toasts.show({ tone: "info", message: en.toast.noDefinition });
    } catch (error) {
      this.#toasts.show({ tone: "fail", message: failureOf(error).message });
    }
  }

  /** Lists every place that names what stands at the cursor; false when nothing does, which was said. */
  async findReferences(): Promise<boolean> {
    const path = this.#activePath;
    const at = this.#active?.buffer?.cursor();
    if (path === null || !at) return false;
    try {
      const server = await this.#languageServer();
      const texts = new Map<string, string>();
      const found: Reference[] = [];
      for (const { uri, range } of await server.references(path, at)) {
        const file = pathOf(this.rootUri, uri);
        if (file === null) continue;
        if (!texts.has(file)) texts.set(file, await this.#textOf(file));
        const id = `${file}:${range.start.line}:${range.start.character}`;
        found.push({ id, path: file, range, line: lineAround(texts.get(file) ?? "", range) });
      }
      const here = found.find(({ path: file, range }) => file === path && isIn(at, range));
      if (found.length > 0) this.references.take(found, here?.id ?? null);
      else this.#toasts.show({ tone: "info", message: en.toast.noReferences });
      return found.length > 0;
    } catch (error) {
      this.#toasts.show({ tone: "fail", message: failureOf(error).message });
      return false;
    }
  }

  /** A file's text as the author sees it; of one that cannot be read, nothing. */
  async #textOf(path: string): Promise<string> {
    const open = this.#files.find((file) => file.path === path)?.buffer;
    if (open) return open.text();
    return this.host.call("read_file", { session: this.id, path }).then(
      (file) => file.text,
      () => "",
    );
  }

  async showReference(reference: Reference): Promise<void> {
    // Before the file is there: who walks on meanwhile goes to the next one.
    this.references.select(reference.id);
    await this.#showRange(reference.path, reference.range);
  }

  async stepReference(direction: 1 | -1): Promise<void> {
    const next = this.references.step(direction);
    if (!next) return;
    this.references.show(true);
    await this.showReference(next);
  }

  /** What the file that is shown consists of. */
  async symbols(): Promise<readonly DocumentSymbol[]> {
    const path = this.#activePath;
    if (path === null) return [];
    try {
      return await (await this.#languageServer()).symbols(path);
    } catch (error) {
      this.#toasts.show({ tone: "fail", message: failureOf(error).message });
      return [];
    }
  }

  /** Puts the cursor on a range of the file that is shown. */
  reveal(range: Range): void {
    this.#active?.buffer?.reveal(range);
    this.#focusWish++;
  }

  /** What can be done at the cursor: first the fix of the problem there, then other changes. */
  async actions(): Promise<readonly CodeAction[]> {
    const file = this.#active;
    const at = file?.buffer?.cursor();
    try {
      const server = await this.#languageServer();
      const problem = this.problems.selected;
      const fixes = problem?.data?.fix ? await server.actionsFor(problem) : [];
      const all = file && at && !file.readOnly ? await server.actionsAt(file.path, at) : [];
      const others = all.filter((action) => !fixes.some((fix) => fix.title === action.title));
      return [...fixes, ...others].filter((action) => action.edit);
    } catch (error) {
      this.#toasts.show({ tone: "fail", message: failureOf(error).message });
      return [];
    }
  }

  /** Makes one of the offered changes, as a step of the author's history, and shows where. */
  async act(action: CodeAction): Promise<void> {
    const path = this.#activePath;
    try {
      const server = await this.#languageServer();
      const made = await this.#apply(action.edit ?? {}, server);
      if (path !== null && made.texts.some((each) => each.path === path)) this.activate(path);
      this.#offerBack(made, (files) => en.toast.changed(action.title, files), "");
    } catch (error) {
      this.#toasts.show({ tone: "fail", message: failureOf(error).message });
    }
  }

  async stepProblem(direction: 1 | -1): Promise<void> {
    const cursor = this.#active?.buffer?.cursor();
    const from = cursor && this.#active ? { path: this.#active.path, ...cursor } : null;
    const problem = this.problems.step(direction, from);
    if (problem) await this.showProblem(problem);
  }

  /** Applies the certain fix of a problem; the edit is a step of the author's history. */
  async applyFix(problem: Problem | null = this.problems.selected): Promise<void> {
    // As the server tells of it now: the row or tooltip that was clicked may be older than the text.
    const newest = this.problems.all.find((each) => each.id === problem?.id);
    if (newest?.data?.fix == null || this.#fixing || this.#fixed.has(newest)) return;
    this.#fixing = true;
    try {
      await this.#fix(newest);
    } finally {
      this.#fixing = false;
    }
  }

  async #fix(problem: Problem): Promise<void> {
    try {
      const server = await this.#languageServer();
      const actions = await server.actionsFor(problem);
      const action =
        actions.find((each) => each.isPreferred && each.edit) ?? actions.find((each) => each.edit);
      if (!action) {
        this.#toasts.show({ tone: "warn", message: en.toast.noFix });
        return;
      }
      const made = await this.#apply(action.edit ?? {}, server);
      this.#fixed.add(problem);
      this.#offerBack(made, (files) => en.toast.changed(action.title, files), "");
    } catch (error) {
      const failure = failureOf(error);
      this.#toasts.show({ tone: "fail", message: failure.message });
    }
  }

  /** Changes texts, and moves files first. Answers with what was done. */
  async #apply(edit: WorkspaceEdit, server: LanguageServer): Promise<MadeChange> {
    const { changes, moves } = stepsOf(edit, this.rootUri);
    // Every file of the edit is open before the first one changes, so that a refusal leaves all as it was.
    const steps: { file: OpenFile; buffer: EditorBuffer; change: FileChange; made: boolean }[] = [];
    for (const change of changes) {
      const { file, buffer } = await this.#editable(change.path);
      steps.push({ file, buffer, change, made: !file.exists && buffer.doc.length === 0 });
    }
    const planned = steps.map(({ file, buffer, change: { edits, version }, made }) => ({
      file,
      buffer,
      doc: buffer.doc,
      made,
      edits: edits.map((each) => ({
        ...server.resolve(file.path, each.range, version),
        insert: each.newText,
      })),
    }));
    await this.#moveFor(moves, planned, server);
    const texts = new Map<OpenFile, ChangedText>();
    for (const { file, buffer, edits, made } of planned) {
      const last = buffer.edit(edits);
      const known = texts.get(file);
      const back = known ? last.compose(known.back) : last;
      texts.set(file, { path: file.path, after: buffer.doc, back, made: made || (known?.made ?? false) });
    }
    this.#focusWish++;
    return { texts: [...texts.values()], moves };
  }

  /** Opens a file whose text is to be changed. */
  async #editable(path: string): Promise<{ file: OpenFile; buffer: EditorBuffer }> {
    const file = await this.open(path, { create: true });
    if (!file.buffer || file.readOnly) throw new Error(en.toast.cannotEdit(path));
    return { file, buffer: file.buffer as EditorBuffer };
  }

  /** Moves files for a change of texts that was planned. Where another hand was quicker, they move back. */
  async #moveFor(
    moves: readonly FileMove[],
    planned: readonly { buffer: EditorBuffer; doc: Text }[],
    server: LanguageServer,
  ): Promise<void> {
    await this.#move(moves, server);
    if (planned.every(({ buffer, doc }) => buffer.doc === doc)) return;
    // A text changed while the files moved: the places are no longer those that were meant.
    await this.#move(reversed(moves), server);
    throw new Error(en.toast.noFix);
  }

  /** Tells of a change that the undo of one text does not take back, and offers to take back all of it. */
  #offerBack(made: MadeChange, told: (files: number) => string, otherwise: string): void {
    if (!isWide(made)) return;
    this.#made = { made, otherwise };
    this.#toasts.show({
      tone: "pass",
      message: told(filesOf(made)),
      action: { label: en.toast.undo, command: "undoAcross" },
    });
  }

  /** True while the last change of several files can be asked to be taken back. */
  get canTakeBack(): boolean {
    return this.#made !== null;
  }

  /** Takes back the last change of several files: all of it, or nothing where a text is no longer what it became. */
  async takeBack(): Promise<void> {
    const last = this.#made;
    if (!last || this.#fixing) return;
    const shown = this.#activePath;
    this.#fixing = true;
    try {
      const server = await this.#languageServer();
      for (const { path, after } of last.made.texts)
        if ((await this.#textOf(path)) !== after.toString())
          throw new Error(en.toast.changedSince(path, last.otherwise));
      const planned = [];
      for (const { path, back, made } of last.made.texts) {
        const { file, buffer } = await this.#editable(path);
        planned.push({ file, buffer, back, made, doc: buffer.doc });
      }
      await this.#moveFor(reversed(last.made.moves), planned, server);
      try {
        for (const { file, made } of planned) if (made) await this.#takeAway(file);
      } catch (error) {
        await this.#move(last.made.moves, server);
        throw error;
      }
      for (const { buffer, back, made } of planned) if (!made) buffer.takeBack(back);
      this.#made = null;
      this.#toasts.withdraw("undoAcross");
      this.#toasts.show({ tone: "info", message: en.toast.undone(filesOf(last.made)) });
      const home = last.made.moves.find(({ to }) => to === shown)?.from ?? shown;
      const back = [home, planned[0]?.file.path].find((path) =>
        this.#files.some((file) => file.path === path),
      );
      if (back != null) this.activate(back);
      this.#focusWish++;
    } catch (error) {
      if (shown !== null && this.#files.some((file) => file.path === shown)) this.activate(shown);
      this.#toasts.show({ tone: "fail", message: failureOf(error).message });
    } finally {
      this.#fixing = false;
    }
  }

  /** Removes a file that a change had made, and its tab. */
  async #takeAway(file: OpenFile): Promise<void> {
    const { path } = file;
    if (!(await file.save()) || file.base === null) throw new Error(en.session.notRemoved(path));
    await this.host.call("remove_file", { session: this.id, path, base: file.base });
    await this.abandon(file);
  }

  /** Gives files other names on disk, and their tabs with them. */
  async #move(moves: readonly FileMove[], server: LanguageServer): Promise<void> {
    if (moves.length === 0) return;
    const tabs = moves.flatMap(({ from, to }) => {
      const file = this.#files.find((each) => each.path === from);
      return file ? [{ file, to }] : [];
    });
    for (const { file } of tabs) if (!(await file.save())) throw new Error(en.session.notMoved(file.path));
    await this.host.call("move_files", { session: this.id, moves: [...moves] });
    for (const { file, to } of tabs) {
      const from = file.path;
      server.close(from);
      file.moved(to);
      if (this.#activePath === from) this.#activePath = to;
      this.#reveal(to);
      if (file.buffer) server.open(to, file.buffer as EditorBuffer, []);
    }
  }

  /** Asks whether what is at the cursor can be renamed, and says why not; true when a name is to be asked for. */
  async beginRename(): Promise<boolean> {
    const path = this.#activePath;
    const at = this.#active?.buffer?.cursor();
    if (path === null || !at) return false;
    try {
      const found = await (await this.#languageServer()).prepareRename(path, at);
      this.#renaming = found ? { path, at, name: found.placeholder } : null;
      if (!found) this.#toasts.show({ tone: "info", message: en.toast.noRename });
      return found !== null;
    } catch (error) {
      this.#toasts.show({ tone: "info", message: failureOf(error).message });
      return false;
    }
  }

  /** Gives what was asked about its new name, in every file. Answers with why not; then all is as it was. */
  async rename(name: string): Promise<Failure | null> {
    const renaming = this.#renaming;
    if (!renaming || name === renaming.name) return null;
    const { path, at } = renaming;
    try {
      const server = await this.#languageServer();
      // The disk may have changed the text under the dialog: another thing may be at that place now.
      const found = await server.prepareRename(path, at);
      if (found?.placeholder !== renaming.name) throw new Error(en.toast.renameMoved(renaming.name));
      const edit = await server.rename(path, at, name);
      const made = edit ? await this.#apply(edit, server) : null;
      this.activate(made?.moves.find(({ from }) => from === path)?.to ?? path);
      this.#renaming = null;
      // A list of places that name it names what is gone.
      this.references.close();
      const told = (files: number) => en.toast.renamed(renaming.name, name, files);
      if (made) this.#offerBack(made, told, en.toast.renameBack);
      return null;
    } catch (error) {
      this.activate(path);
      return failureOf(error);
    }
  }

  /** An event of the app; those of another opening are not ours. */
  handle(event: Event): void {
    if ("session" in event && event.session !== this.id) return;
    switch (event.event) {
      case "lsp":
        void this.#server?.then((server) => server.receive(event.message));
        break;
      case "entries":
        this.#entries = event.entries;
        this.#hasManifest = event.hasManifest;
        this.#changed("entries");
        break;
      case "identity":
        this.#name = event.name;
        this.#version = event.version;
        break;
      case "fileChanged":
        void this.#files.find((file) => file.path === event.path)?.changedOnDisk(event.digest);
        this.#changed("text");
        break;
      case "vanished":
        this.#gone = event.gone;
        if (!event.gone) for (const file of this.#files) void file.folderIsBack();
        break;
      case "engine":
      case "publishing":
      case "openRequested":
      case "closeRequested":
        break;
    }
  }
}
