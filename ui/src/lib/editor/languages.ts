/** Which language a file is written in, for colours and for the language server. Grammars are loaded when needed. */
import { syntaxHighlighting, syntaxTree } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { RangeSetBuilder } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";
import { yamlColours } from "./theme";

export type LanguageId = "yaml" | "json" | "markdown" | "typescript" | "javascript" | "plaintext";

const BY_SUFFIX: Record<string, LanguageId> = {
  yaml: "yaml",
  yml: "yaml",
  json: "json",
  md: "markdown",
  markdown: "markdown",
  ts: "typescript",
  mts: "typescript",
  js: "javascript",
  mjs: "javascript",
  cjs: "javascript",
};

/** The name by which the language server knows the language. */
export function languageIdOf(path: string): LanguageId {
  return BY_SUFFIX[path.slice(path.lastIndexOf(".") + 1).toLowerCase()] ?? "plaintext";
}

/** The grammar and colours of a file. */
export async function languageOf(path: string): Promise<Extension> {
  switch (languageIdOf(path)) {
    case "yaml": {
      const { yaml, yamlLanguage } = await import("@codemirror/lang-yaml");
      return [yaml(), syntaxHighlighting(yamlColours(yamlLanguage)), plainScalars];
    }
    case "json":
      return (await import("@codemirror/lang-json")).json();
    case "markdown":
      return (await import("@codemirror/lang-markdown")).markdown({ completeHTMLTags: false });
    case "typescript":
      return (await import("@codemirror/lang-javascript")).javascript({ typescript: true }).language;
    case "javascript":
      return (await import("@codemirror/lang-javascript")).javascript().language;
    case "plaintext":
      return [];
  }
}

const NUMBER = /^[-+]?(\d[\d_]*)(\.\d+)*$/;
const WORD = /^(true|false|null|~)$/;
const numberMark = Decoration.mark({ class: "cm-yaml-number" });
const wordMark = Decoration.mark({ class: "cm-yaml-word" });

/** YAML's grammar calls every plain scalar a literal; numbers, versions and truth values get their own colour here. */
const plainScalars = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = scalarsIn(view);
    }

    update(update: ViewUpdate) {
      if (
        update.docChanged ||
        update.viewportChanged ||
        syntaxTree(update.startState) !== syntaxTree(update.state)
      )
        this.decorations = scalarsIn(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function scalarsIn(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  let last = -1;
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter(node) {
        if (node.name !== "Literal" || node.from <= last || node.node.parent?.name === "Key") return;
        if (node.to - node.from > 40) return;
        const text = view.state.doc.sliceString(node.from, node.to);
        const mark = NUMBER.test(text) ? numberMark : WORD.test(text) ? wordMark : null;
        last = node.from;
        if (mark) builder.add(node.from, node.to, mark);
      },
    });
  }
  return builder.finish();
}
