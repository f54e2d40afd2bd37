/**
 * A host without an app: a pack in memory and a language server of a few lines. Tests script it; `npm run dev` with
 * `?fake` shows it. It is a mapped type over the commands, so a command that it forgets does not compile.
 */
import type {
  Commands,
  Entry,
  Environment,
  Event,
  Failure,
  FailureCode,
  FileText,
  NewPackView,
  PackView,
  Preferences,
  RecentPack,
  Sample,
  ShipPlan,
  UnsavedText,
} from "../generated/wire";
import type { CodeAction, Diagnostic, Position } from "../pack/protocol";
import { pathOf, uriOf } from "../pack/uri";
import { DEMO_TOOLS } from "./demoTools";
import { FakeShipping, type FakeShippingOptions } from "./fakeShipping";
import { FakeTools, type FakeToolOptions } from "./fakeTools";
import { type CommandName, Failed, type Host } from "./host";

type Answer<K extends CommandName> = Commands[K]["answer"];
type Handlers = { [K in CommandName]: (args: Commands[K]["args"]) => Answer<K> | Promise<Answer<K>> };

const NEW_PACK: NewPackView = {
  templates: [
    {
      id: "http-tool",
      title: "A tool that asks a web API",
      description: "One tool in TypeScript that may reach one host.",
      contents: "one tool, its schemas, two cases",
      address: "https://api.example.org",
    },
    {
      id: "content",
      title: "Instructions and files",
      description: "Behaviour, guides and templates for an agent; no code.",
      contents: "behavior.md, a guide, a template",
      address: null,
    },
  ],
  folder: "/home/ada/packs",
  shown: "~/packs",
};

export interface FakeFile {
  text: string;
  readOnly?: boolean;
  lineEnding?: FileText["lineEnding"];
  ignored?: boolean;
  /** Reading fails with this. */
  unreadable?: FailureCode;
}

export interface FakeOptions extends FakeToolOptions, FakeShippingOptions {
  files?: Record<string, FakeFile | string>;
  unsaved?: UnsavedText[];
  recent?: RecentPack[];
  samples?: Sample[];
  environment?: Environment;
  preferences?: Preferences;
  open?: string | null;
  /** False: the watcher does not work. */
  followed?: boolean;
  /** What `pick_folder` answers. */
  pick?: string | null;
  /** The language server answers nothing. */
  deaf?: boolean;
  /** What the language server says of a text. */
  check?: (path: string, text: string) => Diagnostic[];
  /** What it answers to other requests, by their method. */
  answers?: Record<string, (path: string, params: RequestParams, uri: (path: string) => string) => unknown>;
  /** What it can do about a diagnostic; `uri` names a file of the pack. */
  fix?: (path: string, diagnostic: Diagnostic, text: string, uri: (path: string) => string) => CodeAction[];
}

export class FakeHost implements Host {
  root = "/home/ada/packs/open-library";
  readonly files = new Map<string, FakeFile>();
  readonly journal = new Map<string, { text: string; base: string | null }>();
  /** Every command that was run, in order. */
  readonly calls: { name: CommandName; args: unknown }[] = [];
  /** The next run of a command fails with this; `always` keeps it failing. */
  readonly failures = new Map<CommandName, { failure: Failure; always: boolean }>();
  preferences: Preferences;
  readonly #options: FakeOptions;
  #recent: RecentPack[];
  #listeners = new Set<(event: Event) => void>();
  #server: FakeServer;
  readonly runner: FakeTools;
  readonly shipping: FakeShipping;
  /** Names of packs that exist already. */
  readonly taken = new Set<string>();
  /** The opening that events are about. */
  session = 0;

  constructor(options: FakeOptions = {}) {
    this.#options = options;
    for (const [path, file] of Object.entries(
      options.files ?? { "pack.yaml": "name: open-library\nversion: 1.2.0\n" },
    ))
      this.files.set(path, typeof file === "string" ? { text: file } : { ...file });
    this.preferences = options.preferences ?? { theme: "system", sidebar: 240, panel: 160, inspector: 336 };
    this.#recent = options.recent ?? [];
    this.#server = new FakeServer(this, options);
    this.runner = new FakeTools(options);
    this.shipping = new FakeShipping(options, (event) => this.emit(event));
  }

