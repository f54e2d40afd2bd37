/** What the language server offers at a place of the text: completion, hover, the way to a definition, and inlays. */
import {
  autocompletion,
  type Completion,
  type CompletionResult,
  type CompletionSource,
  insertCompletionText,
  pickedCompletion,
  snippet,
} from "@codemirror/autocomplete";
import type { Extension, Text } from "@codemirror/state";
import {
  closeHoverTooltips,
  EditorView,
  hasHoverTooltips,
  hoverTooltip,
  type HoverTooltipSource,
  ViewPlugin,
} from "@codemirror/view";
import { MAC } from "../commands/keys";
import { markdownNodes } from "../design/markdown";
import type { CompletionItem, Hover, InlayHint, Position, Range } from "../pack/protocol";
import { completionList, lettersIn } from "./completionList";
import { inlayAt, inlays } from "./inlays";
import { offsetOf, positionOf } from "./positions";
import { snippetOf } from "./snippets";

/** Who answers for one file. */
export interface Assistant {
  completions(at: Position): Promise<readonly CompletionItem[]>;
  hover(at: Position): Promise<Hover | null>;
  /** What holds in a part of the text without being written there. */
  inlays(part: Range): Promise<readonly InlayHint[]>;
  goToDefinition(at: Position): void;
}

/**
 * After these the server is asked without a key: words, and signs behind which something else may stand. Not after a
 * colon: whoever ends a key with Enter wants a new line, and a blank asks soon enough.
 */
