/** An open pack with the real editor state and language client behind it, and a scripted server. */
import { expect, test, vi } from "vitest";
import type { EditorBuffer } from "../lib/editor/editorBuffer";
import type { Diagnostic } from "../lib/pack/protocol";
import { digestOf, FakeHost } from "../lib/host/fakeHost";
import { PackSession } from "../lib/pack/session.svelte";
import { Toasts } from "../lib/shell/toasts.svelte";
import { diagnostic, openPack, until, withFix } from "./support";

const buffer = (session: PackSession) => session.active?.buffer as EditorBuffer;

/** Every "BAD" is an error that can be mended. */
function check(_path: string, text: string): Diagnostic[] {
  return text.split("\n").flatMap((line, index) => {
    const at = line.indexOf("BAD");
    return at < 0 ? [] : [diagnostic(index, at, at + 3, { data: withFix, message: "bad word" })];
  });
}

test("a pack opens on its manifest and problems of closed files are known", async () => {
  const { session } = await openPack({
    files: { "pack.yaml": "name: a\n", "schemas/x.json": '"BAD"\n' },
    check,
  });
  expect(session.active?.path).toBe("pack.yaml");
  await until(() => expect(session.problems.of("schemas/x.json")).toHaveLength(1));
});

test("typing reaches the server at the next frame, and its answer the list", async () => {
  const { session, host } = await openPack({ check });
  await until(() =>
    expect(host.calls.some((call) => JSON.stringify(call.args).includes("didOpen"))).toBe(true),
  );
  buffer(session).dispatch({ changes: { from: 0, insert: "# BAD\n" } });
  expect(session.active?.dirty).toBe(true);
  await until(() => expect(session.problems.counts.errors).toBe(1));
  buffer(session).replace("name: a\n", { undoable: true });
  await until(() => expect(session.problems.counts.errors).toBe(0));
});

test("a problem stays on its text while lines are typed above it", async () => {
  const { session } = await openPack({ files: { "pack.yaml": "a: BAD\n" }, check });
  await until(() => expect(session.problems.all).toHaveLength(1));
  const problem = session.problems.all[0];
  if (!problem) throw new Error("no problem");
  buffer(session).dispatch({ changes: { from: 0, insert: "x: 1\ny: 2\n" } });
  expect(buffer(session).rangeOf(problem)).toEqual({
    start: { line: 2, character: 3 },
    end: { line: 2, character: 6 },
  });
});

test("an answer about an older text is mapped onto what was typed since", async () => {
  const { session, host } = await openPack({ files: { "pack.yaml": "a: BAD\n" } });
  await until(() =>
    expect(host.calls.some((call) => JSON.stringify(call.args).includes("didOpen"))).toBe(true),
  );
  // The server hears nothing more: what it says next is about the text as it was opened.
  vi.spyOn(host, "call").mockImplementation(async () => null as never);
  buffer(session).dispatch({ changes: { from: 0, insert: "x: 1\n" } });
  host.emit({
    event: "lsp",
    session: host.session,
    message: JSON.stringify({
      jsonrpc: "2.0",
      method: "textDocument/publishDiagnostics",
      params: { uri: host.rootUri + "/pack.yaml", version: 0, diagnostics: check("", "a: BAD\n") },
    }),
  });
  await until(() => expect(session.problems.all).toHaveLength(1));
  const problem = session.problems.all[0];
  expect(problem && buffer(session).rangeOf(problem)?.start).toEqual({ line: 1, character: 3 });
});

test("a fix is one step of the undo history and is saved like typing", async () => {
  const { session, host } = await openPack({
    files: { "pack.yaml": "a: BAD\nb: 1\n" },
    check,
    fix: (path, found, _text, uri) => [
      { title: "Other", edit: {} },
      {
        title: "Mend it",
        isPreferred: true,
        edit: { changes: { [uri(path)]: [{ range: found.range, newText: "good" }] } },
      },
    ],
  });
  await until(() => expect(session.problems.all).toHaveLength(1));
  await session.applyFix(session.problems.all[0]);
  expect(buffer(session).text()).toBe("a: good\nb: 1\n");
  await until(() => expect(session.problems.all).toHaveLength(0));
  await until(() => expect(host.files.get("pack.yaml")?.text).toBe("a: good\nb: 1\n"));
  const { undo } = await import("@codemirror/commands");
  undo({ state: buffer(session).state, dispatch: (transaction) => buffer(session).dispatch(transaction) });
  expect(buffer(session).text()).toBe("a: BAD\nb: 1\n");
});