  get rootUri(): string {
    return "file://" + this.root;
  }

  async call<K extends CommandName>(name: K, args: Commands[K]["args"]): Promise<Commands[K]["answer"]> {
    this.calls.push({ name, args });
    await Promise.resolve();
    const planned = this.failures.get(name);
    if (planned) {
      if (!planned.always) this.failures.delete(name);
      throw new Failed(planned.failure);
    }
    return await (this.#handlers[name] as Handlers[K])(args);
  }

  listen(handler: (event: Event) => void): () => void {
    this.#listeners.add(handler);
    return () => this.#listeners.delete(handler);
  }

  emit(event: Event): void {
    for (const listener of this.#listeners) listener(event);
  }

  fail(
    name: CommandName,
    code: FailureCode,
    options: { message?: string; hints?: string[]; always?: boolean } = {},
  ): void {
    const failure = { code, message: options.message ?? `${name}: ${code}`, hints: options.hints ?? [] };
    this.failures.set(name, { failure, always: options.always ?? false });
  }

  /** Another program writes a file: its bytes change and the watcher says so. */
  writeOutside(path: string, text: string | null): void {
    const file = this.files.get(path);
    if (text === null) this.files.delete(path);
    else this.files.set(path, { ...file, text });
    this.emit({
      event: "fileChanged",
      session: this.session,
      path,
      digest: text === null ? null : digestOf(text),
    });
  }

  countOf(name: CommandName): number {
    return this.calls.filter((call) => call.name === name).length;
  }

  #refuse(code: FailureCode, message: string): never {
    throw new Failed({ code, message, hints: [] });
  }

  #plan(registry: string): ShipPlan {
    const { name, version } = this.#view();
    const text = [...this.files].map(([path, file]) => path + file.text).join();
    const digest = `sha256:${digestOf(text).split(":")[1]?.padStart(8, "0").repeat(8)}`;
    const files = [...this.files].map(([path, file]): [string, number] => [path, file.text.length]);
    return this.shipping.plan(registry, { name, version: version ?? "0.1.0", digest, files });
  }