const ASKED_AFTER = /[\p{L}\p{N}_ \-/"#{[,]$/u;

const SNIPPET_FORMAT = 2;

export function assistance(assistant: Assistant): Extension {
  return [
    autocompletion({ override: [completionSource(assistant)], icons: false }),
    completionList,
    // What was said of a text need not hold for the next one.
    hoverTooltip(hoverSource(assistant), { hideOnChange: true }),
    mouse,
    inlays((part) => assistant.inlays(part)),
    EditorView.domEventHandlers({
      mousedown(event, view) {
        const wanted = MAC ? event.metaKey : event.ctrlKey;
        if (!wanted || event.button !== 0 || event.shiftKey || event.altKey) return false;
        const offset = view.posAtCoords({ x: event.clientX, y: event.clientY });
        if (offset === null) return false;
        event.preventDefault();
        assistant.goToDefinition(positionOf(view.state.doc, offset));
        return true;
      },
    }),
  ];
}

/**
 * Whoever presses a key has read what the mouse brought up; unless it is the key that copies from there. Until the
 * mouse moves again nothing new comes up: a text that scrolls under it is none that it points at.
 */
class Mouse {
  /** True from a key until the mouse moves. */
  resting = false;
  #screen: [number, number] | null = null;

  constructor(readonly view: EditorView) {
    // On the window: keys of commands come no further.
    window.addEventListener("keydown", this.#key, true);
  }

  destroy(): void {
    window.removeEventListener("keydown", this.#key, true);
  }

  /** Web engines tell of moves too when only the page under the mouse has moved. */
  moved({ screenX, screenY }: MouseEvent): void {
    if (screenX !== this.#screen?.[0] || screenY !== this.#screen[1]) this.resting = false;
    this.#screen = [screenX, screenY];
  }

  #key = (event: KeyboardEvent): void => {
    const copies = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "c";
    if (copies || ["Control", "Shift", "Alt", "Meta"].includes(event.key)) return;
    this.resting = true;
    if (hasHoverTooltips(this.view.state)) this.view.dispatch({ effects: closeHoverTooltips });
  };
}

const mouse: ViewPlugin<Mouse> = ViewPlugin.fromClass(Mouse, {
  eventObservers: {
    mousemove(event) {
      this.moved(event);
    },
  },
});

export function completionSource(assistant: Assistant): CompletionSource {
  return async ({ state, pos, explicit }) => {
    const before = state.sliceDoc(Math.max(0, pos - 2), pos);
    if (state.readOnly || (!explicit && !ASKED_AFTER.test(before))) return null;
    try {
      return completionResult(await assistant.completions(positionOf(state.doc, pos)), state.doc, pos);
    } catch (error) {
      // Nobody waits for this list: typing goes on without it.
      console.error("no completions:", error);
      return null;
    }
  };
}

/** The server's list as CodeMirror shows it: what fits the typed letters, in the server's order. */
export function completionResult(
  items: readonly CompletionItem[],
  doc: Text,
  pos: number,
): CompletionResult | null {
  const offers = items
    .map((item) => ({ item, ...rangeOf(item, doc, pos) }))
    .filter(
      ({ item, from, to }) =>
        from <= pos &&
        pos <= to &&
        lettersIn(item.filterText ?? item.label, doc.sliceString(from, pos)) !== null,
    )
    .sort((a, b) => compare(a.item.sortText ?? a.item.label, b.item.sortText ?? b.item.label));
  if (offers.length === 0) return null;
  const from = Math.min(...offers.map((each) => each.from));
  const to = Math.max(...offers.map((each) => each.to));
  const options = offers.map(({ item, ...own }): Completion => {
    const docs = typeof item.documentation === "string" ? item.documentation : item.documentation?.value;
    return {
      label: item.label,
      ...(item.detail ? { detail: item.detail } : {}),
      ...(docs ? { info: () => told(docs) } : {}),
      // The list has one range and may have moved since; an item's own is told by how far it lies from that.
      apply: (view, completion, start, end) =>
        insert(view, completion, item, start + own.from - from, end + own.to - to),
    };
  });
  const typed = new Map(options.map((option, i) => [option, doc.sliceString(offers[i]?.from ?? pos, pos)]));
  return {
    from,
    to,
    options,
    // What fits is decided above and by the server, which is asked again at every letter.
    filter: false,
    getMatch: (option) => lettersIn(option.label, typed.get(option) ?? "") ?? [],
  };
}

function rangeOf(item: CompletionItem, doc: Text, pos: number): { from: number; to: number } {
  if (item.textEdit)
    return { from: offsetOf(doc, item.textEdit.range.start), to: offsetOf(doc, item.textEdit.range.end) };
  const line = doc.lineAt(pos);
  const word = /[\p{L}\p{N}_-]*$/u.exec(line.text.slice(0, pos - line.from))?.[0] ?? "";
  return { from: pos - word.length, to: pos };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function insert(
  view: EditorView,
  completion: Completion,
  item: CompletionItem,
  from: number,
  to: number,
): void {
  let text = item.textEdit?.newText ?? item.insertText ?? item.label;
  if (item.insertTextFormat === SNIPPET_FORMAT) {
    const indent = /^\s*/.exec(view.state.doc.lineAt(from).text)?.[0] ?? "";
    const { template, plain } = snippetOf(text, indent);
    if (template !== null) {
      snippet(template)(view, completion, from, to);
      return;
    }
    text = plain;
  }
  view.dispatch({
    ...insertCompletionText(view.state, text.replace(/\r\n?/g, "\n"), from, to),
    annotations: pickedCompletion.of(completion),
  });
}

export function hoverSource(assistant: Assistant): HoverTooltipSource {
  return async (view, pos, side) => {
    const resting = () => view.plugin(mouse)?.resting === true;
    if (resting()) return null;
    const { state, contentDOM } = view;
    const { doc } = state;
    // Behind the place it is the words that are pointed at, unless it is the message behind them.
    const words = side > 0 && contentDOM.querySelector(".lens:hover") === null;
    const inlay = words ? inlayAt(state, pos) : null;
    if (inlay !== null) return { pos, create: () => ({ dom: told(inlay) }) };
    let hover: Hover | null;
    try {
      hover = await assistant.hover(positionOf(doc, pos));
    } catch (error) {
      console.error("no hover:", error);
      return null;
    }
    if (!hover || resting()) return null;
    const { contents, range } = hover;
    const markdown = typeof contents === "string" ? contents : contents.value;
    if (markdown.trim() === "") return null;
    return {
      pos: range ? offsetOf(doc, range.start) : pos,
      end: range ? offsetOf(doc, range.end) : pos,
      create: () => ({ dom: told(markdown) }),
    };
  };
}

function told(markdown: string): HTMLElement {
  const root = document.createElement("div");
  root.className = "cm-told";
  root.append(...markdownNodes(markdown));
  return root;
}
