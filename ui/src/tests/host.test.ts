/** The two hosts: what goes over the wire, and what comes back as a failure. */
import { beforeEach, expect, test, vi } from "vitest";
import { digestOf, FakeHost } from "../lib/host/fakeHost";
import { Failed, failureOf } from "../lib/host/host";
import { TauriHost } from "../lib/host/tauriHost";

const ipc = vi.hoisted(() => ({ invoke: vi.fn(), channels: [] as ((event: unknown) => void)[] }));

vi.mock("@tauri-apps/api/core", () => ({
  invoke: ipc.invoke,
  Channel: class {
    readonly onmessage: (event: unknown) => void;
    constructor(handler: (event: unknown) => void) {
      this.onmessage = handler;
      ipc.channels.push(handler);
    }
  },
}));

beforeEach(() => {
  ipc.invoke.mockReset().mockResolvedValue(null);
  ipc.channels.length = 0;
});

test("a command goes through the one door by its name", async () => {
  ipc.invoke.mockResolvedValue([]);
  expect(await new TauriHost().call("recent_packs", null)).toEqual([]);
  expect(ipc.invoke).toHaveBeenCalledWith("call", { command: "recent_packs", args: null });
});

test("a refusal keeps its code, its sentence and its hints", async () => {
  const failure = { code: "denied", message: "/p is not yours.", hints: ["Ask."] };
  ipc.invoke.mockRejectedValue(failure);
  const refused = await new TauriHost().call("open_pack", { path: "/p" }).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Failed);
  expect(failureOf(refused)).toEqual(failure);
});

test("whatever else is thrown still has a sentence to show", () => {
  expect(failureOf(new TypeError("no bridge"))).toEqual({ code: "other", message: "no bridge", hints: [] });
  expect(failureOf("odd").message).toBe("odd");
});

test("every listener hears the one channel, until it stops", () => {
  const host = new TauriHost();
  const heard: string[] = [];
  const stop = host.listen((event) => heard.push("a " + event.event));
  host.listen((event) => heard.push("b " + event.event));
  expect(ipc.channels).toHaveLength(1);
  ipc.channels[0]?.({ event: "vanished", gone: true });
  stop();
  ipc.channels[0]?.({ event: "vanished", gone: false });
  expect(heard).toEqual(["a vanished", "b vanished", "b vanished"]);
});

test("the fake refuses a save over other bytes, as the app does", async () => {
  const host = new FakeHost();
  const save = {
    session: 1,
    path: "pack.yaml",
    text: "x",
    base: "older",
    lineEnding: "lf",
    bom: false,
  } as const;
  await expect(host.call("save_file", save)).rejects.toMatchObject({ failure: { code: "changed_outside" } });
  await host.call("save_file", { ...save, base: digestOf(host.files.get("pack.yaml")?.text ?? "") });
  expect(host.files.get("pack.yaml")?.text).toBe("x");
});
