/** Taking back what was changed in several files at once. */
import { undo } from "@codemirror/commands";
import { fireEvent, render, screen } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import App from "../App.svelte";
import type { EditorBuffer } from "../lib/editor/editorBuffer";
import { FakeHost, type FakeOptions } from "../lib/host/fakeHost";
import type { CodeAction, Range } from "../lib/pack/protocol";
import { Studio } from "../lib/shell/studio.svelte";
import { Toasts } from "../lib/shell/toasts.svelte";
import { openPack, until, violations } from "./support";

const range = (line: number, from: number, to: number): Range => ({
  start: { line, character: from },
  end: { line, character: to },
});

const FILES = { "pack.yaml": "name: books\n", "a.md": "# books\n\nbooks\n", "books.json": "{}\n" };

/** A pack where "books" is renamed in two files, and a third gets another name with it. */
const renamable = {
  files: FILES,
  answers: {
    "textDocument/prepareRename": () => ({ range: range(0, 6, 11), placeholder: "books" }),
    "textDocument/rename": (_path: string, { newName = "" }, uri: (path: string) => string) => {
      const change = (path: string, ...places: Range[]) => ({
        textDocument: { uri: uri(path), version: null },
        edits: places.map((place) => ({ range: place, newText: newName })),
      });
      const own = change("pack.yaml", range(0, 6, 11));
      if (newName === "alone") return { documentChanges: [own] };
      return {
        documentChanges: [
          own,
          change("a.md", range(0, 2, 7), range(2, 0, 5)),
          { kind: "rename", oldUri: uri("books.json"), newUri: uri(`${newName}.json`) },
        ],
      };
    },
  },
} satisfies FakeOptions;

async function renamed(to = "films") {
  const made = await openPack(renamable);
  await expect.poll(() => made.session.checker).toBe("ready");
  await made.session.beginRename();
  expect(await made.session.rename(to)).toBeNull();
  return made;
}

const textsOf = (host: FakeHost) =>
  Object.fromEntries([...host.files].map(([path, { text }]) => [path, text]));
const bufferOf = (session: Awaited<ReturnType<typeof renamed>>["session"], path: string) =>
  session.files.find((file) => file.path === path)?.buffer as EditorBuffer;

test("a rename with files is told with a way back, which brings back texts and names", async () => {
  const { session, host, toasts } = await renamed();
  expect(toasts.list).toMatchObject([
    { message: "Renamed books to films in 3 files.", action: { label: "Undo", command: "undoAcross" } },
  ]);
  await session.saveAll();
  expect([...host.files.keys()].sort()).toEqual(["a.md", "films.json", "pack.yaml"]);
  await session.takeBack();
  await session.saveAll();
  expect(textsOf(host)).toEqual(FILES);
  expect(session.active?.path).toBe("pack.yaml");
  expect(session.canTakeBack).toBe(false);
  expect(toasts.list.map((each) => [each.message, each.action])).toEqual([
    ["Undone: 3 files are as they were.", undefined],
  ]);
});

test("a list of references does not outlive the name", async () => {
  const { session } = await openPack({
    ...renamable,
    answers: {
      ...renamable.answers,
      "textDocument/references": (_path, _params, uri) => [{ uri: uri("pack.yaml"), range: range(0, 6, 11) }],
    },
  });
  await expect.poll(() => session.checker).toBe("ready");
  expect(await session.findReferences()).toBe(true);
  await session.beginRename();
  await session.rename("films");
  expect(session.references.list).toBeNull();
});

test("what was renamed in one text only is for the text's own undo", async () => {
  const { session, toasts } = await renamed("alone");
  expect(toasts.list).toEqual([]);
  expect(session.canTakeBack).toBe(false);
});

test("a tab that was moved and one that was closed meanwhile are brought back too", async () => {
  const made = await openPack(renamable);
  const { session, host } = made;
  await expect.poll(() => session.checker).toBe("ready");
  await session.open("books.json");
  session.activate("pack.yaml");
  await session.beginRename();
  await session.rename("films");
  const closed = session.files.find((file) => file.path === "a.md");
  if (closed) await session.close(closed);
  session.activate("films.json");
  await session.takeBack();
  expect(session.active?.path).toBe("books.json");
  await session.saveAll();
  expect(textsOf(host)).toEqual(FILES);
});

test("a text that has changed since is kept, and all else with it", async () => {
  const { session, host, toasts } = await renamed();
  bufferOf(session, "a.md").dispatch({ changes: { from: 0, insert: "x" }, userEvent: "input.type" });
  await session.takeBack();
  expect(toasts.list.at(-1)).toMatchObject({
    tone: "fail",
    message: "a.md has changed since, so nothing was undone. F2 renames it back.",
  });
  await session.saveAll();
  expect(textsOf(host)).toEqual({
    "pack.yaml": "name: films\n",
    "a.md": "x# films\n\nfilms\n",
    "films.json": "{}\n",
  });
  // Without that change it goes.
  const changed = bufferOf(session, "a.md");
  undo({ state: changed.state, dispatch: (spec) => changed.dispatch(spec) });
  await session.takeBack();
  await session.saveAll();
  expect(textsOf(host)).toEqual(FILES);
});

