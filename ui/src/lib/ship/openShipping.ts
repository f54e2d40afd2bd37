/** What the Ship screen works on. */
import type { PackSession } from "../pack/session.svelte";
import type { Studio } from "../shell/studio.svelte";
import type { Shipping } from "./shipping.svelte";

/** The open pack and its publishing; the screen is only there while a pack is. */
export function openShipping(studio: Studio): { pack: PackSession; shipping: Shipping } {
  const { pack, shipping } = studio;
  if (!pack || !shipping) throw new Error("no pack is open");
  return { pack, shipping };
}
