// `npm run bench`: builds for speed and prints the figures.

import { needRust, run, SERVER_FEATURES } from "./lib.mjs";

needRust();
run("cargo", ["bench", ...SERVER_FEATURES, "--bench", "clinicue", "--", ...process.argv.slice(2)]);
