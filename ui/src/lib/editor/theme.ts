/** How code looks: every colour is a design token, so that a change of theme needs nothing of CodeMirror. */
import { HighlightStyle, type Language, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags as t } from "@lezer/highlight";

/** The verdict shapes of the icon set, as clip paths for marks that CodeMirror draws. */
const OCTAGON =
  'path(evenodd, "M3.5 0h5L12 3.500v5L8.5 12h-5L0 8.500v-5zM4.1 3.1 6 5l1.9-1.9 1 1L7 6l1.9 1.9-1 1L6 7 4.1 8.900l-1-1L5 6 3.1 4.100z")';
const TRIANGLE =
  'path(evenodd, "M6 .4 12 11.600H0zM5.3 4.200h1.400v3.500H5.300zM5.3 8.700h1.400v1.400H5.300z")';
const RING =
  'path(evenodd, "M6 0a6 6 0 1 0 0 12A6 6 0 0 0 6 0zm0 1.500a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9z")';
const CHEVRON = 'path("M3 1.5 7.5 6 3 10.5 2 9.5 5.5 6 2 2.5z")';

const squiggle = (colour: string) => ({
  backgroundImage: "none",
  // Each by its own name: WebKit does not take the wave in the short form.
  textDecorationLine: "underline",
  textDecorationStyle: "wavy",
  textDecorationColor: colour,
  textDecorationThickness: "1px",
  textDecorationSkipInk: "none",
  textUnderlineOffset: "3px",
});

const shape = (path: string, colour: string) => ({
  content: "none",
  width: "12px",
  height: "12px",
  margin: "4px 2px",
  background: colour,
  clipPath: path,
  forcedColorAdjust: "none",
});

