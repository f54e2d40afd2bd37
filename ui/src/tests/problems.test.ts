/** Problems: what is kept of a diagnostic, their order, and which one is looked at. */
import { expect, test } from "vitest";
import { Problems } from "../lib/pack/problems.svelte";
import { diagnostic, withFix } from "./support";

test("a diagnostic keeps its code, its hints and its fix", () => {
  const problems = new Problems();
  problems.publish("pack.yaml", [diagnostic(3, 2, 5, { data: withFix, severity: 2 })]);
  expect(problems.all).toMatchObject([
    { path: "pack.yaml", severity: "warning", code: "manifest/missing-file", data: { fix: "Mend it" } },
  ]);
  expect(problems.counts).toEqual({ errors: 0, warnings: 1 });
});

test("the manifest leads, places are in order, and an empty list takes a file off", () => {
  const problems = new Problems();
  problems.publish("behavior.md", [diagnostic(0, 0, 1)]);
  problems.publish("pack.yaml", [
    diagnostic(9, 0, 1, { message: "late" }),
    diagnostic(1, 0, 1, { message: "early" }),
  ]);
  expect(problems.groups.map((group) => group.path)).toEqual(["pack.yaml", "behavior.md"]);
  expect(problems.of("pack.yaml").map((problem) => problem.message)).toEqual(["early", "late"]);
  problems.publish("behavior.md", []);
  expect(problems.groups.map((group) => group.path)).toEqual(["pack.yaml"]);
});

test("a folder counts what is inside it and nothing beside it", () => {
  const problems = new Problems();
  problems.publish("schemas/a.json", [diagnostic(0, 0, 1)]);
  problems.publish("schemas-old/a.json", [diagnostic(0, 0, 1)]);
  expect(problems.countsUnder("schemas")).toEqual({ errors: 1, warnings: 0 });
});

test("the selection survives lines that move, and ends with its problem", () => {
  const problems = new Problems();
  problems.publish("pack.yaml", [diagnostic(3, 0, 1), diagnostic(3, 4, 5, { message: "other" })]);
  problems.select(problems.all[1]?.id ?? null);
  problems.publish("pack.yaml", [diagnostic(7, 0, 1), diagnostic(7, 4, 5, { message: "other" })]);
  expect(problems.selected).toMatchObject({ message: "other", range: { start: { line: 7 } } });
  problems.publish("pack.yaml", [diagnostic(7, 0, 1)]);
  expect(problems.selected).toBeNull();
});

test("two problems that say the same are two rows", () => {
  const problems = new Problems();
  problems.publish("pack.yaml", [diagnostic(1, 0, 1), diagnostic(2, 0, 1)]);
  expect(new Set(problems.all.map((problem) => problem.id)).size).toBe(2);
});

test("F8 goes on from the cursor, then from problem to problem, and round", () => {
  const problems = new Problems();
  problems.publish("pack.yaml", [diagnostic(1, 0, 1), diagnostic(5, 0, 1), diagnostic(9, 0, 1)]);
  const line = (problem: ReturnType<Problems["step"]>) => problem?.range.start.line;
  const cursor = { path: "pack.yaml", line: 3, character: 0 };
  expect(line(problems.step(1, cursor))).toBe(5);
  expect(line(problems.step(-1, cursor))).toBe(1);
  problems.select(problems.all[2]?.id ?? null);
  expect(line(problems.step(1, cursor))).toBe(1);
  expect(line(problems.step(-1, cursor))).toBe(5);
});
