/** The sizes of the panes: what the author chose, what the window allows, and keeping both for next time. */
import type { Preferences, Theme } from "../generated/wire";

export type PaneName = "sidebar" | "panel" | "inspector";

interface Limits {
  usual: number;
  min: number;
  max: number;
}

/** In CSS pixels, at the full width of the window. */
export const LIMITS: Record<PaneName, Limits> = {
  sidebar: { usual: 240, min: 160, max: 480 },
  panel: { usual: 160, min: 96, max: 560 },
  inspector: { usual: 336, min: 240, max: 640 },
};

/** Up to this width the side panes are drawn narrower: 240 becomes 192, 336 becomes 272. */
export const NARROW = 1120;
const NARROW_FACTOR: Record<PaneName, number> = { sidebar: 0.8, panel: 1, inspector: 0.81 };

/** Below this width the inspector is a drawer over the editor, closed until it is asked for. */
export const DRAWER = 1000;

/** Dragging a border asks for many sizes a second; the last one is worth keeping. */
const KEEP_AFTER_MS = 400;

export class Layout {
  #chosen = $state({
    sidebar: LIMITS.sidebar.usual,
    panel: LIMITS.panel.usual,
    inspector: LIMITS.inspector.usual,
  });
  #shown = $state({ sidebar: true, panel: true, inspector: true });
  #theme = $state<Theme>("system");
  #width = $state(1280);
  #drawer = $state(false);
  #keep: (preferences: Preferences) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(keep: (preferences: Preferences) => void) {
    this.#keep = keep;
  }

  get theme(): Theme {
    return this.#theme;
  }

  get narrow(): boolean {
    return this.#width <= NARROW;
  }

  /** True while the inspector lies over the editor. */
  get drawer(): boolean {
    return this.#width < DRAWER;
  }

  restore(preferences: Preferences): void {
    this.#theme = preferences.theme;
    for (const pane of ["sidebar", "panel", "inspector"] as const) {
      const size = preferences[pane];
      this.#shown[pane] = size > 0;
      if (size > 0) this.#chosen[pane] = clamp(size, LIMITS[pane]);
    }
  }

  windowWidth(width: number): void {
    this.#width = width;
  }

  isShown(pane: PaneName): boolean {
    return pane === "inspector" && this.drawer ? this.#drawer : this.#shown[pane];
  }

  /** What to draw, in CSS pixels; 0 when hidden. */
  size(pane: PaneName): number {
    return this.isShown(pane) ? Math.round(this.#chosen[pane] * this.#factor(pane)) : 0;
  }

  resize(pane: PaneName, pixels: number): void {
    this.#chosen[pane] = clamp(Math.round(pixels / this.#factor(pane)), LIMITS[pane]);
    this.#keepSoon();
  }

  reset(pane: PaneName): void {
    this.resize(pane, LIMITS[pane].usual * this.#factor(pane));
  }

  toggle(pane: PaneName, shown = !this.isShown(pane)): void {
    if (pane === "inspector" && this.drawer) {
      this.#drawer = shown;
      return;
    }
    this.#shown[pane] = shown;
    this.#keepSoon();
  }

  setTheme(theme: Theme): void {
    this.#theme = theme;
    this.#keepSoon();
  }

  #factor(pane: PaneName): number {
    return this.narrow ? NARROW_FACTOR[pane] : 1;
  }

  #keepSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#keep(this.preferences), KEEP_AFTER_MS);
  }

  get preferences(): Preferences {
    const size = (pane: PaneName) => (this.#shown[pane] ? this.#chosen[pane] : 0);
    return {
      theme: this.#theme,
      sidebar: size("sidebar"),
      panel: size("panel"),
      inspector: size("inspector"),
    };
  }
}

function clamp(size: number, limits: Limits): number {
  return Math.min(limits.max, Math.max(limits.min, size));
}