test("a fix may make a file that does not exist", async () => {
  const { session, host } = await openPack({
    files: { "pack.yaml": "a: BAD\n" },
    check,
    fix: (_path, _found, _text, uri) => [
      {
        title: "Make it",
        edit: {
          documentChanges: [
            { kind: "create", uri: uri("guides/new one.md") },
            {
              textDocument: { uri: uri("guides/new one.md"), version: null },
              edits: [{ range: diagnostic(0, 0, 0).range, newText: "# New\n" }],
            },
          ],
        },
      },
    ],
  });
  await until(() => expect(session.problems.all).toHaveLength(1));
  await session.applyFix(session.problems.all[0]);
  expect(session.active?.path).toBe("guides/new one.md");
  await until(() => expect(host.files.get("guides/new one.md")?.text).toBe("# New\n"));
});

test("a fix that reaches outside the pack is refused and changes nothing", async () => {
  const { session, toasts } = await openPack({
    files: { "pack.yaml": "a: BAD\n" },
    check,
    fix: () => [
      {
        title: "x",
        edit: { changes: { "file:///etc/passwd": [{ range: diagnostic(0, 0, 0).range, newText: "x" }] } },
      },
    ],
  });
  await until(() => expect(session.problems.all).toHaveLength(1));
  await session.applyFix(session.problems.all[0]);
  expect(toasts.list[0]?.message).toContain("outside this pack");
  expect(buffer(session).text()).toBe("a: BAD\n");
});

test("each tab keeps its own undo history", async () => {
  const { session } = await openPack({ files: { "pack.yaml": "a: 1\n", "b.md": "b\n" } });
  buffer(session).dispatch({ changes: { from: 0, insert: "x" } });
  const first = buffer(session);
  await session.open("b.md");
  await session.open("pack.yaml");
  expect(buffer(session)).toBe(first);
  const { undoDepth } = await import("@codemirror/commands");
  expect(undoDepth(buffer(session).state)).toBe(1);
});

test("a change on disk keeps the cursor and is told once", async () => {
  const { session, host, toasts } = await openPack({ files: { "pack.yaml": "a: 1\nb: 2\nc: 3\n" } });
  buffer(session).reveal(diagnostic(2, 1, 1).range);
  host.writeOutside("pack.yaml", "a: 1\nnew: line\nb: 2\nc: 3\n");
  await until(() => expect(buffer(session).text()).toContain("new: line"));
  expect(buffer(session).cursor()).toEqual({ line: 3, character: 1 });
  expect(session.active?.saveState).toBe("saved");
  expect(toasts.list).toHaveLength(1);
});

test("only a line feed ends a line", async () => {
  const { session } = await openPack({
    files: { "pack.yaml": { text: "a: 1\r\nb: 2\n", lineEnding: "mixed" } },
  });
  expect(buffer(session).text()).toBe("a: 1\r\nb: 2\n");
  expect(buffer(session).doc.lines).toBe(3);
});

test("text that was not saved comes back in a tab", async () => {
  const { session } = await openPack({
    files: { "pack.yaml": "a: 1\n", "b.md": "old\n" },
    unsaved: [{ path: "b.md", text: "lost\n", base: digestOf("old\n"), at: 0 }],
  });
  expect(session.active?.path).toBe("b.md");
  expect(session.active?.notice?.kind).toBe("restored");
  expect(buffer(session).text()).toBe("lost\n");
  expect(session.saveState).toBe("unsaved");
});

test("a folder without a manifest becomes a pack", async () => {
  const { session } = await openPack({ files: { "notes.md": "x\n" } });
  expect(session.hasManifest).toBe(false);
  expect(session.active).toBeNull();
  await session.createManifest();
  expect(session.active?.path).toBe("pack.yaml");
  expect(session.hasManifest).toBe(true);
});

test("closing a tab shows its neighbour and tells the server", async () => {
  const { session, host } = await openPack({ files: { "pack.yaml": "a: 1\n", "b.md": "b\n" } });
  const file = await session.open("b.md");
  await session.close(file);
  expect(session.active?.path).toBe("pack.yaml");
  await until(() =>
    expect(host.calls.some((call) => JSON.stringify(call.args).includes("didClose"))).toBe(true),
  );
});

const sent = (host: FakeHost, method: string) =>
  host.calls.filter((call) => call.name === "lsp_send" && JSON.stringify(call.args).includes(`${method}\\"`))
    .length;

test("events of another opening change nothing here", async () => {
  const { session, host } = await openPack();
  host.emit({ event: "identity", session: session.id + 1, name: "other", version: "9.9.9" });
  host.emit({ event: "entries", session: session.id + 1, entries: [], hasManifest: false });
  host.emit({ event: "vanished", session: session.id + 1, gone: true });
  expect(session.name).toBe("open-library");
  expect(session.entries).toHaveLength(1);
  expect(session.gone).toBe(false);
});

