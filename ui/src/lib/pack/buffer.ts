/** A text being edited, as the pack sees it. The editor chunk, loaded after the first frame, provides it. */
import type { Range } from "./protocol";

export interface Cursor {
  /** From 0, as the language server counts. */
  line: number;
  character: number;
}

export interface Buffer {
  text(): string;
  /** Replaces the text by the smallest change; an undoable one is a step of the author's history. */
  replace(text: string, options: { undoable: boolean }): void;
  /** Lets the author type no more, for good. */
  freeze(): void;
  /** Puts the cursor on a place and scrolls there. */
  reveal(range: Range): void;
  cursor(): Cursor;
}
