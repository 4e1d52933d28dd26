// The built server on a folder of its own, in practice mode with the demo clinic.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
