/**
 * Publishing an open pack: where to, the plan, how it goes, the receipt; and what is published already.
 *
 * It lives as long as the pack is open: a publication goes on while another screen is shown. A plan belongs to the
 * files and the registry it was made for; the answer to an older question never takes the place of a newer one.
 */
import type {
  Event,
  Failure,
  PulledView,
  ReceiptView,
  RegistryView,
  ReleaseView,
  ShipPlan,
  StepState,
  VerifiedView,
} from "../generated/wire";
import { failureOf, type Host } from "../host/host";
import type { PackSession } from "../pack/session.svelte";
import { en } from "../strings/en";

export type Phase = "plan" | "publishing" | "published" | "failed";

/** What was asked about one release, and what came of it. */
export interface ReleaseFindings {
  verifying: boolean;
  pulling: boolean;
  verified: VerifiedView | null;
  pulled: PulledView | null;
  failure: Failure | null;
}

const NOTHING_FOUND: ReleaseFindings = {
  verifying: false,
  pulling: false,
  verified: null,
  pulled: null,
  failure: null,
};

export class Shipping {
  #host: Host;
  #pack: PackSession;
  #registries = $state.raw<readonly RegistryView[] | null>(null);
  #registryId = $state<string | null>(null);
  #releases = $state.raw<readonly ReleaseView[] | null>(null);
  /** The release that is looked at; `null` for the one that would be published. */
  #version = $state<string | null>(null);
  #findings = $state.raw<ReadonlyMap<string, ReleaseFindings>>(new Map());
  #plan = $state.raw<ShipPlan | null>(null);
  #planning = $state(false);
  #phase = $state<Phase>("plan");
  #steps = $state.raw<readonly (StepState | null)[]>([]);
  #receipt = $state.raw<ReceiptView | null>(null);
  /** Why there is no plan, or why publishing ended. */
  #failure = $state.raw<Failure | null>(null);
  /** Why the list of registries or releases is not what it should be. */
  #listFailure = $state.raw<Failure | null>(null);
  #note = $state<string | null>(null);
  #planTurn = 0;
  #releasesTurn = 0;
  #shown = false;
  /** Files changed since the plan was asked for. */
  #outdated = false;
  /** Our own saving before a plan. */
  #saving = false;
  #ended = false;
  #unlisten: () => void;

