/**
 * The page's side of the language server: what is open, what was typed, what the server says about it.
 *
 * CodeMirror's client does the handshake and the bookkeeping of requests. It syncs half a second after typing and
 * keeps the bare diagnostics of open files only, so the sync at once, the diagnostics of every file of the
 * pack and the code actions are ours. It is a view plugin's client by design; here buffers without a view are open
 * too, so this workspace follows buffers, not views.
 */
import { LSPClient, Workspace, type WorkspaceFile } from "@codemirror/lsp-client";
import { ChangeSet, type Text } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import type { Problem } from "../pack/problems.svelte";
import type {
  CodeAction,
  CompletionItem,
  Diagnostic,
  DocumentSymbol,
  Hover,
  InlayHint,
  Location,
  Position,
  PublishDiagnostics,
  Range,
  Renamable,
  WorkspaceEdit,
} from "../pack/protocol";
import { pathOf, uriOf } from "../pack/uri";
import type { EditorBuffer } from "./editorBuffer";
import { languageIdOf } from "./languages";
import { offsetOf } from "./positions";

export interface LanguageServerOptions {
  send: (message: string) => Promise<unknown>;
  rootUri: string;
  /** The server's list for a file of the pack, open or not. Answers with the problems made of it. */
  published: (path: string, diagnostics: readonly Diagnostic[]) => readonly Problem[];
  /** The server answered the handshake, or it did not. */
  started: (well: boolean) => void;
}

/** Answers that point into an older text are mapped forward over this many versions; older ones are clamped. */
const REMEMBERED_VERSIONS = 64;

/** Generous: the first check of a large pack on a slow disk comes before the answer to `initialize`. */
const REQUEST_TIMEOUT_MS = 20_000;

/** What a server says that it can do. */
type Skill =
  | "codeActionProvider"
  | "completionProvider"
  | "definitionProvider"
  | "documentSymbolProvider"
  | "hoverProvider"
  | "inlayHintProvider"
  | "referencesProvider"
  | "renameProvider";

interface Version {
  number: number;
  doc: Text;
  /** What led here from the version before. */
  changes: ChangeSet | null;
}

class OpenDocument implements WorkspaceFile {
  readonly uri: string;
  readonly languageId: string;
  version = 0;
  doc: Text;
  /** Typed, and not told to the server yet. */
  unsynced: ChangeSet;
  readonly #versions: Version[];
  readonly #forget: () => void;

  constructor(
    readonly path: string,
    readonly buffer: EditorBuffer,
    rootUri: string,
    typed: () => void,
  ) {
    this.uri = uriOf(rootUri, path);
    this.languageId = languageIdOf(path);
    this.doc = buffer.doc;
    this.unsynced = ChangeSet.empty(this.doc.length);
    this.#versions = [{ number: 0, doc: this.doc, changes: null }];
    this.#forget = buffer.listen((changes) => {
      this.unsynced = this.unsynced.compose(changes);
      typed();
    });
  }

  getView(): EditorView | null {
    return this.buffer.view;
  }

  /** Takes what was typed into a new version. */
  advance(): { file: WorkspaceFile; prevDoc: Text; changes: ChangeSet } | null {
    if (this.unsynced.empty) return null;
    const update = { file: this, prevDoc: this.doc, changes: this.unsynced };
    this.doc = this.buffer.doc;
    this.version++;
    this.#versions.push({ number: this.version, doc: this.doc, changes: this.unsynced });
    if (this.#versions.length > REMEMBERED_VERSIONS) this.#versions.shift();
    this.unsynced = ChangeSet.empty(this.doc.length);
    return update;
  }

  /** Offsets in today's text of a range in the text that the server saw. */
  resolve(range: Range, version: number | null): { from: number; to: number } {
    const index = this.#versions.findIndex((each) => each.number === version);
    const seen = this.#versions[index] ?? { doc: this.doc };
    let from = offsetOf(seen.doc, range.start);
    let to = offsetOf(seen.doc, range.end);
    const since = index < 0 ? [] : this.#versions.slice(index + 1).flatMap((each) => each.changes ?? []);
    for (const changes of [...since, this.unsynced]) {
      from = changes.mapPos(from, 1);
      to = Math.max(from, changes.mapPos(to, -1));
    }
    return { from, to };
  }

  close(): void {
    this.#forget();
  }
}

class PackWorkspace extends Workspace {
  files: OpenDocument[] = [];