test("a folder becomes a pack without another language server", async () => {
  const { session, host } = await openPack({ files: { "notes.md": "x\n" } });
  await until(() => expect(sent(host, "initialized")).toBe(1));
  await session.createManifest();
  expect(host.calls.find((call) => call.name === "create_manifest")?.args).toEqual({ session: session.id });
  await until(() => expect(sent(host, "didOpen")).toBe(1));
  expect(sent(host, "initialize")).toBe(1);
});

test("a comparison and the text are one: each follows the other", async () => {
  const { session } = await openPack({ files: { "pack.yaml": "a: 1\nb: 2\n" } });
  const { compare } = await import("../lib/editor/editorView");
  const { EditorView } = await import("@codemirror/view");
  const parent = document.body.appendChild(document.createElement("div"));
  const text = buffer(session);
  const end = await compare(parent, { path: "pack.yaml", theirs: "a: 0\n", buffer: text });
  const side = parent.querySelectorAll<HTMLElement>(".cm-editor")[1];
  const right = side && EditorView.findFromDOM(side);
  if (!right) throw new Error("no right side");
  text.edit([{ from: 3, to: 4, insert: "fixed" }]);
  expect(right.state.doc.toString()).toBe("a: fixed\nb: 2\n");
  right.dispatch({ changes: { from: 0, insert: "# mine\n" } });
  expect(text.text()).toBe("# mine\na: fixed\nb: 2\n");
  text.replace("other\n", { undoable: false });
  expect(right.state.doc.toString()).toBe("other\n");
  text.freeze();
  right.dispatch({ changes: { from: 0, insert: "late" } });
  expect(right.state.doc.toString()).toBe("other\n");
  end();
  text.replace("after\n", { undoable: false });
});

test("pasted text ends its lines as the file does, and stays as it is in a mixed file", async () => {
  const { session } = await openPack({
    files: { "pack.yaml": "a: 1\n", "b.md": { text: "a\r\nb\n", lineEnding: "mixed" } },
  });
  const { EditorView } = await import("@codemirror/view");
  const pasted = () =>
    buffer(session)
      .state.facet(EditorView.clipboardInputFilter)
      .reduce((text, filter) => filter(text, buffer(session).state), "x\r\ny\rz\n");
  expect(pasted()).toBe("x\ny\nz\n");
  await session.open("b.md");
  expect(pasted()).toBe("x\r\ny\rz\n");
});

test("two quick clicks apply a fix once", async () => {
  const { session, host } = await openPack({
    files: { "pack.yaml": "a: BAD\n" },
    check,
    fix: (path, found, _text, uri) => [
      {
        title: "Mend it",
        edit: {
          changes: { [uri(path)]: [{ range: { ...found.range, end: found.range.start }, newText: "+" }] },
        },
      },
    ],
  });
  await until(() => expect(session.problems.all).toHaveLength(1));
  const problem = session.problems.all[0] ?? null;
  await Promise.all([session.applyFix(problem), session.applyFix(problem)]);
  expect(buffer(session).text()).toBe("a: +BAD\n");
  expect(sent(host, "textDocument/codeAction")).toBe(1);
  // The server has looked again: what it lists now is a new problem.
  await until(() => expect(session.problems.all[0]?.range.start.character).toBe(4));
  await session.applyFix(problem);
  expect(buffer(session).text()).toBe("a: ++BAD\n");
});

test("a file that others make unreadable is closed for the server", async () => {
  const { session, host } = await openPack();
  await until(() => expect(sent(host, "didOpen")).toBe(1));
  host.files.set("pack.yaml", { text: "x", unreadable: "not_text" });
  host.emit({ event: "fileChanged", session: session.id, path: "pack.yaml", digest: "other" });
  await until(() => expect(session.active?.phase.at).toBe("failed"));
  await until(() => expect(sent(host, "didClose")).toBe(1));
});

test("a clean pack is not called clean before the server has answered", async () => {
  const silent = await openPack({ deaf: true });
  expect(silent.session.checker).toBe("starting");
  const { session } = await openPack();
  await until(() => expect(session.checker).toBe("ready"));
});

test("a server that does not take the handshake leaves the pack unchecked", async () => {
  const quiet = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const host = new FakeHost();
  host.fail("lsp_send", "other", { always: true });
  const view = await host.call("open_pack", { path: host.root });
  const session = new PackSession(host, view, new Toasts());
  await session.begin();
  await until(() => expect(session.checker).toBe("failed"));
  await session.dispose();
  quiet.mockRestore();
});
