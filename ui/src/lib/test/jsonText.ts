/**
 * A JSON text as text: reads the properties of its object and replaces one, so that everything else stays as the
 * author wrote it, to the last digit and blank.
 */
import { jsonLanguage } from "@codemirror/lang-json";

type Node = ReturnType<typeof jsonLanguage.parser.parse>["topNode"];

export interface Property {
  key: string;
  /** As it is written. */
  raw: string;
  value: unknown;
}

interface Located extends Property {
  /** From the key to the end of the value. */
  from: number;
  to: number;
  valueFrom: number;
}

function objectIn(text: string): Node | null {
  return jsonLanguage.parser.parse(text).topNode.getChild("Object");
}

function located(text: string, object: Node): Located[] {
  return object.getChildren("Property").flatMap((property) => {
    const name = property.getChild("PropertyName");
    const value = property.lastChild;
    if (!name || !value || value === name) return [];
    const raw = text.slice(value.from, value.to);
    try {
      const key = JSON.parse(text.slice(name.from, name.to)) as string;
      return [
        {
          key,
          raw,
          value: JSON.parse(raw) as unknown,
          from: property.from,
          to: property.to,
          valueFrom: value.from,
        },
      ];
    } catch {
      return [];
    }
  });
}

/** The properties of the object that the text is; `null` when it is something else. Of two equal keys the last counts. */
export function propertiesOf(text: string): Map<string, Property> | null {
  const object = objectIn(text);
  return object && new Map(located(text, object).map((each) => [each.key, each]));
}

/** The text with a property set to a JSON text, or left out for `null`. */
export function withProperty(text: string, key: string, raw: string | null): string {
  const object = objectIn(text);
  if (!object) return text;
  const all = located(text, object);
  const index = all.findLastIndex((each) => each.key === key);
  const found = all[index];
  if (raw === null) {
    if (!found) return text;
    const next = all[index + 1];
    const previous = all[index - 1];
    if (next) return text.slice(0, found.from) + text.slice(next.from);
    if (previous) return text.slice(0, previous.to) + text.slice(found.to);
    return text.slice(0, object.from) + "{}" + text.slice(object.to);
  }
  if (found) return text.slice(0, found.valueFrom) + raw + text.slice(found.to);
  const entry = `${JSON.stringify(key)}: ${raw}`;
  const last = all.at(-1);
  if (!last) return text.slice(0, object.from) + `{\n  ${entry}\n}` + text.slice(object.to);
  // As the one before it stands: on a line of its own, or on the same line.
  const line = text.slice(text.lastIndexOf("\n", last.from) + 1, last.from);
  const between = /^\s*$/.test(line) && last.from > line.length ? "\n" + line : " ";
  return text.slice(0, last.to) + "," + between + entry + text.slice(last.to);
}

/** Where a text stops being JSON: an offset, or `null` when it is JSON. */
export function brokenAt(text: string): number | null {
  try {
    JSON.parse(text);
    return null;
  } catch {
    let at: number | null = null;
    jsonLanguage.parser.parse(text).iterate({
      enter: (node) => {
        if (at === null && node.type.isError) at = node.from;
        return at === null;
      },
    });
    return at ?? text.trimEnd().length;
  }
}
