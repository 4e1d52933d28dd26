// `npm run check`: format, lint, types, licences, fresh bindings.

import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildUi, buildWindow, giveUp, needNodeModules, needPackages, needRust, output, read, root, run, say, WINDOW_PACKAGES } from "./lib.mjs";

needRust();
needPackages(WINDOW_PACKAGES);
needNodeModules();
buildUi();

say("Format");
run("cargo", ["fmt", "--check"]);
run("npx", ["biome", "check", "."], { cwd: join(root, "ui") });

say("Lint");
run("cargo", ["clippy", "--quiet", "--all-targets", "--", "-D", "warnings"]);
run("cargo", ["clippy", "--quiet", "--no-default-features", "--all-targets", "--", "-D", "warnings"]);

say("Licences");
checkLicences();

say("Bindings");
const fresh = mkdtempSync(join(tmpdir(), "clinicue-"));
run(buildWindow(), ["--export-bindings", join(fresh, "bindings.ts")]);
for (const file of ["bindings.ts"]) {
  if (readFileSync(join(fresh, file), "utf8") !== read(`ui/src/${file}`)) {
    giveUp(`ui/src/${file} is not fresh: run \`npm run bindings\` and commit it.`);
  }
}
console.log("All checks passed.");

/** Every dependency must be free to ship beside an MIT program. */
function checkLicences() {
  const allowed = new Set([
    "MIT", "MIT-0", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "ISC", "0BSD",
    "Zlib", "Unicode-3.0", "Unicode-DFS-2016", "CC0-1.0", "Unlicense", "BSL-1.0", "MPL-2.0", "CDLA-Permissive-2.0",
    "OFL-1.1", "BlueOak-1.0.0", "CC-BY-4.0", "bzip2-1.0.6", "Python-2.0", "CC-BY-3.0",
  ]);
  const one = (word) => allowed.has(word.trim().replace(/^\(|\)$/g, ""));
  // `OR` leaves the choice, `AND` does not; `/` is the old way to write OR.
  const fits = (text) =>
    text
      .replaceAll("/", " OR ")
      .split(/\bOR\b/)
      .some((choice) => choice.split(/\bAND\b/).every((part) => one(part) || one(part.replace(/[()]/g, ""))));
  const crates = JSON.parse(output("cargo", ["metadata", "--format-version", "1", "--locked"]) ?? giveUp("cargo metadata failed"));
  const wrong = crates.packages.filter((p) => p.name !== "clinicue" && !(p.license && fits(p.license))).map((p) => `${p.name}: ${p.license}`);
  const lock = JSON.parse(read("package-lock.json"));
  for (const [path, p] of Object.entries(lock.packages)) {
    if (path && !p.link && !(p.license && fits(p.license))) wrong.push(`${path}: ${p.license}`);
  }
  if (wrong.length > 0) giveUp(`Licences to look at:\n${wrong.join("\n")}`);
  console.log(`${crates.packages.length} crates and ${Object.keys(lock.packages).length - 1} npm packages may be shipped.`);
}
