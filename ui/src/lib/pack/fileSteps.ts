/** A change of the pack as the language server describes it, and one that was made, as it can be taken back. */
import type { ChangeSet, Text } from "@codemirror/state";
import type { FileMove } from "../generated/wire";
import { en } from "../strings/en";
import type { TextEdit, WorkspaceEdit } from "./protocol";
import { pathOf } from "./uri";

/** What becomes of a file's text. */
export interface FileChange {
  path: string;
  edits: TextEdit[];
  /** The text that the places are in, as the language server counts. */
  version: number | null;
}

/** The steps of a change within a pack; one that goes beyond it is refused. */
export function stepsOf(edit: WorkspaceEdit, rootUri: string): { changes: FileChange[]; moves: FileMove[] } {
  const inPack = (uri: string) => {
    const path = pathOf(rootUri, uri);
    if (path === null) throw new Error(en.toast.outside(uri));
    return path;
  };
  const listed = Object.entries(edit.changes ?? {});
  const changes = listed.map(([uri, edits]): FileChange => ({ path: inPack(uri), edits, version: null }));
  const moves: FileMove[] = [];
  for (const step of edit.documentChanges ?? []) {
    if (!("kind" in step)) {
      const { uri, version } = step.textDocument;
      changes.push({ path: inPack(uri), edits: step.edits, version });
    } else if (step.kind === "create" && step.uri) {
      // The tab of a file that does not exist yet is an empty one; saving it makes the file.
      changes.push({ path: inPack(step.uri), edits: [], version: null });
    } else if (step.kind === "rename" && step.oldUri && step.newUri)
      moves.push({ from: inPack(step.oldUri), to: inPack(step.newUri) });
    else throw new Error(en.toast.unknownStep(step.kind));
  }
  return { changes, moves };
}

/** A text that was changed: what it became, and the way back from there. */
export interface ChangedText {
  /** Where the file is now. */
  path: string;
  after: Text;
  back: ChangeSet;
  /** The change made the file: the way back takes it away. */
  made: boolean;
}

/** A change that was made in one go. */
export interface MadeChange {
  texts: readonly ChangedText[];
  moves: readonly FileMove[];
}

export function filesOf({ texts, moves }: MadeChange): number {
  return new Set([...texts.map((text) => text.path), ...moves.map((move) => move.to)]).size;
}

/** True where the undo of one text would bring back a part only. */
export function isWide(made: MadeChange): boolean {
  return filesOf(made) > 1 || made.moves.length > 0 || made.texts.some((text) => text.made);
}
