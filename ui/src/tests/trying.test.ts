/** Test, Ship and the New pack dialog as a person meets them: by role, by key, and by the rules of accessibility. */
import { fireEvent, render, screen, within } from "@testing-library/svelte";
import { expect, test } from "vitest";
import App from "../App.svelte";
import { FakeHost, type FakeOptions } from "../lib/host/fakeHost";
import { fakeCase, fakeRun, fakeTool } from "../lib/host/fakeTools";
import { Failed } from "../lib/host/host";
import { Studio } from "../lib/shell/studio.svelte";
import { until, violations } from "./support";

const RULE = { file: "schemas/out.json", line: 2, column: 3 };
const REFUSED = {
  call: "http GET",
  what: "covers.example/1.jpg",
  status: null,
  size: 0,
  micros: 0,
  allowed: false,
  rule: "no rule for this host",
  budget: null,
  message: "No rule names `covers.example`.",
  suggestion: "- {domains: [covers.example], methods: [GET], paths: [/*]}",
};
const PACK: FakeOptions = {
  files: {
    "pack.yaml": "name: open-library\nversion: 1.2.0\n",
    "schemas/out.json": '{\n  "type": "object"\n}\n',
    "handlers/a.ts": "line 1\nline 2\n",
  },
  tools: [
    fakeTool("search_books", {
      inputSchema: JSON.stringify({
        type: "object",
        properties: {
          query: { type: "string", description: "What to look for." },
          limit: { type: "integer", minimum: 1, maximum: 20 },
          sort: { enum: ["new", "old"] },
          print: { type: "boolean" },
          tags: { type: "array", items: { type: "string" } },
          filter: { type: "object" },
        },
        required: ["query"],
      }),
      cases: [fakeCase("finds Dune")],
    }),
    fakeTool("get_book"),
  ],
  brokenCases: [{ place: { file: "tests/odd.yaml", line: 3, column: 1 }, message: "`cases` is no list." }],
};

async function start(options: FakeOptions = {}) {
  const host = new FakeHost(options);
  const studio = new Studio(host);
  await studio.begin();
  render(App, { studio });
  return { host, studio };
}

async function startOn(which: "test" | "ship", options: FakeOptions = {}) {
  const made = await start({ ...PACK, ...options });
  await made.studio.openPath("/p");
  await fireEvent.click(screen.getByRole("button", { name: which === "test" ? "Test" : "Ship" }));
  if (which === "test") await screen.findByRole("combobox", { name: "Tool" });
  else await screen.findByRole("article", { name: "Publish plan" });
  return made;
}

const key = (init: KeyboardEventInit) => fireEvent.keyDown(document.activeElement ?? document.body, init);
const ctrlEnter = () => key({ key: "Enter", code: "Enter", ctrlKey: true });
const outcome = () => document.querySelector<HTMLElement>("[data-run-outcome]")?.dataset.runOutcome;
const button = (name: string | RegExp) => screen.getByRole<HTMLButtonElement>("button", { name });

test("Test and Ship are in the rail while a pack is open, and only then", async () => {
  const { studio } = await start(PACK);
  expect(screen.queryByRole("button", { name: "Test" })).toBeNull();
  await studio.openPath("/p");
  await screen.findByRole("button", { name: "Test" });
  button("Ship");
  await studio.closePack();
  await until(() => expect(screen.queryByRole("button", { name: "Ship" })).toBeNull());
});

/** Axe looks at the whole page several times in such a test, on a machine that may be busy. */
const LONG = 30_000;

test(
  "Test has no accessibility violations before and after runs of each kind",
  { timeout: LONG },
  async () => {
    const { studio } = await startOn("test", {
      run: (arg) =>
        arg.tool === "get_book"
          ? fakeRun(arg, {
              output: null,
              error: {
                code: "handler_error",
                message: "It threw.",
                hints: ["Look at line 2."],
                stack: [{ function: "run", place: { file: "handlers/a.ts", line: 2, column: 3 } }],
                details: '{\n  "a": 1\n}',
              },
            })
          : fakeRun(arg, {
              outputViolations: [{ at: "/query", message: "must be a number", line: 2, rule: RULE }],
              logs: [{ level: "warn", text: "careful" }],
              calls: [REFUSED],
            }),
    });
    expect(await violations()).toEqual([]);
    await ctrlEnter();
    await until(() => expect(document.querySelector(".cm-lintRange-error")?.textContent).toBe('"dune"'));
    expect(document.querySelector(".lens")?.textContent).toBe("must be a number");
    expect(await violations()).toEqual([]);
    studio.runs?.choose("get_book");
    await ctrlEnter();
    await screen.findByText("It threw.");
    expect(await violations()).toEqual([]);
    await fireEvent.click(screen.getByRole("tab", { name: "Logs" }));
    await fireEvent.click(screen.getByRole("tab", { name: "JSON" }));
    await until(() => expect(screen.getByRole("textbox", { name: "Input" })).toBeTruthy());
    expect(await violations()).toEqual([]);
  },
);

