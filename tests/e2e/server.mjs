// The built server on a folder of its own, in practice mode with the demo clinic.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as practice from "../../scripts/server.mjs";

/** The running server: `base`, the one-time `link`, and `stop`. */
export async function startServer(program = process.env.CLINICUE_SERVER) {
  const dir = mkdtempSync(join(tmpdir(), "clinicue-e2e-"));
  const server = await practice.startServer(program, dir);
  const stop = async () => {
    const code = await server.stop();
    rmSync(dir, { recursive: true, force: true });
    return code;
  };
  return { base: server.base, link: server.link, stop };
}

/** Starts a program; what stands in the parentheses of each pattern, and how it is ended. */
async function start(program, args, env, patterns) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  const ended = once(child, "exit");
  const found = patterns.map(
    (pattern) =>
      new Promise((resolve, reject) => {
        for (const input of [child.stdout, child.stderr]) {
          createInterface({ input }).on("line", (text) => pattern.test(text) && resolve(pattern.exec(text)[1]));
        }
        ended.then(() => reject(new Error(`${args[0]} ended before it was ready`)));
      }),
  );
  const stop = () => {
    child.kill("SIGTERM");
    return ended;
  };
  return { said: await Promise.all(found), stop };
}

/**
 * The server without practice mode, and a LINE that stands in for LINE's own: the way of a clinic.
 * `phone` lets the one user act, `chat` is what was said.
 */
export async function startCircle(program = process.env.CLINICUE_SERVER) {
  const dir = mkdtempSync(join(tmpdir(), "clinicue-circle-"));
  const user = "U000000000000000000000000000000aa";
  // Below those that a system gives out by itself: nothing else has it.
  const port = 20_000 + (process.pid % 10_000);
  const webhook = `http://127.0.0.1:${port}/webhook/line`;
  const line = await start(
    program,
    ["sandbox", "--everybody", "--listen", "127.0.0.1:0", "--webhook-url", webhook],
    {},
    [/practice LINE listening on (\S+)$/],
  );
  const [base] = line.said;
  const env = {
    CLINICUE_LINE_API_BASE: base,
    CLINICUE_LINE_CHANNEL_ACCESS_TOKEN: "token",
    CLINICUE_LINE_CHANNEL_SECRET: "sandbox-secret",
  };
  const args = ["serve", "--data-dir", dir, "--listen", `127.0.0.1:${port}`];
  const server = await start(program, args, env, [/sign in: (\S+)$/, /^clinicue listening on (\S+)$/]);
  const call = (path, body) =>
    fetch(`${base}/sandbox/users${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  await call("", { lineUserId: user, displayName: "Malee" });
  return {
    user,
    link: server.said[0],
    phone: (act, body) => call(`/${user}/${act}`, body),
    chat: async () => (await fetch(`${base}/sandbox/users/${user}/messages`)).json(),
    stop: async () => {
      await server.stop();
      await line.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