  #opened(): PackView {
    this.session++;
    return this.#view();
  }

  #view(): PackView {
    const identity = /^name: *(\S+)[^]*?^version: *(\S+)/m.exec(this.files.get("pack.yaml")?.text ?? "");
    return {
      session: this.session,
      root: this.root,
      rootUri: this.rootUri,
      shown: this.root.replace("/home/ada", "~"),
      name: identity?.[1] ?? "open-library",
      version: identity?.[2] ?? null,
      hasManifest: this.files.has("pack.yaml"),
      followed: this.#options.followed ?? true,
      entries: this.entries(),
      unsaved: this.#options.unsaved ?? [],
    };
  }

  entries(): Entry[] {
    const entries = new Map<string, Entry>();
    for (const [path, file] of this.files) {
      const parts = path.split("/");
      for (let i = 1; i < parts.length; i++) {
        const folder = parts.slice(0, i).join("/");
        entries.set(folder, { path: folder, kind: "folder", size: 0, ignored: false });
      }
      entries.set(path, { path, kind: "file", size: file.text.length, ignored: file.ignored ?? false });
    }
    return [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  #handlers: Handlers = {
    start: () => ({
      version: "0.1.0",
      open: this.#options.open ?? null,
      preferences: this.preferences,
      home: "~/.local/share/packwright",
    }),
    ready: () => null,
    painted: () => null,
    set_preferences: ({ preferences }) => {
      this.preferences = preferences;
      return null;
    },
    environment: () => this.#options.environment ?? { version: "0.1.0", system: "Linux", facts: [] },
    recent_packs: () => this.#recent,
    forget_recent: ({ path }) => {
      this.#recent = this.#recent.filter((pack) => pack.path !== path);
      return null;
    },
    samples: () => this.#options.samples ?? [],
    pick_folder: () => this.#options.pick ?? null,
    open_pack: () => this.#opened(),
    open_sample: () => this.#opened(),
    close_pack: () => null,
    create_manifest: () => {
      this.files.set("pack.yaml", { text: "name: open-library\nversion: 0.1.0\n" });
      this.emit({ event: "entries", session: this.session, entries: this.entries(), hasManifest: true });
      return null;
    },
    read_file: ({ path }) => {
      const file = this.files.get(path);
      if (!file) return this.#refuse("not_found", `${path} does not exist.`);
      if (file.unreadable) return this.#refuse(file.unreadable, `${path} cannot be read as text.`);
      return {
        path,
        text: file.text,
        digest: digestOf(file.text),
        lineEnding: file.lineEnding ?? "lf",
        bom: false,
        readOnly: file.readOnly ?? false,
      };
    },
    save_file: ({ path, text, base }) => {
      const file = this.files.get(path);
      const held = file ? digestOf(file.text) : null;
      if (held === null && base !== null) return this.#refuse("not_found", `${path} was removed.`);
      if (held !== base) return this.#refuse("changed_outside", `${path} changed on disk.`);
      this.files.set(path, { ...file, text });
      this.journal.delete(path);
      return { path, digest: digestOf(text) };
    },
    move_files: ({ moves }) => {
      const taken = moves.find(({ to }) => this.files.has(to));
      if (taken) return this.#refuse("exists", `${taken.to} exists already.`);
      for (const { from, to } of moves) {
        const file = this.files.get(from);
        if (!file) return this.#refuse("not_found", `${from} does not exist.`);
        this.files.delete(from);
        this.files.set(to, file);
      }
      this.emit({ event: "entries", session: this.session, entries: this.entries(), hasManifest: true });
      return null;
    },
    remove_file: ({ path, base }) => {
      const file = this.files.get(path);
      if (!file) return this.#refuse("not_found", `${path} was removed.`);
      if (digestOf(file.text) !== base) return this.#refuse("changed_outside", `${path} changed on disk.`);
      this.files.delete(path);
      this.emit({ event: "entries", session: this.session, entries: this.entries(), hasManifest: true });
      return null;
    },
    journal_file: ({ path, text, base }) => {
      this.journal.set(path, { text, base });
      return null;
    },
    discard_journal: ({ path }) => {
      this.journal.delete(path);
      return null;
    },
    lsp_send: ({ message }) => {
      if (!this.#options.deaf) this.#server.receive(message);
      return null;
    },
    new_pack_view: () => NEW_PACK,
    new_pack: ({ folder, name, description }) => {
      if (this.taken.has(name)) return this.#refuse("exists", `${folder}/${name} exists already.`);
      this.root = `${folder}/${name}`;
      this.files.clear();
      const manifest = `name: ${name}\nversion: 0.1.0\ndescription: ${description || "A new pack."}\n`;
      this.files.set("pack.yaml", { text: manifest });
      this.files.set("README.md", { text: `# ${name}\n` });
      return this.#opened();
    },
    tools: () => this.runner.view(),
    run_tool: (arg) => this.runner.run(arg),
    stop_run: ({ run }) => {
      this.runner.stop(run);
      return null;
    },
    save_case: (arg) =>
      this.runner.saveCase(arg) ?? this.#refuse("not_found", `Run ${arg.run} is not known any more.`),
    registries: () => this.shipping.registries,
    add_registry: ({ registry }) => this.shipping.add(registry),
    forget_registry: ({ registry }) => {
      this.shipping.forget(registry);
      return null;
    },
    ship_plan: ({ registry }) => this.#plan(registry),
    publish: (arg) => this.shipping.publish(arg, this.#plan(arg.registry)),
    stop_publish: () => {
      this.shipping.stop();
      return null;
    },
    releases: ({ registry }) => this.shipping.releases[registry] ?? [],
    verify_release: ({ registry, version }) => this.shipping.verify(registry, version),
    pull_release: ({ registry, version }) => {
      const { digest } = this.shipping.verify(registry, version);
      const name = `open-library-${version}`;
      return { version, digest, folder: `/home/ada/packs/${name}`, shown: `~/packs/${name}`, files: 14 };
    },
    close_window: () => null,
  };
}

/** Stands for SHA-256 where only equality matters. */
export function digestOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return `fake:${hash.toString(16)}:${text.length}`;
}

/** What a request asks about. */
export interface RequestParams {
  position?: Position;
  newName?: string;
}

interface Message {
  id?: number;
  method?: string;
  params?: RequestParams & {
    textDocument?: { uri: string; text?: string; version?: number };
    contentChanges?: { range?: Diagnostic["range"]; text: string }[];
    context?: { diagnostics: Diagnostic[] };
  };
}

/** Checks every file of the pack with the script's `check`, and speaks just enough of the protocol. */
class FakeServer {
  #open = new Map<string, { text: string; version: number }>();
  #host: FakeHost;
  #options: FakeOptions;

  constructor(host: FakeHost, options: FakeOptions) {
    this.#host = host;
    this.#options = options;
  }

  receive(raw: string): void {
    const { id, method, params } = JSON.parse(raw) as Message;
    const uri = params?.textDocument?.uri ?? "";
    const path = pathOf(this.#host.rootUri, uri) ?? "";
    switch (method) {
      case "initialize":
        this.#open.clear();
        this.#send({
          id,
          result: {
            capabilities: {
              textDocumentSync: { openClose: true, change: 2 },
              codeActionProvider: true,
              completionProvider: {},
              hoverProvider: true,
              definitionProvider: true,
              renameProvider: true,
              referencesProvider: true,
              documentSymbolProvider: true,
              inlayHintProvider: true,
            },
          },
        });
        break;
      case "initialized":
        for (const each of this.#host.files.keys()) this.#publish(each);
        break;
      case "textDocument/didOpen":
        this.#open.set(path, {
          text: params?.textDocument?.text ?? "",
          version: params?.textDocument?.version ?? 0,
        });
        this.#publish(path);
        break;
      case "textDocument/didChange": {
        const open = this.#open.get(path);
        if (!open) break;
        for (const change of params?.contentChanges ?? []) open.text = applied(open.text, change);
        open.version = params?.textDocument?.version ?? 0;
        this.#publish(path);
        break;
      }
      case "textDocument/didClose":
        this.#open.delete(path);
        this.#publish(path);
        break;
      case "textDocument/codeAction": {
        const diagnostic = params?.context?.diagnostics[0];
        if (!diagnostic && id !== undefined) {
          this.#answer(id, method, path, params ?? {});
          break;
        }
        const fix = this.#options.fix;
        const result =
          diagnostic && fix
            ? fix(path, diagnostic, this.#textOf(path), (each) => uriOf(this.#host.rootUri, each))
            : [];
        this.#send({ id, result });
        break;
      }
      default:
        if (id !== undefined && method) this.#answer(id, method, path, params ?? {});
    }
  }

  #answer(id: number, method: string, path: string, params: RequestParams): void {
    const answer = this.#options.answers?.[method];
    try {
      const result = answer?.(path, params, (each) => uriOf(this.#host.rootUri, each)) ?? null;
      this.#send({ id, result });
    } catch (error) {
      this.#send({ id, error: { code: -32803, message: String((error as Error).message) } });
    }
  }

  #textOf(path: string): string {
    return this.#open.get(path)?.text ?? this.#host.files.get(path)?.text ?? "";
  }

  #publish(path: string): void {
    const diagnostics = this.#options.check?.(path, this.#textOf(path)) ?? [];
    const version = this.#open.get(path)?.version;
    this.#send({
      method: "textDocument/publishDiagnostics",
      params: { uri: uriOf(this.#host.rootUri, path), version, diagnostics },
    });
  }

  #send(message: object): void {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    const session = this.#host.session;
    queueMicrotask(() => this.#host.emit({ event: "lsp", session, message: text }));
  }
}

