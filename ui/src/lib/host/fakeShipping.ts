/** The fake host's registries: releases in memory, and a publication whose steps a test can hold back or fail. */
import type {
  Event,
  Failure,
  PublishArg,
  ReceiptView,
  RegistryView,
  ReleaseView,
  ShipCheck,
  ShipPlan,
  VerifiedView,
} from "../generated/wire";
import { Failed } from "./host";

export interface FakeShippingOptions {
  registries?: RegistryView[];
  /** By registry. */
  releases?: Record<string, ReleaseView[]>;
  checks?: ShipCheck[];
  /** Called before each step of publishing; what it throws ends the publication at that step. */
  beforeStep?: (step: number) => void | Promise<void>;
}

const LOCAL: RegistryView = { id: "local", title: "This computer", local: true };
const SIGNER = { name: "ada-laptop", fingerprint: "SHA256:9vQkN2fHc0b1Zy7TqXrE5mWjL4aUo8sDpGiKtYhVx0c" };
const STEPS: readonly [string, string, number | null][] = [
  ["Assemble", "one layer, 14 files", 88_166],
  ["Push layer", `sha256:${"5d0c".repeat(16)}`, 88_166],
  ["Push config and manifest", `sha256:${"e2b7".repeat(16)}`, 1434],
  ["Sign", "in-toto, key ada-laptop", 2150],
  ["Attach SBOM", "CycloneDX 1.6", 38_912],
  ["Pull back and verify", "manifest, layer, signature", null],
  ["Move the tags", "version, latest", null],
];

const refuse = (code: Failure["code"], message: string, hints: string[] = []): never => {
  throw new Failed({ code, message, hints });
};

export class FakeShipping {
  #options: FakeShippingOptions;
  registries: RegistryView[];
  releases: Record<string, ReleaseView[]>;
  checks: ShipCheck[];
  #emit: (event: Event) => void;
  #stopped = false;

  constructor(options: FakeShippingOptions, emit: (event: Event) => void) {
    this.#options = options;
    this.#emit = emit;
    this.registries = options.registries ?? [LOCAL];
    this.releases = { ...options.releases };
    this.checks = options.checks ?? [
      { verdict: "pass", text: "14 files, 212 KB of 100 MB", hint: null, place: null },
    ];
  }

  add(address: string): RegistryView {
    if (!/^[\w.-]+(:\d+)?(\/[a-z0-9._-]+)+$/.test(address))
      refuse("bad_request", `${address} is no address of a registry.`, [
        "It is host/organisation, as in ghcr.io/acme.",
      ]);
    const added = { id: address, title: address, local: false };
    this.registries = [...this.registries.filter((each) => each.id !== address), added];
    return added;
  }

  forget(id: string): void {
    this.registries = this.registries.filter((each) => each.id !== id);
  }

  plan(
    registry: string,
    pack: { name: string; version: string; digest: string; files: [string, number][] },
  ): ShipPlan {
    const released = this.releases[registry] ?? [];
    const same = released.find((each) => each.version === pack.version);
    const blocked = this.checks.some((check) => check.verdict === "fail");
    return {
      from: "~/packs/open-library",
      to: registry === "local" ? "this computer" : `${registry}/${pack.name}`,
      pack: `acme.${pack.name}`,
      version: pack.version,
      after: released[0]?.version ?? null,
      digest: blocked ? null : pack.digest,
      size: 88_166,
      signedBy: SIGNER,
      checks: this.checks,
      steps: STEPS.map(([title, detail, size]) => ({ title, detail, size })),
      files: blocked ? [] : pack.files.map(([path, size]) => ({ path, size, built: path.endsWith(".wasm") })),
      published: !blocked && same?.digest === pack.digest,
    };
  }

  async publish(arg: PublishArg, plan: ShipPlan): Promise<ReceiptView> {
    this.#stopped = false;
    if (plan.digest !== arg.digest)
      refuse("plan_changed", "The files say another digest than the plan promised.");
    const tell = (step: number, state: "running" | "done" | "failed") =>
      this.#emit({ event: "publishing", session: arg.session, step, state });
    for (const step of STEPS.keys()) {
      tell(step, "running");
      try {
        await this.#options.beforeStep?.(step);
      } catch (error) {
        tell(step, "failed");
        throw error;
      }
      if (this.#stopped) refuse("stopped", "Publishing was stopped.");
      tell(step, "done");
    }
    const release = { version: plan.version, digest: arg.digest, latest: true, signed: true };
    const others = (this.releases[arg.registry] ?? []).map((each) => ({ ...each, latest: false }));
    this.releases[arg.registry] = [release, ...others];
    return {
      reference: `${plan.to}:${plan.version}`,
      pinned: `${plan.to}@${arg.digest}`,
      version: plan.version,
      digest: arg.digest,
      contentDigest: `sha256:${"5d0c".repeat(16)}`,
      sourceDigest: `sha256:${"a1f3".repeat(16)}`,
      signedBy: SIGNER,
      unchanged: false,
      millis: 1640,
      at: 1_760_000_000_000,
    };
  }

  stop(): void {
    this.#stopped = true;
  }

  verify(registry: string, version: string): VerifiedView {
    const found = this.releases[registry]?.find((each) => each.version === version);
    if (!found) return refuse("not_found", `${version} is not published there.`);
    const check = (text: string, verdict: ShipCheck["verdict"] = "pass") => ({
      verdict,
      text,
      hint: null,
      place: null,
    });
    return {
      version,
      digest: found.digest,
      verdict: found.signed ? "pass" : "warn",
      checks: [
        check("The manifest’s digest is the one that the tag names"),
        check("The layer’s bytes have the digest that the manifest names"),
        found.signed ? check(`Signed by ${SIGNER.name}`) : check("There is no signature", "warn"),
      ],
    };
  }
}
