/** Short messages in the lower right corner. They go after six seconds, unless they report a failure. */

export type ToastTone = "info" | "pass" | "warn" | "fail";

export interface Toast {
  id: number;
  tone: ToastTone;
  message: string;
}

const SHOWN_FOR_MS = 6000;
/** More than that hides the work. */
const AT_MOST = 4;

export class Toasts {
  #list = $state.raw<readonly Toast[]>([]);
  #next = 0;

  get list(): readonly Toast[] {
    return this.#list;
  }

  show(toast: { tone: ToastTone; message: string }): void {
    const id = this.#next++;
    const others = this.#list.filter((each) => each.message !== toast.message);
    this.#list = [...others, { id, ...toast }].slice(-AT_MOST);
    if (toast.tone !== "fail") setTimeout(() => this.dismiss(id), SHOWN_FOR_MS);
  }

  dismiss(id: number): void {
    this.#list = this.#list.filter((toast) => toast.id !== id);
  }
}
