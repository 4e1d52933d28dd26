// `npm run bench`: builds for speed and prints the figures.

import { needRust, run } from "./lib.mjs";

needRust();
run("cargo", ["bench", "--no-default-features", "--bench", "clinicue", "--", ...process.argv.slice(2)]);