test("Ctrl+Enter runs, and the status bar tells the verdict on every screen", async () => {
  const { studio } = await startOn("test");
  expect(button("Run").getAttribute("aria-keyshortcuts")).toBe("Control+Enter");
  await ctrlEnter();
  await until(() => expect(outcome()).toBe("pass"));
  studio.showScreen("pack");
  await until(() => expect(document.querySelector("[data-run-verdict=pass]")?.textContent).toContain("fine"));
});

test("the form and the JSON are one text", async () => {
  const { studio } = await startOn("test");
  const limit = screen.getByRole("textbox", { name: /limit/ });
  await fireEvent.input(limit, { target: { value: "3" } });
  expect(studio.runs?.input).toBe('{\n  "query": "dune",\n  "limit": 3\n}');
  await fireEvent.change(screen.getByRole("combobox", { name: "sort" }), { target: { value: '"old"' } });
  expect(studio.runs?.value).toEqual({ query: "dune", limit: 3, sort: "old" });
  const filter = screen.getByRole("textbox", { name: "filter" });
  await fireEvent.input(filter, { target: { value: '{"a":' } });
  expect(studio.runs?.value).toEqual({ query: "dune", limit: 3, sort: "old" });
  await screen.findByText(/This is not JSON yet/);
  await fireEvent.input(filter, { target: { value: '{"a":1}' } });
  expect(studio.runs?.value).toEqual({ query: "dune", limit: 3, sort: "old", filter: { a: 1 } });
  await fireEvent.input(limit, { target: { value: "" } });
  expect(studio.runs?.value).toEqual({ query: "dune", sort: "old", filter: { a: 1 } });
});

test("a refused call opens to its reason and its rule", async () => {
  await startOn("test", { run: (arg) => fakeRun(arg, { calls: [REFUSED] }) });
  await ctrlEnter();
  const table = await screen.findByRole("treegrid");
  within(table).getByText("refused");
  within(table).getByText(REFUSED.suggestion);
  button("Copy rule");
  const row = table.querySelector<HTMLElement>("[data-call=refused]");
  row?.focus();
  await key({ key: "Enter" });
  expect(row?.getAttribute("aria-expanded")).toBe("false");
  expect(screen.queryByText(REFUSED.suggestion)).toBeNull();
});

test("a stack frame leads to its line in the Pack screen", async () => {
  const error = {
    code: "handler_error",
    message: "It threw.",
    hints: [],
    stack: [{ function: "run", place: { file: "handlers/a.ts", line: 2, column: 3 } }],
    details: null,
  };
  const { studio } = await startOn("test", { run: (arg) => fakeRun(arg, { output: null, error }) });
  await ctrlEnter();
  await fireEvent.click(await screen.findByRole("button", { name: "handlers/a.ts:2" }));
  await until(() => expect(studio.pack?.active?.path).toBe("handlers/a.ts"));
  expect(studio.screen).toBe("pack");
  await until(() => expect(studio.pack?.active?.buffer?.cursor()).toEqual({ line: 1, character: 2 }));
});

test("a long output is shortened until all of it is asked for", async () => {
  const long = JSON.stringify(
    Array.from({ length: 9000 }, (_, i) => i),
    null,
    2,
  );
  await startOn("test", { run: (arg) => fakeRun(arg, { output: long }) });
  await ctrlEnter();
  await screen.findByText(/The first 50 KB of/);
  await fireEvent.click(button("Show all"));
  await until(() => expect(screen.queryByText(/The first 50 KB of/)).toBeNull());
});

test("a run that goes on can be stopped with Esc", async () => {
  const { host } = await startOn("test", { run: () => new Promise(() => undefined) });
  await ctrlEnter();
  await screen.findByRole("button", { name: "Stop" });
  await key({ key: "Escape" });
  await until(() => expect(host.countOf("stop_run")).toBe(1));
  await until(() => expect(outcome()).toBe("fail"));
  button("Run");
});

test("a run is saved as a case with Enter, and never while a word is composed", async () => {
  const { host, studio } = await startOn("test");
  await ctrlEnter();
  await until(() => expect(outcome()).toBe("pass"));
  await key({ key: "S", code: "KeyS", ctrlKey: true, shiftKey: true });
  const name = await screen.findByRole("textbox", { name: "Name" });
  expect(await violations()).toEqual([]);
  await fireEvent.keyDown(name, { key: "Enter" });
  await screen.findByText("A case needs a name.");
  await fireEvent.input(name, { target: { value: "again" } });
  await fireEvent.keyDown(name, { key: "Enter", isComposing: true });
  expect(host.countOf("save_case")).toBe(0);
  await fireEvent.keyDown(name, { key: "Enter" });
  await until(() => expect(studio.runs?.case?.name).toBe("again"));
  expect(screen.queryByRole("textbox", { name: "Name" })).toBeNull();
});

test("a pack without tools is told what a tool is", async () => {
  const { studio } = await start({ ...PACK, tools: [], brokenCases: [] });
  await studio.openPath("/p");
  await fireEvent.click(button("Test"));
  await screen.findByText("This pack has no tools");
  expect(await violations()).toEqual([]);
  await fireEvent.click(button("Open pack.yaml"));
  await until(() => expect(studio.screen).toBe("pack"));
});

