/** A form over a JSON text: what it shows, and that an edit of one property leaves all others as they are written. */
import { expect, test } from "vitest";
import { brokenAt, propertiesOf, withProperty } from "../lib/test/jsonText";
import { type Field, complaintOf, fieldsOf, rawOf, textOf } from "../lib/test/schemaForm";

const SCHEMA = {
  type: "object",
  $defs: { sort: { enum: ["new", "old"] } },
  properties: {
    query: { type: "string", description: "What to look for." },
    limit: { type: "integer", minimum: 1, maximum: 20 },
    score: { type: ["number", "null"] },
    sort: { $ref: "#/$defs/sort" },
    print: { type: "boolean" },
    tags: { type: "array", items: { type: "string" } },
    years: { type: "array", items: { type: "integer" } },
    filter: { type: "object", properties: { a: { type: "string" } } },
    pairs: { type: "array", items: { type: "object" } },
    any: { anyOf: [{ type: "string" }, { type: "number" }] },
  },
  required: ["query", "tags"],
};

const fields = (text: string, schema: unknown = SCHEMA) => fieldsOf(schema, propertiesOf(text));
function field(key: string, text = "{}"): Field {
  const found = fields(text)?.find((each) => each.key === key);
  if (!found) throw new Error(`no field ${key}`);
  return found;
}

test("each kind of property has its field", () => {
  expect(Object.fromEntries(fields("{}")?.map(({ key, kind }) => [key, kind]) ?? [])).toEqual({
    query: "text",
    limit: "integer",
    score: "number",
    sort: "enum",
    print: "boolean",
    tags: "list",
    years: "list",
    filter: "json",
    pairs: "json",
    any: "json",
  });
  expect(field("limit").bounds).toBe("1 – 20");
  expect(field("query").required).toBe(true);
  expect(field("query").help).toBe("What to look for.");
  expect(field("sort").options).toEqual(['"new"', '"old"']);
});

test("a value that the field cannot show is shown as JSON", () => {
  expect(field("query", '{"query": 7}').kind).toBe("json");
  expect(field("tags", '{"tags": ["a", 1]}').kind).toBe("json");
  expect(field("print", '{"print": "yes"}').kind).toBe("json");
  expect(field("query", '{"query": "a\\nb"}').kind).toBe("area");
  expect(field("score", '{"score": null}').kind).toBe("json");
});

test("a property that the schema does not name is there, too", () => {
  expect(fields('{"extra": [1]}')?.at(-1)).toMatchObject({ key: "extra", kind: "json" });
  expect(fields('{"toString": 1}')?.at(-1)?.key).toBe("toString");
});

test("what is no object with properties has no form", () => {
  expect(fields("[1]")).toBeNull();
  expect(fields("{}", { type: "array" })).toBeNull();
  expect(fields("{}", { oneOf: [] })).toBeNull();
  expect(fields("{}", null)).toBeNull();
  expect(fields("{}", { type: "object" })).toEqual([]);
});

test("an edit keeps every other byte", () => {
  const text = '{\n  "id": 12345678901234567890,\n  "query": "dune",  "x": 1.0\n}';
  expect(withProperty(text, "query", '"emma"')).toBe(text.replace("dune", "emma"));
  expect(withProperty(text, "limit", "2")).toBe(text.replace("1.0", '1.0, "limit": 2'));
});

test("a new property stands as the one before it", () => {
  expect(withProperty('{\n  "a": 1\n}', "b", "2")).toBe('{\n  "a": 1,\n  "b": 2\n}');
  expect(withProperty('{"a": 1}', "b", "2")).toBe('{"a": 1, "b": 2}');
  expect(withProperty("{}", "b", "2")).toBe('{\n  "b": 2\n}');
});

test("a property that is left out takes its comma with it", () => {
  const text = '{\n  "a": 1,\n  "b": 2,\n  "c": 3\n}';
  expect(withProperty(text, "a", null)).toBe('{\n  "b": 2,\n  "c": 3\n}');
  expect(withProperty(text, "b", null)).toBe('{\n  "a": 1,\n  "c": 3\n}');
  expect(withProperty(text, "c", null)).toBe('{\n  "a": 1,\n  "b": 2\n}');
  expect(withProperty('{"a": 1}', "a", null)).toBe("{}");
  expect(withProperty(text, "z", null)).toBe(text);
});

test("of two properties of one name the last counts, as everywhere", () => {
  expect(propertiesOf('{"a": 1, "a": 2}')?.get("a")?.value).toBe(2);
  expect(withProperty('{"a": 1, "a": 2}', "a", "3")).toBe('{"a": 1, "a": 3}');
});

test("an optional field that is emptied is left out; a required text is empty", () => {
  expect(rawOf(field("limit"), "")).toBeNull();
  expect(rawOf(field("sort"), "")).toBeNull();
  expect(rawOf(field("query"), "")).toBe('""');
  expect(rawOf(field("tags"), "")).toBe("[]");
  expect(rawOf(field("years"), "")).toBeNull();
});

test("what is typed becomes JSON of its kind", () => {
  expect(rawOf(field("query"), 'say "hi"')).toBe('"say \\"hi\\""');
  expect(rawOf(field("limit"), "7")).toBe("7");
  expect(rawOf(field("score"), "1.50")).toBe("1.50");
  expect(rawOf(field("tags"), "a\nb\n")).toBe('["a", "b"]');
  expect(rawOf(field("years"), "1965\n1969")).toBe("[1965, 1969]");
  expect(rawOf(field("print"), "true")).toBe("true");
});

test("a number that is none stays what was typed, and says so", () => {
  const typed = withProperty("{}", "limit", rawOf(field("limit"), "1x"));
  const property = propertiesOf(typed)?.get("limit");
  expect(textOf(field("limit", typed), property)).toBe("1x");
  expect(complaintOf(field("limit", typed), property)).toBe("This is no whole number.");
  expect(complaintOf(field("limit"), propertiesOf('{"limit": 3}')?.get("limit"))).toBeNull();
});

test("a number is shown as it is written", () => {
  expect(textOf(field("score"), propertiesOf('{"score": 1.50}')?.get("score"))).toBe("1.50");
});

test.each([
  ['{"a": 1}', null],
  ['{"a": }', 6],
  ['{"a": 1,}', 8],
  ["", 0],
  ['{"a": 1', 7],
])("%s breaks at %s", (text, at) => {
  expect(brokenAt(text)).toBe(at);
});
