/** A file's parts as one list: each before what it holds, with how deep it lies. */
import type { IconName } from "../design/icons";
import type { DocumentSymbol, Range } from "./protocol";

export interface Part {
  name: string;
  detail: string;
  icon: IconName;
  depth: number;
  at: Range;
}

/** By the protocol's numbers; what is not named here is a key like any other. */
const ICONS: Record<number, IconName> = {
  5: "braces", // class: a definition of a schema
  8: "right", // field: a rule
  11: "link", // interface: a capability
  12: "tool", // function: a tool
  20: "key", // key: a credential
  24: "test", // event: a case
};

export function outlineOf(symbols: readonly DocumentSymbol[], depth = 0): Part[] {
  return symbols.flatMap(({ name, detail, kind, selectionRange, children }) => [
    { name, detail: detail ?? "", icon: ICONS[kind] ?? "text", depth, at: selectionRange },
    ...outlineOf(children ?? [], depth + 1),
  ]);
}
