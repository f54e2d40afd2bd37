/**
 * The little Markdown that the language server writes, as nodes: paragraphs, lists, `code`, strong and emphasis.
 * Everything else stays the text that it is; no markup of the server's is ever obeyed.
 */

/** More than this nobody reads in a tooltip. */
const MOST = 10_000;

const INLINE = /\\([\\`*_{}[\]<>#-])|`([^`]+)`|\*\*(?!\s)((?:[^*]|\*(?!\*))+)\*\*|\*(?!\s)([^*]+)\*/g;

export function markdownNodes(markdown: string): Node[] {
  const text = markdown.length > MOST ? markdown.slice(0, MOST) + "…" : markdown;
  return text
    .split(/\n[ \t]*\n/)
    .filter((block) => block.trim() !== "")
    .flatMap(blockNodes);
}

function blockNodes(block: string): Node[] {
  const made: HTMLElement[] = [];
  for (const line of block.split("\n")) {
    const item = /^\s*[-*] (.*)$/.exec(line)?.[1];
    const last = made.at(-1);
    if (item !== undefined) {
      const list = last?.tagName === "UL" ? last : document.createElement("ul");
      if (list !== last) made.push(list);
      list.append(wrapped("li", item));
    } else if (last?.tagName === "P") last.append(" ", ...inlineNodes(line));
    else if (line.trim() !== "") made.push(wrapped("p", line));
  }
  return made;
}

function inlineNodes(text: string): Node[] {
  const nodes: Node[] = [];
  let end = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > end) nodes.push(document.createTextNode(text.slice(end, match.index)));
    end = match.index + match[0].length;
    const [, sign, code, strong, emphasis] = match;
    if (code !== undefined) {
      const element = document.createElement("code");
      element.textContent = code;
      nodes.push(element);
    } else if (strong !== undefined) nodes.push(wrapped("strong", strong));
    else if (emphasis !== undefined) nodes.push(wrapped("em", emphasis));
    else nodes.push(document.createTextNode(sign ?? ""));
  }
  if (end < text.length) nodes.push(document.createTextNode(text.slice(end)));
  return nodes;
}

function wrapped(tag: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.append(...inlineNodes(text));
  return element;
}
