// Puts the service worker beside the build, with the names of what it keeps. A library for this
// (vite-plugin-pwa) brings Workbox and its build, Babel and Rollup among it, for the sixty lines of sw.js.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const SOURCE = join(dirname(fileURLToPath(import.meta.url)), "sw.js");

/** The worker for the files of a build; another file, another worker. */
export function workerFor(files: string[], page: string | Uint8Array): string {
  const list = JSON.stringify(files);
  const source = readFileSync(SOURCE, "utf8");
  const version = createHash("sha256").update(list).update(page).update(source).digest("hex").slice(0, 12);
  return source.replace("__FILES__", list).replace("__VERSION__", version);
}

export const shellWorker = (): Plugin => ({
  name: "shell-worker",
  apply: "build",
  generateBundle: {
    // The page is written last.
    order: "post",
    handler(_, bundle) {
      const assets = Object.keys(bundle).filter((name) => name.startsWith("assets/"));
      const page = bundle["index.html"];
      if (page?.type !== "asset") throw new Error("the build has no index.html");
      const files = ["/", "/icon.svg", ...assets.map((name) => `/${name}`)];
      this.emitFile({ type: "asset", fileName: "sw.js", source: workerFor(files, page.source) });
    },
  },
});
