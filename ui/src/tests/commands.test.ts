/** Commands and how they are found and called. */
import { expect, test } from "vitest";
import { fuzzyFilter, nearest } from "../lib/commands/fuzzy";
import { ariaKey, formatKey, keyMatches } from "../lib/commands/keys";
import { FakeHost } from "../lib/host/fakeHost";
import { Studio } from "../lib/shell/studio.svelte";
import { until } from "./support";

const press = (init: KeyboardEventInit) => new KeyboardEvent("keydown", init);

test("no two commands share a key while both can run", async () => {
  const studio = new Studio(new FakeHost());
  const check = () => {
    const keys = studio.commands.filter((command) => command.when()).flatMap((command) => command.keys);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  };
  check();
  await studio.openPath("/anywhere");
  expect(studio.pack?.active?.path).toBe("pack.yaml");
  check();
});

test("every command has a name of its own", () => {
  const { commands } = new Studio(new FakeHost());
  expect(new Set(commands.map((command) => command.id)).size).toBe(commands.length);
  expect(new Set(commands.map((command) => command.title)).size).toBe(commands.length);
});

test("a command that would do nothing cannot be called", () => {
  const studio = new Studio(new FakeHost());
  const ready = studio.commands.filter((command) => command.when()).map((command) => command.id);
  expect(ready).toContain("openFolder");
  expect(ready).not.toContain("save");
  expect(ready).not.toContain("closePack");
});

test("keys are matched with exactly their modifiers", () => {
  expect(keyMatches(press({ key: "k", code: "KeyK", ctrlKey: true }), "Mod+K", false)).toBe(true);
  expect(keyMatches(press({ key: "K", code: "KeyK", ctrlKey: true, shiftKey: true }), "Mod+K", false)).toBe(
    false,
  );
  expect(keyMatches(press({ key: "k", code: "KeyK", metaKey: true }), "Mod+K", true)).toBe(true);
  expect(
    keyMatches(press({ key: "?", code: "Slash", ctrlKey: true, shiftKey: true }), "Mod+Shift+/", false),
  ).toBe(true);
  expect(keyMatches(press({ key: "л", code: "KeyK", ctrlKey: true }), "Mod+K", false)).toBe(true);
  expect(keyMatches(press({ key: "F8" }), "F8", false)).toBe(true);
  expect(keyMatches(press({ key: "F8", shiftKey: true }), "F8", false)).toBe(false);
});

test("nothing is called while an input method composes", () => {
  expect(keyMatches(press({ key: "k", ctrlKey: true, isComposing: true }), "Mod+K", false)).toBe(false);
});

test("keys are shown as the keyboard names them", () => {
  expect(formatKey("Mod+Shift+P", false)).toBe("Ctrl+Shift+P");
  expect(formatKey("Mod+Shift+P", true)).toBe("⌘⇧P");
  expect(ariaKey("Mod+S", false)).toBe("Control+S");
});

const FILES = ["pack.yaml", "handlers/search_books.ts", "schemas/search_books.input.json", "behavior.md"];
const found = (query: string) => fuzzyFilter(query, FILES, (text) => text).map((match) => match.item);

test("a few letters find a file, beginnings of words first", () => {
  expect(found("sbi")[0]).toBe("schemas/search_books.input.json");
  expect(found("yaml")).toEqual(["pack.yaml"]);
  expect(found("zzz")).toEqual([]);
  expect(found("")).toEqual(FILES);
});

test("the letters that matched are named", () => {
  expect(fuzzyFilter("pack", FILES, (text) => text)[0]?.at).toEqual([0, 1, 2, 3]);
});

test("where nothing matches the three nearest are offered", () => {
  const words = ["Save", "Close pack", "Open folder…", "Next problem"];
  const near = nearest("opem fodler", words, (text) => text, 3).map((match) => match.item);
  expect(near[0]).toBe("Open folder…");
  expect(near).toHaveLength(3);
});

test("the layout is kept once after many changes, and the theme is applied", async () => {
  const host = new FakeHost();
  const studio = new Studio(host);
  studio.layout.resize("sidebar", 300);
  studio.layout.resize("sidebar", 301);
  studio.setTheme("dark");
  expect(document.documentElement.dataset.theme).toBe("dark");
  await until(() =>
    expect(host.preferences).toEqual({ theme: "dark", sidebar: 301, panel: 160, inspector: 336 }),
  );
  expect(host.countOf("set_preferences")).toBe(1);
  studio.layout.toggle("panel");
  await until(() => expect(host.preferences.panel).toBe(0));
});

test("a narrow window draws the side panes narrower without forgetting their width", () => {
  const studio = new Studio(new FakeHost());
  studio.layout.windowWidth(1000);
  expect(studio.layout.size("sidebar")).toBe(192);
  expect(studio.layout.size("inspector")).toBe(272);
  expect(studio.layout.preferences.sidebar).toBe(240);
});
