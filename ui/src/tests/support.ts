/** What several tests need: packs in memory, diagnostics, and waiting without sleeping. */
import axe from "axe-core";
import { vi } from "vitest";
import { FakeHost, type FakeOptions } from "../lib/host/fakeHost";
import { PackSession } from "../lib/pack/session.svelte";
import type { Diagnostic } from "../lib/pack/protocol";
import { Toasts } from "../lib/shell/toasts.svelte";

export function diagnostic(
  line: number,
  from: number,
  to: number,
  extra: Partial<Diagnostic> = {},
): Diagnostic {
  return {
    range: { start: { line, character: from }, end: { line, character: to } },
    severity: 1,
    code: "manifest/missing-file",
    source: "packwright",
    message: "it is missing",
    ...extra,
  };
}

export const withFix = {
  hints: ["Look again."],
  fix: "Mend it",
  summary: "Files exist.",
  why: "Builds fail.",
};

export async function openPack(options: FakeOptions = {}) {
  const host = new FakeHost(options);
  const toasts = new Toasts();
  const session = new PackSession(host, await host.call("open_pack", { path: host.root }), toasts);
  host.listen((event) => session.handle(event));
  await session.begin();
  return { host, session, toasts };
}

/** Until something holds; it fails with what the check said last. */
export const until = (check: () => void) => vi.waitFor(check, { timeout: 3000, interval: 5 });

/** Without layout, colours cannot be judged here; the tokens' contrast is checked where they are made. */
export async function violations(): Promise<string[]> {
  const result = await axe.run(document.body, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  return result.violations.flatMap((each) => each.nodes.map((node) => `${each.id}: ${node.html}`));
}
