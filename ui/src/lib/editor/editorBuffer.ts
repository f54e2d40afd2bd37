/**
 * A file's text, undo history, selection and marks, held by CodeMirror.
 *
 * One view shows one buffer at a time. A buffer that is not shown keeps its state here, and can still be changed:
 * a fix may touch it, or the disk.
 */
import { forEachDiagnostic, setDiagnostics } from "@codemirror/lint";
import {
  ChangeSet,
  EditorSelection,
  EditorState,
  Prec,
  StateEffect,
  type Text,
  Transaction,
  type TransactionSpec,
} from "@codemirror/state";
import { isolateHistory } from "@codemirror/commands";
import { EditorView } from "@codemirror/view";
import type { Buffer, Cursor } from "../pack/buffer";
import { minimalChange } from "../pack/minimalChange";
import type { Problem } from "../pack/problems.svelte";
import type { Range } from "../pack/protocol";
import { assistance, type Assistant } from "./assistance";
import { editorExtensions } from "./extensions";
import { languageOf } from "./languages";
import { markOf, type ProblemMark } from "./marks";
import { offsetOf, positionOf } from "./positions";

export interface EditorBufferOptions {
  path: () => string;
  text: string;
  readOnly: boolean;
  /** True while the file's lines end in more than one way. */
  mixed: () => boolean;
  /** The text changed, by whatever hand. */
  changed: () => void;
  /** The cursor moved, and these are the problems there, the most fitting first. */
  moved: (cursor: Cursor, problemIds: readonly string[]) => void;
  /** The author asks for the fix of the problem under the cursor. */
  fix: () => void;
  assistant: Assistant;
}

/** Keeps a change apart from the typing around it in the undo history. */
const isolated = isolateHistory.of("full");

const FROZEN = Prec.highest(EditorState.readOnly.of(true));

/** What the language server's side hears of a buffer. */
export type ChangeListener = (changes: ChangeSet) => void;

export class EditorBuffer implements Buffer {
  #options: EditorBufferOptions;
  #state: EditorState;
  #view: EditorView | null = null;
  #scroll: StateEffect<unknown> | null = null;
  #listeners = new Set<ChangeListener>();

