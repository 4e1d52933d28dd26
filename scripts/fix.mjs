// `npm run fix`: formats and mends what tools can mend.

import { join } from "node:path";
import { needNodeModules, root, run } from "./lib.mjs";

needNodeModules();
run("cargo", ["fmt"]);
run("npx", ["biome", "check", ".", "--write"], { cwd: join(root, "ui") });
