/** What can be chosen at a place: changes, references, and the parts of a file; with a scripted server. */
import { undo } from "@codemirror/commands";
import type { EditorView } from "@codemirror/view";
import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import App from "../App.svelte";
import { FakeHost, type FakeOptions } from "../lib/host/fakeHost";
import type { EditorBuffer } from "../lib/editor/editorBuffer";
import type { DocumentSymbol, Range } from "../lib/pack/protocol";
import { lineAround } from "../lib/pack/references.svelte";
import { Studio } from "../lib/shell/studio.svelte";
import { diagnostic, until, violations, withFix } from "./support";

const range = (line: number, from: number, to: number): Range => ({
  start: { line, character: from },
  end: { line, character: to },
});

async function studioOn(options: FakeOptions) {
  const host = new FakeHost(options);
  const studio = new Studio(host);
  render(App, { studio });
  await studio.openPath("/home/ada/packs/open-library");
  await until(() => expect(studio.pack?.checker).toBe("ready"));
  await until(() => expect(studio.pack?.active?.buffer).toBeTruthy());
  return { host, studio };
}

const press = (key: string, extra: KeyboardEventInit = {}) =>
  fireEvent.keyDown(document.body, { key, ...extra });
const quickFix = () => press(".", { code: "Period", ctrlKey: true });
const textOf = (studio: Studio, path: string) =>
  studio.pack?.files.find((file) => file.path === path)?.buffer?.text();

/** A pack whose server offers to move a schema out of the manifest. */
const extracting = {
  files: { "pack.yaml": "name: a\ninput: {}\n" },
  answers: {
    "textDocument/codeAction": (_path: string, _params: object, uri: (path: string) => string) => [
      {
        title: "Move the schema to schemas/a.json",
        kind: "refactor.extract",
        edit: {
          documentChanges: [
            {
              textDocument: { uri: uri("pack.yaml"), version: null },
              edits: [{ range: range(1, 7, 9), newText: "schemas/a.json" }],
            },
            { kind: "create", uri: uri("schemas/a.json") },
            {
              textDocument: { uri: uri("schemas/a.json"), version: null },
              edits: [{ range: range(0, 0, 0), newText: "{}\n" }],
            },
          ],
        },
      },
      { title: "Nothing to do", kind: "refactor.rewrite" },
    ],
  },
} satisfies FakeOptions;

test("a change is offered before it is made, and one undo takes it back", async () => {
  const { studio } = await studioOn(extracting);
  await quickFix();
  const option = await screen.findByRole("option", { name: "Move the schema to schemas/a.json" });
  expect(screen.getAllByRole("option")).toHaveLength(1);
  expect(await violations()).toEqual([]);
  expect(textOf(studio, "pack.yaml")).toBe("name: a\ninput: {}\n");
  await fireEvent.click(option);
  await until(() => expect(textOf(studio, "schemas/a.json")).toBe("{}\n"));
  expect(textOf(studio, "pack.yaml")).toBe("name: a\ninput: schemas/a.json\n");
  expect(studio.pack?.active?.path).toBe("pack.yaml");
  expect(studio.overlay).toBeNull();
  undo((studio.pack?.active?.buffer as EditorBuffer).view as EditorView);
  expect(textOf(studio, "pack.yaml")).toBe("name: a\ninput: {}\n");
});

/** A pack whose one problem has a certain fix. */
const faulty = {
  files: extracting.files,
  check: (_path, text) => (text.includes("mended") ? [] : [diagnostic(0, 6, 7, { data: withFix })]),
  fix: (_path, _diagnostic, _text, uri) => [
    {
      title: "Mend it",
      kind: "quickfix",
      isPreferred: true,
      edit: { changes: { [uri("pack.yaml")]: [{ range: range(0, 6, 7), newText: "mended" }] } },
    },
  ],
} satisfies FakeOptions;

test("the fix of the problem stands before other changes", async () => {
  const { studio } = await studioOn({ ...faulty, answers: extracting.answers });
  await until(() => expect(studio.pack?.problems.selected).not.toBeNull());
  await quickFix();
  await screen.findByRole("option", { name: "Mend it" });
  expect(screen.getAllByRole("option").map((each) => each.textContent?.trim())).toEqual([
    "Mend it",
    "Move the schema to schemas/a.json",
  ]);
});

test("a fix that is alone is made at once", async () => {
  const { studio } = await studioOn(faulty);
  await until(() => expect(studio.pack?.problems.selected).not.toBeNull());
  await quickFix();
  await until(() => expect(textOf(studio, "pack.yaml")).toContain("name: mended"));
  expect(studio.overlay).toBeNull();
});

test("where nothing can be changed the author is told so", async () => {
  const { studio } = await studioOn({});
  await quickFix();
  await until(() => expect(studio.toasts.list[0]?.message).toContain("Nothing can be changed"));
  expect(studio.overlay).toBeNull();
});

