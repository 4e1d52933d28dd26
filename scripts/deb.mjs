// The Debian package of what was built: bundled from copies without debugging symbols, so that it
// takes seconds.

import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { giveUp, output, run, say } from "./lib.mjs";

/** Why no package can be made or looked into here; null where it can. */
export const noDeb = () =>
  output("dpkg-deb", ["--version"]) === null ? "There is no dpkg-deb here, so nobody looked at the Debian package." : null;

/** Bundles these programs, the window among them; the path of the package, and what removes it. */
export function bundleDeb(programs) {
  say("Bundling the Debian package");
  // The bundler takes the programs from Cargo's folder: one of their own holds the copies.
  const target = mkdtempSync(join(tmpdir(), "clinicue-deb-"));
  mkdirSync(join(target, "debug"));
  for (const program of programs) {
    const copy = join(target, "debug", program.split("/").at(-1));
    if (output("strip", ["-o", copy, program]) === null) copyFileSync(program, copy);
    chmodSync(copy, 0o755);
  }
  const args = ["tauri", "bundle", "--debug", "--bundles", "deb", "--no-sign", "--no-binary-patching"];
  run("npx", args, { env: { ...process.env, CARGO_TARGET_DIR: target, CI: "true" } });
  const folder = join(target, "debug", "bundle", "deb");
  const made = readdirSync(folder).find((name) => name.endsWith(".deb"));
  if (!made) giveUp("The Debian package was not made.");
  return { path: join(folder, made), remove: () => rmSync(target, { recursive: true, force: true }) };
}
