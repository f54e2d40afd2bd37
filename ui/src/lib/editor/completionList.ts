/** What the list of completions has beyond CodeMirror's: which letters match, a foot with its keys, and quiet around it. */
import { completionStatus, currentCompletions, selectedCompletionIndex } from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { en } from "../strings/en";

export const completionList: Extension = [
  // Nobody complains about the word that is being chosen: its line's marks are hidden while the list is open.
  EditorView.editorAttributes.of((view) =>
    completionStatus(view.state) === "active" ? { class: "cm-completing" } : null,
  ),
  EditorView.updateListener.of(({ view }) => drawFoot(view)),
];

function drawFoot(view: EditorView): void {
  const list = view.dom.querySelector(".cm-tooltip-autocomplete");
  if (!list) return;
  const all = currentCompletions(view.state).length;
  const chosen = selectedCompletionIndex(view.state) ?? 0;
  const count = en.editor.completion(chosen + 1, all);
  const known = list.querySelector(".cm-completionCount");
  if (known) {
    if (known.textContent !== count) known.textContent = count;
    return;
  }
  const foot = document.createElement("div");
  foot.className = "cm-completionFoot";
  // The list itself tells a screen reader how many there are, and which.
  foot.setAttribute("aria-hidden", "true");
  foot.append(key("Enter"), en.editor.insert, key("Esc"), en.editor.closeList);
  const counted = document.createElement("span");
  counted.className = "cm-completionCount";
  counted.textContent = count;
  foot.append(counted);
  list.append(foot);
}

function key(name: string): HTMLElement {
  const made = document.createElement("kbd");
  made.textContent = name;
  return made;
}

/**
 * Where the typed letters stand in a text, as pairs of from and to: in one piece if they do, else each after the other.
 * `null` where they do not.
 */
export function lettersIn(text: string, typed: string): number[] | null {
  const letters = text.toLowerCase();
  const wanted = typed.toLowerCase();
  const whole = letters.indexOf(wanted);
  if (whole >= 0) return wanted === "" ? [] : [whole, whole + wanted.length];
  const found: number[] = [];
  let at = 0;
  for (const letter of wanted) {
    const from = letters.indexOf(letter, at);
    if (from < 0) return null;
    at = from + letter.length;
    if (found.at(-1) === from) found[found.length - 1] = at;
    else found.push(from, at);
  }
  return found;
}
