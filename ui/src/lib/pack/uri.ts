/** Between a path in the pack and the URI by which the language server knows the file. */

/** `schemas/a b.json` under `file:///packs/x` is `file:///packs/x/schemas/a%20b.json`. */
export function uriOf(rootUri: string, path: string): string {
  return `${rootUri}/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** The path of a URI inside the pack, or `null` when it lies elsewhere. Two spellings of one URI give one path. */
export function pathOf(rootUri: string, uri: string): string | null {
  const root = decoded(rootUri) + "/";
  const whole = decoded(uri);
  return whole.startsWith(root) && whole.length > root.length ? whole.slice(root.length) : null;
}

function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    // A stray percent sign: such a URI can only equal itself.
    return uri;
  }
}
