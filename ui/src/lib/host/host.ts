/** The app behind the page, as the page sees it: commands that answer and one stream of events. */
import type { Commands, Event, Failure } from "../generated/wire";

export type CommandName = keyof Commands;

export interface Host {
  /** Runs a command; a refusal is thrown as `Failed`. */
  call<K extends CommandName>(name: K, args: Commands[K]["args"]): Promise<Commands[K]["answer"]>;
  /** Hears every event until the returned function is called. */
  listen(handler: (event: Event) => void): () => void;
}

/** A command that was refused, with what to tell the author. */
export class Failed extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
    this.name = "Failed";
  }
}

function isFailure(value: unknown): value is Failure {
  return (
    typeof value === "object" && value !== null && "code" in value && "message" in value && "hints" in value
  );
}

/** Whatever was thrown, as something a screen can show. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failed) return error.failure;
  if (isFailure(error)) return error;
  return { code: "other", message: error instanceof Error ? error.message : String(error), hints: [] };
}
