/** Sentences with `code` in them: the backticks are for writing down, the code face for reading. */

export interface Part {
  text: string;
  code: boolean;
}

/** Splits a sentence at its backticks. One without a partner stays as it is. */
export function partsOf(sentence: string): Part[] {
  const parts: Part[] = [];
  let rest = sentence;
  for (;;) {
    const open = rest.indexOf("`");
    const close = rest.indexOf("`", open + 1);
    if (open < 0 || close < 0) break;
    if (open > 0) parts.push({ text: rest.slice(0, open), code: false });
    if (close > open + 1) parts.push({ text: rest.slice(open + 1, close), code: true });
    rest = rest.slice(close + 1);
  }
  if (rest) parts.push({ text: rest, code: false });
  return parts;
}

/** The same as nodes, for what is built by hand. */
export function proseNodes(sentence: string): Node[] {
  return partsOf(sentence).map(({ text, code }) => {
    if (!code) return document.createTextNode(text);
    const element = document.createElement("code");
    element.textContent = text;
    return element;
  });
}
