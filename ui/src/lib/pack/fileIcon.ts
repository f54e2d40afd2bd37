/** The icon of a file, by what is in it. */
import type { IconName } from "../design/icons";
import type { Entry } from "../generated/wire";

const BY_SUFFIX: Record<string, IconName> = {
  json: "braces",
  md: "text",
  markdown: "text",
  txt: "text",
  ts: "code",
  mts: "code",
  js: "code",
  mjs: "code",
  wasm: "box",
  wat: "code",
  sql: "db",
  png: "image",
  jpg: "image",
  jpeg: "image",
  gif: "image",
  svg: "image",
  webp: "image",
};

export function fileIcon(entry: Pick<Entry, "path" | "kind">): IconName {
  if (entry.kind === "folder") return "folder";
  if (entry.kind === "link") return "link";
  return BY_SUFFIX[entry.path.slice(entry.path.lastIndexOf(".") + 1).toLowerCase()] ?? "file";
}
