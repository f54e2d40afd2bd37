/** The two screens as a person meets them: by role, by key, and by the rules of accessibility. */
import { fireEvent, render, screen } from "@testing-library/svelte";
import { expect, test, vi } from "vitest";
import App from "../App.svelte";
import { FakeHost, type FakeOptions } from "../lib/host/fakeHost";
import type { CommandName, Host } from "../lib/host/host";
import { CLOSE_AFTER_MS, Studio } from "../lib/shell/studio.svelte";
import { diagnostic, until, violations, withFix } from "./support";

const RECENT = {
  path: "/p/a",
  shown: "~/p/a",
  name: "word-count",
  version: "0.3.0",
  openedAt: Date.now(),
  errors: 1,
  warnings: 2,
  exists: true,
};
const SAMPLES = [{ name: "open-library", description: "search a web API", contents: "2 tools" }];
const PACK: FakeOptions = {
  files: { "pack.yaml": "name: open-library\nversion: 1.2.0\nBAD: 1\n", "schemas/a.json": "{}\n" },
  check: (path) => (path === "pack.yaml" ? [diagnostic(2, 0, 3, { data: withFix })] : []),
};

async function start(options: FakeOptions = {}) {
  const host = new FakeHost({ samples: SAMPLES, ...options });
  const studio = new Studio(host);
  await studio.begin();
  render(App, { studio });
  return { host, studio };
}

async function startPack(options: FakeOptions = PACK) {
  const made = await start(options);
  await made.studio.openPath("/home/ada/packs/open-library");
  await until(() => expect(document.querySelector(".cm-content")?.textContent).toContain("open-library"));
  return made;
}

const key = (init: KeyboardEventInit) => fireEvent.keyDown(document.activeElement ?? document.body, init);

test("Start has no accessibility violations", async () => {
  await start({ recent: [RECENT, { ...RECENT, path: "/p/b", name: "gone", exists: false }] });
  await screen.findByText("word-count");
  expect(await violations()).toEqual([]);
});

test("Start says the last verdict in words", async () => {
  await start({ recent: [RECENT, { ...RECENT, path: "/p/b", name: "clean", errors: 0, warnings: 0 }] });
  await screen.findByText("1 error, 2 warnings");
  await screen.findByText("no problems");
});

test("a first run leads with the samples, and Enter opens one", async () => {
  const { host } = await start();
  await screen.findByText(/Ten minutes/);
  const row = (await screen.findByText("open-library")).closest("tr");
  if (!row) throw new Error("no row");
  row.focus();
  await fireEvent.keyDown(row, { key: "Enter" });
  await until(() => expect(host.countOf("open_sample")).toBe(1));
});

test("a folder that is gone keeps its row until it is removed", async () => {
  const { host } = await start({
    recent: [RECENT, { ...RECENT, path: "/p/b", name: "gone", exists: false }],
  });
  await screen.findByText("folder not found");
  await fireEvent.click(screen.getByRole("button", { name: /Remove gone/ }));
  await until(() => expect(screen.queryByText("folder not found")).toBeNull());
  expect(host.calls.find((call) => call.name === "forget_recent")?.args).toEqual({ path: "/p/b" });
});

test("recent packs can be filtered once there are many", async () => {
  const many = Array.from({ length: 8 }, (_, i) => ({
    ...RECENT,
    path: `/p/${i}`,
    shown: `~/p/${i}`,
    name: `pack-${i}`,
  }));
  await start({ recent: many });
  await fireEvent.input(await screen.findByRole("searchbox"), { target: { value: "pack-3" } });
  await until(() => expect(screen.queryByText("pack-4")).toBeNull());
  screen.getByText("pack-3");
});

test("a folder that cannot be opened says why and what to do", async () => {
  const { host, studio } = await start();
  host.fail("open_pack", "denied", { message: "/p is not yours to read.", hints: ["Ask its owner."] });
  await studio.openPath("/p");
  await screen.findByText("/p is not yours to read.");
  await screen.findByText("Ask its owner.");
  expect(document.querySelector("[data-notice=open-failed]")).not.toBeNull();
});

test("Pack has no accessibility violations", async () => {
  await startPack();
  await until(() => expect(document.querySelector("[data-problem]")).not.toBeNull());
  expect(await violations()).toEqual([]);
});

test("a problem's row, the text and the inspector tell of one problem", async () => {
  await startPack();
  await until(() => expect(document.querySelector("[data-problem]")).not.toBeNull());
  const row = document.querySelector<HTMLElement>("[data-code='manifest/missing-file']");
  if (!row) throw new Error("no row");
  await fireEvent.click(row);
  await screen.findByText("Builds fail.");
  await until(() => expect(document.querySelector(".cm-lintRange-error")?.textContent).toBe("BAD"));
  expect(document.querySelector(".lens")?.textContent).toBe("it is missing");
  expect(row.getAttribute("aria-selected")).toBe("true");
});

