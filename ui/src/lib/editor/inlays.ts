/**
 * What holds where the author wrote nothing, in small words behind what it is about: "30 s · 64 MB" behind a tool that
 * names no limits. The words are the server's; where they stand, and when they are asked for, is decided here.
 *
 * They are asked for when the text rests, so that no key waits for them. Until the answer is there the old ones move
 * with what is typed, and nothing jumps. An answer about a text that is no longer shown is dropped: the next question
 * is already planned.
 */
import {
  type ChangeSet,
  type EditorState,
  type Extension,
  RangeSet,
  StateEffect,
  StateField,
  type Text,
} from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from "@codemirror/view";
import type { InlayHint, Range } from "../pack/protocol";
import { offsetOf, positionOf } from "./positions";

/** Who knows what holds in a part of the text. */
export type InlaySource = (part: Range) => Promise<readonly InlayHint[]>;

/** A pause in typing that long asks again: longer than the pause between two keys, shorter than a look at the line. */
export const REST_MS = 200;
/** Scrolling asks sooner: nothing was typed that the answer would have to wait for. */
const SCROLL_MS = 50;
/** So many lines above and below what is drawn are asked for too, so that a small scroll asks nothing. */
const LINES_AROUND = 100;

export function inlays(ask: InlaySource): Extension {
  return [drawn, ViewPlugin.define((view) => new Asker(view, ask))];
}

/** What an inlay means, where one stands at a place. */
export function inlayAt(state: EditorState, pos: number): string | null {
  let found: string | null = null;
  state.field(drawn, false)?.between(pos, pos, (_from, _to, { spec }) => {
    found = (spec as { tooltip: string | null }).tooltip;
  });
  return found;
}

class Words extends WidgetType {
  constructor(readonly label: string) {
    super();
  }

  override eq(other: Words): boolean {
    return other.label === this.label;
  }

  override toDOM(): HTMLElement {
    const words = document.createElement("span");
    words.className = "cm-inlay";
    words.textContent = this.label;
    // The file does not say this. Whoever has it read aloud hears what it says; a hover on the key tells the rest.
    words.setAttribute("aria-hidden", "true");
    return words;
  }

  /** A click is one into the text: it puts the cursor before the words. */
  override ignoreEvent(): boolean {
    return false;
  }
}

const answered = StateEffect.define<DecorationSet>();

/** In the state, not in the view: a tab that is shown again shows them at once. */
const drawn = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(words, { startState, changes, docChanged, effects }) {
    if (docChanged && words.size > 0) words = moved(words, startState.doc, changes);
    for (const effect of effects) if (effect.is(answered)) words = effect.value;
    return words;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** The words behind what they are about, after a change. They go where that can no longer be told. */
function moved(words: DecorationSet, doc: Text, changes: ChangeSet): DecorationSet {
  const kept = [];
  for (const at = words.iter(); at.value; at.next()) {
    const to = placeAfter(at.from, doc, changes);
    if (to !== null) kept.push(at.value.range(to));
  }
  return Decoration.set(kept, true);
}

function placeAfter(pos: number, doc: Text, changes: ChangeSet): number | null {
  const line = doc.lineAt(pos);
  let lost = false;
  let side: 1 | -1 = 1;
  changes.iterChanges((from, to, _from, _to, inserted) => {
    if (to <= line.from || from > pos) return;
    if (from === pos) {
      // Enter behind the words' place leaves them where they are; letters go before them.
      if (inserted.lines > 1 && inserted.line(1).length === 0) side = -1;
      else lost ||= inserted.lines > 1;
    } else lost ||= inserted.lines > 1 || from < line.from || to > pos || (from === line.from && to === pos);
  });
  return lost ? null : changes.mapPos(pos, side);
}

/** Asks when the text rests, and when another part of it comes into sight. */
class Asker {
  /** What the newest question is about. */
  #asked: { doc: Text; first: number; last: number } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #gone = false;

  constructor(
    readonly view: EditorView,
    readonly ask: InlaySource,
  ) {
    this.#plan(0);
  }

  update(update: ViewUpdate): void {
    if (update.docChanged) this.#plan(REST_MS);
    else if (update.viewportChanged && !this.#knows(update.view)) this.#plan(SCROLL_MS);
  }

  destroy(): void {
    this.#gone = true;
    clearTimeout(this.#timer);
  }

  #knows({ state: { doc }, viewport }: EditorView): boolean {
    const asked = this.#asked;
    return (
      asked?.doc === doc &&
      asked.first <= doc.lineAt(viewport.from).number &&
      doc.lineAt(viewport.to).number <= asked.last
    );
  }

  #plan(after: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#askNow(), after);
  }

  async #askNow(): Promise<void> {
    const { doc } = this.view.state;
    const { from, to } = this.view.viewport;
    const first = Math.max(1, doc.lineAt(from).number - LINES_AROUND);
    const last = Math.min(doc.lines, doc.lineAt(to).number + LINES_AROUND);
    const asked = { doc, first, last };
    this.#asked = asked;
    try {
      const hints = await this.ask({
        start: positionOf(doc, doc.line(first).from),
        end: positionOf(doc, doc.line(last).to),
      });
      if (!this.#gone && this.#asked === asked && this.view.state.doc === doc) this.#draw(hints);
    } catch (error) {
      // Nobody waits for these words: what is drawn stays, and the next change asks again.
      console.error("no inlays:", error);
    }
  }

  #draw(hints: readonly InlayHint[]): void {
    // What an input method composes must not be drawn anew under it.
    if (this.view.composing) return this.#plan(REST_MS);
    const { state } = this.view;
    const words = Decoration.set(
      hints.map(({ position, label, tooltip }) => {
        const widget = new Words(label);
        return Decoration.widget({ widget, tooltip: tooltip ?? null, side: 1 }).range(
          offsetOf(state.doc, position),
        );
      }),
      true,
    );
    if (!RangeSet.eq([words], [state.field(drawn)])) this.view.dispatch({ effects: answered.of(words) });
  }
}
