// Starts the built server in practice mode with the demo clinic.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/**
 * The running server: its `base`, the one-time sign-in `link`, `ended` with its exit code, and
 * `stop`. What it says besides goes to `log`, a line at a time.
 */
export async function startServer(program, dataDir, listen = "127.0.0.1:0", log = () => {}) {
  const args = ["serve", "--data-dir", dataDir, "--listen", listen, "--sandbox", "--demo"];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "exit").then(([code]) => code);
  const said = (stream, pattern) =>
    new Promise((resolve, reject) => {
      createInterface({ input: stream }).on("line", (text) => {
        const found = text.match(pattern);
        if (found) resolve(found[1]);
        else log(text);
      });
      ended.then(() => reject(new Error("the server ended before it was ready")), reject);
    });
  const [base, link] = await Promise.all([
    said(child.stdout, /^clinicue listening on (\S+)$/),
    said(child.stderr, /sign in: (\S+)$/),
  ]);
  const stop = () => {
    child.kill("SIGTERM");
    return ended;
  };
  return { base, link, ended, stop };
}
