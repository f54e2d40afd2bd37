/** The whole window's state: which screen, which pack, what lies over it, and what the author likes. */
import { type Command, commandsFor } from "../commands/registry";
import type { Event, Failure, NewPackArg, PackView, Place, Theme } from "../generated/wire";
import { failureOf, type Host } from "../host/host";
import { PackSession } from "../pack/session.svelte";
import { Shipping } from "../ship/shipping.svelte";
import { StartLists } from "../start/startLists.svelte";
import type { IconName } from "../design/icons";
import { outlineOf } from "../pack/outline";
import { en } from "../strings/en";
import { Runs } from "../test/runs.svelte";
import { Layout } from "./layout.svelte";
import { Toasts } from "./toasts.svelte";

/** The window closes after this long, whatever a slow disk still has to do. */
export const CLOSE_AFTER_MS = 2000;

/** What may lie over the screen. */
export type Overlay = "commands" | "files" | "keys" | "newPack" | "saveCase" | "rename" | "choices";

/** A few things to choose from, in the palette's place. */
export interface Choices {
  label: string;
  placeholder: string;
  /** What Enter does, in a word. */
  enter: string;
  items: readonly Choice[];
  /** The one that is chosen first. */
  first: number;
}

export interface Choice {
  text: string;
  /** Beside it, in grey. */
  note: string;
  icon: IconName;
  /** How far it stands in from the left. */
  depth: number;
  run: () => void;
}

/** The screens of an open pack. */
export type Screen = "pack" | "test" | "ship";

/** An open pack with all that goes on in it, whatever screen is shown. */
interface Opened {
  pack: PackSession;
  runs: Runs;
  shipping: Shipping;
}

/** The engine that runs inline handlers, while it is compiled and after. */
export interface EngineState {
  ready: boolean;
  millis: number;
}

const ACTION_ICONS: Record<string, IconName> = {
  quickfix: "bulb",
  "refactor.extract": "box",
  "refactor.inline": "braces",
  "refactor.rewrite": "plus",
};

