// `npm test`: gets what the tests need and runs them, all or one suite.

import { spawn } from "node:child_process";
import { needSchemathesis } from "./api-test.mjs";
import { bundleDeb, noDeb } from "./deb.mjs";
import {
  buildServer,
  buildUi,
  buildWindow,
  giveUp,
  needNodeModules,
  needPackages,
  needRust,
  needTool,
  read,
  root,
  say,
  SERVER_FEATURES,
  SERVER_PACKAGES,
  WINDOW_PACKAGES,
} from "./lib.mjs";
import { startPostgres } from "./postgres.mjs";
import { needNodeSdk, needPythonSdk } from "./sdk-test.mjs";

const HELP = `npm test                     runs every suite
npm test -- SUITE [ARG…]     runs one suite; what follows goes to its runner

  rust [NAME…]     the rules, and the real program from outside (cargo test)
  desktop [NAME…]  the rules that only the window's build has (cargo test)
  postgres [NAME…] the same from outside on PostgreSQL instead of SQLite
  ui [FILE…]       the screens' own tests (vitest; -t NAME for one test)
  api [ARG…]       the OpenAPI document against the running server (Schemathesis)
  sandbox          LINE's own SDKs against the practice LINE
  browser          the main jobs in Chromium, and every screen's accessibility
  window           the main jobs in the real window (Linux)
  deb              the Debian package: installed, started and removed below a folder of its own

  npm test -- rust quiet_hours                       the tests with this in their name
  CLINICUE_LOG=debug npm test -- rust quiet_hours    with what the program logs meanwhile
  npm test -- ui format -t "Buddhist year"           one test of one file
`;