  private constructor(options: EditorBufferOptions, language: Awaited<ReturnType<typeof languageOf>>) {
    this.#options = options;
    this.#state = EditorState.create({
      doc: options.text,
      extensions: [
        EditorView.updateListener.of((update) => {
          if (update.docChanged) this.#noteChange(update.changes);
          if (update.docChanged || update.selectionSet) this.#noteCursor();
        }),
        editorExtensions({ readOnly: options.readOnly, label: options.path, mixed: options.mixed }),
        assistance(options.assistant),
        language,
      ],
    });
  }

  static async make(options: EditorBufferOptions): Promise<EditorBuffer> {
    return new EditorBuffer(options, await languageOf(options.path()));
  }

  get state(): EditorState {
    return this.#view?.state ?? this.#state;
  }

  get doc(): Text {
    return this.state.doc;
  }

  get view(): EditorView | null {
    return this.#view;
  }

  get mixedLineEnds(): boolean {
    return this.#options.mixed();
  }

  text(): string {
    return this.state.doc.toString();
  }

  /** Tells of every change of the text until the returned function is called. */
  listen(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  attach(view: EditorView): void {
    view.setState(this.#state);
    this.#view = view;
    if (this.#scroll) view.dispatch({ effects: this.#scroll });
    this.#scroll = null;
    this.#noteCursor();
  }

  detach(): void {
    if (!this.#view) return;
    this.#state = this.#view.state;
    this.#scroll = this.#view.scrollSnapshot();
    this.#view = null;
  }

  dispatch(spec: TransactionSpec): void {
    if (this.#view) {
      this.#view.dispatch(spec);
      return;
    }
    const transaction = this.#state.update(spec);
    this.#state = transaction.state;
    if (transaction.docChanged) this.#noteChange(transaction.changes);
  }

  replace(text: string, options: { undoable: boolean }): void {
    const change = minimalChange(this.text(), text);
    if (!change) return;
    this.dispatch({
      changes: change,
      annotations: options.undoable
        ? [Transaction.userEvent.of("replace"), isolated]
        : [Transaction.addToHistory.of(false), Transaction.remote.of(true)],
    });
  }

  freeze(): void {
    this.dispatch({ effects: StateEffect.appendConfig.of(FROZEN) });
  }

  /**
   * Applies edits that were computed elsewhere, as one step of the history, and shows the first of them. Answers with
   * the way back.
   */
  edit(edits: readonly { from: number; to: number; insert: string }[]): ChangeSet {
    const before = this.doc;
    if (edits.length === 0) return ChangeSet.empty(before.length);
    const lineEnds = (text: string) => (this.mixedLineEnds ? text : text.replace(/\r\n?/g, "\n"));
    const changes = this.state.changes(edits.map((edit) => ({ ...edit, insert: lineEnds(edit.insert) })));
    const first = Math.min(...edits.map((edit) => edit.from));
    const cursor = changes.mapPos(first, 1);
    this.dispatch({
      changes,
      selection: EditorSelection.cursor(cursor),
      annotations: [Transaction.userEvent.of("input.complete"), isolated],
    });
    this.#scrollTo(cursor);
    return changes.invert(before);
  }

  /** Goes the way back of an edit; the text is the one that it led to. */
  takeBack(back: ChangeSet): void {
    this.dispatch({ changes: back, annotations: [Transaction.userEvent.of("undo"), isolated] });
  }

  reveal(range: Range): void {
    const from = offsetOf(this.doc, range.start);
    this.dispatch({ selection: EditorSelection.cursor(from) });
    this.#scrollTo(from);
    this.#noteCursor();
  }

  cursor(): Cursor {
    return positionOf(this.doc, this.state.selection.main.head);
  }

  /** Draws the problems of this file. */
  setProblems(marks: readonly ProblemMark[]): void {
    const diagnostics = marks.map((mark) => markOf(mark, this.doc, this.#options.fix));
    this.dispatch(setDiagnostics(this.state, diagnostics));
    this.#noteCursor();
  }

  /** Where a problem stands now, after what was typed since it was found. */
  rangeOf(problem: Problem): Range | null {
    let range: Range | null = null;
    forEachDiagnostic(this.state, (diagnostic, from, to) => {
      if ((diagnostic as { problemId?: string }).problemId === problem.id)
        range = { start: positionOf(this.doc, from), end: positionOf(this.doc, to) };
    });
    return range;
  }

  #scrollTo(position: number): void {
    const effect = EditorView.scrollIntoView(position, { y: "nearest", yMargin: 80 });
    if (this.#view) this.#view.dispatch({ effects: effect });
    else this.#scroll = effect;
  }

  #noteChange(changes: ChangeSet): void {
    for (const listener of this.#listeners) listener(changes);
    this.#options.changed();
  }

  #noteCursor(): void {
    if (!this.#view) return;
    const head = this.state.selection.main.head;
    const line = this.doc.lineAt(head);
    const found: { id: string; weight: number }[] = [];
    forEachDiagnostic(this.state, (diagnostic, from, to) => {
      const under = from <= head && head <= to;
      if (!under && this.doc.lineAt(from).number !== line.number) return;
      const id = (diagnostic as { problemId?: string }).problemId;
      // On the mark beats on its line; an error beats a warning.
      const weight = (under ? 0 : 2) + (diagnostic.severity === "error" ? 0 : 1);
      if (id !== undefined) found.push({ id, weight });
    });
    found.sort((a, b) => a.weight - b.weight);
    this.#options.moved(
      this.cursor(),
      found.map((each) => each.id),
    );
  }
}