function applied(text: string, change: { range?: Diagnostic["range"]; text: string }): string {
  if (!change.range) return change.text;
  const lines = text.split("\n");
  const at = (place: { line: number; character: number }) =>
    lines.slice(0, place.line).reduce((sum, line) => sum + line.length + 1, 0) + place.character;
  return text.slice(0, at(change.range.start)) + change.text + text.slice(at(change.range.end));
}

/** A pack to look at in `npm run dev`, with a missing file, a thin description and a fix. */
export function demoHost(): FakeHost {
  const query = new URLSearchParams(location.search);
  const hour = 3_600_000;
  const recent = (
    name: string,
    version: string,
    errors: number,
    warnings: number,
    hours: number,
    exists = true,
  ) => ({
    path: `/home/ada/packs/${name}`,
    shown: `~/packs/${name}`,
    name,
    version,
    openedAt: Date.now() - hours * hour,
    errors,
    warnings,
    exists,
  });
  const manifest = `# Search and read book records from Open Library.
name: open-library
publisher: acme
version: 1.2.0
display_name: Open Library
description: Search and read book records from Open Library.
license: Apache-2.0
category: tools
icon: assets/icon.png

tools:
  - name: search_books
    title: Search books
    description: Finds books by title, author or ISBN and returns at most \`limit\` records.
    input: schemas/search_books.input.json
    output: schemas/search_books.out.json
    handler: handlers/search_books.ts
    annotations: {read_only: true, idempotent: true, open_world: true}
    limits: {timeout_ms: 5000, memory_mb: 64, output_kb: 256}
  - name: get_book
    title: Get book
    description: Gets a book.
    input: schemas/get_book.input.json
    output: schemas/get_book.output.json
    handler: handlers/get_book.ts

capabilities:
  - name: openlib-read
    type: http
    required: true
`;
  const schema = `{\n  "type": "object",\n  "properties": {\n    "limit": { "type": "integer", "minimum": 1, "maximum": 50 },\n    "sort": { "enum": ["new", "old"] }\n  },\n  "required": ["limit"]\n}\n`;
  const handler = `// Asks Open Library for books.\nexport async function run(input: { title: string; limit: number }) {\n  const answer = await host.http.get(\`/search.json?title=\${encodeURIComponent(input.title)}\`);\n  return { books: answer.docs.slice(0, input.limit) };\n}\n`;
  return new FakeHost({
    open: query.has("pack") ? "/home/ada/packs/open-library" : null,
    pick: "/home/ada/packs/open-library",
    files: {
      "pack.yaml": manifest,
      "behavior.md":
        "# How to use these tools\n\nSearch *first*, then read **one** book by its `key`.\n\n- Quote titles as they are.\n- Say when nothing was found.\n",
      "assets/icon.png": { text: "", unreadable: "not_text" },
      "evals/search.yaml": "cases: []\n",
      "guides/publication-dates.md": "# Publication dates\n",
      "handlers/get_book.ts": handler,
      "handlers/search_books.ts": handler,
      "schemas/get_book.input.json": schema,
      "schemas/get_book.output.json": schema,
      "schemas/search_books.input.json": schema,
      "schemas/search_books.output.json": schema,
      "notes.txt": { text: "not for the pack\n", ignored: true },
      "CHANGELOG.md": "# Changes\n",
      LICENSE: { text: "Apache License\n", readOnly: true, lineEnding: "crlf" },
      "README.md": "# open-library\n",
    },
    unsaved: query.has("unsaved")
      ? [
          {
            path: "behavior.md",
            text: "# How to use these tools\n\nText that was lost.\n",
            base: null,
            at: Date.now(),
          },
        ]
      : [],
    recent: query.has("empty")
      ? []
      : [
          recent("open-library", "1.2.0", 1, 2, 0.2),
          recent("word-count", "0.3.0", 0, 0, 26),
          recent("release-notes", "0.8.1", 0, 2, 75),
          recent("postgres-read", "2.1.0", 0, 0, 200),
          recent("memory-provider", "0.4.1", 3, 0, 340),
          recent("github-issues", "1.0.0", 0, 0, 900, false),
          recent("weather", "0.1.0", 0, 0, 3000),
        ],
    samples: [
      { name: "open-library", description: "search and read a web API", contents: "2 tools, cases, models" },
      { name: "word-count", description: "smallest pack there is", contents: "1 tool, no network" },
      { name: "release-notes", description: "guides, templates, behaviour", contents: "no code" },
    ],
    environment: {
      version: "0.1.0",
      system: "Linux",
      facts: [
        { key: "display", label: "Display", verdict: "pass", value: "Wayland", hint: null },
        { key: "webkit", label: "WebKit", verdict: "pass", value: "2.50.4", hint: null },
        {
          key: "rendering",
          label: "Rendering",
          verdict: "warn",
          value: "without DMA-BUF",
          hint: "The driver drew nothing with it.",
        },
        {
          key: "data",
          label: "Data folder",
          verdict: "info",
          value: "~/.local/share/packwright",
          hint: null,
        },
      ],
    },
    ...(query.has("notools") ? {} : DEMO_TOOLS),
    releases: {
      local: [
        { version: "1.1.3", digest: `sha256:${"b41c".repeat(16)}`, latest: true, signed: true },
        { version: "1.1.2", digest: `sha256:${"77ad".repeat(16)}`, latest: false, signed: true },
        { version: "1.0.0", digest: `sha256:${"03e9".repeat(16)}`, latest: false, signed: false },
      ],
    },
    checks: query.has("blocked")
      ? [
          { verdict: "pass", text: "14 files, 212 KB of 100 MB", hint: null, place: null },
          {
            verdict: "fail",
            text: "`schemas/search_books.out.json` does not exist",
            hint: "The manifest names it as the output of search_books.",
            place: { file: "pack.yaml", line: 15, column: 13 },
          },
        ]
      : [
          { verdict: "pass", text: "14 files, 212 KB of 100 MB", hint: null, place: null },
          { verdict: "pass", text: "5 of 5 cases pass, replayed offline", hint: null, place: null },
          {
            verdict: "warn",
            text: "“Gets a book.” says too little to choose this tool by",
            hint: "Say what it takes and what it answers.",
            place: { file: "pack.yaml", line: 21, column: 18 },
          },
          { verdict: "pass", text: "No secrets found", hint: null, place: null },
        ],
    beforeStep: async (step) => {
      await new Promise((resolve) => setTimeout(resolve, 400));
      if (query.has("refused") && step === 2)
        throw new Failed({
          code: "refused",
          message: "The registry refused the push: 403.",
          hints: ["The token lacks `write:packages`. Nothing was moved."],
        });
    },
    check: demoCheck,
    fix: (path, diagnostic, _text, uri) => [
      {
        title: diagnostic.data?.fix ?? "",
        kind: "quickfix",
        isPreferred: true,
        edit: {
          documentChanges: [
            {
              textDocument: { uri: uri(path), version: null },
              edits: [{ range: diagnostic.range, newText: "schemas/search_books.output.json" }],
            },
          ],
        },
      },
    ],
  });
}

