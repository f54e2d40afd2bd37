/** Trying tools: what runs, whose answer counts, and what a save sets off. */
import { expect, test, vi } from "vitest";
import type { RunArg, RunView } from "../lib/generated/wire";
import type { FakeOptions } from "../lib/host/fakeHost";
import { fakeCase, fakeRun, fakeTool } from "../lib/host/fakeTools";
import { outcomeOf } from "../lib/test/outcome";
import { Runs } from "../lib/test/runs.svelte";
import { openPack, until } from "./support";

const TOOLS = [
  fakeTool("search_books", { cases: [fakeCase("finds Dune"), fakeCase("limit is kept")] }),
  fakeTool("get_book", { example: '{\n  "work_id": "OL1W"\n}' }),
];

async function openRuns(options: FakeOptions = {}) {
  const made = await openPack({ tools: TOOLS, ...options });
  const runs = new Runs(made.host, made.session, made.toasts);
  await runs.show();
  return { ...made, runs };
}

/** Answers each run when the test says so, in any order. */
function heldRuns() {
  const held: { arg: RunArg; answer: (extra?: Partial<RunView>) => void }[] = [];
  const run = (arg: RunArg) =>
    new Promise<RunView>((resolve) => held.push({ arg, answer: (extra) => resolve(fakeRun(arg, extra)) }));
  return { held, run };
}

const calls = (host: { calls: { name: string; args: unknown }[] }, name: string) =>
  host.calls.filter((call) => call.name === name).map((call) => call.args);

test("the first tool is chosen, with its example as input", async () => {
  const { runs } = await openRuns();
  expect(runs.tool?.name).toBe("search_books");
  expect(runs.input).toBe('{\n  "query": "dune"\n}');
  expect(runs.case).toBeNull();
});

test("runs are numbered in the page and name their session", async () => {
  const { runs, host, session } = await openRuns();
  await runs.run();
  await runs.run();
  expect(calls(host, "run_tool")).toMatchObject([
    { session: session.id, run: 1, tool: "search_books", case: null },
    { session: session.id, run: 2 },
  ]);
  expect(runs.last?.view.run).toBe(2);
});

test("unsaved text is saved before a run", async () => {
  const { runs, host, session } = await openRuns();
  session.active?.buffer?.replace("name: typed\n", { undoable: true });
  await runs.run();
  const names = host.calls.map((call) => call.name);
  expect(names.indexOf("save_file")).toBeGreaterThan(-1);
  expect(names.indexOf("save_file")).toBeLessThan(names.indexOf("run_tool"));
});

test("nothing runs while a file cannot be saved, and the reason is said", async () => {
  const { runs, host, session } = await openRuns();
  session.active?.buffer?.replace("name: typed\n", { undoable: true });
  host.fail("save_file", "disk_full", { message: "No room on the disk.", always: true });
  await runs.run();
  expect(host.countOf("run_tool")).toBe(0);
  expect(runs.failure?.message).toContain("pack.yaml");
  expect(runs.failure?.hints).toContain("No room on the disk.");
});

test("an older run's late answer does not take the place of a newer one", async () => {
  const { held, run } = heldRuns();
  const { runs, host } = await openRuns({ run });
  const first = runs.run();
  await until(() => expect(held).toHaveLength(1));
  runs.setOnSave(true);
  // Another hand changed a file: the run comes again before the first has answered.
  host.emit({ event: "fileChanged", session: host.session, path: "pack.yaml", digest: "other" });
  await until(() => expect(held).toHaveLength(2));
  held[1]?.answer({ output: '"new"' });
  await until(() => expect(runs.result?.view.output).toBe('"new"'));
  held[0]?.answer({ output: '"old"' });
  await first;
  expect(runs.result?.view.output).toBe('"new"');
  expect(runs.last?.view.run).toBe(2);
  expect(host.runner.stopped.has(1)).toBe(true);
});

test("what answers after the pack was closed changes nothing", async () => {
  const { held, run } = heldRuns();
  const { runs, host } = await openRuns({ run });
  const going = runs.run();
  await until(() => expect(held).toHaveLength(1));
  runs.end();
  held[0]?.answer();
  await going;
  expect(runs.last).toBeNull();
  expect(host.countOf("stop_run")).toBe(1);
});

test("a save runs the last thing again, at once and once", async () => {
  const { runs, host, session } = await openRuns();
  runs.choose("search_books", { file: "tests/search_books.yaml", name: "finds Dune" });
  await runs.run();
  runs.setOnSave(true);
  runs.choose("get_book");
  session.active?.buffer?.replace("name: open-library\nversion: 1.2.1\n", { undoable: true });
  await session.active?.save();
  await until(() => expect(host.countOf("run_tool")).toBe(2));
  expect(calls(host, "run_tool")[1]).toMatchObject({ run: 2, case: { name: "finds Dune" } });
  const names = host.calls.map((call) => call.name).filter((name) => name !== "lsp_send");
  expect(names.lastIndexOf("run_tool")).toBe(names.lastIndexOf("save_file") + 1);
  await until(() => expect(runs.last?.view.run).toBe(2));
});

test("a save runs nothing while run on save is off, or nothing was run", async () => {
  const { runs, host, session } = await openRuns();
  const save = async (text: string) => {
    session.active?.buffer?.replace(text, { undoable: true });
    await session.active?.save();
  };
  runs.setOnSave(true);
  await save("a: 1\n");
  expect(host.countOf("run_tool")).toBe(0);
  runs.setOnSave(false);
  await runs.run();
  await save("a: 2\n");
  expect(host.countOf("run_tool")).toBe(1);
});

