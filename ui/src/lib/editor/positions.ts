/** Between the language server's line and column and CodeMirror's offset. Both count UTF-16 units. */
import type { Text } from "@codemirror/state";
import type { Position } from "../pack/protocol";

/** A place past the end of a line or of the text becomes that end: the server may have seen another text. */
export function offsetOf(doc: Text, position: Position): number {
  if (position.line >= doc.lines) return doc.length;
  const line = doc.line(Math.max(0, position.line) + 1);
  return line.from + Math.min(Math.max(0, position.character), line.length);
}

export function positionOf(doc: Text, offset: number): Position {
  const line = doc.lineAt(Math.min(Math.max(0, offset), doc.length));
  return { line: line.number - 1, character: Math.min(offset, line.to) - line.from };
}