test("the tree opens files and folders by keyboard", async () => {
  await startPack();
  const row = (path: string) => document.querySelector<HTMLElement>(`[role=treeitem][data-path='${path}']`);
  row("schemas")?.focus();
  await key({ key: "ArrowRight" });
  expect(row("schemas")?.getAttribute("aria-expanded")).toBe("true");
  await key({ key: "ArrowDown" });
  expect(document.activeElement).toBe(row("schemas/a.json"));
  await key({ key: "Enter" });
  await until(() =>
    expect(document.querySelector("[role=tab][aria-selected=true]")?.getAttribute("data-path")).toBe(
      "schemas/a.json",
    ),
  );
});

test("the palette opens by key, finds by letters, and runs", async () => {
  const { studio } = await startPack();
  await key({ key: "k", code: "KeyK", ctrlKey: true });
  const input = await screen.findByRole("combobox");
  expect(input.id).toBe("palette-input");
  expect(await violations()).toEqual([]);
  await fireEvent.input(input, { target: { value: "sidebar" } });
  await fireEvent.keyDown(input, { key: "Enter" });
  await until(() => expect(studio.layout.isShown("sidebar")).toBe(false));
  expect(document.querySelector("#palette-input")).toBeNull();
});

test("the palette names the three nearest when nothing matches", async () => {
  await startPack();
  await key({ key: "k", code: "KeyK", ctrlKey: true });
  await fireEvent.input(await screen.findByRole("combobox"), { target: { value: "qqclose" } });
  await screen.findByText(/No command/);
  expect(screen.getAllByRole("option")).toHaveLength(3);
});

test("Enter during composition runs nothing", async () => {
  const { studio } = await startPack();
  await key({ key: "k", code: "KeyK", ctrlKey: true });
  const input = await screen.findByRole("combobox");
  await fireEvent.keyDown(input, { key: "Enter", isComposing: true });
  expect(studio.overlay).toBe("commands");
});

test("a conflict offers three ways, and each is a real one", async () => {
  const { host, studio } = await startPack();
  const buffer = studio.pack?.active?.buffer;
  buffer?.replace("name: mine\n", { undoable: true });
  host.files.set("pack.yaml", { text: "name: theirs\n" });
  await studio.pack?.active?.save();
  await until(() => expect(document.querySelector("[data-notice=conflict]")).not.toBeNull());
  expect(document.querySelector("[data-save-state]")?.getAttribute("data-save-state")).toBe("failed");
  await fireEvent.click(screen.getByRole("button", { name: "Compare" }));
  await until(() => expect(document.querySelectorAll(".cm-mergeView .cm-content")).toHaveLength(2));
  await fireEvent.click(screen.getByRole("button", { name: "Take theirs" }));
  await until(() => expect(document.querySelector("[data-notice=conflict]")).toBeNull());
  expect(buffer?.text()).toBe("name: theirs\n");
});

test("a folder without a manifest offers to become a pack", async () => {
  const { studio, host } = await start({ files: { "notes.md": "x\n" } });
  await studio.openPath("/p");
  await fireEvent.click(await screen.findByRole("button", { name: /Make this a pack/ }));
  await until(() => expect(host.countOf("create_manifest")).toBe(1));
  await until(() => expect(studio.pack?.active?.path).toBe("pack.yaml"));
});

test("a file that cannot be shown says why", async () => {
  const { studio } = await startPack({
    files: { "pack.yaml": "name: open-library\n", "icon.png": { text: "", unreadable: "not_text" } },
  });
  await studio.pack?.open("icon.png");
  await screen.findByText("icon.png cannot be read as text.");
  await screen.findByRole("button", { name: "Try again" });
});

test("a folder that vanishes is told, and the bar goes when it is back", async () => {
  const { host } = await startPack();
  host.emit({ event: "vanished", session: host.session, gone: true });
  await until(() => expect(document.querySelector("[data-notice=vanished]")).not.toBeNull());
  host.emit({ event: "vanished", session: host.session, gone: false });
  await until(() => expect(document.querySelector("[data-notice=vanished]")).toBeNull());
});

test("another folder takes the place of the open one after its text is safe", async () => {
  const { host, studio } = await startPack();
  studio.pack?.active?.buffer?.replace("name: typed\n", { undoable: true });
  host.emit({ event: "openRequested", path: "/other" });
  await until(() => expect(host.countOf("open_pack")).toBe(2));
  const names = host.calls.map((call) => call.name);
  expect(names.lastIndexOf("save_file")).toBeLessThan(names.lastIndexOf("open_pack"));
  expect(host.files.get("pack.yaml")?.text).toBe("name: typed\n");
});

/** Holds back the answer to the next `open_pack`, and everything after it. */
function holdOpening(host: FakeHost) {
  const call = host.call.bind(host);
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  vi.spyOn(host, "call").mockImplementation((async (name: CommandName, args: never) => {
    const answer = await call(name, args);
    if (name === "open_pack") await held;
    return answer;
  }) as Host["call"]);
  return () => release();
}

