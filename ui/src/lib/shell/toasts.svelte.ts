/**
 * Short messages in the lower right corner. They go by themselves, unless they report a failure; one that offers
 * something stays longer, and none goes while it is pointed at or holds the keyboard.
 */
import type { CommandId } from "../commands/registry";

export type ToastTone = "info" | "pass" | "warn" | "fail";

/** A button beside the message. It runs a command, which the palette and its key run as well when the toast is gone. */
export interface ToastAction {
  label: string;
  command: CommandId;
}

export interface Toast {
  id: number;
  tone: ToastTone;
  message: string;
  action?: ToastAction;
}

const SHOWN_FOR_MS = 6000;
/** Time to look at what was done in more than one place, and to decide. */
const OFFERED_FOR_MS = 20_000;
/** More than that hides the work. */
const AT_MOST = 4;

export class Toasts {
  #list = $state.raw<readonly Toast[]>([]);
  #next = 0;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  get list(): readonly Toast[] {
    return this.#list;
  }

  show(toast: Omit<Toast, "id">): void {
    const id = this.#next++;
    // A button means the newest of what it could be about.
    const { message, action } = toast;
    const same = (each: Toast) =>
      each.message === message || (action !== undefined && each.action?.command === action.command);
    this.#keep([...this.#list.filter((each) => !same(each)), { id, ...toast }].slice(-AT_MOST));
    this.release(id);
  }

  dismiss(id: number): void {
    this.#keep(this.#list.filter((toast) => toast.id !== id));
  }

  /** Takes away the offer of what can no longer be done, or was. */
  withdraw(command: CommandId): void {
    this.#keep(this.#list.filter((toast) => toast.action?.command !== command));
  }

  /** Stops a toast's time: somebody is at it. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  /** Lets a toast's time begin, anew when it was held. */
  release(id: number): void {
    this.hold(id);
    const toast = this.#list.find((each) => each.id === id);
    if (!toast || toast.tone === "fail") return;
    const time = toast.action ? OFFERED_FOR_MS : SHOWN_FOR_MS;
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), time),
    );
  }

  #keep(list: readonly Toast[]): void {
    for (const { id } of this.#list) if (!list.some((each) => each.id === id)) this.hold(id);
    this.#list = list;
  }
}
