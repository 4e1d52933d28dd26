// `npm run soak`: the chaos test for 30 minutes, or for `-- --seconds N`, with a seed of today
// or `-- --seed N`. At its end the ledger of LINE must equal the log.

import { parseArgs } from "node:util";
import { needPackages, needRust, run, say, SERVER_FEATURES, SERVER_PACKAGES } from "./lib.mjs";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "1800" },
    seed: { type: "string", default: String(Math.floor(Date.now() / 86_400_000)) },
  },
});

needRust();
needPackages(SERVER_PACKAGES);
say(`Chaos for ${values.seconds} s with seed ${values.seed}`);
run("cargo", ["test", ...SERVER_FEATURES, "--test", "it", "chaos", "--", "--nocapture"], {
  env: { ...process.env, CLINICUE_CHAOS_SECONDS: values.seconds, CLINICUE_CHAOS_SEED: values.seed },
});
