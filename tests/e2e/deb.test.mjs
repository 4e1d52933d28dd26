// The Debian package: what it says of itself, what is in it, and that it installs, starts and
// leaves nothing. It is installed below a folder of its own; this system's packages stay as they are.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const deb = process.env.CLINICUE_DEB;
const dir = mkdtempSync(join(tmpdir(), "clinicue-deb-test-"));
const system = join(dir, "root");
const { version } = JSON.parse(readFileSync(new URL("../../tauri.conf.json", import.meta.url), "utf8"));

function run(command, ...args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  assert.equal(status, 0, `${command} ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** dpkg for the folder alone: what the package needs is that of this system, as is who may install. */
const dpkg = (...args) =>
  run("dpkg", `--root=${system}`, "--force-depends", "--force-not-root", "--force-bad-path", ...args);

const field = (name) => run("dpkg-deb", "--field", deb, name).trim();
const names = (list) => list.split(",").map((one) => one.trim().split(" ")[0]);

/** Every file below the folder, without what dpkg keeps for itself. */
const installed = () =>
  readdirSync(system, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(system.length))
    .filter((path) => !path.startsWith("/var/lib/dpkg/"))
    .sort();

/** Starts the installed window, until it says where it listens; a way to end it, with its exit code. */
async function start() {
  const args = ["--sandbox", "--demo", "--data-dir", join(dir, "data"), "--listen", "127.0.0.1:0"];
  const env = { ...process.env, HOME: dir, XDG_CONFIG_HOME: join(dir, "config") };
  const child = spawn(join(system, "usr/bin/clinicue"), args, { env });
  const ended = new Promise((resolve) => child.on("close", (code, signal) => resolve(code ?? signal)));
  let said = "";
  const listens = new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (part) => {
        said += part;
        if (said.includes("clinicue listening on ")) resolve();
      });
    }
    child.on("error", reject);
    ended.then((code) => reject(new Error(`it ended with ${code}:\n${said}`)));
    setTimeout(() => reject(new Error(`it does not listen:\n${said}`)), 60_000).unref();
  });
  await listens.catch((error) => {
    child.kill("SIGKILL");
    throw error;
  });
  return () => {
    child.kill("SIGTERM");
    return ended;
  };
}

after(() => rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));

test("the package names its version and what it needs", () => {
  assert.equal(field("Package"), "clinicue");
  assert.equal(field("Version"), version);
  const needed = names(field("Depends"));
  for (const name of ["libwebkit2gtk-4.1-0", "libgtk-3-0", "libayatana-appindicator3-1"]) {
    assert.ok(needed.includes(name), `${name} is not among ${needed}`);
  }
  // Messages are in Chinese and Japanese, and full of emoji.
  assert.deepEqual(names(field("Recommends")).sort(), ["fonts-noto-cjk", "fonts-noto-color-emoji"]);
});

test("it is installed, with its entry in the menu, its icons and its licence", () => {
  for (const name of ["info", "updates", "triggers"]) mkdirSync(join(system, "var/lib/dpkg", name), { recursive: true });
  writeFileSync(join(system, "var/lib/dpkg/status"), "");
  dpkg("--install", deb);
  const files = installed();
  for (const path of [
    "/usr/bin/clinicue",
    "/usr/bin/clinicue-server",
    "/usr/share/applications/Clinicue.desktop",
    "/usr/share/doc/clinicue/copyright",
    "/usr/share/icons/hicolor/32x32/apps/clinicue.png",
    "/usr/share/icons/hicolor/128x128/apps/clinicue.png",
  ]) {
    assert.ok(files.includes(path), `${path} is not among ${files}`);
  }
  const entry = readFileSync(join(system, "usr/share/applications/Clinicue.desktop"), "utf8");
  assert.match(entry, /^Exec=clinicue$/m);
  assert.match(entry, /^Categories=.*MedicalSoftware;/m);
  assert.match(entry, /^Icon=clinicue$/m);
});

test("what is installed says its version", () => {
  for (const name of ["clinicue", "clinicue-server"]) {
    assert.equal(run(join(system, "usr/bin", name), "--version").trim(), `${name} ${version}`);
  }
});

test("the installed window starts, and ends in order when it is told to", async () => {
  const end = await start();
  assert.equal(await end(), 0);
});

test("removed, it leaves nothing but the clinic's data", () => {
  dpkg("--purge", "clinicue");
  assert.deepEqual(installed(), []);
  assert.ok(existsSync(join(dir, "data/clinicue.db")));
});
