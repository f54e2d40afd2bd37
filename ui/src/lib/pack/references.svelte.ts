/** Where a thing is named in the pack: the list stays until another one is asked for or it is closed. */
import type { Range } from "./protocol";

export interface Reference {
  id: string;
  path: string;
  range: Range;
  /** The line that it stands in: what is before it, itself, what is behind it. */
  line: readonly [before: string, named: string, behind: string];
}

export interface ReferenceGroup {
  path: string;
  references: readonly Reference[];
}

export class References {
  #list = $state.raw<readonly Reference[] | null>(null);
  #selected = $state<string | null>(null);
  #shown = $state(false);

  /** By file, the manifest first, as problems are. */
  #groups = $derived.by((): readonly ReferenceGroup[] => {
    const groups = new Map<string, Reference[]>();
    for (const each of this.#list ?? []) groups.set(each.path, [...(groups.get(each.path) ?? []), each]);
    return [...groups]
      .map(([path, references]) => ({ path, references }))
      .sort((a, b) => Number(b.path === "pack.yaml") - Number(a.path === "pack.yaml"));
  });

  /** `null` while nobody asked. */
  get list(): readonly Reference[] | null {
    return this.#list;
  }

  get groups(): readonly ReferenceGroup[] {
    return this.#groups;
  }

  get selected(): Reference | null {
    return this.#list?.find((each) => each.id === this.#selected) ?? null;
  }

  /** True while the panel shows these, not the problems. */
  get shown(): boolean {
    return this.#shown && this.#list !== null;
  }

  show(shown: boolean): void {
    this.#shown = shown;
  }

  /** Takes a new list; the one at the cursor is where walking begins. */
  take(list: readonly Reference[], at: string | null): void {
    this.#list = list;
    this.#selected = at;
    this.#shown = true;
  }

  close(): void {
    this.#list = null;
    this.#shown = false;
  }

  select(id: string): void {
    this.#selected = id;
  }

  /** The next or previous one of the list, around its ends. */
  step(direction: 1 | -1): Reference | null {
    const list = this.#groups.flatMap((group) => group.references);
    const here = list.findIndex((each) => each.id === this.#selected);
    const next = here < 0 && direction < 0 ? list.length - 1 : here + direction;
    return list[(next + list.length) % list.length] ?? null;
  }
}

/** A line may be long; what is around the name says enough. */
const AROUND = 160;

export function lineAround(text: string, range: Range): Reference["line"] {
  const line = text.split("\n", range.start.line + 1)[range.start.line]?.replace(/\r$/, "") ?? "";
  const from = range.start.character;
  const to = range.end.line === range.start.line ? range.end.character : line.length;
  const before = line.slice(Math.max(0, from - AROUND), from).trimStart();
  return [before, line.slice(from, Math.min(to, from + AROUND)), line.slice(to, to + AROUND).trimEnd()];
}
