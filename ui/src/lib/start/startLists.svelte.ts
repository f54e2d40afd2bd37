/** What the Start screen lists: this computer, recent packs, samples. Each is read by itself, so that one cannot hold up another. */
import type { Environment, Failure, RecentPack, Sample } from "../generated/wire";
import { failureOf, type Host } from "../host/host";

/** Up to here a list is read faster than it is filtered. */
const FILTER_FROM = 7;

export class StartLists {
  #host: Host;
  #recent = $state.raw<readonly RecentPack[] | null>(null);
  #samples = $state.raw<readonly Sample[] | null>(null);
  #environment = $state.raw<Environment | null>(null);
  #failure = $state.raw<Failure | null>(null);
  filter = $state("");

  constructor(host: Host) {
    this.#host = host;
  }

  /** `null` until it is known. */
  get recent(): readonly RecentPack[] | null {
    return this.#recent;
  }

  get filtered(): readonly RecentPack[] {
    const text = this.filter.trim().toLowerCase();
    return (this.#recent ?? []).filter((pack) => `${pack.name} ${pack.shown}`.toLowerCase().includes(text));
  }

  get canFilter(): boolean {
    return (this.#recent?.length ?? 0) >= FILTER_FROM;
  }

  get samples(): readonly Sample[] | null {
    return this.#samples;
  }

  get environment(): Environment | null {
    return this.#environment;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  async load(): Promise<void> {
    await Promise.all([
      this.#read(async () => void (this.#recent = await this.#host.call("recent_packs", null))),
      this.#read(async () => void (this.#samples = await this.#host.call("samples", null))),
      this.#read(async () => void (this.#environment = await this.#host.call("environment", null))),
    ]);
  }

  async forget(path: string): Promise<void> {
    await this.#read(async () => {
      await this.#host.call("forget_recent", { path });
      this.#recent = (this.#recent ?? []).filter((pack) => pack.path !== path);
    });
    if (!this.canFilter) this.filter = "";
  }

  dismissFailure(): void {
    this.#failure = null;
  }

  async #read(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#failure = failureOf(error);
    }
  }
}