export class Studio {
  readonly host: Host;
  readonly layout: Layout;
  readonly toasts = new Toasts();
  readonly lists: StartLists;
  readonly commands: readonly Command[];
  #open = $state.raw<Opened | null>(null);
  #screen = $state<Screen>("pack");
  #engine = $state.raw<EngineState | null>(null);
  #overlay = $state<Overlay | null>(null);
  #choices = $state.raw<Choices | null>(null);
  #failure = $state.raw<Failure | null>(null);
  #opening = $state(false);
  /** The opening that goes on, or the last one. */
  #opened: Promise<Failure | null> = Promise.resolve(null);
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
    return this.#open?.pack ?? null;
  }

  get runs(): Runs | null {
    return this.#open?.runs ?? null;
  }

  get shipping(): Shipping | null {
    return this.#open?.shipping ?? null;
  }

  /** The screen of the open pack that is shown. */
  get screen(): Screen {
    return this.#screen;
  }

  get engine(): EngineState | null {
    return this.#engine;
  }

  get overlay(): Overlay | null {
    return this.#overlay;
  }

  get choices(): Choices | null {
    return this.#choices;
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

  /** True while this screen of an open pack is the one that is shown. */
  isOn(screen: Screen): boolean {
    return this.#open !== null && this.#screen === screen;
  }

  /** Shows a screen of the open pack; the one that is shown already gets the keyboard. */
  showScreen(screen: Screen): void {
    if (this.#screen === screen) this.focusScreen();
    else this.#screen = screen;
  }

  /** Shows a file of the pack in the Pack screen. */
  async showFile(path: string): Promise<void> {
    this.#screen = "pack";
    await this.pack?.open(path, { focus: true });
  }

  /** Shows a place of a file in the Pack screen. */
  async showPlace(place: Place): Promise<void> {
    this.#screen = "pack";
    await this.pack?.showPlace(place);
  }

  /** Goes through the problems, in the Pack screen. */
  async stepProblem(direction: 1 | -1): Promise<void> {
    this.#screen = "pack";
    await this.pack?.stepProblem(direction);
  }

  /** Asks for a new name, where there is something to rename. */
  async rename(): Promise<void> {
    const pack = this.pack;
    if ((await pack?.beginRename()) && this.pack === pack && this.#overlay === null) this.show("rename");
  }

  #choose(pack: PackSession, choices: Choices): void {
    // What was asked may be answered after the author has gone elsewhere.
    if (this.pack !== pack || this.#overlay !== null) return;
    this.#choices = choices;
    this.show("choices");
  }

  /** Makes the one certain fix at the cursor, or offers what can be done there. */
  async offerActions(): Promise<void> {
    const pack = this.pack;
    const actions = (await pack?.actions()) ?? [];
    const [only] = actions;
    if (!pack || this.pack !== pack) return;
    if (!only) this.toasts.show({ tone: "info", message: en.toast.noActions });
    else if (actions.length === 1 && only.kind === "quickfix" && pack.problems.selected?.data?.fix)
      await pack.applyFix();
    else
      this.#choose(pack, {
        label: en.choices.actions,
        placeholder: en.choices.actionsPlaceholder,
        enter: en.choices.apply,
        items: actions.map((action) => ({
          text: action.title,
          note: "",
          icon: ACTION_ICONS[action.kind ?? ""] ?? "code",
          depth: 0,
          run: () => void pack.act(action),
        })),
        first: 0,
      });
  }

  async findReferences(): Promise<void> {
    const found = await this.pack?.findReferences();
    if (found && !this.layout.isShown("panel")) this.layout.toggle("panel");
  }

  /** Offers the parts of the file that is shown. */
  async showOutline(): Promise<void> {
    const pack = this.pack;
    const cursor = pack?.active?.buffer?.cursor();
    const parts = outlineOf((await pack?.symbols()) ?? []);
    if (!pack) return;
    if (parts.length === 0) this.toasts.show({ tone: "info", message: en.toast.noSymbols });
    else
      this.#choose(pack, {
        label: en.choices.symbols,
        placeholder: en.choices.symbolsPlaceholder,
        enter: en.choices.go,
        items: parts.map(({ name, detail, icon, depth, at }) => ({
          text: name,
          note: detail,
          icon,
          depth,
          run: () => pack.reveal(at),
        })),
        // The innermost part that begins before the cursor.
        first: Math.max(
          0,
          parts.findLastIndex((part) => cursor !== undefined && part.at.start.line <= cursor.line),
        ),
      });
  }

  async createManifest(): Promise<void> {
    this.#screen = "pack";
    await this.pack?.createManifest();
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
  async openPath(path: string): Promise<void> {
    if (path === this.pack?.root) this.focusScreen();
    else this.#failure = await this.#openBy(() => this.host.call("open_pack", { path }));
  }

  async openSample(name: string): Promise<void> {
    this.#failure = await this.#openBy(() => this.host.call("open_sample", { name }));
  }

  /** Makes a pack and opens it. Answers with why not: the dialog that asked says so. */
  newPack(wanted: NewPackArg): Promise<Failure | null> {
    return this.#openBy(() => this.host.call("new_pack", wanted));
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

  #openBy(ask: () => Promise<PackView>): Promise<Failure | null> {
    // A second click on the way is the same wish.
    if (!this.#opening) this.#opened = this.#replace(ask);
    return this.#opened;
  }

  async #replace(ask: () => Promise<PackView>): Promise<Failure | null> {
    this.#opening = true;
    this.#failure = null;
    try {
      await this.pack?.settle();
      this.#early = [];
      const view = await ask();
      // The author may have typed on while the folder was opened; from here on the old text stands still.
      await this.#endPack();
      const pack = new PackSession(this.host, view, this.toasts);
      const runs = new Runs(this.host, pack, this.toasts);
      this.#open = { pack, runs, shipping: new Shipping(this.host, pack) };
      this.#screen = "pack";
      this.#overlay = null;
      for (const event of this.#early) this.#tellPack(event);
      this.#early = null;
      await pack.begin();
      return null;
    } catch (error) {
      return failureOf(error);
    } finally {
      this.#opening = false;
      this.#early = null;
      this.#named = false;
    }
  }

  async #endPack(): Promise<void> {
    this.#open?.runs.end();
    this.#open?.shipping.end();
    await this.#open?.pack.end();
  }

  async closePack(): Promise<void> {
    const pack = this.pack;
    if (!pack) return;
    await this.#endPack();
    this.#open = null;
    try {
      await this.host.call("close_pack", { session: pack.id });
    } catch (error) {
      this.#failure = failureOf(error);
    }
    await this.lists.load();
  }

  /** Puts the keyboard into the screen that is shown. */
  focusScreen(): void {
    if (this.#screen === "pack" && this.pack?.active) this.pack.focusEditor();
    else {
      const landing =
        document.querySelector<HTMLElement>("main .b.pri") ??
        document.querySelector<HTMLElement>("main button, main [tabindex='0']");
      landing?.focus();
    }
  }

  /** A screen that has just come: the keyboard goes into it, unless it already is somewhere. */
  landOnScreen(): void {
    if (document.activeElement === document.body || document.activeElement === null) this.focusScreen();
  }

  #handle(event: Event): void {
    if (event.event === "openRequested") void this.#opened.then(() => this.openPath(event.path));
    else if (event.event === "closeRequested") void this.#closeWindow();
    else if (event.event === "engine") this.#engine = { ready: event.ready, millis: event.millis };
    else {
      this.#early?.push(event);
      this.#tellPack(event);
    }
  }

  #tellPack(event: Event): void {
    this.#open?.pack.handle(event);
    this.#open?.shipping.handle(event);
  }

  /** Everything typed goes to the journal and the disk, and the window goes in any case. */
  async #closeWindow(): Promise<void> {
    const pack = this.pack;
    const late = new Promise((resolve) => setTimeout(resolve, CLOSE_AFTER_MS));
    const safe = pack?.journalAll().then(() => pack.settle());
    await Promise.race([safe, late]).catch((error: unknown) => console.error("closing:", error));
    await this.host.call("close_window", null).catch((error: unknown) => (this.#failure = failureOf(error)));
  }
}
