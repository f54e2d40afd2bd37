/** Finding by a few letters: what matches, how well, and which letters to show in bold. */

export interface Match<T> {
  item: T;
  /** Higher is better. */
  score: number;
  /** Indices of the matched letters. */
  at: number[];
}

/** How well the letters of the query occur in the text, in order; `null` when they do not. */
export function fuzzyMatch(query: string, text: string): { score: number; at: number[] } | null {
  const wanted = query.toLowerCase().replace(/\s+/g, "");
  const lower = text.toLowerCase();
  if (wanted === "") return { score: 0, at: [] };
  // A run of letters in one piece beats letters that are strewn over the text.
  const whole = lower.indexOf(query.trim().toLowerCase());
  if (whole >= 0) {
    const length = query.trim().length;
    const score = 1000 + (startsWord(text, whole) ? 200 : 0) - whole - text.length / 100;
    return { score, at: Array.from({ length }, (_, i) => whole + i) };
  }
  const at: number[] = [];
  let score = 0;
  let from = 0;
  for (const letter of wanted) {
    let index = lower.indexOf(letter, from);
    if (index < 0) return null;
    // Prefer the beginning of a word when the letter stands there a little later.
    for (let next = index; next >= 0 && next < index + 24; next = lower.indexOf(letter, next + 1)) {
      if (startsWord(text, next)) {
        const rest = wanted.slice(at.length + 1);
        if (isWithin(rest, lower, next + 1)) index = next;
        break;
      }
    }
    score += startsWord(text, index) ? 20 : at.at(-1) === index - 1 ? 12 : 1;
    at.push(index);
    from = index + 1;
  }
  return { score: score - text.length / 100, at };
}

function startsWord(text: string, index: number): boolean {
  return index === 0 || /[\s/._-]/.test(text.charAt(index - 1));
}

function isWithin(rest: string, text: string, from: number): boolean {
  for (const letter of rest) {
    const index = text.indexOf(letter, from);
    if (index < 0) return false;
    from = index + 1;
  }
  return true;
}

/** Matching items, best first; equally good ones keep their order. */
export function fuzzyFilter<T>(query: string, items: readonly T[], textOf: (item: T) => string): Match<T>[] {
  return items
    .flatMap((item) => {
      const match = fuzzyMatch(query, textOf(item));
      return match ? [{ item, ...match }] : [];
    })
    .sort((a, b) => b.score - a.score);
}

/** What the author may have meant: the items that share most pairs of letters with the query. */
export function nearest<T>(
  query: string,
  items: readonly T[],
  textOf: (item: T) => string,
  count: number,
): Match<T>[] {
  const wanted = pairs(query);
  return items
    .map((item) => {
      const has = pairs(textOf(item));
      const shared = [...wanted].filter((pair) => has.has(pair)).length;
      return { item, score: (2 * shared) / (wanted.size + has.size || 1), at: [] };
    })
    .sort((a, b) => b.score - a.score)
    .slice(0, count);
}

function pairs(text: string): Set<string> {
  const letters = text.toLowerCase();
  const found = new Set<string>(letters.replace(/\s/g, ""));
  for (let i = 0; i + 1 < letters.length; i++) found.add(letters.slice(i, i + 2));
  return found;
}
