/** The start of the page: the first frame, then the pack that was asked for. */
import { mount } from "svelte";
import App from "./App.svelte";
import "./lib/design/tokens.css";
import "./lib/design/fonts.css";
import "./lib/design/base.css";
import type { Host } from "./lib/host/host";
import { TauriHost } from "./lib/host/tauriHost";
import { Studio } from "./lib/shell/studio.svelte";

/** Frames stop while the window is hidden, and it is hidden until we say that we have painted: a timer says so too. */
const PAINTED_AFTER_MS = 250;

async function makeHost(): Promise<Host> {
  if (import.meta.env.DEV && new URLSearchParams(location.search).has("fake")) {
    const { demoHost } = await import("./lib/host/fakeHost");
    return demoHost();
  }
  return new TauriHost();
}

function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PAINTED_AFTER_MS);
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        clearTimeout(timer);
        resolve();
      }),
    );
  });
}

async function begin(): Promise<void> {
  const studio = new Studio(await makeHost());
  studio.layout.windowWidth(window.innerWidth);
  const open = await studio.begin();
  const target = document.querySelector("#app");
  if (!target) throw new Error("index.html has no #app");
  if (open !== null) void studio.openPath(open);
  mount(App, { target, props: { studio } });
  await nextFrame();
  document.body.dataset.ready = "true";
  await studio.host.call("painted", null);
}

begin().catch((error: unknown) => console.error("the page did not start:", error));
