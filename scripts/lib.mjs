// What the scripts share: running things with their progress shown, and getting what is missing.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
const tools = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "clinicue", "tools");

export const WINDOW_PACKAGES = [
  "build-essential",
  "pkg-config",
  "libwebkit2gtk-4.1-dev",
  "libayatana-appindicator3-dev",
  "librsvg2-dev",
  "libxdo-dev",
];
export const SERVER_PACKAGES = ["build-essential", "pkg-config"];
export const TEST_PACKAGES = ["xvfb", "xauth", "dbus-x11", "webkit2gtk-driver", "chromium", "fonts-noto-cjk", "fonts-thai-tlwg"];

/** Says what is being done. */
export function say(text) {
  console.log(`\n\x1b[1m▸ ${text}\x1b[0m`);
}

/** Ends with a word of what to do. */
export function giveUp(text) {
  console.error(`\n${text}`);
  process.exit(1);
}

/** Runs a command to its end, its output shown; ends the script when it fails. */
export function run(command, args, options = {}) {
  const status = tryRun(command, args, options);
  if (status !== 0) giveUp(`${command} ${args.join(" ")} failed (${status ?? "it is not installed"}).`);
}

/** Runs a command to its end, its output shown; its status. */
export function tryRun(command, args, options = {}) {
  return spawnSync(command, args, { cwd: root, stdio: "inherit", ...options }).status;
}

/** What a command prints, or null where it fails or is not there. */
export function output(command, args, options = {}) {
  const { status, stdout } = spawnSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28, ...options });
  return status === 0 ? stdout : null;
}

/** Starts a command that runs on. */
export function start(command, args, options = {}) {
  return spawn(command, args, { cwd: root, stdio: "inherit", ...options });
}

const has = (command) => spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;

function missing(packages) {
  const known = output("dpkg-query", ["-W", "-f=${Package} ${db:Status-Abbrev}\n"]);
  if (known === null) return null;
  const installed = new Set(known.split("\n").filter((line) => /\bii/.test(line)).map((line) => line.split(" ")[0]));
  return packages.filter((name) => !installed.has(name));
}

/** Installs system packages that are missing, or says the exact command. */
export function needPackages(packages) {
  if (process.platform !== "linux") return;
  const lacking = missing(packages);
  if (lacking === null) return say(`Not a Debian or Ubuntu system; the packages needed are like: ${packages.join(" ")}`);
  if (lacking.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${lacking.join(" ")}`;
  const asRoot = process.getuid() === 0 ? [] : has("sudo") ? ["sudo"] : null;
  const mayAsk = process.stdin.isTTY || spawnSync("sudo", ["-n", "true"]).status === 0;
  if (asRoot === null || (asRoot.length > 0 && !mayAsk)) {
    giveUp(`These system packages are missing. Install them, then run this again:\n\n  sudo ${command}`);
  }
  say(`Installing system packages: ${lacking.join(" ")}`);
  const quiet = { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  const all = (parts) => tryRun(parts[0], parts.slice(1), quiet);
  all([...asRoot, "apt-get", "update", "-qq"]);
  if (all([...asRoot, ...command.split(" ")]) !== 0) giveUp(`That failed. Try it yourself:\n\n  sudo ${command}`);
}

/** The Node packages, as locked. */
export function needNodeModules() {
  const lock = join(root, "package-lock.json");
  const mark = join(root, "node_modules", ".package-lock.json");
  if (existsSync(mark) && statSync(mark).mtimeMs >= statSync(lock).mtimeMs) return;
  say("Installing the UI's packages (about a minute)");
  // `npm ci` refuses a lock without the packages of platforms that a registry does not carry.
  run("npm", ["install", "--no-save", "--no-audit", "--no-fund"]);
}

/** Rust, of the version in Cargo.toml or later. */
export function needRust() {
  if (!has("cargo")) giveUp("Rust is missing. Install it from https://rustup.rs, then run this again.");
}

/** Builds the web UI where its source is newer than what was built. */
export function buildUi() {
  say("Building the web UI");
  run("npm", ["run", "--silent", "build"]);
}

/** A built program, where Cargo's own settings put it. */
export function program(name) {
  const known = output("cargo", ["metadata", "--no-deps", "--format-version", "1"]) ?? giveUp("cargo metadata failed");
  return join(JSON.parse(known).target_directory, "debug", name);
}

/** The installed tauri-driver, which drives the window in tests. */
export function needTauriDriver() {
  const path = join(tools, "bin", "tauri-driver");
  if (existsSync(path)) return path;
  say("Installing tauri-driver (once, about two minutes)");
  run("cargo", ["install", "tauri-driver", "--version", "^2", "--locked", "--root", tools, "--target-dir", join(tools, "build")]);
  return path;
}

export const read = (path) => readFileSync(join(root, path), "utf8");
