/** Text on its way from the keyboard to the disk: journal, autosave, conflicts, restored text. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { digestOf, FakeHost, type FakeOptions } from "../lib/host/fakeHost";
import type { Buffer } from "../lib/pack/buffer";
import { JOURNAL_AFTER_MS, OpenFile, SAVE_AFTER_MS } from "../lib/pack/openFile.svelte";

class PlainBuffer implements Buffer {
  constructor(
    public value: string,
    readonly changed: () => void,
  ) {}
  text = () => this.value;
  cursor = () => ({ line: 0, character: 0 });
  reveal = () => undefined;
  freeze = () => undefined;
  replace(text: string) {
    this.value = text;
    this.changed();
  }
  type(text: string) {
    this.value = text;
    this.changed();
  }
}

async function fileOf(options: FakeOptions = {}, load: Parameters<OpenFile["load"]>[0] = {}) {
  const host = new FakeHost({ files: { "pack.yaml": "name: a\n" }, ...options });
  let buffer: PlainBuffer | undefined;
  const reloaded: string[] = [];
  const lostPaths: string[] = [];
  const there = { value: true };
  const file = new OpenFile("pack.yaml", {
    host,
    session: 1,
    makeBuffer: async ({ text, changed }) => (buffer = new PlainBuffer(text, changed)),
    reachable: () => there.value,
    saved: () => undefined,
    reloaded: (path) => reloaded.push(path),
    lost: (path) => lostPaths.push(path),
  });
  await file.load(load);
  return { host, file, buffer: buffer as PlainBuffer, reloaded, lostPaths, there };
}

const onDisk = (host: FakeHost) => host.files.get("pack.yaml")?.text;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a change on disk while the file opens is shown", async () => {
  const host = new FakeHost({ files: { "pack.yaml": "name: a\n" } });
  let shown: () => void = () => undefined;
  const file = new OpenFile("pack.yaml", {
    host,
    session: 1,
    makeBuffer: async ({ text, changed }) => {
      await new Promise<void>((resolve) => (shown = resolve));
      return new PlainBuffer(text, changed);
    },
    reachable: () => true,
    saved: () => undefined,
    reloaded: () => undefined,
    lost: () => undefined,
  });
  const loaded = file.load();
  await vi.waitFor(() => expect(host.countOf("read_file")).toBe(1));
  host.writeOutside("pack.yaml", "name: b\n");
  const changed = file.changedOnDisk(digestOf("name: b\n"));
  await vi.waitFor(() => {
    shown();
    expect(file.buffer).not.toBeNull();
  });
  await Promise.all([loaded, changed]);
  expect(file.buffer?.text()).toBe("name: b\n");
});

test("typing is journalled soon and saved after a pause", async () => {
  const { host, file, buffer } = await fileOf();
  buffer.type("name: b\n");
  expect(file.saveState).toBe("unsaved");
  await vi.advanceTimersByTimeAsync(JOURNAL_AFTER_MS);
  expect(host.journal.get("pack.yaml")?.text).toBe("name: b\n");
  expect(file.journalled).toBe(true);
  expect(onDisk(host)).toBe("name: a\n");
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);
  expect(onDisk(host)).toBe("name: b\n");
  expect(file.saveState).toBe("saved");
  expect(host.journal.size).toBe(0);
});

test("steady typing is journalled although it never pauses", async () => {
  const { host, buffer } = await fileOf();
  for (let i = 0; i < 10; i++) {
    buffer.type(`name: ${i}\n`);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(host.countOf("journal_file")).toBeGreaterThan(1);
  expect(host.countOf("save_file")).toBe(0);
});

test("a save in flight does not clear what was typed meanwhile", async () => {
  const { host, file, buffer } = await fileOf();
  buffer.type("name: b\n");
  const saving = file.save();
  await Promise.resolve();
  await Promise.resolve();
  buffer.type("name: c\n");
  await saving;
  expect(onDisk(host)).toBe("name: b\n");
  expect(file.dirty).toBe(true);
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);
  expect(onDisk(host)).toBe("name: c\n");
  expect(file.saveState).toBe("saved");
});

test("a change from outside under unsaved text is a conflict and overwrites nothing", async () => {
  const { host, file, buffer } = await fileOf();
  buffer.type("name: mine\n");
  host.files.set("pack.yaml", { text: "name: theirs\n" });
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);
  expect(file.notice?.kind).toBe("conflict");
  expect(file.saveState).toBe("failed");
  expect(onDisk(host)).toBe("name: theirs\n");
  buffer.type("name: mine too\n");
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS * 5);
  expect(onDisk(host)).toBe("name: theirs\n");
  expect(host.countOf("save_file")).toBe(1);
  expect(host.journal.get("pack.yaml")?.text).toBe("name: mine too\n");
});

test("keeping mine writes over, taking theirs replaces the text", async () => {
  const mine = await fileOf();
  mine.buffer.type("name: mine\n");
  mine.host.files.set("pack.yaml", { text: "name: theirs\n" });
  await mine.file.save();
  await mine.file.keepMine();
  expect(onDisk(mine.host)).toBe("name: mine\n");
  expect(mine.file.notice).toBeNull();

  const theirs = await fileOf();
  theirs.buffer.type("name: mine\n");
  theirs.host.files.set("pack.yaml", { text: "name: theirs\n" });
  await theirs.file.save();
  await theirs.file.takeTheirs();
  expect(theirs.buffer.text()).toBe("name: theirs\n");
  expect(theirs.file.saveState).toBe("saved");
  expect(theirs.host.countOf("discard_journal")).toBe(1);
});

test("comparing reads the disk's text and ends with the conflict", async () => {
  const { host, file, buffer } = await fileOf();
  buffer.type("name: mine\n");
  host.files.set("pack.yaml", { text: "name: theirs\n" });
  await file.save();
  await file.compare();
  expect(file.theirs).toBe("name: theirs\n");
  await file.keepMine();
  expect(file.theirs).toBeNull();
});

test("a clean file follows the disk, and our own bytes are no news", async () => {
  const { host, file, buffer, reloaded } = await fileOf();
  host.files.set("pack.yaml", { text: "name: new\n" });
  await file.changedOnDisk(digestOf("name: new\n"));
  expect(buffer.text()).toBe("name: new\n");
  expect(file.saveState).toBe("saved");
  expect(reloaded).toEqual(["pack.yaml"]);
  const reads = host.countOf("read_file");
  await file.changedOnDisk(digestOf("name: new\n"));
  expect(host.countOf("read_file")).toBe(reads);
});

test("a file deleted outside says so until it is saved again", async () => {
  const { host, file } = await fileOf();
  host.files.delete("pack.yaml");
  await file.changedOnDisk(null);
  expect(file.notice?.kind).toBe("deleted");
  await file.keepMine();
  expect(onDisk(host)).toBe("name: a\n");
  expect(file.notice).toBeNull();
});

test("a save that fails keeps the text, says why, and is tried again when typing goes on", async () => {
  const { host, file, buffer } = await fileOf();
  host.fail("save_file", "disk_full", { message: "No room on the disk.", hints: ["Make room."] });
  buffer.type("name: b\n");
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);
  expect(file.notice).toMatchObject({ kind: "save-failed", failure: { message: "No room on the disk." } });
  expect(file.saveState).toBe("failed");
  expect(host.journal.get("pack.yaml")?.text).toBe("name: b\n");
  buffer.type("name: bb\n");
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);
  expect(onDisk(host)).toBe("name: bb\n");
  expect(file.notice).toBeNull();
});

test("closing saves first, and a conflict keeps the tab", async () => {
  const { host, file, buffer } = await fileOf();
  buffer.type("name: b\n");
  expect(await file.close()).toBe(true);
  expect(onDisk(host)).toBe("name: b\n");

  const other = await fileOf();
  other.buffer.type("name: mine\n");
  other.host.files.set("pack.yaml", { text: "name: theirs\n" });
  expect(await other.file.close()).toBe(false);
  expect(other.file.notice?.kind).toBe("conflict");
});

const lost = (base: string | null) => ({ path: "pack.yaml", text: "name: lost\n", base, at: 0 });

test("restored text waits for the author's word before it is saved", async () => {
  const { host, file, buffer } = await fileOf({}, { restore: lost(digestOf("name: a\n")) });
  expect(buffer.text()).toBe("name: lost\n");
  expect(file.notice?.kind).toBe("restored");
  await file.settle();
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS * 3);
  expect(onDisk(host)).toBe("name: a\n");
  await file.save();
  expect(onDisk(host)).toBe("name: lost\n");
});

test("restored text that is discarded gives the file's text back", async () => {
  const { host, file, buffer } = await fileOf({}, { restore: lost(digestOf("name: a\n")) });
  host.journal.set("pack.yaml", { text: "name: lost\n", base: null });
  await file.discardRestored();
  expect(buffer.text()).toBe("name: a\n");
  expect(host.journal.size).toBe(0);
  expect(file.saveState).toBe("saved");
});

test("restored text over a file that changed since is a conflict when kept", async () => {
  const { host, file } = await fileOf({}, { restore: lost(digestOf("something older")) });
  await file.save();
  expect(file.notice?.kind).toBe("conflict");
  expect(onDisk(host)).toBe("name: a\n");
});

test("restored text that is already on the disk is let go", async () => {
  const { host, file } = await fileOf({ files: { "pack.yaml": "name: lost\n" } }, { restore: lost(null) });
  expect(file.notice).toBeNull();
  expect(host.countOf("discard_journal")).toBe(1);
});

test("a file that cannot be read says why and can be tried again", async () => {
  const { host, file } = await fileOf({ files: { "pack.yaml": { text: "x", unreadable: "not_text" } } });
  expect(file.phase).toMatchObject({ at: "failed", failure: { code: "not_text" } });
  host.files.set("pack.yaml", { text: "name: a\n" });
  await file.load();
  expect(file.phase.at).toBe("ready");
});

test("the line endings and the mark of a file go back with its text", async () => {
  const { host, file, buffer } = await fileOf({
    files: { "pack.yaml": { text: "name: a\n", lineEnding: "crlf" } },
  });
  buffer.type("name: b\n");
  await file.save();
  expect(host.calls.find((call) => call.name === "save_file")?.args).toMatchObject({
    lineEnding: "crlf",
    bom: false,
  });
});

test("while the folder is gone text waits in the journal, and is saved when it is back", async () => {
  const { host, file, buffer, there } = await fileOf();
  there.value = false;
  await file.changedOnDisk(null);
  expect(file.notice).toBeNull();
  buffer.type("name: b\n");
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS * 3);
  expect(host.countOf("save_file")).toBe(0);
  expect(host.journal.get("pack.yaml")?.text).toBe("name: b\n");
  there.value = true;
  await file.folderIsBack();
  expect(onDisk(host)).toBe("name: b\n");
  expect(file.saveState).toBe("saved");
});

test("every command of a file names the opening it belongs to", async () => {
  const { host, file, buffer } = await fileOf();
  buffer.type("name: b\n");
  await file.journal();
  await file.save();
  expect(host.calls.map((call) => (call.args as { session: number }).session)).toEqual([1, 1, 1]);
});

test("keeping mine writes over what was seen, not over what came after", async () => {
  const { host, file, buffer } = await fileOf();
  buffer.type("name: mine\n");
  host.files.set("pack.yaml", { text: "name: theirs\n" });
  await file.save();
  await file.compare();
  host.files.set("pack.yaml", { text: "name: newer\n" });
  expect(await file.keepMine()).toBe(false);
  expect(file.notice?.kind).toBe("conflict");
  expect(onDisk(host)).toBe("name: newer\n");
  expect(file.theirs).toBe("name: newer\n");
  expect(await file.keepMine()).toBe(true);
  expect(onDisk(host)).toBe("name: mine\n");
});

test("an open comparison follows the disk", async () => {
  const { host, file, buffer } = await fileOf();
  buffer.type("name: mine\n");
  host.files.set("pack.yaml", { text: "name: theirs\n" });
  await file.save();
  await file.compare();
  host.files.set("pack.yaml", { text: "name: newer\n" });
  await file.changedOnDisk(digestOf("name: newer\n"));
  expect(file.theirs).toBe("name: newer\n");
});

test("a file deleted and made anew by others is not written over by saving again", async () => {
  const { host, file, buffer } = await fileOf();
  buffer.type("name: mine\n");
  host.files.delete("pack.yaml");
  await file.save();
  expect(file.notice?.kind).toBe("deleted");
  host.files.set("pack.yaml", { text: "name: theirs\n" });
  expect(await file.keepMine()).toBe(false);
  expect(file.notice?.kind).toBe("conflict");
  expect(onDisk(host)).toBe("name: theirs\n");
});

test("a conflict ends when the disk holds again what the text was typed on", async () => {
  const { host, file, buffer } = await fileOf();
  buffer.type("name: mine\n");
  host.files.set("pack.yaml", { text: "name: theirs\n" });
  await file.save();
  host.files.set("pack.yaml", { text: "name: a\n" });
  await file.changedOnDisk(digestOf("name: a\n"));
  expect(file.notice).toBeNull();
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);
  expect(onDisk(host)).toBe("name: mine\n");
});

test("a journal that fails hides no conflict, and is told beside it", async () => {
  const { host, file, buffer } = await fileOf();
  buffer.type("name: mine\n");
  host.files.set("pack.yaml", { text: "name: theirs\n" });
  await file.save();
  host.fail("journal_file", "disk_full", { message: "No room." });
  buffer.type("name: mine too\n");
  await file.journal();
  expect(file.notice?.kind).toBe("conflict");
  expect(file.journalFailure?.message).toBe("No room.");
  buffer.type("name: mine three\n");
  await file.journal();
  expect(file.journalFailure).toBeNull();
});

test("taking theirs that cannot be read leaves the choice open", async () => {
  const { host, file, buffer } = await fileOf();
  buffer.type("name: mine\n");
  host.files.set("pack.yaml", { text: "name: theirs\n" });
  await file.save();
  host.fail("read_file", "denied", { message: "Not yours." });
  await file.takeTheirs();
  expect(file.notice?.kind).toBe("conflict");
  expect(file.failure?.message).toBe("Not yours.");
  expect(buffer.text()).toBe("name: mine\n");
});

test("a file that others make unreadable is given up until it can be read again", async () => {
  const { host, file, lostPaths } = await fileOf();
  host.files.set("pack.yaml", { text: "x", unreadable: "not_text" });
  await file.changedOnDisk("other");
  expect(file.phase.at).toBe("failed");
  expect(lostPaths).toEqual(["pack.yaml"]);
  host.files.set("pack.yaml", { text: "name: b\n" });
  await file.changedOnDisk(digestOf("name: b\n"));
  expect(file.phase.at).toBe("ready");
});

test("what is typed while mine is being kept is saved too", async () => {
  const { host, file, buffer } = await fileOf();
  buffer.type("name: mine\n");
  host.files.set("pack.yaml", { text: "name: theirs\n" });
  await file.save();
  const keeping = file.keepMine();
  await Promise.resolve();
  await Promise.resolve();
  buffer.type("name: mine and more\n");
  await keeping;
  await vi.advanceTimersByTimeAsync(SAVE_AFTER_MS);
  expect(onDisk(host)).toBe("name: mine and more\n");
});
