/** Publishing: plans and what makes them new, how a publication goes, and releases. */
import { expect, test } from "vitest";
import { Failed } from "../lib/host/host";
import type { FakeOptions } from "../lib/host/fakeHost";
import { shortDigest } from "../lib/ship/digest";
import { Shipping } from "../lib/ship/shipping.svelte";
import { openPack, until } from "./support";

const OTHER = { id: "ghcr.io/acme", title: "ghcr.io/acme", local: false };
const HERE = { id: "local", title: "This computer", local: true };
const BLOCKER = { verdict: "fail" as const, text: "A file is missing", hint: null, place: null };

async function openShipping(options: FakeOptions = {}) {
  const made = await openPack({ registries: [HERE, OTHER], ...options });
  const shipping = new Shipping(made.host, made.session);
  made.host.listen((event) => shipping.handle(event));
  await shipping.show();
  return { ...made, shipping };
}

/** Holds publishing before a step until it is let go. */
function gate(at: number) {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open: () => open(), beforeStep: (step: number) => (step === at ? opened : undefined) };
}

const refused = () => {
  throw new Failed({ code: "refused", message: "403", hints: ["Sign in."] });
};

test("the plan is made when the screen is shown, for this computer first", async () => {
  const { shipping, host } = await openShipping();
  expect(shipping.registry?.id).toBe("local");
  expect(shipping.plan?.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(shipping.canPublish).toBe(true);
  expect(host.countOf("publish")).toBe(0);
});

test("unsaved text is saved before the plan, and planned once", async () => {
  const { shipping, host, session } = await openShipping();
  session.active?.buffer?.replace("name: typed\nversion: 2.0.0\n", { undoable: true });
  await shipping.planAgain();
  expect(host.countOf("save_file")).toBe(1);
  expect(host.countOf("ship_plan")).toBe(2);
  expect(shipping.plan?.version).toBe("2.0.0");
});

test("what cannot be saved is not planned, and the reason is said", async () => {
  const { shipping, host, session } = await openShipping();
  session.active?.buffer?.replace("name: typed\n", { undoable: true });
  host.fail("save_file", "read_only", { message: "The disk is read-only.", always: true });
  await shipping.planAgain();
  expect(shipping.plan).toBeNull();
  expect(shipping.failure?.hints).toContain("The disk is read-only.");
  expect(shipping.canPublish).toBe(false);
});

test("a save makes a new plan while the screen is shown, and none while it is not", async () => {
  const { shipping, host, session } = await openShipping();
  const save = async (version: string) => {
    session.active?.buffer?.replace(`name: a\nversion: ${version}\n`, { undoable: true });
    await session.active?.save();
  };
  await save("1.3.0");
  await until(() => expect(shipping.plan?.version).toBe("1.3.0"));
  shipping.hide();
  await save("1.4.0");
  expect(host.countOf("ship_plan")).toBe(2);
  await shipping.show();
  expect(shipping.plan?.version).toBe("1.4.0");
});

test("another registry has a plan and releases of its own", async () => {
  const release = { version: "1.0.0", digest: "sha256:1", latest: true, signed: true };
  const { shipping } = await openShipping({ releases: { "ghcr.io/acme": [release] } });
  expect(shipping.releases).toEqual([]);
  await shipping.chooseRegistry("ghcr.io/acme");
  expect(shipping.plan?.to).toBe("ghcr.io/acme/open-library");
  expect(shipping.plan?.after).toBe("1.0.0");
  expect(shipping.releases).toEqual([release]);
});

test("a plan for the registry before does not come late", async () => {
  const { shipping, host } = await openShipping();
  const call = host.call.bind(host);
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  host.call = (async (name: "ship_plan", args: { session: number; registry: string }) => {
    const answer = await call(name, args);
    if (name === "ship_plan" && args.registry === "ghcr.io/acme") await held;
    return answer;
  }) as typeof host.call;
  const first = shipping.chooseRegistry("ghcr.io/acme");
  await shipping.chooseRegistry("local");
  release();
  await first;
  expect(shipping.plan?.to).toBe("this computer");
});

test("a blocker keeps the button off and says so", async () => {
  const { shipping, host } = await openShipping({ checks: [BLOCKER] });
  expect(shipping.obstacle).toContain("1 blocker");
  await shipping.publish();
  expect(host.countOf("publish")).toBe(0);
});

test("publishing goes step by step to a receipt, and the release is listed", async () => {
  const { open, beforeStep } = gate(2);
  const { shipping, host } = await openShipping({ beforeStep });
  const digest = shipping.plan?.digest;
  const going = shipping.publish();
  await until(() => expect(shipping.steps[2]).toBe("running"));
  expect(shipping.steps.slice(0, 2)).toEqual(["done", "done"]);
  expect(shipping.phase).toBe("publishing");
  open();
  await going;
  expect(shipping.phase).toBe("published");
  expect(shipping.receipt).toMatchObject({ digest, version: "1.2.0" });
  expect(shipping.releases?.[0]).toMatchObject({ version: "1.2.0", latest: true });
  expect(host.calls.find((call) => call.name === "publish")?.args).toMatchObject({ digest });
  await shipping.planAgain();
  expect(shipping.obstacle).toContain("is published");
  expect(shipping.receipt).not.toBeNull();
});

test("stopping leaves a new plan and the sentence that nothing points there", async () => {
  const { open, beforeStep } = gate(1);
  const { shipping, host } = await openShipping({ beforeStep });
  const going = shipping.publish();
  await until(() => expect(shipping.steps[1]).toBe("running"));
  await shipping.stop();
  open();
  await going;
  expect(host.countOf("stop_publish")).toBe(1);
  expect(shipping.phase).toBe("plan");
  expect(shipping.note).toContain("Stopped");
  expect(shipping.receipt).toBeNull();
});

test("a failure stands at its step, and trying again plans anew", async () => {
  const { shipping } = await openShipping({ beforeStep: (step) => (step === 3 ? refused() : undefined) });
  await shipping.publish();
  expect(shipping.phase).toBe("failed");
  expect(shipping.failedStep).toBe(3);
  expect(shipping.failure?.hints).toEqual(["Sign in."]);
  await shipping.planAgain();
  expect(shipping.phase).toBe("plan");
  expect(shipping.failure).toBeNull();
  expect(shipping.canPublish).toBe(true);
});

test("files that changed since the plan are planned again, and nothing is sent", async () => {
  const { shipping, host } = await openShipping();
  host.files.set("new.md", { text: "x" });
  await shipping.publish();
  expect(shipping.phase).toBe("plan");
  expect(shipping.note).toContain("changed since");
  expect(shipping.receipt).toBeNull();
  await shipping.publish();
  expect(shipping.phase).toBe("published");
});

test("text that is saved by the press of the button is planned first, too", async () => {
  const { shipping, host, session } = await openShipping();
  session.active?.buffer?.replace("name: open-library\nversion: 3.0.0\n", { undoable: true });
  await shipping.publish();
  expect(host.countOf("publish")).toBe(0);
  expect(shipping.plan?.version).toBe("3.0.0");
  expect(shipping.note).toContain("changed since");
});

test("steps of another opening are not ours", async () => {
  const { open, beforeStep } = gate(0);
  const { shipping, session, host } = await openShipping({ beforeStep });
  const going = shipping.publish();
  await until(() => expect(shipping.steps[0]).toBe("running"));
  host.emit({ event: "publishing", session: session.id + 1, step: 4, state: "failed" });
  expect(shipping.steps[4]).toBeNull();
  open();
  await going;
});

test("a registry is added by its address, and a wrong one says why", async () => {
  const { shipping } = await openShipping();
  expect((await shipping.addRegistry("nope"))?.message).toContain("nope");
  expect(shipping.registry?.id).toBe("local");
  expect(await shipping.addRegistry(" localhost:5000/acme ")).toBeNull();
  expect(shipping.registry?.id).toBe("localhost:5000/acme");
  await shipping.forgetRegistry("localhost:5000/acme");
  expect(shipping.registry?.id).toBe("local");
  expect(shipping.registries).toHaveLength(2);
});

test("a release is verified and pulled; what fails is said at it", async () => {
  const releases = { local: [{ version: "1.0.0", digest: "sha256:1", latest: true, signed: false }] };
  const { shipping, host } = await openShipping({ releases });
  shipping.choose("1.0.0");
  await shipping.verify("1.0.0");
  expect(shipping.findings.verified?.verdict).toBe("warn");
  await shipping.pull("1.0.0");
  expect(shipping.findings.pulled?.shown).toBe("~/packs/open-library-1.0.0");
  host.fail("verify_release", "unreachable", { message: "No answer." });
  await shipping.verify("1.0.0");
  expect(shipping.findings.failure?.message).toBe("No answer.");
  expect(shipping.canPublish).toBe(false);
});

test("a digest is shortened wherever it stands", () => {
  const digest = `sha256:${"ab".repeat(32)}`;
  expect(shortDigest(digest, 6, 4)).toBe("sha256:ababab…abab");
  expect(shortDigest(`ghcr.io/a/b@${digest}`, 6, 4)).toBe("ghcr.io/a/b@sha256:ababab…abab");
  expect(shortDigest("one layer, 14 files")).toBe("one layer, 14 files");
});
