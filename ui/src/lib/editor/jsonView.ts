/** A JSON text in a pane of its own: to be typed into or only read, with marks on its values. */
import { json } from "@codemirror/lang-json";
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import { Annotation, EditorState, type Text } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { minimalChange } from "../pack/minimalChange";
import { editorExtensions } from "./extensions";

/** Something to say about a value: at an offset, or about the value on a line (from 1). */
export interface JsonMark {
  at: { offset: number } | { line: number };
  message: string;
  /** A way on from the tooltip. */
  action?: { label: string; run: () => void };
}

/** A change that we made ourselves, not the author. */
const ours = Annotation.define<boolean>();

export class JsonView {
  #view: EditorView;

  constructor(
    parent: HTMLElement,
    options: { label: string; text: string; readOnly: boolean; changed?: (text: string) => void },
  ) {
    this.#view = new EditorView({
      parent,
      state: EditorState.create({
        doc: options.text,
        extensions: [
          EditorView.updateListener.of((update) => {
            if (update.docChanged && !update.transactions.some((each) => each.annotation(ours)))
              options.changed?.(update.state.doc.toString());
          }),
          EditorView.contentAttributes.of({ "aria-label": options.label }),
          editorExtensions({ readOnly: options.readOnly, label: () => options.label, mixed: () => false }),
          json(),
        ],
      }),
    });
  }

  setText(text: string): void {
    const change = minimalChange(this.#view.state.doc.toString(), text);
    if (change) this.#view.dispatch({ changes: change, annotations: ours.of(true) });
  }

  setMarks(marks: readonly JsonMark[]): void {
    const { doc } = this.#view.state;
    this.#view.dispatch(
      setDiagnostics(
        this.#view.state,
        marks.map((mark) => diagnosticOf(mark, doc)),
      ),
    );
  }

  focus(): void {
    this.#view.focus();
  }

  destroy(): void {
    this.#view.destroy();
  }
}

function diagnosticOf(mark: JsonMark, doc: Text): Diagnostic {
  return {
    ...("line" in mark.at ? valueOnLine(doc, mark.at.line) : characterAt(doc, mark.at.offset)),
    severity: "error",
    message: mark.message,
    ...(mark.action ? { actions: [{ name: mark.action.label, apply: mark.action.run }] } : {}),
  };
}

/** Of `  "year": 1965,` the `1965`: what breaks a schema is the value, not its name. */
function valueOnLine(doc: Text, number: number): { from: number; to: number } {
  const line = doc.line(Math.min(Math.max(1, number), doc.lines));
  const value = /^\s*(?:"(?:[^"\\]|\\.)*"\s*:\s*)?(.*?),?\s*$/.exec(line.text)?.[1] ?? "";
  const from = line.from + (value === "" ? 0 : line.text.lastIndexOf(value));
  return { from, to: Math.max(from + value.length, Math.min(from + 1, line.to)) };
}

function characterAt(doc: Text, offset: number): { from: number; to: number } {
  const from = Math.min(offset, doc.length);
  const line = doc.lineAt(from);
  return from < line.to ? { from, to: from + 1 } : { from: Math.max(line.from, from - 1), to: from };
}