const frame = EditorView.theme({
  "&": { height: "100%", color: "var(--text)", backgroundColor: "var(--bg)", fontSize: "var(--t-base)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--mono)",
    fontVariantLigatures: "none",
    lineHeight: "20px",
    scrollbarWidth: "thin",
    scrollbarColor: "var(--line-strong) transparent",
  },
  ".cm-content": { padding: "4px 0", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 16px 0 4px" },
  ".cm-cursor, .cm-dropCursor": { borderLeft: "2px solid var(--accent)", marginLeft: "-1px" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "var(--sel)",
  },
  "&:not(.cm-focused) .cm-activeLine": { backgroundColor: "transparent" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--c-line) 80%, transparent)" },
  ".cm-gutters": {
    backgroundColor: "var(--bg)",
    color: "var(--text-3)",
    border: "none",
    fontSize: "var(--t-small)",
  },
  ".cm-gutterElement": { lineHeight: "20px" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--text)" },
  ".cm-lineNumbers .cm-gutterElement": { padding: "0 2px 0 0", minWidth: "24px" },
  ".cm-gutter-lint": { width: "20px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0 0 0 3px" },
  ".cm-lint-marker-error": shape(OCTAGON, "var(--fail)"),
  ".cm-lint-marker-warning": shape(TRIANGLE, "var(--warn)"),
  ".cm-lint-marker-info": shape(RING, "var(--text-3)"),
  ".cm-foldGutter .cm-gutterElement": { width: "16px", padding: "0 2px" },
  ".cm-fold": {
    display: "block",
    width: "12px",
    height: "12px",
    marginTop: "4px",
    background: "var(--text-3)",
    clipPath: CHEVRON,
    cursor: "pointer",
  },
  ".cm-fold-open": { transform: "rotate(90deg)", opacity: "0" },
  ".cm-gutters:hover .cm-fold-open": { opacity: "1" },
  ".cm-foldPlaceholder": {
    background: "var(--hover)",
    border: "1px solid var(--line)",
    borderRadius: "2px",
    color: "var(--text-2)",
    padding: "0 4px",
    margin: "0 2px",
  },
  ".cm-lintRange-error": squiggle("var(--fail)"),
  ".cm-lintRange-warning": squiggle("var(--warn)"),
  ".cm-lintRange-info, .cm-lintRange-hint": squiggle("var(--text-3)"),
  ".cm-lintRange-active": { backgroundColor: "transparent" },
  ".lens": {
    fontFamily: "var(--font)",
    fontSize: "var(--t-small)",
    paddingLeft: "24px",
    whiteSpace: "nowrap",
    userSelect: "none",
  },
  ".lens-error": { color: "var(--fail)" },
  ".lens-warning": { color: "var(--warn)" },
  ".lens-info": { color: "var(--text-3)" },
  // What holds without being written: in the frame's face, so that nobody takes it for code.
  ".cm-inlay": {
    fontFamily: "var(--font)",
    fontSize: "var(--t-small)",
    color: "var(--text-3)",
    paddingLeft: "var(--s3)",
    whiteSpace: "nowrap",
    userSelect: "none",
    cursor: "default",
  },
  // The words of a last line that is folded away would seem to be about the first.
  ".cm-foldPlaceholder ~ .cm-inlay": { display: "none" },
  "&.cm-focused .cm-matchingBracket, .cm-matchingBracket": {
    backgroundColor: "transparent",
    outline: "1px solid var(--line-strong)",
    outlineOffset: "-1px",
  },
  "&.cm-focused .cm-nonmatchingBracket, .cm-nonmatchingBracket": {
    backgroundColor: "transparent",
    color: "var(--fail)",
  },
  ".cm-selectionMatch": { backgroundColor: "color-mix(in srgb, var(--sel) 70%, transparent)" },
  ".cm-searchMatch": { backgroundColor: "var(--warn-bg)", outline: "1px solid var(--warn)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--sel)", outline: "2px solid var(--accent)" },
  ".cm-specialChar": { color: "var(--fail)" },
  ".cm-yaml-number, .cm-yaml-number *": { color: "var(--c-num)" },
  ".cm-yaml-word, .cm-yaml-word *": { color: "var(--c-kw)" },

  // Popups
  ".cm-tooltip": {
    background: "var(--raised)",
    color: "var(--text)",
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--r2)",
    boxShadow: "var(--pop)",
    fontFamily: "var(--font)",
  },
  ".cm-tooltip-lint": { padding: "0" },
  ".cm-diagnostic": { padding: "var(--s2) var(--s3)", marginLeft: "0", border: "none", whiteSpace: "normal" },
  ".cm-diagnostic + .cm-diagnostic": { borderTop: "1px solid var(--line)" },
  ".cm-diagnosticSource": { display: "none" },
  ".cm-problem": {
    width: "max-content",
    maxWidth: "min(440px, calc(100vw - 40px))",
    fontSize: "var(--t-small)",
    lineHeight: "18px",
    display: "grid",
    gap: "var(--s1)",
    justifyItems: "start",
  },
  ".cm-problem-code": { color: "var(--text-3)" },
  ".cm-problem-hints": { color: "var(--text-2)" },

  // As wide as its words: at the right edge it moves to the left instead of becoming a column.
  ".cm-told": {
    width: "max-content",
    maxWidth: "min(480px, calc(100vw - 16px))",
    maxHeight: "320px",
    overflow: "auto",
    padding: "var(--s2) var(--s3)",
    fontSize: "var(--t-small)",
    lineHeight: "18px",
    display: "grid",
    gap: "var(--s1)",
    whiteSpace: "normal",
    overflowWrap: "anywhere",
    boxSizing: "border-box",
    scrollbarWidth: "thin",
    scrollbarColor: "var(--line-strong) transparent",
  },
  ".cm-told :is(p, ul)": { margin: "0" },
  ".cm-told ul": { paddingLeft: "var(--s4)" },
  ".cm-told em": { color: "var(--text-2)", fontStyle: "normal" },
  ".cm-tooltip-section:not(:first-child)": { borderTop: "1px solid var(--line)" },

  // Completion: rows of the tree's height, what they mean beside them, the keys below
  ".cm-tooltip.cm-tooltip-autocomplete": { display: "flex", flexDirection: "column" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--mono)",
    fontSize: "var(--t-small)",
    minWidth: "200px",
    maxWidth: "min(440px, calc(100vw - 16px))",
    maxHeight: "216px",
    height: "auto",
    scrollbarWidth: "thin",
    scrollbarColor: "var(--line-strong) transparent",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    display: "flex",
    alignItems: "center",
    gap: "var(--s3)",
    height: "var(--row)",
    lineHeight: "var(--row)",
    padding: "0 var(--s2)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    background: "var(--sel)",
    color: "var(--text)",
  },
  ".cm-completionLabel": { overflow: "hidden", textOverflow: "ellipsis", flex: "0 1 auto" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600", color: "var(--accent)" },
  ".cm-completionDetail": {
    flex: "0 10 auto",
    minWidth: "0",
    marginLeft: "auto",
    overflow: "hidden",
    textOverflow: "ellipsis",
    color: "var(--text-3)",
    fontFamily: "var(--font)",
    fontStyle: "normal",
  },
  ".cm-completionFoot": {
    order: "1",
    display: "flex",
    alignItems: "center",
    gap: "var(--s1)",
    height: "26px",
    padding: "0 var(--s2)",
    borderTop: "1px solid var(--line)",
    fontSize: "var(--t-micro)",
    color: "var(--text-3)",
    whiteSpace: "nowrap",
  },
  ".cm-completionFoot kbd + kbd, .cm-completionFoot kbd:not(:first-child)": { marginLeft: "var(--s2)" },
  ".cm-completionCount": { marginLeft: "auto", paddingLeft: "var(--s3)" },
  ".cm-tooltip.cm-completionInfo": { padding: "0", marginTop: "-2px", whiteSpace: "normal" },
  ".cm-completionInfo .cm-told": { maxWidth: "320px", maxHeight: "240px", color: "var(--text-2)" },
  // One box with the list: the edge between them is drawn once.
  ".cm-completionInfo.cm-completionInfo-right": { marginLeft: "-1px" },
  ".cm-completionInfo.cm-completionInfo-left": { marginRight: "-1px" },
  "&.cm-completing .cm-activeLine :is(.lens, .cm-inlay)": { visibility: "hidden" },
  "&.cm-completing .cm-activeLine [class*=cm-lintRange]": { textDecorationColor: "transparent" },
  "&.cm-completing .cm-gutter-lint .cm-activeLineGutter": { visibility: "hidden" },
  ".cm-snippetField": { backgroundColor: "var(--hover)" },

  // Search and other panels
  ".cm-panels": { backgroundColor: "var(--side)", color: "var(--text)", fontFamily: "var(--font)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panel.cm-search": {
    padding: "var(--s2) 32px var(--s2) var(--s3)",
    fontSize: "var(--t-small)",
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: "var(--s1) var(--s2)",
  },
  ".cm-panel.cm-search label": {
    display: "inline-flex",
    alignItems: "center",
    gap: "4px",
    fontSize: "inherit",
  },
  ".cm-panel.cm-search :is(input, button, label)": { margin: "0" },
  ".cm-textfield": {
    height: "24px",
    width: "168px",
    padding: "0 var(--s2)",
    fontSize: "var(--t-small)",
    fontFamily: "var(--mono)",
    color: "var(--text)",
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--r1)",
  },
  ".cm-button": {
    height: "24px",
    padding: "0 var(--s2)",
    fontSize: "var(--t-small)",
    fontFamily: "var(--font)",
    color: "var(--text)",
    backgroundImage: "none",
    backgroundColor: "var(--raised)",
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--r1)",
  },
  ".cm-button:hover": { backgroundColor: "var(--hover)" },
  ".cm-button:active": { backgroundImage: "none", backgroundColor: "var(--sel)" },
  ".cm-panel.cm-search [name=close]": {
    position: "absolute",
    top: "8px",
    right: "8px",
    width: "24px",
    height: "24px",
    fontSize: "16px",
    color: "var(--text-2)",
  },

  // Comparison
  ".cm-changedLine": { backgroundColor: "var(--c-add)" },
  "&.cm-merge-a .cm-changedLine": { backgroundColor: "var(--c-del)" },
  "&.cm-merge-a .cm-changedText": {
    background: "none",
    textDecoration: "underline 1px var(--fail)",
    textUnderlineOffset: "3px",
  },
  "&.cm-merge-b .cm-changedText": {
    background: "none",
    textDecoration: "underline 1px var(--pass)",
    textUnderlineOffset: "3px",
  },
  "&.cm-merge-a .cm-changedLineGutter": { background: "var(--fail)" },
  "&.cm-merge-b .cm-changedLineGutter": { background: "var(--pass)" },
  ".cm-collapsedLines": {
    background: "var(--side)",
    color: "var(--text-2)",
    borderBlock: "1px solid var(--line)",
    fontFamily: "var(--font)",
    fontSize: "var(--t-small)",
    padding: "4px 12px",
  },
});