/** A pack where "books" is named three times. */
const named = {
  files: { "a.md": "# About\n  books, and more\n", "pack.yaml": "name: books\ntools: [books]\n" },
  answers: {
    "textDocument/references": (_path: string, _params: object, uri: (path: string) => string) => [
      { uri: uri("a.md"), range: range(1, 2, 7) },
      { uri: uri("pack.yaml"), range: range(0, 6, 11) },
      { uri: uri("pack.yaml"), range: range(1, 8, 13) },
      { uri: "file:///etc/passwd", range: range(0, 0, 1) },
    ],
  },
} satisfies FakeOptions;

test("references are listed with their lines, and stay while they are walked", async () => {
  const { studio } = await studioOn(named);
  studio.pack?.reveal(range(0, 8, 8));
  await press("F12", { shiftKey: true });
  const grid = await screen.findByRole("grid", { name: "References by file" });
  expect(
    within(grid)
      .getAllByRole("row")
      .map((row) => row.textContent?.trim()),
  ).toEqual(["pack.yaml", "name: books1:7", "tools: [books]2:9", "a.md", "books, and more2:3"]);
  expect(studio.pack?.references.selected?.id).toBe("pack.yaml:0:6");
  expect(await violations()).toEqual([]);
  const place = () => [studio.pack?.active?.path, studio.pack?.active?.buffer?.cursor()];
  await press("F4");
  await until(() => expect(place()).toEqual(["pack.yaml", { line: 1, character: 8 }]));
  await press("F4");
  await until(() => expect(place()).toEqual(["a.md", { line: 1, character: 2 }]));
  await press("F4");
  await until(() => expect(place()).toEqual(["pack.yaml", { line: 0, character: 6 }]));
  await press("F4", { shiftKey: true });
  await until(() => expect(place()).toEqual(["a.md", { line: 1, character: 2 }]));
  await fireEvent.click(screen.getByRole("button", { name: "Close the references" }));
  expect(screen.queryByRole("grid", { name: "References by file" })).toBeNull();
  expect(screen.queryByRole("tab", { name: /Problems/ })).toBeNull();
});

test("problems and references share the panel", async () => {
  const { studio } = await studioOn({ ...named, check: () => [diagnostic(0, 0, 1)] });
  await press("F12", { shiftKey: true });
  await screen.findByRole("grid", { name: "References by file" });
  await press("F8");
  await screen.findByRole("grid", { name: "Problems by file" });
  await fireEvent.click(screen.getByRole("tab", { name: /References/ }));
  await screen.findByRole("grid", { name: "References by file" });
  expect(studio.pack?.references.list).toHaveLength(3);
});

test("what nothing names is said, and leaves the panel as it was", async () => {
  const { studio } = await studioOn({ answers: { "textDocument/references": () => [] } });
  await press("F12", { shiftKey: true });
  await until(() => expect(studio.toasts.list[0]?.message).toContain("Nothing in the pack names"));
  expect(studio.pack?.references.list).toBeNull();
});

test("a line is told with what is around the name, however long it is", () => {
  expect(lineAround("a\r\n\t x y z \r\n", range(1, 4, 5))).toEqual(["x ", "y", " z"]);
  const long = lineAround("-".repeat(5000) + "x" + "+".repeat(5000), range(0, 5000, 5001));
  expect(long.map((part) => part.length)).toEqual([160, 1, 160]);
  expect(lineAround("a", range(7, 0, 1))).toEqual(["", "", ""]);
});

const part = (name: string, kind: number, line: number, children: DocumentSymbol[] = []): DocumentSymbol => ({
  name,
  kind,
  range: range(line, 0, 4),
  selectionRange: range(line, 0, 4),
  children,
});

test("the outline begins at the cursor, and Enter goes to a part", async () => {
  const { studio } = await studioOn({
    files: { "pack.yaml": "name: a\ntools:\n- name: b\n- name: c\n" },
    answers: {
      "textDocument/documentSymbol": () => [
        part("name", 7, 0),
        part("tools", 7, 1, [part("b", 12, 2), part("c", 12, 3)]),
      ],
    },
  });
  studio.pack?.reveal(range(2, 1, 1));
  await press("O", { code: "KeyO", ctrlKey: true, shiftKey: true });
  const input = await screen.findByRole("combobox", { name: "Outline" });
  const names = () => screen.getAllByRole("option").map((each) => each.textContent?.trim());
  expect(names()).toEqual(["name", "tools", "b", "c"]);
  expect(screen.getByRole("option", { selected: true }).textContent).toContain("b");
  expect(await violations()).toEqual([]);
  await fireEvent.input(input, { target: { value: "c" } });
  expect(names()).toEqual(["c"]);
  await fireEvent.keyDown(input, { key: "Enter" });
  await until(() => expect(studio.pack?.active?.buffer?.cursor()).toEqual({ line: 3, character: 0 }));
});

test("a file without parts says so", async () => {
  const { studio } = await studioOn({});
  await press("O", { code: "KeyO", ctrlKey: true, shiftKey: true });
  await until(() => expect(studio.toasts.list[0]?.message).toContain("no outline"));
});
