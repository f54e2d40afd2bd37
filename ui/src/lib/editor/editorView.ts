/** The one view of the editor pane, and the comparison that takes its place. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { MergeView } from "@codemirror/merge";
import { EditorState, Transaction } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { en } from "../strings/en";
import type { EditorBuffer } from "./editorBuffer";
import { baseExtensions, pastedLineEnds, styleNonce } from "./extensions";
import { languageOf } from "./languages";

/** Shows one buffer at a time; each keeps its own history, selection and scroll while another is shown. */
export class BufferView {
  #view: EditorView;
  #buffer: EditorBuffer | null = null;

  constructor(parent: HTMLElement) {
    this.#view = new EditorView({ parent, state: EditorState.create({ extensions: [styleNonce()] }) });
  }

  show(buffer: EditorBuffer | null): void {
    if (buffer === this.#buffer) return;
    this.#buffer?.detach();
    this.#buffer = buffer;
    if (buffer) buffer.attach(this.#view);
    else this.#view.setState(EditorState.create({ extensions: [styleNonce()] }));
  }

  focus(): void {
    this.#view.focus();
  }

  destroy(): void {
    this.#buffer?.detach();
    this.#view.destroy();
  }
}

/**
 * The disk's text on the left, the author's on the right. The right side and the buffer are one text: what is changed
 * in either, by the author or by a fix, is changed in the other.
 */
export async function compare(
  parent: HTMLElement,
  options: { path: string; theirs: string; buffer: EditorBuffer },
): Promise<() => void> {
  const language = await languageOf(options.path);
  const side = (name: string) => [
    baseExtensions(),
    language,
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({
      "aria-label": name,
      "aria-description": en.editor.leave,
      spellcheck: "false",
    }),
  ];
  /** True while a change is carried over: it must not come back. */
  let carried = false;
  const carry = (work: () => void) => {
    if (carried) return;
    carried = true;
    try {
      work();
    } finally {
      carried = false;
    }
  };
  const view = new MergeView({
    parent,
    a: {
      doc: options.theirs,
      extensions: [side(en.conflict.onDisk), EditorState.readOnly.of(true), keymap.of(defaultKeymap)],
    },
    b: {
      doc: options.buffer.text(),
      extensions: [
        side(en.conflict.mine),
        history(),
        EditorState.readOnly.of(options.buffer.state.readOnly),
        EditorState.changeFilter.of(() => carried || !options.buffer.state.readOnly),
        pastedLineEnds(() => options.buffer.mixedLineEnds),
        keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) carry(() => options.buffer.dispatch({ changes: update.changes }));
        }),
      ],
    },
    highlightChanges: true,
    gutter: true,
    collapseUnchanged: { margin: 3, minSize: 6 },
  });
  const stop = options.buffer.listen((changes) =>
    carry(() => view.b.dispatch({ changes, annotations: Transaction.addToHistory.of(false) })),
  );
  view.b.focus();
  return () => {
    stop();
    view.destroy();
  };
}