test("what is typed while another pack opens is saved where it belongs", async () => {
  const { host, studio } = await startPack();
  const old = studio.pack;
  const release = holdOpening(host);
  const opening = studio.openPath("/other");
  await until(() => expect(host.countOf("open_pack")).toBe(2));
  old?.active?.buffer?.replace("name: typed-late\n", { undoable: true });
  // Of the pack that is not here yet; it must find its way.
  host.emit({ event: "vanished", session: host.session, gone: true });
  release();
  await opening;
  const save = host.calls.findLast((call) => call.name === "save_file");
  expect(save?.args).toMatchObject({ session: old?.id, text: "name: typed-late\n" });
  expect(studio.pack?.id).toBe((old?.id ?? 0) + 1);
  expect(studio.pack?.gone).toBe(true);
});

test("the folder that is open is not opened again", async () => {
  const { host, studio } = await startPack();
  const pack = studio.pack;
  await studio.openPath(host.root);
  expect(studio.pack).toBe(pack);
  expect(host.countOf("open_pack")).toBe(1);
});

test("the window closes after everything typed is safe", async () => {
  const { host, studio } = await startPack();
  studio.pack?.active?.buffer?.replace("name: last\n", { undoable: true });
  host.emit({ event: "closeRequested" });
  await until(() => expect(host.countOf("close_window")).toBe(1));
  expect(host.files.get("pack.yaml")?.text).toBe("name: last\n");
  const names = host.calls.map((call) => call.name);
  expect(names.indexOf("journal_file")).toBeLessThan(names.indexOf("save_file"));
});

test("the window closes although a disk does not answer", async () => {
  const { host, studio } = await startPack();
  const call = host.call.bind(host);
  vi.spyOn(host, "call").mockImplementation(((name: CommandName, args: never) =>
    name === "save_file" ? new Promise(() => undefined) : call(name, args)) as Host["call"]);
  studio.pack?.active?.buffer?.replace("name: last\n", { undoable: true });
  vi.useFakeTimers();
  host.emit({ event: "closeRequested" });
  await vi.advanceTimersByTimeAsync(CLOSE_AFTER_MS - 100);
  expect(host.countOf("close_window")).toBe(0);
  await vi.advanceTimersByTimeAsync(200);
  vi.useRealTimers();
  expect(host.countOf("close_window")).toBe(1);
  expect(host.journal.get("pack.yaml")?.text).toBe("name: last\n");
});

test("a folder whose changes go unnoticed says so, until it was read", async () => {
  await startPack({ ...PACK, followed: false });
  expect(document.querySelector("[data-notice=not-followed]")?.getAttribute("role")).toBe("alert");
  await fireEvent.click(screen.getByRole("button", { name: "Dismiss" }));
  await until(() => expect(document.querySelector("[data-notice=not-followed]")).toBeNull());
});

test("the text is named by its tab and says how the keyboard leaves it", async () => {
  await startPack();
  screen.getByRole("tabpanel", { name: "pack.yaml" });
  expect(document.querySelector(".cm-content")?.getAttribute("aria-description")).toContain("Escape");
});

test("a silent checker is waited for in words, and nothing is called clean", async () => {
  await startPack({ files: { "pack.yaml": "name: open-library\n" }, deaf: true });
  expect(screen.getAllByText("Checking…").length).toBeGreaterThan(1);
  expect(screen.queryByText("No problems")).toBeNull();
});

test("a journal that fails is told in the status bar", async () => {
  const { host, studio } = await startPack();
  host.fail("journal_file", "disk_full", { message: "No room on the disk." });
  studio.pack?.active?.buffer?.replace("name: open-library2\n", { undoable: true });
  await studio.pack?.journalAll();
  const state = () => document.querySelector<HTMLElement>("[data-save-state]");
  await until(() => expect(state()?.title).toContain("No room on the disk."));
  expect(state()?.dataset.saveState).toBe("unsaved");
});

test("a tree of thousands draws what is in sight, and the keyboard reaches the rest", async () => {
  const many = Object.fromEntries(
    Array.from({ length: 3000 }, (_, i) => [`notes-${String(i).padStart(4, "0")}.md`, "x\n"]),
  );
  await startPack({ files: { "pack.yaml": "name: open-library\n", ...many } });
  const drawn = () => document.querySelectorAll<HTMLElement>("[role=treeitem][data-path]");
  expect(drawn().length).toBeLessThan(100);
  expect(drawn()[0]?.getAttribute("aria-setsize")).toBe("3001");
  drawn()[0]?.focus();
  await key({ key: "End" });
  await until(() => expect((document.activeElement as HTMLElement).dataset.path).toBe("notes-2999.md"));
  await key({ key: "ArrowUp" });
  await until(() => expect((document.activeElement as HTMLElement).dataset.path).toBe("notes-2998.md"));
  expect(document.activeElement?.getAttribute("aria-posinset")).toBe("3000");
  expect(drawn().length).toBeLessThan(100);
});
