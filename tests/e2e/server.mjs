// Starts the built server on a folder of its own, in practice mode with the demo clinic.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The running server: `base`, the one-time `link`, and `stop`. */
export async function startServer(program = process.env.CLINICUE_SERVER) {
  const dir = mkdtempSync(join(tmpdir(), "clinicue-e2e-"));
  const args = ["serve", "--data-dir", dir, "--listen", "127.0.0.1:0", "--sandbox", "--demo"];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const line = (stream, pattern) =>
    new Promise((resolve, reject) => {
      createInterface({ input: stream }).on("line", (text) => {
        const found = text.match(pattern);
        if (found) resolve(found[1]);
      });
      child.once("exit", () => reject(new Error("the server ended before it was ready")));
    });
  const [base, link] = await Promise.all([
    line(child.stdout, /^clinicue listening on (\S+)$/),
    line(child.stderr, /sign in: (\S+)$/),
  ]);
  const stop = () =>
    new Promise((resolve) => {
      child.removeAllListeners("exit");
      child.once("exit", (code) => {
        rmSync(dir, { recursive: true, force: true });
        resolve(code);
      });
      child.kill("SIGTERM");
    });
  return { base, link, stop };
}