function demoCheck(path: string, text: string): Diagnostic[] {
  const found: Diagnostic[] = [];
  const mark = (needle: string, severity: 1 | 2, code: string, message: string, data: Diagnostic["data"]) => {
    text.split("\n").forEach((line, index) => {
      const character = line.indexOf(needle);
      if (character < 0) return;
      found.push({
        range: {
          start: { line: index, character },
          end: { line: index, character: character + needle.length },
        },
        severity,
        code,
        source: "packwright",
        message,
        ...(data ? { data } : {}),
      });
    });
  };
  if (path === "pack.yaml") {
    mark(
      "schemas/search_books.out.json",
      1,
      "manifest/missing-file",
      "schemas/search_books.out.json does not exist",
      {
        hints: [
          "Did you mean schemas/search_books.output.json?",
          "Or make the file: an output schema says what the tool answers.",
        ],
        fix: "Change it to schemas/search_books.output.json",
        summary: "Every file that the manifest names is in the pack.",
        why: "A pack that names a missing file is refused when it is built, and by everyone who would install it.",
      },
    );
    mark(
      "Gets a book.",
      2,
      "tool/thin-description",
      "“Gets a book.” says too little to choose this tool by",
      {
        hints: ["Say what it takes, what it answers, and when to prefer it."],
        fix: null,
        summary: "A tool’s description says enough for a model to choose it.",
        why: "The description is all that a model sees before it calls.",
      },
    );
  }
  if (path === "schemas/search_books.input.json")
    mark('"enum"', 2, "helmdeck/drops-keyword", "helmdeck drops enum: models will guess sort", {
      hints: [],
      fix: null,
      summary: "Keywords that a target drops are known.",
      why: "",
    });
  return found;
}