test("saving before a run does not run twice", async () => {
  const { runs, host, session } = await openRuns();
  await runs.run();
  runs.setOnSave(true);
  session.active?.buffer?.replace("a: 1\n", { undoable: true });
  await runs.run();
  expect(host.countOf("save_file")).toBe(1);
  expect(host.countOf("run_tool")).toBe(2);
});

test("all cases run one after another, and their verdicts are counted", async () => {
  const { runs, host } = await openRuns({
    run: (arg) =>
      arg.case?.name === "limit is kept"
        ? fakeRun(arg, { verdict: { name: "limit is kept", verdict: "fail", message: "wanted 1, got 2" } })
        : fakeRun(arg),
  });
  await runs.runAll();
  expect(calls(host, "run_tool")).toHaveLength(2);
  expect(runs.all).toEqual({ total: 2, done: 2, passed: 1 });
  expect(runs.running).toBe(false);
});

test("stopping ends what runs, and the remaining cases are not begun", async () => {
  const { held, run } = heldRuns();
  const { runs, host } = await openRuns({ run });
  const all = runs.runAll();
  await until(() => expect(held).toHaveLength(1));
  await runs.stop();
  await all;
  expect(held).toHaveLength(1);
  expect(runs.running).toBe(false);
  expect(host.countOf("stop_run")).toBe(1);
});

test("a chosen case brings its input; an edit of it is the author's own", async () => {
  const { runs } = await openRuns();
  runs.choose("search_books", { file: "tests/search_books.yaml", name: "finds Dune" });
  expect(runs.case?.name).toBe("finds Dune");
  runs.setInput('{"query": "emma"}');
  expect(runs.case).toBeNull();
  expect(runs.input).toBe('{"query": "emma"}');
});

test("an input that is no JSON is shown, not run", async () => {
  const { runs, host } = await openRuns();
  runs.setInput('{"query": }');
  await runs.run();
  expect(host.countOf("run_tool")).toBe(0);
  expect(runs.inputView).toBe("json");
});

test("a result says when it is of an earlier input", async () => {
  const { runs } = await openRuns();
  await runs.run();
  expect(runs.stale).toBe(false);
  runs.setInput('{"query": "emma"}');
  expect(runs.stale).toBe(true);
});

test("a run is kept as a case, which is shown and run", async () => {
  const { runs, host, toasts } = await openRuns();
  await runs.run();
  expect(await runs.saveCase("finds it again", "same")).toBeNull();
  expect(calls(host, "save_case")[0]).toMatchObject({ run: 1, name: "finds it again", expect: "same" });
  expect(runs.case?.name).toBe("finds it again");
  expect(toasts.list[0]?.message).toContain("tests/search_books.yaml");
  await until(() => expect(runs.result?.view.verdict?.verdict).toBe("pass"));
});

test("a case that cannot be saved says why and keeps the run", async () => {
  const { runs, host } = await openRuns();
  await runs.run();
  host.fail("save_case", "exists", { message: "There is a case of that name." });
  expect((await runs.saveCase("finds Dune", "schema"))?.message).toBe("There is a case of that name.");
  expect(runs.result).not.toBeNull();
});

test("a tool that cannot run is not run", async () => {
  const blocked = { message: "handlers/a.ts does not exist", hint: "Make the file.", place: null };
  const { runs, host } = await openRuns({ tools: [fakeTool("a", { blocked })] });
  expect(runs.canRun).toBe(false);
  await runs.run();
  expect(host.countOf("run_tool")).toBe(0);
});

test("new files bring new tools", async () => {
  const { runs, host, session } = await openRuns();
  host.runner.tools = [fakeTool("fresh")];
  host.emit({ event: "entries", session: session.id, entries: host.entries(), hasManifest: true });
  await until(() => expect(runs.tool?.name).toBe("fresh"));
});

test("an outcome is a case's verdict, else the error, else what broke a schema", () => {
  const arg: RunArg = { session: 1, run: 1, tool: "a", input: "{}", case: null };
  const error = { code: "timeout", message: "", hints: [], stack: [], details: null };
  const violation = { at: "/a", message: "must be a string", line: 2, rule: null };
  expect(outcomeOf(fakeRun(arg))).toEqual({ tone: "pass", word: "fine" });
  expect(outcomeOf(fakeRun(arg, { error }))).toEqual({ tone: "fail", word: "timeout" });
  expect(outcomeOf(fakeRun(arg, { outputViolations: [violation] })).word).toBe("invalid_output");
  const verdict = { name: "n", verdict: "pass" as const, message: "" };
  expect(outcomeOf(fakeRun(arg, { error, verdict }))).toEqual({ tone: "pass", word: "passed" });
});

test("a verdict follows a save within one turn of the wire", async () => {
  const { runs, session } = await openRuns();
  await runs.run();
  runs.setOnSave(true);
  vi.useFakeTimers();
  session.active?.buffer?.replace("a: 1\n", { undoable: true });
  await session.active?.save();
  // No timer is waited for: promises alone bring the verdict.
  for (let i = 0; i < 20; i++) await Promise.resolve();
  vi.useRealTimers();
  expect(runs.last?.view.run).toBe(2);
});