test("a change on disk in a closed file is seen as well", async () => {
  const { session, host, toasts } = await renamed();
  await session.saveAll();
  for (const file of [...session.files]) if (file.path === "a.md") await session.close(file);
  host.files.set("a.md", { text: "by another hand\n" });
  const tabs = session.files.length;
  await session.takeBack();
  expect(toasts.list.at(-1)?.message).toContain("a.md has changed since");
  expect(session.files.length).toBe(tabs);
});

test("where the old name is taken nothing is undone", async () => {
  const { session, host, toasts } = await renamed();
  host.files.set("books.json", { text: "new\n" });
  await session.takeBack();
  expect(toasts.list.at(-1)?.message).toContain("exists already");
  await session.saveAll();
  expect(host.files.get("pack.yaml")?.text).toBe("name: films\n");
  expect(session.canTakeBack).toBe(true);
});

/** Moves a schema of the manifest to a file. */
const extract: CodeAction = {
  title: "Move the schema to s.json",
  kind: "refactor.extract",
  edit: {
    documentChanges: [
      { kind: "create", uri: "file:///home/ada/packs/open-library/s.json" },
      {
        textDocument: { uri: "file:///home/ada/packs/open-library/s.json", version: null },
        edits: [{ range: range(0, 0, 0), newText: "{}\n" }],
      },
      {
        textDocument: { uri: "file:///home/ada/packs/open-library/pack.yaml", version: null },
        edits: [{ range: range(0, 7, 9), newText: "s.json" }],
      },
    ],
  },
};

test.each([true, false])("a file that a change made goes again, saved: %s", async (saved) => {
  const { session, host, toasts } = await openPack({ files: { "pack.yaml": "input: {}\n" } });
  await expect.poll(() => session.checker).toBe("ready");
  await session.act(extract);
  expect(toasts.list[0]?.message).toBe("Move the schema to s.json: 2 files changed.");
  if (saved) await session.saveAll();
  await session.takeBack();
  await session.saveAll();
  expect(textsOf(host)).toEqual({ "pack.yaml": "input: {}\n" });
  expect(session.files.map((file) => file.path)).toEqual(["pack.yaml"]);
  expect(session.active?.path).toBe("pack.yaml");
});

test("a file that cannot be taken away leaves all as it is", async () => {
  const { session, host, toasts } = await openPack({ files: { "pack.yaml": "input: {}\n" } });
  await expect.poll(() => session.checker).toBe("ready");
  await session.act(extract);
  host.fail("remove_file", "denied", { message: "no permission" });
  await session.takeBack();
  expect(toasts.list.at(-1)?.message).toBe("no permission");
  await session.saveAll();
  expect(textsOf(host)).toEqual({ "pack.yaml": "input: s.json\n", "s.json": "{}\n" });
});

test("the toast's button and its key do the same", async () => {
  const host = new FakeHost(renamable);
  const studio = new Studio(host);
  render(App, { studio });
  await studio.openPath("/home/ada/packs/open-library");
  await until(() => expect(studio.pack?.checker).toBe("ready"));
  const rename = async () => {
    await studio.pack?.beginRename();
    await studio.pack?.rename("films");
    return screen.findByRole("button", { name: "Undo" });
  };
  const button = await rename();
  expect(button.textContent).toContain("Shift+F2");
  expect(await violations()).toEqual([]);
  await fireEvent.click(button);
  await until(() => expect(studio.pack?.active?.buffer?.text()).toBe(FILES["pack.yaml"]));
  await until(() => expect(screen.queryByRole("button", { name: "Undo" })).toBeNull());
  await rename();
  await fireEvent.keyDown(document.body, { key: "F2", shiftKey: true });
  await until(() => expect(studio.pack?.active?.buffer?.text()).toBe(FILES["pack.yaml"]));
  // With the pack the offer goes.
  await rename();
  await studio.closePack();
  expect(studio.toasts.list.some((each) => each.action)).toBe(false);
});

test("a toast that offers something stays longer, and none goes while somebody is at it", () => {
  vi.useFakeTimers();
  const toasts = new Toasts();
  toasts.show({ tone: "info", message: "a" });
  toasts.show({ tone: "pass", message: "b", action: { label: "Undo", command: "undoAcross" } });
  toasts.show({ tone: "fail", message: "c" });
  const messages = () => toasts.list.map((each) => each.message);
  vi.advanceTimersByTime(6000);
  expect(messages()).toEqual(["b", "c"]);
  const id = toasts.list[0]?.id ?? -1;
  toasts.hold(id);
  vi.advanceTimersByTime(60_000);
  expect(messages()).toEqual(["b", "c"]);
  toasts.release(id);
  vi.advanceTimersByTime(19_999);
  expect(messages()).toEqual(["b", "c"]);
  vi.advanceTimersByTime(1);
  expect(messages()).toEqual(["c"]);
  // An offer is about the newest change only.
  toasts.show({ tone: "pass", message: "d", action: { label: "Undo", command: "undoAcross" } });
  toasts.show({ tone: "pass", message: "e", action: { label: "Undo", command: "undoAcross" } });
  expect(messages()).toEqual(["c", "e"]);
  vi.useRealTimers();
});
