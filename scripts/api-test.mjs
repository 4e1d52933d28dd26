// `npm test -- api`: what the OpenAPI document says, held against the running server by
// Schemathesis: bodies and queries in and outside the limits it names, every status, header and
// schema of the answers, and operations in the order in which they follow from each other.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { giveUp, needVenv, output, root } from "./lib.mjs";
import { startServer } from "./server.mjs";

const VERSION = "4.32.5";

/** The installed Schemathesis, in a Python environment of its own. */
export function needSchemathesis() {
  return join(needVenv("schemathesis", VERSION), "bin", "schemathesis");
}

/** Runs it against a server with the demo clinic and a practice LINE; the exit code. */
async function test(server, schemathesis, args) {
  const dataDir = mkdtempSync(join(tmpdir(), "clinicue-api-"));
  const running = await startServer(server, dataDir);
  try {
    const made = ["token", "create", "--data-dir", dataDir, "--name", "Schemathesis", "--role", "admin"];
    const token = output(server, made)?.trim() ?? giveUp("No token could be made.");
    const config = join(root, "scripts", "schemathesis.toml");
    const all = ["--config-file", config, "run", `${running.base}/api/openapi.json`, "-H", `Authorization: Bearer ${token}`, ...args];
    // It takes any FORCE_COLOR for a terminal, and would draw its progress over and over.
    const { FORCE_COLOR: _, ...env } = process.env;
    const child = spawn(schemathesis, all, { cwd: dataDir, stdio: "inherit", env });
    const [status] = await once(child, "exit");
    return status;
  } finally {
    await running.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { CLINICUE_SERVER, SCHEMATHESIS } = process.env;
  process.exitCode = await test(CLINICUE_SERVER, SCHEMATHESIS, process.argv.slice(2));
}
