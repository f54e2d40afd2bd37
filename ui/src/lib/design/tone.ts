/** How something stands: each tone has its shape and colour in `Verdict.svelte`. */
export type Tone = "pass" | "warn" | "fail" | "info" | "unknown" | "refused" | "running";
