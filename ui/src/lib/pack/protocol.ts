/** The parts of the Language Server Protocol that the studio reads. Columns are UTF-16 units. */
import type { DiagnosticData } from "../generated/wire";

export interface Position {
  line: number;
  character: number;
}

export interface Range {
  start: Position;
  end: Position;
}

/** A diagnostic as our server sends it; it goes back unchanged when its fixes are asked for. */
export interface Diagnostic {
  range: Range;
  severity?: 1 | 2 | 3 | 4;
  code?: string | number;
  source?: string;
  message: string;
  data?: DiagnosticData;
}

export interface PublishDiagnostics {
  uri: string;
  version?: number | null;
  diagnostics: Diagnostic[];
}

export interface TextEdit {
  range: Range;
  newText: string;
}

export interface TextDocumentEdit {
  textDocument: { uri: string; version: number | null };
  edits: TextEdit[];
}

export interface Location {
  uri: string;
  range: Range;
}

export interface MarkupContent {
  kind: "plaintext" | "markdown";
  value: string;
}

export interface Hover {
  contents: string | MarkupContent;
  range?: Range;
}

export interface CompletionItem {
  label: string;
  detail?: string;
  documentation?: string | MarkupContent;
  sortText?: string;
  filterText?: string;
  insertText?: string;
  /** 1: as it is; 2: a snippet. */
  insertTextFormat?: 1 | 2;
  textEdit?: TextEdit;
}

/** A word between those of a text: what holds there without being written. */
export interface InlayHint {
  position: Position;
  label: string;
  tooltip?: string;
}

/** Something that an outline of a file lists. */
export interface DocumentSymbol {
  name: string;
  detail?: string;
  /** A number of the protocol's table. */
  kind: number;
  range: Range;
  selectionRange: Range;
  children?: DocumentSymbol[];
}

/** What would be renamed, and what it is called now. */
export interface Renamable {
  range: Range;
  placeholder: string;
}

/** A step that makes, moves or removes a file. */
export interface FileStep {
  kind: "create" | "rename" | "delete";
  uri?: string;
  oldUri?: string;
  newUri?: string;
}

export interface WorkspaceEdit {
  changes?: Record<string, TextEdit[]>;
  documentChanges?: (TextDocumentEdit | FileStep)[];
}

export interface CodeAction {
  title: string;
  kind?: string;
  isPreferred?: boolean;
  edit?: WorkspaceEdit;
}
