/** How the page is bundled: everything in files, nothing inlined, so that the content security policy stays strict. */
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [svelte()],
  clearScreen: false,
  build: {
    // WebKitGTK 2.50 and the WebView of macOS 13 are the oldest engines that have to read it.
    target: "safari16",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The editor chunk is loaded from the disk after the first frame; its size costs no download.
    chunkSizeWarningLimit: 1000,
  },
});
