/** What the Test screen and its dialog work on. */
import type { PackSession } from "../pack/session.svelte";
import type { Studio } from "../shell/studio.svelte";
import type { Runs } from "./runs.svelte";

/** The open pack and its runs; the screen is only there while a pack is. */
export function openRuns(studio: Studio): { pack: PackSession; runs: Runs } {
  const { pack, runs } = studio;
  if (!pack || !runs) throw new Error("no pack is open");
  return { pack, runs };
}