const colours = HighlightStyle.define([
  { tag: [t.propertyName, t.definition(t.propertyName)], color: "var(--c-key)" },
  { tag: [t.string, t.special(t.string), t.regexp, t.character], color: "var(--c-str)" },
  { tag: [t.number], color: "var(--c-num)" },
  { tag: [t.keyword, t.bool, t.null, t.atom, t.self, t.modifier, t.operatorKeyword], color: "var(--c-kw)" },
  { tag: [t.typeName, t.className, t.namespace, t.labelName], color: "var(--c-type)" },
  { tag: [t.function(t.variableName), t.function(t.propertyName)], color: "var(--c-key)" },
  { tag: [t.comment, t.lineComment, t.blockComment, t.docComment], color: "var(--c-com)" },
  {
    tag: [t.punctuation, t.separator, t.bracket, t.operator, t.processingInstruction],
    color: "var(--text-3)",
  },
  { tag: t.heading, fontWeight: "600", color: "var(--c-key)" },
  { tag: t.strong, fontWeight: "600" },
  { tag: t.emphasis, fontStyle: "italic" },
  { tag: t.strikethrough, textDecoration: "line-through" },
  { tag: [t.link, t.url], color: "var(--accent)" },
  { tag: t.monospace, color: "var(--c-str)" },
  { tag: t.quote, color: "var(--text-2)" },
  { tag: t.invalid, color: "var(--fail)" },
]);

/** In YAML a scalar without quotes is a string as much as one with them. */
export function yamlColours(yaml: Language): HighlightStyle {
  return HighlightStyle.define(
    [
      { tag: t.content, color: "var(--c-str)" },
      { tag: t.typeName, color: "var(--c-type)" },
    ],
    { scope: yaml },
  );
}

export const appearance: Extension = [frame, syntaxHighlighting(colours)];