const sum = (text, pattern) => [...text.matchAll(pattern)].reduce((all, match) => all + Number(match[1]), 0);
// One browser, window or package at a time.
const e2e = (files, rest) => {
  const paths = files.map((file) => `tests/e2e/${file}.test.mjs`);
  return ["node", "--test", "--test-concurrency=1", "--test-reporter=tap", ...rest, ...paths];
};
const countTap = (text) => ({ passed: sum(text, /^# pass (\d+)/gm), failed: sum(text, /^# fail (\d+)/gm) });

/** What the runners print of a test that failed, and why: cargo, node, vitest, Schemathesis. */
const FAILED = new RegExp(
  [
    /test .* \.\.\. FAILED/,
    /thread '.*' (?:\(\d+\) )?panicked at .*(?:\n(?!stack backtrace|note: ).*){1,8}/,
    /not ok .*(?:\n(?! +code:) +.*){0,14}/,
    /\s*(?:FAIL|×) .*/,
    /_+ .* _+/,
  ]
    .map(({ source }) => `^${source}$`)
    .join("|"),
  "gm",
);

const countCargo = (text) => ({ passed: sum(text, /(\d+) passed;/g), failed: sum(text, /(\d+) failed;/g) });
const cargoTest = (what, rest) => {
  const logs = process.env.CLINICUE_LOG ? ["--nocapture"] : [];
  return ["cargo", "test", ...SERVER_FEATURES, ...what, "--", ...logs, ...rest];
};

/** The names of the tests that are SQLite's own. */
function sqliteOnly() {
  const lines = read("tests/it/sqlite-only.txt").split("\n");
  return lines.filter((line) => line !== "" && !line.startsWith("#")).map((line) => line.split(" ")[0]);
}

/**
 * What each suite needs, runs, and how its output is counted. `cannot` says why it is left out
 * here, `ready` gives it its environment, `done` ends what that began.
 */
const suites = {
  rust: {
    packages: SERVER_PACKAGES,
    ready: () => ({}),
    command: (rest) => cargoTest(["--lib", "--test", "it"], rest),
    count: countCargo,
  },
  desktop: {
    packages: WINDOW_PACKAGES,
    ready: () => ({}),
    command: (rest) => ["cargo", "test", "--lib", "--", "desktop::", ...rest],
    count: countCargo,
  },
  postgres: {
    packages: [...SERVER_PACKAGES, "postgresql"],
    ready: async () => {
      suites.postgres.server = await startPostgres();
      return { CLINICUE_TEST_DATABASE: suites.postgres.server.url };
    },
    done: () => suites.postgres.server.stop(),
    command: (rest) => {
      const skipped = sqliteOnly();
      say(`${skipped.length} tests are SQLite's own and are left out: tests/it/sqlite-only.txt`);
      return cargoTest(["--test", "it"], ["--include-ignored", ...skipped.flatMap((name) => ["--skip", name]), ...rest]);
    },
    count: countCargo,
  },
  ui: {
    packages: [],
    ready: () => ({}),
    command: (rest) => ["npx", "vitest", "run", "--config", "ui/vite.config.ts", ...rest],
    count: (text) => {
      const line = text.match(/^\s+Tests .*$/m)?.[0] ?? "";
      return { passed: sum(line, /(\d+) passed/g), failed: sum(line, /(\d+) failed/g) };
    },
  },
  api: {
    packages: SERVER_PACKAGES,
    ready: () => ({ CLINICUE_SERVER: buildServer(), SCHEMATHESIS: needSchemathesis() }),
    command: (rest) => ["node", "scripts/api-test.mjs", ...rest],
    // Its phases count as tests, thousands of generated cases do not.
    count: (text) => ({
      passed: [...text.matchAll(/^ +✅ (Examples|Coverage|Fuzzing|Stateful)\s*$/gm)].length,
      failed: sum(text, /found (\d+) unique failures?/g),
    }),
  },
  sandbox: {
    packages: SERVER_PACKAGES,
    ready: () => ({ CLINICUE_SERVER: buildServer(), LINE_SDK_PYTHON: needPythonSdk(), LINE_SDK_NODE: needNodeSdk() }),
    command: () => ["node", "scripts/sdk-test.mjs"],
    count: (text) => ({ passed: sum(text, /^# \w+ pass (\d+)/gm), failed: sum(text, /^# \w+ pass \d+ fail (\d+)/gm) }),
  },
  browser: {
    packages: [...SERVER_PACKAGES, "chromium", "fonts-noto-cjk", "fonts-thai-tlwg"],
    ready: () => {
      buildUi();
      return { CLINICUE_SERVER: buildServer() };
    },
    command: (rest) => e2e(["browser", "apart", "everywhere", "keyboard"], rest),
    count: countTap,
  },
  window: {
    packages: [...WINDOW_PACKAGES, "xvfb", "xauth", "dbus-x11", "webkit2gtk-driver", "python3-dbus", "python3-gi"],
    ready: () => {
      buildUi();
      const driver = needTool("tauri-driver", "2.1.0") ?? giveUp("The window's tests need tauri-driver, which could not be installed.");
      return { CLINICUE_WINDOW: buildWindow(), TAURI_DRIVER: driver, WEBKIT_DISABLE_DMABUF_RENDERER: "1", GDK_BACKEND: "x11" };
    },
    // The tests bring their own folder; a bus of their own keeps secrets out of anybody's keychain.
    command: (rest) => ["xvfb-run", "-a", "dbus-run-session", "--", ...e2e(["window", "desktop"], rest)],
    count: countTap,
  },
  deb: {
    packages: [...WINDOW_PACKAGES, "xvfb", "xauth", "dbus-x11"],
    cannot: noDeb,
    ready: () => {
      buildUi();
      suites.deb.made = bundleDeb([buildWindow(), buildServer()]);
      return { CLINICUE_DEB: suites.deb.made.path, WEBKIT_DISABLE_DMABUF_RENDERER: "1", GDK_BACKEND: "x11" };
    },
    done: () => suites.deb.made.remove(),
    command: (rest) => ["xvfb-run", "-a", "dbus-run-session", "--", ...e2e(["deb"], rest)],
    count: countTap,
  },
};

/** Runs a suite with its output shown; how many tests passed and failed, and which failed. */
async function runSuite(name, rest) {
  const { cannot, ready, command, count, done } = suites[name];
  const why = cannot?.();
  if (why) {
    say(`Left out: ${name}. ${why}`);
    return { passed: 0, failed: 0, names: [] };
  }
  const env = { ...process.env, ...(await ready()), FORCE_COLOR: "0", NO_COLOR: "1" };
  const [program, ...args] = command(rest);
  say(`Tests: ${name}`);
  const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", "pipe", "inherit"] });
  child.stdout.setEncoding("utf8");
  let text = "";
  child.stdout.on("data", (part) => {
    process.stdout.write(part);
    text += part;
  });
  const status = await new Promise((resolve) => {
    child.on("error", (error) => resolve(console.error(`${program}: ${error.message}`)));
    child.on("close", resolve);
  });
  await done?.();
  const { passed, failed } = count(text);
  if (passed + failed === 0) console.error(`No test of ${name} ran.`);
  const broken = status !== 0 || passed === 0;
  const names = [...text.matchAll(FAILED)].map(([line]) => `  ${name}: ${line.trim()}`);
  return { passed, failed: broken ? Math.max(failed, 1) : failed, names: broken ? names : [] };
}

const [asked, ...rest] = process.argv.slice(2);
if (asked === "--help" || asked === "-h") {
  console.log(HELP);
  process.exit(0);
}
if (asked !== undefined && !(asked in suites)) giveUp(`There is no suite ${asked}.\n\n${HELP}`);
const chosen = asked === undefined ? Object.keys(suites) : [asked];

needRust();
needPackages(chosen.flatMap((name) => suites[name].packages));
needNodeModules();
const totals = { passed: 0, failed: 0, names: [] };
for (const name of chosen) {
  const { passed, failed, names } = await runSuite(name, rest);
  totals.passed += passed;
  totals.failed += failed;
  totals.names.push(...names, ...(failed > 0 && names.length === 0 ? [`  ${name}`] : []));
}
// Once more at the end, where they are looked for.
if (totals.failed > 0) console.log(`\nFailed:\n${totals.names.join("\n")}`);
console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed > 0 ? 1 : 0);
