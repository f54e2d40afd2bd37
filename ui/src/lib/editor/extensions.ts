/** What every editor of the studio can do. */
import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import {
  bracketMatching,
  codeFolding,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
} from "@codemirror/language";
import { linter, lintGutter } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { en } from "../strings/en";
import { lineEndMessages } from "./marks";
import { appearance } from "./theme";

/** The nonce that the page was served with, for the `<style>` elements that CodeMirror makes. */
export function styleNonce(): Extension {
  const nonce = document.querySelector<HTMLStyleElement>("style#nonce")?.nonce;
  return nonce ? EditorView.cspNonce.of(nonce) : [];
}

/** What any view of text needs, the comparison included. */
export function baseExtensions(): Extension {
  return [
    // Only "\n" ends a line: in a file of mixed endings every "\r" stays visible and is saved as it was.
    EditorState.lineSeparator.of("\n"),
    styleNonce(),
    EditorState.phrases.of(en.editor.phrases),
    highlightSpecialChars(),
    drawSelection(),
    lineNumbers(),
    EditorState.tabSize.of(2),
    indentUnit.of("  "),
    appearance,
  ];
}

/** Text that is pasted or dropped ends its lines as the file does; in a file of mixed endings it stays as it is. */
export function pastedLineEnds(mixed: () => boolean): Extension {
  return EditorView.clipboardInputFilter.of((text) => (mixed() ? text : text.replace(/\r\n?/g, "\n")));
}

export function editorExtensions(options: {
  readOnly: boolean;
  /** The file that the text is of. */
  label: () => string;
  mixed: () => boolean;
}): Extension {
  return [
    lintGutter({ hoverTime: 300 }),
    baseExtensions(),
    foldGutter({ markerDOM: foldMarker }),
    codeFolding(),
    history(),
    dropCursor(),
    rectangularSelection(),
    EditorState.allowMultipleSelections.of(true),
    EditorState.readOnly.of(options.readOnly),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    highlightSelectionMatches(),
    search({ top: true }),
    linter(null),
    lineEndMessages,
    pastedLineEnds(options.mixed),
    EditorView.contentAttributes.of(() => ({
      "aria-label": en.editor.label(options.label()),
      "aria-description": en.editor.leave,
      spellcheck: "false",
    })),
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      indentWithTab,
    ]),
  ];
}

function foldMarker(open: boolean): HTMLElement {
  const marker = document.createElement("span");
  marker.className = open ? "cm-fold cm-fold-open" : "cm-fold";
  return marker;
}
