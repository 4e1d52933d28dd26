// `npm test -- sandbox`: LINE's own SDKs against the practice LINE. Every call that they have is
// made and must be answered as LINE answers it, and what happens on a phone must be what their
// webhook parsers read. The calls stand in scripts/sdk/calls.json, once for both. At last a bot
// written with the SDK answers every act.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { giveUp, needVenv, root, run, say, tools } from "./lib.mjs";

const PYTHON_SDK = "3.27.0";
const NODE_SDK = "11.0.0";

/** The Python that has LINE's SDK. */
export function needPythonSdk() {
  return join(needVenv("line-bot-sdk", PYTHON_SDK), "bin", "python");
}

/** The folder of LINE's SDK for Node: beside the project's own packages, which do not need it. */
export function needNodeSdk() {
  const home = join(tools, `line-bot-sdk-node-${NODE_SDK}`);
  const folder = join(home, "node_modules", "@line", "bot-sdk");
  if (existsSync(join(folder, "dist", "index.js"))) return folder;
  say(`Installing @line/bot-sdk ${NODE_SDK} (once, some seconds)`);
  mkdirSync(home, { recursive: true });
  run("npm", ["install", "--prefix", home, "--no-save", "--no-audit", "--no-fund", "--silent", `@line/bot-sdk@${NODE_SDK}`]);
  return folder;
}

const SECRET = "sandbox-secret";
const USER = `U${"1".repeat(32)}`;

/** A JWT of the right form; the practice LINE has no key to hold its signature against. */
function assertion() {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(Date.now() / 1000) + 600;
  const claims = { iss: "1", sub: "1", aud: "https://api.line.me/", exp, token_exp: 3600 };
  return `${part({ alg: "RS256", typ: "JWT", kid: "k" })}.${part(claims)}.c2lnbmF0dXJl`;
}

/** What the calls are filled in with. */
function given() {
  const bounds = { x: 0, y: 0, width: 2500, height: 843 };
  const action = { type: "uri", label: "Open", uri: "https://example.com" };
  const menu = { size: { width: 2500, height: 843 }, selected: false, name: "Menu", chatBarText: "Menu", areas: [{ bounds, action }] };
  return {
    secret: SECRET,
    bearer: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    jwt: assertion(),
    user: USER,
    group: `C${"1".repeat(32)}`,
    room: `R${"1".repeat(32)}`,
    menu,
    png: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  };
}

/** A practice LINE of its own: its address, and what ends it. */
async function startSandbox(server) {
  const args = ["sandbox", "--listen", "127.0.0.1:0", "--channel-secret", SECRET];
  const child = spawn(server, args, { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, CLINICUE_LOG: "error" } });
  const ended = once(child, "exit");
  const ready = new Promise((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => resolve(line.match(/listening on (\S+)/)?.[1]));
  });
  const base = (await Promise.race([ready, ended.then(() => null)])) ?? giveUp("The practice LINE ended before it was ready.");
  const body = JSON.stringify({ lineUserId: USER, displayName: "Somchai" });
  await fetch(`${base}/sandbox/users`, { method: "POST", headers: { "content-type": "application/json" }, body });
  const stop = () => {
    child.kill("SIGTERM");
    return ended;
  };
  return { base, stop };
}

/** Runs one SDK's calls against a practice LINE that nobody used; the exit code. */
async function test(server, command) {
  const { base, stop } = await startSandbox(server);
  const folder = mkdtempSync(join(tmpdir(), "clinicue-sdk-"));
  const values = join(folder, "given.json");
  writeFileSync(values, JSON.stringify(given()));
  try {
    const [program, ...args] = command;
    const files = ["calls.json", "acts.json"].map((name) => join(root, "scripts", "sdk", name));
    const child = spawn(program, [...args, base, ...files, values], { stdio: "inherit" });
    const [status] = await once(child, "exit");
    return status;
  } finally {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { CLINICUE_SERVER, LINE_SDK_PYTHON, LINE_SDK_NODE } = process.env;
  const sdk = (name) => join(root, "scripts", "sdk", name);
  const statuses = [
    await test(CLINICUE_SERVER, [LINE_SDK_PYTHON, sdk("python_sdk.py")]),
    await test(CLINICUE_SERVER, ["node", sdk("node_sdk.mjs"), LINE_SDK_NODE]),
    await test(CLINICUE_SERVER, ["node", sdk("kitchensink.mjs"), LINE_SDK_NODE]),
  ];
  process.exitCode = statuses.every((status) => status === 0) ? 0 : 1;
}
