/** How components reach the studio without passing it through every level. */
import { createContext } from "svelte";
import type { Studio } from "./studio.svelte";

export const [useStudio, provideStudio] = createContext<Studio>();
