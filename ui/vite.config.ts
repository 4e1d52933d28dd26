import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { light } from "./light/plugin.ts";
import { wordsByScreen } from "./words/plugin.ts";
import { shellWorker } from "./worker/plugin.ts";

const root = fileURLToPath(new URL(".", import.meta.url));

const TOGETHER: [name: string, files: RegExp][] = [
  ["triggers", /features\/plans\/(?:triggers|pace)\.ts$|lib\/delay\.ts$/],
  ["cron", /lib\/cron\.ts$|components\/cronWords\.ts$/],
  ["steps", /features\/plans\/(?:steps|contents|pickers|layouts)\.tsx?$/],
];

export default defineConfig({
  root,
  plugins: [wordsByScreen(), light(), react(), shellWorker()],
  clearScreen: false,
  server: {
    host: "127.0.0.1",
    port: 5173,
    // `tauri dev` opens this address.
    strictPort: true,
  },
  build: {
    target: "es2022",
    // Where a browser knows no preload it reads a file when it is asked for.
    modulePreload: { polyfill: false },
    outDir: "dist",
    emptyOutDir: true,
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // What every start reads lies in one file: packed together it is a good deal smaller.
            { name: "frame", tags: ["$initial"], priority: 1 },
            // So do the icons of several screens: each in a file of its own is packed badly.
            {
              name: "icons",
              test: /tabler/,
              minShareCount: 3,
              includeDependenciesRecursively: false,
            },
            // And what is always read together, though a part of it is shared by more screens.
            ...TOGETHER.map(([name, test]) => ({ name, test, includeDependenciesRecursively: false })),
          ],
        },
      },
    },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/setup.test-env.ts"],
    include: ["{light,src,words,worker}/**/*.test.{ts,tsx}"],
    testTimeout: 30_000,
    // As long as the testing library waits (`setup.test-env.ts`): a busy machine may be slow.
    expect: { poll: { timeout: 10_000 } },
    env: { DEBUG_PRINT_LIMIT: "3000" },
  },
});
