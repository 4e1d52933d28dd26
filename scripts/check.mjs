// `npm run check`: format, lint, types, licences, fresh bindings.

import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildUi, buildWindow, giveUp, needNodeModules, needPackages, needRust, needTool, read, root, run, say, SERVER_FEATURES, WINDOW_PACKAGES } from "./lib.mjs";
import { tooLarge } from "./sizes.mjs";

needRust();
needPackages(WINDOW_PACKAGES);
needNodeModules();
buildUi();

say("Format");
run("cargo", ["fmt", "--check"]);
run("npx", ["biome", "check", "."], { cwd: join(root, "ui") });

say("Lint");
run("cargo", ["clippy", "--quiet", "--all-targets", "--", "-D", "warnings"]);
run("cargo", ["clippy", "--quiet", ...SERVER_FEATURES, "--all-targets", "--", "-D", "warnings"]);

say("Size");
const large = await tooLarge();
if (large.length > 0) giveUp(large.join("\n"));

say("Licences");
checkCrates();
checkNpmPackages();

say("Bindings");
const fresh = mkdtempSync(join(tmpdir(), "clinicue-"));
run(buildWindow(), ["--export-bindings", join(fresh, "bindings.ts")]);
for (const file of ["bindings.ts", "queries.ts"]) {
  if (readFileSync(join(fresh, file), "utf8") !== read(`ui/src/${file}`)) {
    giveUp(`ui/src/${file} is not fresh: run \`npm run bindings\` and commit it.`);
  }
}
console.log("All checks passed.");

/** The crates, as deny.toml says. */
function checkCrates() {
  const deny = needTool("cargo-deny", "0.20.2");
  if (deny !== null) return run(deny, ["--log-level", "error", "check", "licenses", "bans", "sources"]);
  const text = "cargo-deny could not be installed, so nobody looked at the crates: cargo install cargo-deny --locked";
  if (process.env.CI) giveUp(text);
  say(text);
}

/** Every npm package must be free to ship beside an MIT program. */
function checkNpmPackages() {
  const allowed = new Set([
    "0BSD", "Apache-2.0", "BlueOak-1.0.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "MIT-0", "MPL-2.0",
    "OFL-1.1", "Unlicense",
  ]);
  // One of several may be chosen; of those that hold together each must fit.
  const fits = (licence = "none") =>
    licence.replace(/[()]/g, "").split(" OR ").some((one) => one.split(" AND ").every((name) => allowed.has(name)));
  const packages = Object.entries(JSON.parse(read("package-lock.json")).packages).filter(([path]) => path !== "");
  const wrong = packages.filter(([, { license }]) => !fits(license)).map(([path, { license }]) => `${path}: ${license}`);
  if (wrong.length > 0) giveUp(`Licences to look at:\n${wrong.join("\n")}`);
  console.log(`${packages.length} npm packages may be shipped.`);
}
