/** The file tree as rows, made from the flat list that the app sends. */
import type { Entry } from "../generated/wire";

/** A row of the tree. */
export interface TreeRow {
  entry: Entry;
  name: string;
  /** 0 at the top. */
  depth: number;
  folder: boolean;
  expanded: boolean;
  /** Its place among the rows of its folder, from 1, and how many there are. */
  place: number;
  siblings: number;
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The tab of a file names the text below it; spaces would part an `aria-labelledby`. */
export function tabId(path: string): string {
  return "tab:" + encodeURIComponent(path);
}

export function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

/** The folders above a path, outermost first. */
export function foldersAbove(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join("/"));
}

/** The rows to show: folders before files in each folder, and nothing inside a folder that is not expanded. */
export function treeRows(entries: readonly Entry[], expanded: ReadonlySet<string>): TreeRow[] {
  const children = new Map<string, Entry[]>();
  for (const entry of entries) {
    const parent = folderOf(entry.path);
    const siblings = children.get(parent);
    if (siblings) siblings.push(entry);
    else children.set(parent, [entry]);
  }
  const rows: TreeRow[] = [];
  const add = (parent: string, depth: number) => {
    const siblings = [...(children.get(parent) ?? [])].sort(byRank);
    for (const [index, entry] of siblings.entries()) {
      const folder = entry.kind === "folder";
      const open = folder && expanded.has(entry.path);
      rows.push({
        entry,
        name: nameOf(entry.path),
        depth,
        folder,
        expanded: open,
        place: index + 1,
        siblings: siblings.length,
      });
      if (open) add(entry.path, depth + 1);
    }
  };
  add("", 0);
  return rows;
}

/**
 * Which of many rows of one height to draw: those in sight, some beyond them, and the one that holds the tab stop,
 * because the keyboard must not fall out of the list when it scrolls away.
 */
export function rowsInSight(view: {
  count: number;
  top: number;
  height: number;
  rowHeight: number;
  beyond: number;
  keep: number;
}): number[] {
  const first = Math.max(0, Math.floor(view.top / view.rowHeight) - view.beyond);
  const end = Math.min(view.count, Math.ceil((view.top + view.height) / view.rowHeight) + view.beyond);
  const shown = Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i);
  if (view.keep >= 0 && view.keep < first) shown.unshift(view.keep);
  else if (view.keep >= end && view.keep < view.count) shown.push(view.keep);
  return shown;
}

/** The manifest and the behaviour are what a pack is about: they lead, then folders, then the other files. */
const LEADERS = ["pack.yaml", "behavior.md"];

function rank(entry: Entry): number {
  const leader = LEADERS.indexOf(entry.path);
  if (leader >= 0) return leader;
  return entry.kind === "folder" ? LEADERS.length : LEADERS.length + 1;
}

function byRank(a: Entry, b: Entry): number {
  return rank(a) - rank(b) || a.path.localeCompare(b.path, "en", { numeric: true });
}

/** A name in two halves, so that a long one loses its middle and never its suffix. */
export function splitName(name: string): { stem: string; tail: string } {
  const match = /^(.{4,}?)((?:\.[A-Za-z]+)?\.[A-Za-z0-9]+)$/.exec(name);
  return match?.[1] && match[2] && name.length > 14
    ? { stem: match[1], tail: match[2] }
    : { stem: name, tail: "" };
}
