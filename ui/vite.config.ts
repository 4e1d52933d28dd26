import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { wordsByScreen } from "./words/plugin";
import { shellWorker } from "./worker/plugin";

const root = fileURLToPath(new URL(".", import.meta.url));

export default defineConfig({
  root,
  plugins: [wordsByScreen(), react(), shellWorker()],
  clearScreen: false,
  server: {
    host: "127.0.0.1",
    port: 5173,
    // `tauri dev` opens this address.
    strictPort: true,
  },
  build: { target: "es2022", outDir: "dist", emptyOutDir: true, chunkSizeWarningLimit: 900 },
  test: {
    environment: "jsdom",
    setupFiles: ["src/setup.test-env.ts"],
    include: ["{src,words,worker}/**/*.test.{ts,tsx}"],
    testTimeout: 30_000,
    env: { DEBUG_PRINT_LIMIT: "3000" },
  },
});
