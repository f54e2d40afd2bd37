/** The whole window's state: which screen, which pack, what lies over it, and what the author likes. */
import { type Command, commandsFor } from "../commands/registry";
import type { Event, Failure, PackView, Theme } from "../generated/wire";
import { failureOf, type Host } from "../host/host";
import { PackSession } from "../pack/session.svelte";
import { StartLists } from "../start/startLists.svelte";
import { en } from "../strings/en";
import { Layout } from "./layout.svelte";
import { Toasts } from "./toasts.svelte";

/** The window closes after this long, whatever a slow disk still has to do. */
export const CLOSE_AFTER_MS = 2000;

/** What may lie over the screen. */
export type Overlay = "commands" | "files" | "keys";

export class Studio {
  readonly host: Host;
  readonly layout: Layout;
  readonly toasts = new Toasts();
  readonly lists: StartLists;
  readonly commands: readonly Command[];
  #pack = $state.raw<PackSession | null>(null);
  #overlay = $state<Overlay | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #opening = $state(false);
  /** The opening that goes on, or the last one. */
  #opened: Promise<void> = Promise.resolve();
  /** What came while a folder is opened: some of it may be about the pack that is not here yet. */
  #early: Event[] | null = null;
  #named = $state(false);
  #version = $state("");

  constructor(host: Host) {
    this.host = host;
    this.layout = new Layout((preferences) => {
      host
        .call("set_preferences", { preferences })
        .catch((error: unknown) =>
          this.toasts.show({ tone: "warn", message: en.toast.preferences(failureOf(error).message) }),
        );
    });
    this.lists = new StartLists(host);
    this.commands = commandsFor(this);
    host.listen((event) => this.#handle(event));
  }

  get pack(): PackSession | null {
    return this.#pack;
  }

  get overlay(): Overlay | null {
    return this.#overlay;
  }

  /** Why the last folder was not opened. */
  get failure(): Failure | null {
    return this.#failure;
  }

  get opening(): boolean {
    return this.#opening;
  }

  /** True while the folder that was named on the command line opens: Start would only flash by. */
  get beginning(): boolean {
    return this.#named && this.#opening;
  }

  get version(): string {
    return this.#version;
  }

  get theme(): Theme {
    return this.layout.theme;
  }

  /** Reads what the first frame needs. The folder to open, if one was named, is opened after that frame. */
  async begin(): Promise<string | null> {
    try {
      const start = await this.host.call("start", null);
      this.#version = start.version;
      this.layout.restore(start.preferences);
      this.#applyTheme();
      this.#named = start.open !== null;
      return start.open;
    } catch (error) {
      this.#failure = failureOf(error);
      return null;
    } finally {
      void this.lists.load();
    }
  }

  command(id: Command["id"]): Command {
    const command = this.commands.find((each) => each.id === id);
    if (!command) throw new Error(`no command ${id}`);
    return command;
  }

  show(overlay: Overlay): void {
    this.#overlay = overlay;
  }

  hideOverlay(): void {
    this.#overlay = null;
  }

  dismissFailure(): void {
    this.#failure = null;
  }

  setTheme(theme: Theme): void {
    this.layout.setTheme(theme);
    this.#applyTheme();
  }

  #applyTheme(): void {
    const root = document.documentElement;
    if (this.layout.theme === "system") delete root.dataset.theme;
    else root.dataset.theme = this.layout.theme;
  }

  async openFolder(): Promise<void> {
    try {
      const path = await this.host.call("pick_folder", null);
      if (path !== null) await this.openPath(path);
    } catch (error) {
      this.#failure = failureOf(error);
    }
  }

  /** Opens a folder in the place of the open one. The folder that is open already just stays. */
  openPath(path: string): Promise<void> {
    if (path === this.#pack?.root) {
      this.focusScreen();
      return Promise.resolve();
    }
    return this.#open(() => this.host.call("open_pack", { path }));
  }

  openSample(name: string): Promise<void> {
    return this.#open(() => this.host.call("open_sample", { name }));
  }

  /** A folder that moved: the author points at its new place, and the old row goes. */
  async locate(path: string): Promise<void> {
    try {
      const found = await this.host.call("pick_folder", null);
      if (found === null) return;
      await this.openPath(found);
      if (this.#failure === null && found !== path) await this.lists.forget(path);
    } catch (error) {
      this.#failure = failureOf(error);
    }
  }

  #open(ask: () => Promise<PackView>): Promise<void> {
    // A second click on the way is the same wish.
    if (!this.#opening) this.#opened = this.#replace(ask);
    return this.#opened;
  }

  async #replace(ask: () => Promise<PackView>): Promise<void> {
    this.#opening = true;
    this.#failure = null;
    try {
      await this.#pack?.settle();
      this.#early = [];
      const view = await ask();
      // The author may have typed on while the folder was opened; from here on the old text stands still.
      await this.#pack?.end();
      const session = new PackSession(this.host, view, this.toasts);
      this.#pack = session;
      this.#overlay = null;
      for (const event of this.#early) session.handle(event);
      this.#early = null;
      await session.begin();
    } catch (error) {
      this.#failure = failureOf(error);
    } finally {
      this.#opening = false;
      this.#early = null;
      this.#named = false;
    }
  }

  async closePack(): Promise<void> {
    const pack = this.#pack;
    if (!pack) return;
    await pack.end();
    this.#pack = null;
    try {
      await this.host.call("close_pack", { session: pack.id });
    } catch (error) {
      this.#failure = failureOf(error);
    }
    await this.lists.load();
  }

  /** Puts the keyboard into the screen that is shown. */
  focusScreen(): void {
    if (this.#pack?.active) this.#pack.focusEditor();
    else document.querySelector<HTMLElement>("main button, main [tabindex='0']")?.focus();
  }

  #handle(event: Event): void {
    if (event.event === "openRequested") void this.#opened.then(() => this.openPath(event.path));
    else if (event.event === "closeRequested") void this.#closeWindow();
    else {
      this.#early?.push(event);
      this.#pack?.handle(event);
    }
  }

  /** Everything typed goes to the journal and the disk, and the window goes in any case. */
  async #closeWindow(): Promise<void> {
    const pack = this.#pack;
    const late = new Promise((resolve) => setTimeout(resolve, CLOSE_AFTER_MS));
    const safe = pack?.journalAll().then(() => pack.settle());
    await Promise.race([safe, late]).catch((error: unknown) => console.error("closing:", error));
    await this.host.call("close_window", null).catch((error: unknown) => (this.#failure = failureOf(error)));
  }
}
