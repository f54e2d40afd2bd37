/** What a form can ask for, read off an input schema. What it cannot is left to a small JSON text of that property. */
import type { ToolView } from "../generated/wire";
import { en } from "../strings/en";
import type { Property } from "./jsonText";

type Schema = Record<string, unknown>;

export type FieldKind = "text" | "area" | "integer" | "number" | "boolean" | "enum" | "list" | "json";

export interface Field {
  key: string;
  kind: FieldKind;
  label: string;
  required: boolean;
  help: string;
  /** What is allowed, in a few words: "1 – 20". */
  bounds: string;
  /** For `enum`: the values, as JSON. */
  options: string[];
  /** For `list`: what its lines are. */
  items: "text" | "number" | null;
  example: string;
}

/** A text longer than this deserves more than one line. */
const LONG_TEXT = 400;

function isObject(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Follows a reference inside the schema; one that leads elsewhere or in a circle is left alone. */
function resolved(schema: unknown, root: Schema, depth = 8): Schema {
  if (!isObject(schema)) return {};
  const { $ref: ref, ...beside } = schema;
  if (typeof ref !== "string" || !ref.startsWith("#/") || depth === 0) return schema;
  const parts = ref.slice(2).split("/");
  const found = parts.reduce<unknown>(
    (at, part) => (isObject(at) ? at[part.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined),
    root,
  );
  return isObject(found) ? { ...resolved(found, root, depth - 1), ...beside } : schema;
}

/** The type, where it is a single one; `null` beside it only means that it may be left out. */
function typeOf(schema: Schema): string | null {
  const types = [schema.type].flat().filter((type) => type !== "null");
  return types.length === 1 && typeof types[0] === "string" ? types[0] : null;
}

function numberBounds(schema: Schema): string {
  const least = schema.minimum ?? schema.exclusiveMinimum;
  const most = schema.maximum ?? schema.exclusiveMaximum;
  if (typeof least === "number" && typeof most === "number") return en.form.range(least, most);
  if (typeof least === "number") return en.form.atLeast(least);
  return typeof most === "number" ? en.form.atMost(most) : "";
}

function kindOf(schema: Schema, root: Schema): Pick<Field, "kind" | "items"> {
  if (Array.isArray(schema.enum)) return { kind: "enum", items: null };
  switch (typeOf(schema)) {
    case "string": {
      const long = typeof schema.maxLength === "number" && schema.maxLength >= LONG_TEXT;
      return { kind: long ? "area" : "text", items: null };
    }
    case "integer":
      return { kind: "integer", items: null };
    case "number":
      return { kind: "number", items: null };
    case "boolean":
      return { kind: "boolean", items: null };
    case "array": {
      const item = resolved(schema.items, root);
      const type = Array.isArray(item.enum) ? null : typeOf(item);
      if (type === "string") return { kind: "list", items: "text" };
      if (type === "integer" || type === "number") return { kind: "list", items: "number" };
    }
  }
  return { kind: "json", items: null };
}

/** The kind that can show the value that is there: nothing is lost by looking at it in a form. */
function fitting(kind: FieldKind, items: Field["items"], value: unknown): FieldKind {
  switch (kind) {
    case "text":
      return typeof value !== "string" ? "json" : value.includes("\n") ? "area" : "text";
    case "area":
      return typeof value === "string" ? "area" : "json";
    case "integer":
    case "number":
      // A text stands for a number that is not finished.
      return typeof value === "number" || typeof value === "string" ? kind : "json";
    case "boolean":
      return typeof value === "boolean" ? kind : "json";
    case "list": {
      const shown = (each: unknown) =>
        typeof each === "string"
          ? each !== "" && !each.includes("\n")
          : items === "number" && typeof each === "number";
      return Array.isArray(value) && value.every(shown) ? kind : "json";
    }
    default:
      return kind;
  }
}

/** A tool's input schema. It comes as text, so that its properties stand in the author's order. */
export function schemaOf(tool: ToolView | null | undefined): unknown {
  return tool?.inputSchema ? (JSON.parse(tool.inputSchema) as unknown) : undefined;
}

/** The fields of a schema and a value; `null` when no form can show them. */
export function fieldsOf(schema: unknown, properties: ReadonlyMap<string, Property> | null): Field[] | null {
  if (!isObject(schema) || !properties) return null;
  const top = resolved(schema, schema);
  const declared = isObject(top.properties) ? top.properties : {};
  const type = typeOf(top);
  if (type !== "object" && (type !== null || Object.keys(declared).length === 0)) return null;
  const required = new Set(Array.isArray(top.required) ? top.required : []);
  const fields = Object.entries(declared).map(([key, each]): Field => {
    const property = resolved(each, schema);
    const { kind, items } = kindOf(property, schema);
    const current = properties.get(key);
    const example = Array.isArray(property.examples) ? property.examples[0] : property.default;
    return {
      key,
      kind: current ? fitting(kind, items, current.value) : kind,
      label: key,
      required: required.has(key),
      help: typeof property.description === "string" ? property.description : "",
      bounds: kind === "integer" || kind === "number" ? numberBounds(property) : "",
      options: Array.isArray(property.enum) ? property.enum.map((option) => JSON.stringify(option)) : [],
      items,
      example: typeof example === "string" || typeof example === "number" ? String(example) : "",
    };
  });
  const others = [...properties.values()]
    .filter((property) => !Object.hasOwn(declared, property.key))
    .map((property): Field => ({
      key: property.key,
      kind: "json",
      label: property.key,
      required: false,
      help: en.form.notInSchema,
      bounds: "",
      options: [],
      items: null,
      example: "",
    }));
  return [...fields, ...others];
}

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** A number as JSON where it is one; otherwise its text, so that the schema can complain about it. */
function numberText(text: string): string {
  return NUMBER.test(text) ? text : JSON.stringify(text);
}

/** What a field's text is as JSON; `null` leaves the property out. */
export function rawOf(field: Field, text: string): string | null {
  if (
    text === "" &&
    !(field.required && (field.kind === "text" || field.kind === "area" || field.kind === "list"))
  )
    return null;
  switch (field.kind) {
    case "text":
    case "area":
      return JSON.stringify(text);
    case "integer":
    case "number":
      return numberText(text.trim());
    case "list": {
      const lines = text.split("\n").filter((line) => line !== "");
      const items = lines.map((line) =>
        field.items === "number" ? numberText(line.trim()) : JSON.stringify(line),
      );
      return `[${items.join(", ")}]`;
    }
    default:
      return text;
  }
}

/** What a field shows of a property. */
export function textOf(field: Field, property: Property | undefined): string {
  if (!property) return "";
  const { value, raw } = property;
  switch (field.kind) {
    case "text":
    case "area":
      return String(value);
    case "integer":
    case "number":
      return typeof value === "string" ? value : raw;
    case "list":
      return (value as unknown[]).map(String).join("\n");
    case "enum":
      // As the options are written, so that they are found equal.
      return JSON.stringify(value);
    default:
      return raw;
  }
}

/** Why the text of a number field is none; `null` when it is fine. */
export function complaintOf(field: Field, property: Property | undefined): string | null {
  if (!property || typeof property.value !== "string") return null;
  if (field.kind === "integer") return en.form.wholeNumber;
  return field.kind === "number" ? en.form.number : null;
}

/** An option of an `enum` as people read it. */
export function optionLabel(option: string): string {
  const value: unknown = JSON.parse(option);
  return typeof value === "string" && value !== "" ? value : option;
}
