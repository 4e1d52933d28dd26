// `npm test`: gets what the tests need and runs all of them.

import { spawnSync } from "node:child_process";
import {
  buildUi,
  needNodeModules,
  needPackages,
  needRust,
  needTauriDriver,
  program,
  root,
  run,
  say,
  TEST_PACKAGES,
  WINDOW_PACKAGES,
} from "./lib.mjs";

const totals = { passed: 0, failed: 0 };
let broken = false;

/** Runs a suite, shows its output, and adds up what `count` finds in it. */
function suite(name, command, args, count, more = {}) {
  say(name);
  const { status, stdout } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...more, FORCE_COLOR: "0", NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "inherit"],
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  process.stdout.write(stdout ?? "");
  const { passed, failed } = count(stdout ?? "");
  totals.passed += passed;
  totals.failed += failed;
  if (status !== 0) broken = true;
  if (status !== 0 && failed === 0) totals.failed += 1;
}

const sum = (text, pattern) => [...text.matchAll(pattern)].reduce((all, match) => all + Number(match[1]), 0);
const cargo = (text) => ({ passed: sum(text, /(\d+) passed;/g), failed: sum(text, /(\d+) failed;/g) });
const vitest = (text) => {
  const line = text.split("\n").find((l) => /^\s+Tests /.test(l)) ?? "";
  return { passed: sum(line, /(\d+) passed/g), failed: sum(line, /(\d+) failed/g) };
};
const nodeTest = (text) => ({ passed: sum(text, /^# pass (\d+)/gm), failed: sum(text, /^# fail (\d+)/gm) });

needRust();
needPackages([...WINDOW_PACKAGES, ...TEST_PACKAGES]);
needNodeModules();
const driver = needTauriDriver();
buildUi();
say("Building the server and the window");
run("cargo", ["build", "--no-default-features", "--bin", "clinicue-server"]);
run("cargo", ["build", "--bin", "clinicue"]);

const binaries = { CLINICUE_SERVER: program("clinicue-server"), CLINICUE_WINDOW: program("clinicue"), TAURI_DRIVER: driver };
suite("Rust tests", "cargo", ["test", "--no-default-features", "--lib", "--test", "it"], cargo);
suite("UI tests", "npx", ["vitest", "run", "--config", "ui/vite.config.ts"], vitest);
const e2e = (file) => ["--test", "--test-reporter=tap", `tests/e2e/${file}.test.mjs`];
suite("Browser test", "node", e2e("browser"), nodeTest, binaries);
suite("Window test", "xvfb-run", ["-a", "dbus-run-session", "--", "node", ...e2e("window")], nodeTest, {
  ...binaries,
  WEBKIT_DISABLE_DMABUF_RENDERER: "1",
  // The tests bring their own folder; secrets must not go to anybody's keychain.
  GDK_BACKEND: "x11",
});

console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exit(broken || totals.failed > 0 ? 1 : 0);
