/** The New pack dialog's answers: what is wrong with them, and that none is lost. */
import { expect, test } from "vitest";
import { FakeHost } from "../lib/host/fakeHost";
import { Studio } from "../lib/shell/studio.svelte";
import { addressComplaint, nameComplaint, NewPack } from "../lib/start/newPack.svelte";

async function dialog(host = new FakeHost()) {
  const studio = new Studio(host);
  const pack = new NewPack(host, (wanted) => studio.newPack(wanted));
  await pack.load();
  return { host, studio, pack };
}

test.each(["a", "open-library", "x1", "a".repeat(63)])("%s is a name", (name) => {
  expect(nameComplaint(name)).toBeNull();
});

test.each([
  ["", "needs a name"],
  ["Open", "Only small letters: open"],
  ["open library", "No blanks"],
  ["größe", "ö cannot stand"],
  ["a_b", "_ cannot stand"],
  ["-a", "begins and ends"],
  ["a-", "begins and ends"],
  ["a".repeat(64), "at most 63"],
])("%s is no name: %s", (name, why) => {
  expect(nameComplaint(name)).toContain(why);
});

test.each([
  ["https://api.example.org", null],
  ["http://localhost:8080/v1", null],
  ["api.example.org", "begins with https://"],
  ["https:api", "begins with https://"],
  ["ftp://a.b", "begins with https://"],
  ["https://me:secret@a.b", "No password"],
  ["", "needs the address"],
])("the address %s: %s", (address, why) => {
  if (why === null) expect(addressComplaint(address)).toBeNull();
  else expect(addressComplaint(address)).toContain(why);
});

test("an empty name is complained about when the author wants to create", async () => {
  const { host, pack } = await dialog();
  expect(pack.nameProblem).toBeNull();
  await pack.create();
  expect(pack.nameProblem).toContain("needs a name");
  expect(host.countOf("new_pack")).toBe(0);
});

test("the pack is made from the template and opens", async () => {
  const { host, studio, pack } = await dialog();
  pack.name = "my-tool";
  pack.description = "  Finds things. ";
  pack.address = "https://things.example";
  await pack.create();
  expect(host.calls.find((call) => call.name === "new_pack")?.args).toEqual({
    template: "http-tool",
    folder: "/home/ada/packs",
    name: "my-tool",
    description: "Finds things.",
    address: "https://things.example",
  });
  expect(studio.pack?.name).toBe("my-tool");
  expect(studio.pack?.active?.path).toBe("pack.yaml");
});

test("a template that asks for no address gets none", async () => {
  const { host, pack } = await dialog();
  pack.choose("content");
  pack.name = "notes";
  expect(pack.address).toBeNull();
  await pack.create();
  expect(host.calls.find((call) => call.name === "new_pack")?.args).toMatchObject({ address: null });
});

test("a failure leaves every answer and the open pack as they were", async () => {
  const { host, studio, pack } = await dialog();
  await studio.openPath("/home/ada/packs/open-library");
  const open = studio.pack;
  host.taken.add("my-tool");
  pack.name = "my-tool";
  pack.description = "Finds things.";
  await pack.create();
  expect(pack.failure?.code).toBe("exists");
  expect(pack.name).toBe("my-tool");
  expect(pack.description).toBe("Finds things.");
  expect(studio.pack).toBe(open);
  expect(studio.failure).toBeNull();
  pack.name = "my-tool-2";
  await pack.create();
  expect(studio.pack?.name).toBe("my-tool-2");
});

test("another folder is picked, and a dismissed dialog changes nothing", async () => {
  const { host, pack } = await dialog(new FakeHost({ pick: "/elsewhere" }));
  await pack.pickFolder();
  expect(pack.folder).toBe("/elsewhere");
  pack.name = "my-tool";
  await pack.create();
  expect(host.calls.find((call) => call.name === "new_pack")?.args).toMatchObject({ folder: "/elsewhere" });
  const other = await dialog();
  await other.pack.pickFolder();
  expect(other.pack.folder).toBe("~/packs");
});
