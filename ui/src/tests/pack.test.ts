/** The pack's plain functions: tree, URIs, the smallest change. */
import { expect, test } from "vitest";
import type { Entry } from "../lib/generated/wire";
import { minimalChange } from "../lib/pack/minimalChange";
import { foldersAbove, rowsInSight, splitName, treeRows } from "../lib/pack/tree";
import { pathOf, uriOf } from "../lib/pack/uri";

const entry = (path: string, kind: Entry["kind"] = "file"): Entry => ({
  path,
  kind,
  size: 1,
  ignored: false,
});
const ENTRIES = [
  entry("LICENSE"),
  entry("behavior.md"),
  entry("handlers", "folder"),
  entry("handlers/deep", "folder"),
  entry("handlers/deep/a.ts"),
  entry("handlers/b.ts"),
  entry("pack.yaml"),
];

test("the tree shows the manifest first, then folders, and hides what is folded", () => {
  const rows = treeRows(ENTRIES, new Set());
  expect(rows.map((row) => row.entry.path)).toEqual(["pack.yaml", "behavior.md", "handlers", "LICENSE"]);
});

test("an expanded folder shows its folders before its files, one level deeper", () => {
  const rows = treeRows(ENTRIES, new Set(["handlers", "handlers/deep"]));
  expect(rows.map((row) => `${row.depth} ${row.name}`)).toEqual([
    "0 pack.yaml",
    "0 behavior.md",
    "0 handlers",
    "1 deep",
    "2 a.ts",
    "1 b.ts",
    "0 LICENSE",
  ]);
});

test("an expanded folder inside a folded one stays hidden", () => {
  expect(treeRows(ENTRIES, new Set(["handlers/deep"])).map((row) => row.name)).not.toContain("a.ts");
});

test("the folders above a path come outermost first", () => {
  expect(foldersAbove("a/b/c.ts")).toEqual(["a", "a/b"]);
  expect(foldersAbove("c.ts")).toEqual([]);
});

test("a long name keeps its whole suffix", () => {
  expect(splitName("search_books.input.json")).toEqual({ stem: "search_books", tail: ".input.json" });
  expect(splitName("pack.yaml")).toEqual({ stem: "pack.yaml", tail: "" });
});

const ROOT = "file:///home/ada/my%20packs/ol";

test.each(["pack.yaml", "schemas/a b.json", "guides/größe #1?.md", "100%.md", "a/%41.md"])(
  "%s survives the way to a URI and back",
  (path) => {
    expect(pathOf(ROOT, uriOf(ROOT, path))).toBe(path);
  },
);

test("two spellings of one URI are one path", () => {
  expect(pathOf(ROOT, "file:///home/ada/my packs/ol/a%2Db.md")).toBe("a-b.md");
});

test("a URI outside the pack has no path", () => {
  expect(pathOf(ROOT, "file:///home/ada/my%20packs/olive/pack.yaml")).toBeNull();
  expect(pathOf(ROOT, ROOT + "/")).toBeNull();
});

function apply(before: string, after: string) {
  const change = minimalChange(before, after);
  return change ? before.slice(0, change.from) + change.insert + before.slice(change.to) : before;
}

test.each([
  ["", "abc"],
  ["abc", ""],
  ["abc", "abc"],
  ["aaa", "aaaa"],
  ["one two three", "one 2 three"],
  ["abab", "ab"],
  ["x😀y", "x😁y"],
])("the smallest change turns %j into %j", (before, after) => {
  expect(apply(before, after)).toBe(after);
});

test("the smallest change leaves what is alike on both sides alone", () => {
  expect(minimalChange("one two three", "one 2 three")).toEqual({ from: 4, to: 7, insert: "2" });
  expect(minimalChange("abc", "abc")).toBeNull();
});

test("the smallest change never cuts a character in two", () => {
  expect(minimalChange("x😀y", "x😁y")).toEqual({ from: 1, to: 3, insert: "😁" });
});

test("of many rows those in sight are drawn, and the one that holds the keyboard", () => {
  const view = { count: 1000, top: 2400, height: 240, rowHeight: 24, beyond: 2 };
  const shown = rowsInSight({ ...view, keep: 3 });
  expect(shown).toEqual([3, ...Array.from({ length: 14 }, (_, i) => 98 + i)]);
  expect(rowsInSight({ ...view, keep: 100 })).toHaveLength(14);
  expect(rowsInSight({ ...view, keep: 999 }).at(-1)).toBe(999);
  expect(rowsInSight({ ...view, count: 3, top: 0, keep: 0 })).toEqual([0, 1, 2]);
});

test("a row knows its place among its folder's rows", () => {
  const rows = treeRows(ENTRIES, new Set(["handlers"]));
  expect(rows.map((row) => `${row.name} ${row.place}/${row.siblings}`)).toEqual([
    "pack.yaml 1/4",
    "behavior.md 2/4",
    "handlers 3/4",
    "deep 1/2",
    "b.ts 2/2",
    "LICENSE 4/4",
  ]);
});