  #registry = $derived(
    this.#registries?.find((each) => each.id === this.#registryId) ?? this.#registries?.[0] ?? null,
  );
  #release = $derived(this.#releases?.find((each) => each.version === this.#version) ?? null);
  #blockers = $derived(this.#plan?.checks.filter((check) => check.verdict === "fail").length ?? 0);

  constructor(host: Host, pack: PackSession) {
    this.#host = host;
    this.#pack = pack;
    this.#unlisten = pack.onChange(() => this.#changed());
  }

  /** `null` until they are known. */
  get registries(): readonly RegistryView[] | null {
    return this.#registries;
  }

  get registry(): RegistryView | null {
    return this.#registry;
  }

  get releases(): readonly ReleaseView[] | null {
    return this.#releases;
  }

  get release(): ReleaseView | null {
    return this.#release;
  }

  get findings(): ReleaseFindings {
    return this.#findings.get(this.#version ?? "") ?? NOTHING_FOUND;
  }

  get plan(): ShipPlan | null {
    return this.#plan;
  }

  get planning(): boolean {
    return this.#planning;
  }

  get phase(): Phase {
    return this.#phase;
  }

  /** How each step goes, by its place in the plan; `null` for one that has not begun. */
  get steps(): readonly (StepState | null)[] {
    return this.#steps;
  }

  /** The step at which publishing ended, when it was one. */
  get failedStep(): number | null {
    const index = this.#phase === "failed" ? this.#steps.indexOf("failed") : -1;
    return index < 0 ? null : index;
  }

  /** Of the last publication of this session. */
  get receipt(): ReceiptView | null {
    return this.#receipt;
  }

  get failure(): Failure | null {
    return this.#failure;
  }

  get listFailure(): Failure | null {
    return this.#listFailure;
  }

  /** What happened to the plan that the author should know. */
  get note(): string | null {
    return this.#note;
  }

  get blockers(): number {
    return this.#blockers;
  }

  /** Why there is nothing to publish now; `null` when there is. */
  get obstacle(): string | null {
    const plan = this.#plan;
    if (!plan || this.#planning) return en.ship.planning;
    if (this.#blockers > 0) return en.ship.blocked(this.#blockers);
    if (plan.published) return en.ship.alreadyPublished(plan.version, plan.to);
    return plan.digest === null ? en.ship.noDigest : null;
  }

  get canPublish(): boolean {
    return this.#phase === "plan" && this.#release === null && this.obstacle === null;
  }

  /** The screen is shown: everything is saved, and the plan is made of what is there now. */
  async show(): Promise<void> {
    this.#shown = true;
    if (this.#registries === null) await this.#readRegistries();
    if (this.#phase === "publishing") return;
    await Promise.all([this.planAgain(), this.#readReleases()]);
  }

  /** The screen gives way to another. */
  hide(): void {
    this.#shown = false;
  }

  choose(version: string | null): void {
    this.#version = version;
  }

  async chooseRegistry(id: string): Promise<void> {
    if (id === this.#registry?.id || this.#phase === "publishing") return;
    this.#registryId = id;
    this.#releases = null;
    this.#version = null;
    this.#findings = new Map();
    this.#plan = null;
    this.#note = null;
    await Promise.all([this.planAgain(), this.#readReleases()]);
  }

  /** Answers with why not. */
  async addRegistry(address: string): Promise<Failure | null> {
    try {
      const added = await this.#host.call("add_registry", { registry: address.trim() });
      const others = (this.#registries ?? []).filter((each) => each.id !== added.id);
      this.#registries = [...others, added];
      await this.chooseRegistry(added.id);
      return null;
    } catch (error) {
      return failureOf(error);
    }
  }

  async forgetRegistry(id: string): Promise<void> {
    try {
      await this.#host.call("forget_registry", { registry: id });
    } catch (error) {
      this.#listFailure = failureOf(error);
      return;
    }
    const local = this.#registries?.find((each) => each.local);
    if (this.#registry?.id === id && local) await this.chooseRegistry(local.id);
    this.#registries = (this.#registries ?? []).filter((each) => each.id !== id);
  }

  dismissListFailure(): void {
    this.#listFailure = null;
  }

  dismissNote(): void {
    this.#note = null;
  }

  /** Makes the plan of what the files say now. */
  async planAgain(): Promise<void> {
    const registry = this.#registry;
    if (!registry || this.#phase === "publishing") return;
    const turn = ++this.#planTurn;
    const current = () => turn === this.#planTurn && !this.#ended;
    this.#planning = true;
    const { plan, failure } = await this.#makePlan(registry.id);
    if (!current()) return;
    this.#planning = false;
    this.#phase = "plan";
    this.#plan = plan;
    this.#failure = failure;
    this.#steps = plan?.steps.map(() => null) ?? [];
  }

  async #makePlan(registry: string): Promise<{ plan: ShipPlan | null; failure: Failure | null }> {
    this.#saving = true;
    const failure = await this.#pack.saveAll();
    this.#saving = false;
    this.#outdated = false;
    if (failure) return { plan: null, failure };
    try {
      return {
        plan: await this.#host.call("ship_plan", { session: this.#pack.id, registry }),
        failure: null,
      };
    } catch (error) {
      return { plan: null, failure: failureOf(error) };
    }
  }

  /** Publishes what the plan promised. Where the files say something else by now, there is a new plan instead. */
  async publish(): Promise<void> {
    const registry = this.#registry;
    const plan = this.#plan;
    if (!registry || !plan?.digest || !this.canPublish) return;
    this.#note = null;
    this.#phase = "publishing";
    this.#steps = plan.steps.map(() => null);
    const unsaved = await this.#pack.saveAll();
    if (this.#ended) return;
    if (unsaved) {
      this.#phase = "failed";
      this.#failure = unsaved;
      return;
    }
    if (this.#outdated) return this.#replan(en.ship.planChanged);
    try {
      this.#receipt = await this.#host.call("publish", {
        session: this.#pack.id,
        registry: registry.id,
        digest: plan.digest,
      });
      if (this.#ended) return;
      this.#phase = "published";
      this.#failure = null;
      this.#steps = this.#steps.map((state) => (state === "skipped" ? "skipped" : "done"));
      await this.#readReleases();
    } catch (error) {
      if (!this.#ended) await this.#publishFailed(failureOf(error));
    }
  }

  async #publishFailed(failure: Failure): Promise<void> {
    if (failure.code === "plan_changed") return this.#replan(en.ship.planChanged);
    if (failure.code === "stopped") return this.#replan(en.ship.stopped);
    this.#phase = "failed";
    this.#failure = failure;
    // The step that was under way is the one that failed, whether or not an event said so.
    this.#steps = this.#steps.map((state) => (state === "running" ? "failed" : state));
  }

  async #replan(note: string): Promise<void> {
    this.#phase = "plan";
    this.#note = note;
    await this.planAgain();
  }

  /** What was sent so far stays invisible: tags move last. */
  async stop(): Promise<void> {
    if (this.#phase !== "publishing") return;
    await this.#host.call("stop_publish", { session: this.#pack.id }).catch(() => undefined);
  }

  async verify(version: string): Promise<void> {
    const registry = this.#registry;
    if (!registry || this.findings.verifying) return;
    this.#find(version, { verifying: true, verified: null, failure: null });
    try {
      const arg = { session: this.#pack.id, registry: registry.id, version };
      const verified = await this.#host.call("verify_release", arg);
      if (registry.id === this.#registry?.id) this.#find(version, { verifying: false, verified });
    } catch (error) {
      if (registry.id === this.#registry?.id)
        this.#find(version, { verifying: false, failure: failureOf(error) });
    }
  }

  async pull(version: string): Promise<void> {
    const registry = this.#registry;
    if (!registry || this.findings.pulling) return;
    this.#find(version, { pulling: true, pulled: null, failure: null });
    try {
      const arg = { session: this.#pack.id, registry: registry.id, version };
      const pulled = await this.#host.call("pull_release", arg);
      if (registry.id === this.#registry?.id) this.#find(version, { pulling: false, pulled });
    } catch (error) {
      if (registry.id === this.#registry?.id)
        this.#find(version, { pulling: false, failure: failureOf(error) });
    }
  }

  #find(version: string, found: Partial<ReleaseFindings>): void {
    const known = this.#findings.get(version) ?? NOTHING_FOUND;
    this.#findings = new Map(this.#findings).set(version, { ...known, ...found });
  }

  /** An event of the app; those of another opening are not ours. */
  handle(event: Event): void {
    if (event.event !== "publishing" || event.session !== this.#pack.id) return;
    if (this.#phase !== "publishing") return;
    this.#steps = this.#steps.map((state, index) => (index === event.step ? event.state : state));
  }

  /** The pack closes. A publication that goes on would have nobody to tell. */
  end(): void {
    this.#ended = true;
    this.#unlisten();
    void this.stop();
  }

  #changed(): void {
    if (this.#saving) return;
    this.#outdated = true;
    // While publishing, the app itself refuses files that are no longer the plan's.
    if (this.#shown && this.#phase !== "publishing") void this.planAgain();
  }

  async #readRegistries(): Promise<void> {
    try {
      this.#registries = await this.#host.call("registries", null);
    } catch (error) {
      this.#listFailure = failureOf(error);
    }
  }

  async #readReleases(): Promise<void> {
    const registry = this.#registry;
    if (!registry) return;
    const turn = ++this.#releasesTurn;
    try {
      const releases = await this.#host.call("releases", { session: this.#pack.id, registry: registry.id });
      if (turn !== this.#releasesTurn || this.#ended) return;
      this.#releases = releases;
      this.#listFailure = null;
    } catch (error) {
      if (turn === this.#releasesTurn && !this.#ended) this.#listFailure = failureOf(error);
    }
  }
}
