/** The real host: Tauri's IPC. Nothing outside this folder knows that Tauri exists. */
import { Channel, invoke } from "@tauri-apps/api/core";
import type { Commands, Event } from "../generated/wire";
import { type CommandName, Failed, failureOf, type Host } from "./host";

export class TauriHost implements Host {
  #handlers = new Set<(event: Event) => void>();
  #channel: Channel<Event> | null = null;

  async call<K extends CommandName>(name: K, args: Commands[K]["args"]): Promise<Commands[K]["answer"]> {
    try {
      return await invoke<Commands[K]["answer"]>("call", { command: name, args });
    } catch (error) {
      throw new Failed(failureOf(error));
    }
  }

  listen(handler: (event: Event) => void): () => void {
    this.#handlers.add(handler);
    if (!this.#channel) {
      this.#channel = new Channel<Event>((event) => {
        for (const each of this.#handlers) each(event);
      });
      invoke("listen", { channel: this.#channel }).catch((error: unknown) =>
        console.error("no events will arrive:", failureOf(error).message),
      );
    }
    return () => this.#handlers.delete(handler);
  }
}