  syncFiles() {
    return this.files.flatMap((file) => file.advance() ?? []);
  }

  // Buffers open and close documents; views come and go without the server noticing.
  openFile(): void {}
  closeFile(): void {}
}

export class LanguageServer {
  #options: LanguageServerOptions;
  #client: LSPClient;
  #workspace: PackWorkspace;
  #receive: ((message: string) => void) | null = null;
  #outgoing: Promise<unknown> = Promise.resolve();
  #syncPlanned = false;
  #started = false;
  #disposed = false;

  constructor(options: LanguageServerOptions) {
    this.#options = options;
    this.#client = new LSPClient({
      rootUri: options.rootUri,
      timeout: REQUEST_TIMEOUT_MS,
      workspace: (client) => new PackWorkspace(client),
      // The server's words are text: whatever looks like markup in them is shown, not obeyed.
      sanitizeHTML: escapeMarkup,
      notificationHandlers: {
        "textDocument/publishDiagnostics": (_client, params: PublishDiagnostics) => {
          this.#published(params);
          return true;
        },
      },
      extensions: [
        {
          clientCapabilities: {
            textDocument: {
              publishDiagnostics: { versionSupport: true, dataSupport: true, codeDescriptionSupport: false },
              codeAction: {
                codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix", "refactor"] } },
                isPreferredSupport: true,
                dataSupport: true,
              },
              rename: { prepareSupport: true },
              inlayHint: {},
              documentSymbol: { hierarchicalDocumentSymbolSupport: true },
              completion: {
                completionItem: { snippetSupport: true, insertTextModeSupport: { valueSet: [1] } },
              },
            },
            workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ["create", "rename"] } },
          },
        },
      ],
    });
    this.#workspace = this.#client.workspace as PackWorkspace;
    this.#client.connect({
      send: (message) => this.#send(message),
      subscribe: (handler) => (this.#receive = handler),
      unsubscribe: () => (this.#receive = null),
    });
    // Without a server the editor still edits; the page says so where problems would be listed.
    this.#client.initializing.then(
      () => this.#start(true),
      (error: unknown) => {
        if (this.#disposed) return;
        console.error("the language server did not start:", error);
        this.#start(false);
      },
    );
  }

  /** One message at a time: calls that overlap may arrive in any order, and the order of edits is everything. */
  #send(message: string): void {
    this.#outgoing = this.#outgoing
      .then(() => (this.#disposed ? undefined : this.#options.send(message)))
      .catch((error: unknown) => {
        console.error("the language server did not take a message:", error);
        // Without the handshake nothing follows; its answer would only be waited for.
        if (!this.#started) this.#start(false);
      });
  }

  #start(well: boolean): void {
    if (this.#disposed) return;
    this.#started ||= well;
    this.#options.started(well);
  }

  receive(message: string): void {
    if (!this.#disposed) this.#receive?.(message);
  }

  /** Tells the server that a file is open, and draws what is already known about it. */
  open(path: string, buffer: EditorBuffer, known: readonly Problem[]): void {
    this.close(path);
    const document = new OpenDocument(path, buffer, this.#options.rootUri, () => this.#planSync());
    this.#workspace.files.push(document);
    this.#client.didOpen(document);
    this.#draw(document, known, null);
  }

  close(path: string): void {
    const document = this.#document(path);
    if (!document) return;
    document.close();
    this.#workspace.files = this.#workspace.files.filter((each) => each !== document);
    this.#client.didClose(document.uri);
  }

  /** What the server can do about a problem. */
  async actionsFor(problem: Problem): Promise<CodeAction[]> {
    this.#sync();
    const range = this.#document(problem.path)?.buffer.rangeOf(problem) ?? problem.range;
    const answer = await this.#client.request<unknown, CodeAction[] | null>("textDocument/codeAction", {
      textDocument: { uri: uriOf(this.#options.rootUri, problem.path) },
      range,
      context: { diagnostics: [{ ...problem.diagnostic, range }], only: ["quickfix"], triggerKind: 1 },
    });
    return answer ?? [];
  }

  /** What can be done at a place, the fixes of what was found there among it. */
  async actionsAt(path: string, at: Position): Promise<CodeAction[]> {
    const more = { range: { start: at, end: at }, context: { diagnostics: [], triggerKind: 1 } };
    return (
      (await this.#ask<CodeAction[] | null>(
        "codeActionProvider",
        "textDocument/codeAction",
        path,
        at,
        more,
      )) ?? []
    );
  }

  async references(path: string, at: Position): Promise<Location[]> {
    const more = { context: { includeDeclaration: true } };
    return (
      (await this.#ask<Location[] | null>("referencesProvider", "textDocument/references", path, at, more)) ??
      []
    );
  }

  async symbols(path: string): Promise<DocumentSymbol[]> {
    const start = { line: 0, character: 0 };
    const answer = await this.#ask<DocumentSymbol[] | null>(
      "documentSymbolProvider",
      "textDocument/documentSymbol",
      path,
      start,
    );
    return answer ?? [];
  }

  async completions(path: string, at: Position): Promise<CompletionItem[]> {
    type Answer = CompletionItem[] | { items: CompletionItem[] } | null;
    const answer = await this.#ask<Answer>("completionProvider", "textDocument/completion", path, at);
    return Array.isArray(answer) ? answer : (answer?.items ?? []);
  }

  hover(path: string, at: Position): Promise<Hover | null> {
    return this.#ask<Hover | null>("hoverProvider", "textDocument/hover", path, at);
  }

  async inlays(path: string, part: Range): Promise<InlayHint[]> {
    const answer = await this.#ask<InlayHint[] | null>(
      "inlayHintProvider",
      "textDocument/inlayHint",
      path,
      part.start,
      { range: part },
    );
    return answer ?? [];
  }

  async definition(path: string, at: Position): Promise<Location[]> {
    type Answer = Location | Location[] | null;
    const answer = await this.#ask<Answer>("definitionProvider", "textDocument/definition", path, at);
    return Array.isArray(answer) ? answer : answer ? [answer] : [];
  }

  /** What a rename at a place would rename. Why there is nothing is thrown, in the server's words. */
  prepareRename(path: string, at: Position): Promise<Renamable | null> {
    return this.#ask<Renamable | null>("renameProvider", "textDocument/prepareRename", path, at);
  }

  rename(path: string, at: Position, newName: string): Promise<WorkspaceEdit | null> {
    return this.#ask<WorkspaceEdit | null>("renameProvider", "textDocument/rename", path, at, { newName });
  }

  /** Asks about a place of today's text. `null` where nobody can answer: no server, or one that does not know how. */
  async #ask<T>(
    skill: Skill,
    method: string,
    path: string,
    position: Position,
    more: object = {},
  ): Promise<T | null> {
    // The first question may come before the server has said what it can do.
    if (!this.#client.serverCapabilities) await this.#client.initializing.catch(() => undefined);
    const document = this.#document(path);
    if (this.#disposed || !document || !this.#client.serverCapabilities?.[skill]) return null;
    this.#sync();
    const params = { textDocument: { uri: document.uri }, position, ...more };
    try {
      return await this.#client.request<unknown, T | null>(method, params);
    } catch (error) {
      // A refusal comes as the protocol's object, which is no error to anyone else.
      throw error instanceof Error ? error : new Error((error as { message: string }).message);
    }
  }

  /** Offsets in today's text of a range in the text that the server saw. */
  resolve(path: string, range: Range, version: number | null): { from: number; to: number } {
    const document = this.#document(path);
    if (!document) throw new Error(`${path} is not open`);
    return document.resolve(range, version);
  }

  dispose(): void {
    this.#disposed = true;
    for (const document of this.#workspace.files) document.close();
    this.#client.disconnect();
  }

  #document(path: string): OpenDocument | undefined {
    return this.#workspace.files.find((each) => each.path === path);
  }

  /** When the keystroke's own work is done: a frame later would be felt, and the server gathers bursts by itself. */
  #planSync(): void {
    if (this.#syncPlanned) return;
    this.#syncPlanned = true;
    queueMicrotask(() => {
      if (this.#syncPlanned) this.#sync();
    });
  }

  #sync(): void {
    this.#syncPlanned = false;
    if (!this.#disposed) this.#client.sync();
  }

  #published(params: PublishDiagnostics): void {
    const path = pathOf(this.#options.rootUri, params.uri);
    if (path === null) return;
    const problems = this.#options.published(path, params.diagnostics);
    const document = this.#document(path);
    if (document) this.#draw(document, problems, params.version ?? null);
  }

  #draw(document: OpenDocument, problems: readonly Problem[], version: number | null): void {
    document.buffer.setProblems(
      problems.map((problem) => ({ problem, ...document.resolve(problem.range, version) })),
    );
  }
}

function escapeMarkup(html: string): string {
  return html.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
