// `npm start`: gets what is missing, builds, and runs the practice clinic.

import { spawn } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import { buildServer, buildUi, buildWindow, needNodeModules, needPackages, needRust, say, SERVER_PACKAGES, WINDOW_PACKAGES } from "./lib.mjs";

const window = process.platform !== "linux" || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
const extra = process.argv.slice(2);

needRust();
needPackages(window ? WINDOW_PACKAGES : SERVER_PACKAGES);
needNodeModules();
buildUi();
const program = window ? buildWindow() : buildServer();

// A folder of its own: practice never mixes with a real clinic's data.
const data = join(process.env.XDG_DATA_HOME || join(homedir(), ".local", "share"), "clinicue-practice");
const args = ["--sandbox", "--demo"];
if (!extra.includes("--data-dir")) args.push("--data-dir", data);
args.push(...extra);
say(window ? "Opening the window; messages go to the practice phones" : "Starting; messages go to the practice phones");
const child = spawn(program, window ? args : ["serve", ...args], { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code) => process.exit(code ?? 1));
