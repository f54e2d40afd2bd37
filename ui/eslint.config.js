/** Lint rules. The one that carries the design: only `host/` may reach for Tauri. */
import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";
import svelteConfig from "./svelte.config.js";

export default ts.config(
  { ignores: ["dist/", "node_modules/", "src/lib/generated/"] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
    rules: {
      // TypeScript sees undefined names, types included.
      "no-undef": "off",
      eqeqeq: ["error", "smart"],
      // Maps and sets here are values: state is replaced, never changed in place.
      "svelte/prefer-svelte-reactivity": "off",
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["@tauri-apps/*"],
              message: "Only lib/host talks to Tauri; ask the Host for what you need.",
            },
          ],
        },
      ],
    },
  },
  {
    files: ["**/*.svelte", "**/*.svelte.ts"],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
  },
  {
    files: ["src/lib/host/**"],
    rules: { "no-restricted-imports": "off" },
  },
);
