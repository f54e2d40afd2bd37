/** Moving between the panes of the window with F6, in the order in which they are marked with `data-pane`. */

const FOCUSABLE =
  'button:not([disabled]), input:not([disabled]), [tabindex]:not([tabindex="-1"]), [contenteditable="true"]';

/** The element of a pane that a keyboard lands on: the editor's text, else the pane's own tab stop. */
function landing(pane: HTMLElement): HTMLElement | null {
  const preferred = pane.querySelector<HTMLElement>(
    ".cm-content, [data-landing][tabindex='0'], [data-landing] [tabindex='0']",
  );
  return preferred ?? pane.querySelector<HTMLElement>(FOCUSABLE) ?? (pane.tabIndex >= 0 ? pane : null);
}

export function movePane(direction: 1 | -1): void {
  const panes = [...document.querySelectorAll<HTMLElement>("[data-pane]")].filter(
    (pane) => !pane.hidden && landing(pane) !== null,
  );
  if (panes.length === 0) return;
  const focused = document.activeElement;
  const here = panes.findIndex((pane) => pane.contains(focused));
  const next = here < 0 ? 0 : (here + direction + panes.length) % panes.length;
  const pane = panes[next];
  if (pane) landing(pane)?.focus();
}

/** Arrow keys within one tab stop: moves the focus to a neighbour and says whether the key was used. */
export function rove(
  event: KeyboardEvent,
  selector: string,
  keys: { next: string; previous: string },
): boolean {
  const container = event.currentTarget as HTMLElement;
  const items = [...container.querySelectorAll<HTMLElement>(selector)];
  const here = items.findIndex((item) => item.contains(event.target as Node));
  const target =
    event.key === keys.next
      ? items[here + 1]
      : event.key === keys.previous
        ? items[here - 1]
        : event.key === "Home"
          ? items[0]
          : event.key === "End"
            ? items.at(-1)
            : undefined;
  const used = [keys.next, keys.previous, "Home", "End"].includes(event.key);
  if (used) event.preventDefault();
  target?.focus();
  return used;
}
