/** Completion, hover, the way to a definition and renaming, with a scripted server. */
import { acceptCompletion, CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { undoDepth } from "@codemirror/commands";
import { EditorState } from "@codemirror/state";
import { EditorView, type Tooltip } from "@codemirror/view";
import { fireEvent, render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import {
  assistance,
  type Assistant,
  completionResult,
  completionSource,
  hoverSource,
} from "../lib/editor/assistance";
import { lettersIn } from "../lib/editor/completionList";
import { EditorBuffer } from "../lib/editor/editorBuffer";
import { LanguageServer } from "../lib/editor/languageServer";
import { snippetOf } from "../lib/editor/snippets";
import type { CompletionItem, Hover, Range } from "../lib/pack/protocol";
import App from "../App.svelte";
import { FakeHost, type FakeOptions } from "../lib/host/fakeHost";
import { Studio } from "../lib/shell/studio.svelte";
import { openPack, until, violations } from "./support";

const range = (line: number, from: number, to: number): Range => ({
  start: { line, character: from },
  end: { line, character: to },
});

const item = (label: string, at: Range, extra: Partial<CompletionItem> = {}): CompletionItem => ({
  label,
  textEdit: { range: at, newText: label },
  ...extra,
});

const nobody: Assistant = {
  completions: () => Promise.resolve([]),
  hover: () => Promise.resolve(null),
  inlays: () => Promise.resolve([]),
  goToDefinition: () => undefined,
};

/** Takes an offer as Enter would, and answers with the text and what is selected in it. */
function taken(doc: string, pos: number, offer: CompletionItem): { text: string; selected: string } {
  const view = new EditorView({
    parent: document.body,
    state: EditorState.create({ doc, selection: { anchor: pos } }),
  });
  const result = completionResult([offer], view.state.doc, pos);
  const option = result?.options[0];
  if (!result || typeof option?.apply !== "function") throw new Error("nothing offered");
  option.apply(view, option, result.from, result.to ?? pos);
  const { from, to } = view.state.selection.main;
  const answer = { text: view.state.doc.toString(), selected: view.state.sliceDoc(from, to) };
  view.destroy();
  return answer;
}

test("offers keep the server's order, and only what fits the typed letters is shown", () => {
  const doc = EditorState.create({ doc: "na" }).doc;
  const at = range(0, 0, 2);
  const result = completionResult(
    [
      item("names", at, { sortText: "2", detail: "list" }),
      item("name", at, { sortText: "1", documentation: { kind: "markdown", value: "What it is *called*." } }),
      item("version", at, { sortText: "0" }),
      item("title", at, { sortText: "3", filterText: "nasa" }),
    ],
    doc,
    2,
  );
  expect(result).toMatchObject({ from: 0, to: 2, filter: false });
  expect(result?.options.map((each) => [each.label, each.detail])).toEqual([
    ["name", undefined],
    ["names", "list"],
    ["title", undefined],
  ]);
  const info = result?.options[0]?.info;
  const shown = typeof info === "function" ? (info({ label: "" }) as HTMLElement) : null;
  expect(shown?.textContent).toBe("What it is called.");
});

test("the letters that match are marked, in one piece where they can be", () => {
  expect(lettersIn("developer-tools", "TOO")).toEqual([10, 13]);
  expect(lettersIn("credentials", "ca")).toEqual([0, 1, 8, 9]);
  expect(lettersIn("credentials", "crls")).toEqual([0, 2, 9, 11]);
  expect(lettersIn("name", "")).toEqual([]);
  expect(lettersIn("name", "nb")).toBeNull();
});

test("an offer replaces its own range, behind the cursor too", () => {
  expect(taken("a: hand.ts # x", 5, item("handlers/a.ts", range(0, 3, 10))).text).toBe(
    "a: handlers/a.ts # x",
  );
});

test("offers of different ranges each replace their own", () => {
  const view = new EditorView({ state: EditorState.create({ doc: "a: 'x", selection: { anchor: 5 } }) });
  const both = [item("'xy'", range(0, 3, 5), { filterText: "'xy'" }), item("xz", range(0, 4, 5))];
  const result = completionResult(both, view.state.doc, 5) as CompletionResult;
  const second = result.options[1];
  if (typeof second?.apply !== "function") throw new Error("nothing offered");
  second.apply(view, second, result.from, result.to ?? 5);
  expect(view.state.doc.toString()).toBe("a: 'xz");
});

test("a snippet selects its first place, and its lines are indented once", () => {
  const offer = item("tools", range(1, 2, 3), {
    insertTextFormat: 2,
    textEdit: { range: range(1, 2, 3), newText: "tools:\n    - name: ${1:search}\n      handler: $2" },
  });
  expect(taken("a:\n  t\n", 6, offer)).toEqual({
    text: "a:\n  tools:\n    - name: search\n      handler: \n",
    selected: "search",
  });
});

test("signs of a snippet that stand for themselves are no places to fill in", () => {
  const newText = "value: '\\${secrets[\"KEY\"]}' #{x} $1";
  const offer = item("value", range(0, 0, 1), {
    insertTextFormat: 2,
    textEdit: { range: range(0, 0, 1), newText },
  });
  expect(taken("v", 1, offer)).toEqual({ text: "value: '${secrets[\"KEY\"]}' #{x} ", selected: "" });
});

test("the server's places become CodeMirror's", () => {
  expect(snippetOf("$1 ${2:b} ${3} \\$4 $0", "").template).toBe("${1} ${2:b} ${3} $4 ${0}");
  expect(snippetOf("${1:a\\}b} \\\\{", "")).toEqual({ template: "a}b \\\\{", plain: "a}b \\{" });
  expect(snippetOf("a:\n    b: ${1:c}", "  ").template).toBe("a:\n  b: ${1:c}");
  expect(snippetOf("a:\r\nb: ${1:c}", "  ")).toEqual({ template: null, plain: "a:\nb: c" });
});

test("the server is asked after words and signs that open something, and always with the key", async () => {
  let asked = 0;
  const source = completionSource({
    ...nobody,
    completions: () => {
      asked++;
      return Promise.resolve([]);
    },
  });
  const ask = (doc: string, explicit: boolean) =>
    source(new CompletionContext(EditorState.create({ doc }), doc.length, explicit));
  await ask("name:", false);
  await ask("", false);
  expect(asked).toBe(0);
  await ask("name: ", false);
  await ask("na", false);
  await ask("name:", true);
  expect(asked).toBe(3);
});

test("a server that fails leaves the author typing", async () => {
  const broken = { ...nobody, completions: () => Promise.reject(new Error("gone")) };
  const context = new CompletionContext(EditorState.create({ doc: "a" }), 1, true);
  const { error } = console;
  console.error = () => undefined;
  expect(await completionSource(broken)(context)).toBeNull();
  console.error = error;
});

test("a hover is paragraphs, code and bold; markup in it stays text", async () => {
  const value = "**`name`**: what it is *called*\n\n<img src=x onerror=alert(1)> `<b>`\n\n- one\n- **two**";
  const view = new EditorView({ state: EditorState.create({ doc: "name: a" }) });
  const source = hoverSource({
    ...nobody,
    hover: () => Promise.resolve({ contents: { kind: "markdown", value }, range: range(0, 0, 4) }),
  });
  const tooltip = (await source(view, 2, 1)) as Tooltip;
  expect(tooltip).toMatchObject({ pos: 0, end: 4 });
  expect(tooltip.create(view).dom.innerHTML).toBe(
    "<p><strong><code>name</code></strong>: what it is <em>called</em></p>" +
      "<p>&lt;img src=x onerror=alert(1)&gt; <code>&lt;b&gt;</code></p>" +
      "<ul><li>one</li><li><strong>two</strong></li></ul>",
  );
});

test("a text that scrolls under a resting mouse is not explained", async () => {
  const at = (view: EditorView, screenX: number) =>
    view.contentDOM.dispatchEvent(new MouseEvent("mousemove", { bubbles: true, screenX }));
  let answer: (hover: Hover) => void = () => undefined;
  const assistant = { ...nobody, hover: () => new Promise<Hover>((resolve) => (answer = resolve)) };
  const state = EditorState.create({ doc: "name: a", extensions: assistance(assistant) });
  const view = new EditorView({ parent: document.body, state });
  const source = hoverSource(assistant);
  const asked = async () => {
    const told = source(view, 2, 1);
    answer({ contents: "a name" });
    return (await told) !== null;
  };
  const press = () => window.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown" }));
  at(view, 10);
  expect(await asked()).toBe(true);
  press();
  expect(await asked()).toBe(false);
  at(view, 10);
  expect(await asked()).toBe(false);
  at(view, 11);
  expect(await asked()).toBe(true);
  // A key that comes before the answer counts as well.
  const told = source(view, 2, 1);
  press();
  answer({ contents: "a name" });
  expect(await told).toBeNull();
  view.destroy();
});

test("the server knows what was typed before it is asked", async () => {
  const { session, host } = await openPack({
    answers: {
      "textDocument/definition": (path, _params, uri) => [{ uri: uri(path), range: range(1, 3, 4) }],
    },
  });
  const buffer = session.active?.buffer as EditorBuffer;
  await expect.poll(() => session.checker).toBe("ready");
  buffer.dispatch({ changes: { from: 0, insert: "# one\n" } });
  await session.goToDefinition("pack.yaml", { line: 1, character: 0 });
  const sent = host.calls.map((call) => JSON.stringify(call.args));
  const at = (method: string) => sent.findIndex((each) => each.includes(method));
  expect(at("textDocument/didChange")).toBeGreaterThan(0);
  expect(at("textDocument/definition")).toBeGreaterThan(at("textDocument/didChange"));
  expect(buffer.cursor()).toEqual({ line: 1, character: 3 });
});

test("what is asked before the server is ready is answered when it is", async () => {
  const host = new FakeHost({ answers: { "textDocument/hover": () => ({ contents: "a name" }) } });
  const sent: string[] = [];
  const server = new LanguageServer({
    send: (message) => Promise.resolve(sent.push(message)),
    rootUri: host.rootUri,
    published: () => [],
    started: () => undefined,
  });
  const buffer = await EditorBuffer.make({
    path: () => "pack.yaml",
    text: "name: a\n",
    readOnly: false,
    mixed: () => false,
    changed: () => undefined,
    moved: () => undefined,
    fix: () => undefined,
    assistant: nobody,
  });
  server.open("pack.yaml", buffer, []);
  const told = server.hover("pack.yaml", { line: 0, character: 1 });
  host.listen((event) => event.event === "lsp" && server.receive(event.message));
  const deliver = async () => {
    for (let message; (message = sent.shift()) !== undefined; await Promise.resolve())
      await host.call("lsp_send", { session: 0, message });
  };
  const delivering = setInterval(() => void deliver(), 1);
  expect(await told).toEqual({ contents: "a name" });
  clearInterval(delivering);
  server.dispose();
});

test("a definition opens its file at its place", async () => {
  const { session } = await openPack({
    files: { "pack.yaml": "name: a\n", "schemas/x.json": '{\n  "type": 1\n}\n' },
    answers: {
      "textDocument/definition": (_path, _params, uri) => [
        { uri: uri("schemas/x.json"), range: range(1, 2, 8) },
      ],
    },
  });
  await expect.poll(() => session.checker).toBe("ready");
  await session.goToDefinition();
  expect(session.active?.path).toBe("schemas/x.json");
  expect(session.active?.buffer?.cursor()).toEqual({ line: 1, character: 2 });
});

test("where nothing is declared the author is told so", async () => {
  const { session, toasts } = await openPack({
    answers: { "textDocument/definition": () => [{ uri: "file:///etc/passwd", range: range(0, 0, 0) }] },
  });
  await expect.poll(() => session.checker).toBe("ready");
  await session.goToDefinition();
  expect(toasts.list[0]?.message).toContain("declared");
  expect(session.active?.path).toBe("pack.yaml");
});

/** A pack where "books" can be renamed, in two files. */
const renamable = {
  files: { "pack.yaml": "name: books\n", "a.md": "books\n" },
  answers: {
    "textDocument/prepareRename": () => ({ range: range(0, 6, 11), placeholder: "books" }),
    "textDocument/rename": (_path: string, { newName = "" }, uri: (path: string) => string) => {
      if (newName.includes(" ")) throw new Error("A name has no blanks.");
      if (newName === "gone") return { documentChanges: [{ kind: "delete" }] };
      if (newName === "moved" || newName === "taken")
        return {
          documentChanges: [
            {
              textDocument: { uri: uri("pack.yaml"), version: null },
              edits: [{ range: range(0, 6, 11), newText: newName }],
            },
            {
              textDocument: { uri: uri("a.md"), version: null },
              edits: [{ range: range(0, 0, 5), newText: newName }],
            },
            {
              kind: "rename",
              oldUri: uri("a.md"),
              newUri: uri(newName === "moved" ? "b/c.md" : "pack.yaml"),
            },
          ],
        };
      return {
        changes: {
          [uri("pack.yaml")]: [{ range: range(0, 6, 11), newText: newName }],
          [uri("a.md")]: [{ range: range(0, 0, 5), newText: newName }],
        },
      };
    },
  },
} satisfies FakeOptions;

test("a rename changes every file that names it, and stays where it began", async () => {
  const { session } = await openPack(renamable);
  await expect.poll(() => session.checker).toBe("ready");
  expect(await session.beginRename()).toBe(true);
  expect(session.renaming?.name).toBe("books");
  expect(await session.rename("films")).toBeNull();
  expect(session.files.map((file) => file.buffer?.text())).toEqual(["name: films\n", "films\n"]);
  expect(session.active?.path).toBe("pack.yaml");
});

test("a rename that is refused says why and changes nothing", async () => {
  const { session } = await openPack(renamable);
  await expect.poll(() => session.checker).toBe("ready");
  await session.beginRename();
  expect((await session.rename("two words"))?.message).toBe("A name has no blanks.");
  expect((await session.rename("gone"))?.message).toContain("delete a file");
  expect((await session.rename("taken"))?.message).toContain("exists already");
  expect(session.active?.buffer?.text()).toBe("name: books\n");
});

test("a file that is renamed keeps its tab and its history, and is saved where it is now", async () => {
  const { session, host } = await openPack(renamable);
  await expect.poll(() => session.checker).toBe("ready");
  const file = await session.open("a.md");
  (file.buffer as EditorBuffer).dispatch({ changes: { from: 0, to: 5, insert: "books" } });
  session.activate("pack.yaml");
  await session.beginRename();
  expect(await session.rename("moved")).toBeNull();
  expect(session.files.map((each) => [each.path, each.buffer?.text()])).toEqual([
    ["pack.yaml", "name: moved\n"],
    ["b/c.md", "moved\n"],
  ]);
  expect(session.files[1]).toBe(file);
  expect(session.active?.path).toBe("pack.yaml");
  expect(undoDepth((file.buffer as EditorBuffer).state)).toBe(2);
  await file.save();
  expect(host.files.get("b/c.md")?.text).toBe("moved\n");
  expect(host.files.has("a.md")).toBe(false);
  // The server follows: what is typed is typed into the file of the new name.
  (file.buffer as EditorBuffer).dispatch({ changes: { from: 0, insert: "x" } });
  const changes = () => host.calls.filter((call) => JSON.stringify(call.args).includes("didChange"));
  await expect.poll(() => JSON.stringify(changes().at(-1)?.args)).toContain("b/c.md");
});

test("a rename of what has gone from its place is refused", async () => {
  let placeholder = "books";
  const { session } = await openPack({
    ...renamable,
    answers: {
      ...renamable.answers,
      "textDocument/prepareRename": () => ({ range: range(0, 6, 11), placeholder }),
    },
  });
  await expect.poll(() => session.checker).toBe("ready");
  await session.beginRename();
  placeholder = "other";
  expect((await session.rename("films"))?.message).toContain("no longer");
  expect(session.active?.buffer?.text()).toBe("name: books\n");
});

test("what cannot be renamed is said in the server's words", async () => {
  const { session, toasts } = await openPack({
    answers: {
      "textDocument/prepareRename": () => {
        throw new Error("A number has no name.");
      },
    },
  });
  await expect.poll(() => session.checker).toBe("ready");
  expect(await session.beginRename()).toBe(false);
  expect(toasts.list[0]?.message).toBe("A number has no name.");
});

test("F2 asks for the name in a dialog, and Enter gives it", async () => {
  const studio = new Studio(new FakeHost(renamable));
  render(App, { studio });
  await studio.openPath("/home/ada/packs/open-library");
  await until(() => expect(studio.pack?.checker).toBe("ready"));
  await fireEvent.keyDown(document.body, { key: "F2" });
  const input = await screen.findByRole<HTMLInputElement>("textbox", { name: "New name" });
  expect(input.value).toBe("books");
  expect(document.activeElement).toBe(input);
  expect(await violations()).toEqual([]);
  await fireEvent.input(input, { target: { value: "films" } });
  await fireEvent.keyDown(input, { key: "Enter" });
  await until(() => expect(studio.overlay).toBeNull());
  expect(studio.pack?.active?.buffer?.text()).toBe("name: films\n");
});

test("typing brings up the list in the editor, and what is chosen is taken", async () => {
  const studio = new Studio(
    new FakeHost({
      files: { "pack.yaml": "" },
      answers: {
        "textDocument/completion": (_path, { position }) => [
          item("version", range(0, 0, position?.character ?? 0), { detail: "required" }),
        ],
      },
    }),
  );
  render(App, { studio });
  await studio.openPath("/home/ada/packs/open-library");
  await until(() => expect(studio.pack?.checker).toBe("ready"));
  await until(() => expect((studio.pack?.active?.buffer as EditorBuffer | null)?.view).toBeTruthy());
  const view = (studio.pack?.active?.buffer as EditorBuffer).view as EditorView;
  view.focus();
  view.dispatch({ changes: { from: 0, insert: "v" }, selection: { anchor: 1 }, userEvent: "input.type" });
  await until(() => expect(document.querySelector(".cm-tooltip-autocomplete li")).toBeTruthy());
  expect(document.querySelector(".cm-tooltip-autocomplete li")?.textContent).toBe("versionrequired");
  expect(document.querySelector(".cm-completionMatchedText")?.textContent).toBe("v");
  expect(document.querySelector(".cm-completionFoot")?.textContent).toBe("EnterinsertEscclose1 of 1");
  // Nothing is taken in the first moment: a key pressed then was meant for the text.
  await until(() => expect(acceptCompletion(view)).toBe(true));
  expect(view.state.doc.toString()).toBe("version");
});