test("the engine's first preparation is told in a quiet line", async () => {
  const { host } = await startOn("test");
  host.emit({ event: "engine", ready: false, millis: 0 });
  await until(() => expect(document.querySelector("[data-notice=engine]")).not.toBeNull());
  host.emit({ event: "engine", ready: true, millis: 1400 });
  await until(() => expect(document.querySelector("[data-notice=engine]")).toBeNull());
});

test(
  "Ship has no accessibility violations ready, published and on a release",
  { timeout: LONG },
  async () => {
    const releases = { local: [{ version: "1.1.0", digest: "sha256:1", latest: true, signed: false }] };
    await startOn("ship", { releases });
    expect(await violations()).toEqual([]);
    await ctrlEnter();
    await until(() => expect(document.querySelector("[data-receipt]")).not.toBeNull());
    expect(await violations()).toEqual([]);
    await fireEvent.click(button(/1\.1\.0/));
    await fireEvent.click(button("Verify"));
    await fireEvent.click(button("Pull a copy"));
    await screen.findByText("There is no signature");
    expect(await violations()).toEqual([]);
  },
);

test("a blocked plan says why its button does nothing, and leads to the blocker", async () => {
  const place = { file: "pack.yaml", line: 2, column: 1 };
  const { host, studio } = await startOn("ship", {
    checks: [
      { verdict: "pass", text: "3 files", hint: null, place: null },
      { verdict: "fail", text: "The version is taken", hint: "Raise it.", place },
    ],
  });
  expect(await violations()).toEqual([]);
  expect(document.querySelector("[data-check]")?.getAttribute("data-check")).toBe("fail");
  const publish = button(/Publish 1\.2\.0/);
  expect(publish.getAttribute("aria-disabled")).toBe("true");
  expect(publish.title).toContain("1 blocker");
  await fireEvent.click(publish);
  await ctrlEnter();
  expect(host.countOf("publish")).toBe(0);
  await fireEvent.click(button("pack.yaml:2"));
  await until(() => expect(studio.screen).toBe("pack"));
});

test("a failure stands under its step with what to do, and the button tries again", async () => {
  let broken = true;
  await startOn("ship", {
    beforeStep: (step) => {
      if (broken && step === 1)
        throw new Failed({ code: "unreachable", message: "No answer.", hints: ["Look."] });
    },
  });
  await ctrlEnter();
  await screen.findByText("No answer.");
  expect(document.querySelector("[data-step='1']")?.getAttribute("data-step-state")).toBe("failed");
  expect(await violations()).toEqual([]);
  broken = false;
  await fireEvent.click(button("Try again"));
  await screen.findByRole("button", { name: /Publish 1\.2\.0/ });
});

test("a publication goes on while another screen is shown", async () => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const { studio } = await startOn("ship", { beforeStep: () => opened });
  await ctrlEnter();
  await screen.findByText("Publishing: step 1 of 7");
  studio.showScreen("pack");
  open();
  await until(() => expect(studio.shipping?.phase).toBe("published"));
  studio.showScreen("ship");
  await until(() => expect(document.querySelector("[data-step]")).not.toBeNull());
});

test("the New pack dialog is accessible, keeps its answers on a failure, and opens the pack", async () => {
  const { host, studio } = await start({ samples: [] });
  host.taken.add("my-tool");
  await key({ key: "n", code: "KeyN", ctrlKey: true });
  const name = await screen.findByRole("textbox", { name: "Name" });
  await until(() => expect(screen.getAllByRole("radio")).toHaveLength(2));
  expect(await violations()).toEqual([]);
  await fireEvent.input(name, { target: { value: "My Tool" } });
  await screen.findByText("Only small letters: my tool");
  await fireEvent.input(name, { target: { value: "my-tool" } });
  await fireEvent.keyDown(name, { key: "Enter", isComposing: true });
  expect(host.countOf("new_pack")).toBe(0);
  await fireEvent.keyDown(name, { key: "Enter" });
  await screen.findByText("/home/ada/packs/my-tool exists already.");
  expect(await violations()).toEqual([]);
  expect((name as HTMLInputElement).value).toBe("my-tool");
  await fireEvent.input(name, { target: { value: "my-tool-2" } });
  await fireEvent.keyDown(name, { key: "Enter" });
  await until(() => expect(studio.pack?.name).toBe("my-tool-2"));
  await until(() => expect(screen.queryByRole("dialog")).toBeNull());
});

test("Esc leaves the New pack dialog; other keys do not throw its answers away", async () => {
  const { studio } = await start({ samples: [] });
  await fireEvent.click(await screen.findByRole("button", { name: /New pack/ }));
  const name = await screen.findByRole("textbox", { name: "Name" });
  await fireEvent.keyDown(name, { key: "k", code: "KeyK", ctrlKey: true });
  expect(studio.overlay).toBe("newPack");
  await fireEvent.keyDown(name, { key: "Escape" });
  expect(studio.overlay).toBeNull();
});
