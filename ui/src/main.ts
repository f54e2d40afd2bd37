/** The start of the page: the first frame, then the pack that was asked for. */
import { flushSync, mount } from "svelte";
import App from "./App.svelte";
import "./lib/design/tokens.css";
import "./lib/design/fonts.css";
import "./lib/design/base.css";
import type { Host } from "./lib/host/host";
import { TauriHost } from "./lib/host/tauriHost";
import { Studio } from "./lib/shell/studio.svelte";

async function makeHost(): Promise<Host> {
  if (import.meta.env.DEV && new URLSearchParams(location.search).has("fake")) {
    const { demoHost } = await import("./lib/host/fakeHost");
    return demoHost();
  }
  return new TauriHost();
}

/** Two frames: the second begins when the first is on the screen. */
function framePainted(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
}

async function begin(): Promise<void> {
  const studio = new Studio(await makeHost());
  studio.layout.windowWidth(window.innerWidth);
  const open = await studio.begin();
  const target = document.querySelector("#app");
  if (!target) throw new Error("index.html has no #app");
  if (open !== null) void studio.openPath(open);
  mount(App, { target, props: { studio } });
  flushSync();
  // No frame is painted in a window that is hidden, and it is hidden until we say that there is something to show.
  await studio.host.call("ready", null);
  document.body.dataset.ready = "true";
  await framePainted();
  await studio.host.call("painted", null);
}

begin().catch((error: unknown) => console.error("the page did not start:", error));
