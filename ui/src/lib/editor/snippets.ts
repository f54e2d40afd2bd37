/**
 * From the language server's snippets to CodeMirror's. The server writes `$1` and `${1:word}`, and `\$` for a plain
 * sign; its lines are indented as they shall stand. CodeMirror knows `${1}` and `${1:word}`, takes `#{` for the same,
 * and indents every line by what stands before the first.
 */

export interface Snippet {
  /** For CodeMirror's `snippet`; `null` where its indentation cannot give the lines that the server wants. */
  template: string | null;
  /** The text without places to fill in. */
  plain: string;
}

const PART = /\\([\\$}])|\$(\d+)|\$\{(\d+)(?::((?:\\[\\$}]|[^\\}])*))?\}/g;

/** `indent` is the white space before the line that the snippet begins in. */
export function snippetOf(written: string, indent: string): Snippet {
  const text = written.replace(/\r\n?/g, "\n");
  const [first = "", ...rest] = text.split("\n");
  if (rest.some((line) => line !== "" && !line.startsWith(indent)))
    return { template: null, plain: translated(text).plain };
  const shifted = [first, ...rest.map((line) => line.slice(indent.length))].join("\n");
  const { template } = translated(shifted);
  return { template, plain: translated(text).plain };
}

function translated(text: string): { template: string; plain: string } {
  let template = "";
  let plain = "";
  const literal = (part: string) => {
    for (const letter of part) {
      // These would begin a field, or be taken for an escape.
      const before = plain.at(-1) ?? "";
      if ((letter === "{" && "$#\\".includes(before) && before) || (letter === "}" && before === "\\"))
        template += "\\";
      template += letter;
      plain += letter;
    }
  };
  let end = 0;
  for (const match of text.matchAll(PART)) {
    literal(text.slice(end, match.index));
    end = match.index + match[0].length;
    const [, sign, bare, number, usual] = match;
    if (sign !== undefined) literal(sign);
    else field(bare ?? number ?? "0", (usual ?? "").replace(/\\([\\$}])/g, "$1"));
  }
  literal(text.slice(end));
  return { template, plain };

  function field(number: string, usual: string): void {
    // A field of CodeMirror holds neither braces nor lines; such a text can still be written, and changed by hand.
    if (/[{}\n]/.test(usual)) return literal(usual);
    template += usual === "" ? `\${${number}}` : `\${${number}:${usual}}`;
    plain += usual;
  }
}
