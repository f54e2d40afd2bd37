/** How a problem looks in the text: squiggle, mark beside the line, tooltip, and the message at the line's end. */
import { type Diagnostic, forEachDiagnostic, setDiagnosticsEffect } from "@codemirror/lint";
import type { Text } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  ViewPlugin,
  type ViewUpdate,
  WidgetType,
} from "@codemirror/view";
import type { Problem } from "../pack/problems.svelte";
import { en } from "../strings/en";
import { formatKey } from "../commands/keys";
import { proseNodes } from "../design/prose";

/** A problem and where it stands in the buffer. */
export interface ProblemMark {
  problem: Problem;
  from: number;
  to: number;
}

/** More text than this at a line's end helps nobody; the tooltip and the inspector have all of it. */
const LENS_LENGTH = 140;

/** CodeMirror's diagnostic, which also remembers the problem it was made from. */
export function markOf(mark: ProblemMark, doc: Text, fix: () => void): Diagnostic & { problemId: string } {
  const { problem } = mark;
  let { from, to } = mark;
  if (from === to) {
    // Nothing can be drawn under no character: take the one after, or before at the end of a line.
    const line = doc.lineAt(from);
    if (to < line.to) to++;
    else if (from > line.from) from--;
  }
  return {
    from,
    to,
    severity: problem.severity,
    message: problem.message,
    source: problem.code,
    problemId: problem.id,
    renderMessage: (view) => tooltip(view, problem, from, fix),
  };
}

function tooltip(view: EditorView, problem: Problem, from: number, fix: () => void): Node {
  const root = element("div", "cm-problem");
  root.append(element("p", "cm-problem-message", problem.message));
  if (problem.code) root.append(element("code", "cm-problem-code", problem.code));
  const hints = problem.data?.hints ?? [];
  if (hints.length > 0) {
    const list = element("ul", "cm-problem-hints");
    for (const hint of hints) list.append(element("li", "", hint));
    root.append(list);
  }
  if (problem.data?.fix) {
    const button = element("button", "b sm", problem.data.fix) as HTMLButtonElement;
    button.type = "button";
    const key = element("kbd", "", formatKey("Mod+."));
    button.append(" ", key);
    button.title = en.problem.fix;
    button.addEventListener("click", () => {
      view.dispatch({ selection: { anchor: Math.min(from, view.state.doc.length) } });
      fix();
    });
    root.append(button);
  }
  return root;
}

function element(tag: string, className: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...proseNodes(text));
  return made;
}

class Lens extends WidgetType {
  constructor(
    readonly message: string,
    readonly severity: string,
  ) {
    super();
  }

  override eq(other: Lens): boolean {
    return other.message === this.message && other.severity === this.severity;
  }

  override toDOM(): HTMLElement {
    // The same words are in the tooltip and the list of problems: a screen reader need not hear them in the text.
    const lens = element("span", `lens lens-${this.severity}`, this.message);
    lens.setAttribute("aria-hidden", "true");
    return lens;
  }

  override ignoreEvent(): boolean {
    return false;
  }
}

const RANK: Record<string, number> = { error: 0, warning: 1, info: 2, hint: 3 };

function lenses(view: EditorView): DecorationSet {
  const worst = new Map<number, { severity: string; message: string }>();
  const doc = view.state.doc;
  forEachDiagnostic(view.state, (diagnostic, from) => {
    const end = doc.lineAt(from).to;
    const known = worst.get(end);
    if (!known || (RANK[diagnostic.severity] ?? 3) < (RANK[known.severity] ?? 3)) worst.set(end, diagnostic);
  });
  return Decoration.set(
    [...worst].map(([end, { message, severity }]) => {
      const line = message.split("\n", 1)[0] ?? "";
      const short = line.length > LENS_LENGTH ? line.slice(0, LENS_LENGTH) + "…" : line;
      // Behind an inlay, which belongs to the text.
      return Decoration.widget({ widget: new Lens(short, severity), side: 2 }).range(end);
    }),
    true,
  );
}

/** The worst message of each line, at its end. */
export const lineEndMessages = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = lenses(view);
    }

    update(update: ViewUpdate) {
      const marked = update.transactions.some((each) =>
        each.effects.some((effect) => effect.is(setDiagnosticsEffect)),
      );
      if (marked || update.docChanged) this.decorations = lenses(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);
