// What the scripts share: running things with their progress shown, and getting what is missing.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { styleText } from "node:util";

export const root = fileURLToPath(new URL("..", import.meta.url));
export const tools = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "clinicue", "tools");

export const SERVER_PACKAGES = ["build-essential", "pkg-config"];
export const WINDOW_PACKAGES = [
  ...SERVER_PACKAGES,
  "libwebkit2gtk-4.1-dev",
  "libayatana-appindicator3-dev",
  "librsvg2-dev",
  "libxdo-dev",
];

/** How the server is built, also for its tests: one build serves all. */
export const SERVER_FEATURES = ["--no-default-features", "--features", "postgres"];

/** Says what is being done. */
export function say(text) {
  console.log(styleText("bold", `\n▸ ${text}`));
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
export function output(command, args) {
  const { status, stdout } = spawnSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 });
  return status === 0 ? stdout : null;
}

export const read = (path) => readFileSync(join(root, path), "utf8");

/** Rust; rustup gets the version of rust-toolchain.toml by itself. */
export function needRust() {
  if (output("cargo", ["--version"]) === null) {
    giveUp("Rust is missing, or not the version of rust-toolchain.toml. Install it from https://rustup.rs, then run this again.");
  }
}

/** Installs system packages that are missing, or says the exact command. */
export function needPackages(packages) {
  if (process.platform !== "linux") return;
  const lacking = missing(packages);
  if (lacking === null) return say(`Not a Debian or Ubuntu system; the packages needed are like: ${packages.join(" ")}`);
  if (lacking.length === 0) return;
  const install = ["apt-get", "install", "-y", "--no-install-recommends", ...lacking];
  const sudo = process.getuid() === 0 ? [] : ["sudo"];
  const may = sudo.length === 0 || process.stdin.isTTY || output("sudo", ["-n", "true"]) !== null;
  const byHand = `\n\n  sudo ${install.join(" ")}`;
  if (!may) giveUp(`These system packages are missing. Install them, then run this again:${byHand}`);
  say(`Installing system packages: ${lacking.join(" ")}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const asRoot = ([command, ...args]) => tryRun(command, args, { env });
  asRoot([...sudo, "apt-get", "update", "-qq"]);
  if (asRoot([...sudo, ...install]) !== 0) giveUp(`That failed. Try it yourself:${byHand}`);
}

/** Those of `packages` that are not installed; null where there is no dpkg. */
function missing(packages) {
  const known = output("dpkg-query", ["-W", "-f=${db:Status-Abbrev} ${Package}\n"]);
  if (known === null) return null;
  const installed = new Set(known.match(/^ii +\S+/gm).map((line) => line.split(/ +/)[1]));
  return packages.filter((name) => !installed.has(name));
}

/** The Node packages, as locked. */
export function needNodeModules() {
  const mark = "node_modules/.package-lock.json";
  if (existsSync(join(root, mark)) && newest([mark]) >= newest(["package-lock.json"])) return;
  say("Installing the UI's packages (about a minute)");
  // `npm ci` refuses a lock without the packages of platforms that a registry does not carry.
  run("npm", ["install", "--no-save", "--no-audit", "--no-fund"]);
}

/** A program of crates.io in exactly this version; null where it cannot be installed. */
export function needTool(name, version) {
  const path = join(tools, "bin", name);
  const list = join(tools, ".crates.toml");
  const installed = existsSync(list) && readFileSync(list, "utf8").includes(`"${name} ${version} `);
  if (installed && existsSync(path)) return path;
  say(`Installing ${name} ${version} (once, about two minutes)`);
  const build = join(tools, "build");
  const args = ["install", name, "--version", `=${version}`, "--locked", "--root", tools, "--target-dir", build];
  const status = tryRun("cargo", args);
  rmSync(build, { recursive: true, force: true });
  return status === 0 ? path : null;
}

/** A Python environment of its own with exactly this version of a package; its folder. */
export function needVenv(name, version) {
  const home = join(tools, `${name}-${version}`);
  // Written last: without it an installation was cut short.
  const mark = join(home, "installed");
  if (existsSync(mark)) return home;
  if (output("python3", ["-c", "import ensurepip"]) === null) {
    giveUp(`${name} needs Python 3 with venv (Debian: python3-venv).`);
  }
  say(`Installing ${name} ${version} (once, about a minute)`);
  rmSync(home, { recursive: true, force: true });
  run("python3", ["-m", "venv", home]);
  run(join(home, "bin", "pip"), ["install", "--quiet", "--disable-pip-version-check", `${name}==${version}`]);
  writeFileSync(mark, "");
  return home;
}

/** Builds the web UI where its source is newer than what was built. */
export function buildUi() {
  const source = ["ui/src", "ui/light", "ui/words", "ui/worker", "ui/public", "ui/index.html", "ui/tsconfig.json", "ui/vite.config.ts", "package-lock.json"];
  // Without assets it is the page that build.rs puts in the UI's place.
  if (existsSync(join(root, "ui/dist/assets")) && newest(["ui/dist/assets"]) >= newest(source)) return;
  needNodeModules();
  say("Building the web UI");
  run("npm", ["run", "--silent", "build"]);
}

/** When the newest of these files, and of all in these folders, changed; in milliseconds. */
function newest(paths) {
  const inside = (path) => (statSync(path).isDirectory() ? readdirSync(path, { recursive: true }) : []);
  const all = paths.map((path) => join(root, path)).flatMap((path) => [path, ...inside(path).map((name) => join(path, name))]);
  return Math.max(...all.map((path) => statSync(path).mtimeMs));
}

/** Builds the headless server; its path. */
export function buildServer() {
  return tryBuildServer() ?? giveUp("The server could not be built.");
}

/** Builds the headless server; its path, or null where that fails. */
export function tryBuildServer() {
  return build("clinicue-server", SERVER_FEATURES);
}

/** Builds the window; its path. */
export function buildWindow() {
  return build("clinicue", []) ?? giveUp("The window could not be built.");
}

function build(name, features) {
  say(`Building ${name} (the first time takes some minutes; later runs take seconds)`);
  if (tryRun("cargo", ["build", ...features, "--bin", name]) !== 0) return null;
  const known = output("cargo", ["metadata", "--no-deps", "--format-version", "1"]) ?? giveUp("cargo metadata failed.");
  return join(JSON.parse(known).target_directory, "debug", name);
}
