/** Keys as the author reads and types them. A key is written "Mod+Shift+P"; Mod is Ctrl, or Command on a Mac. */

export const MAC = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

const SHOWN: Record<string, string> = { ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };
const MAC_MODIFIERS: Record<string, string> = { Mod: "⌘", Shift: "⇧", Alt: "⌥", Ctrl: "⌃" };

/** "Ctrl+Shift+P", or "⇧⌘P" on a Mac. */
export function formatKey(key: string, mac = MAC): string {
  const parts = key.split("+").map((part) => SHOWN[part] ?? part);
  if (mac) return parts.map((part) => MAC_MODIFIERS[part] ?? part).join("");
  return parts.map((part) => (part === "Mod" ? "Ctrl" : part)).join("+");
}

/** How ARIA writes the same key. */
export function ariaKey(key: string, mac = MAC): string {
  return key.replace("Mod", mac ? "Meta" : "Control");
}

/** Digits and signs by their place: on another layout, or with Shift, `event.key` names something else. */
const BY_CODE: Record<string, string> = { Slash: "/", Period: ".", Comma: "," };

function namesOf(event: KeyboardEvent): string[] {
  const names = [event.key.length === 1 ? event.key.toUpperCase() : event.key];
  const digit = /^Digit(\d)$/.exec(event.code);
  if (digit?.[1]) names.push(digit[1]);
  const sign = BY_CODE[event.code];
  if (sign) names.push(sign);
  // Cyrillic, Greek and other layouts have no Latin letters to press: take the place of the key instead.
  const letter = /^Key([A-Z])$/.exec(event.code);
  if (letter?.[1] && !/^[A-Z]$/i.test(event.key)) names.push(letter[1]);
  return names;
}

/** True when the pressed key is the one written. Never during an input method's composition. */
export function keyMatches(event: KeyboardEvent, key: string, mac = MAC): boolean {
  if (event.isComposing || event.getModifierState?.("AltGraph")) return false;
  const parts = key.split("+");
  const main = parts.pop() ?? "";
  const has = (name: string) => parts.includes(name);
  const mod = has("Mod");
  if (event.ctrlKey !== ((mod && !mac) || has("Ctrl"))) return false;
  if (event.metaKey !== (mod && mac)) return false;
  if (event.shiftKey !== has("Shift") || event.altKey !== has("Alt")) return false;
  return namesOf(event).includes(main);
}
