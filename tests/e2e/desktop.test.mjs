// The window as a program of the desktop: its tray, closing and quitting, a second start, a start
// with the computer, its place, files in the folder for downloads.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { openWindow, startArgs, startDriver, until } from "./driver.mjs";

const driver = startDriver();
const folder = join(driver.config, "org.clinicue.desktop");
const state = join(folder, ".window-state.json");
const choice = join(folder, "closing.json");
let window;
let tray;

/** A desktop's tray; what is asked of it is answered line by line. */
async function openTray(env = process.env) {
  // The distribution's Python has what speaks to the bus.
  const child = spawn("/usr/bin/python3", [fileURLToPath(new URL("tray.py", import.meta.url))], {
    stdio: ["pipe", "pipe", "inherit"],
    env,
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value);
  assert.equal(await next(), "ready");
  const ask = async (line) => {
    child.stdin.write(`${line}\n`);
    const said = await next();
    if (said?.error) throw new Error(said.error);
    return said;
  };
  const close = () =>
    new Promise((resolve) => {
      child.on("close", resolve);
      child.stdin.end();
    });
  return { ask, close };
}

/** What of a program's first words matches. */
function firstLine(child, pattern) {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout.on("data", (data) => {
      said += data;
      const found = pattern.exec(said);
      if (found) resolve(found[0]);
    });
    child.on("close", () => reject(new Error(`ended and said only: ${said}`)));
  });
}

const isVisible = () => window.invoke("plugin:window|is_visible", { label: "main" });
const closeWindow = () => window.invoke("plugin:window|close", { label: "main" });
const untilVisible = (visible) =>
  window.until(`the window to be ${visible ? "visible" : "hidden"}`, async () => (await isVisible()) === visible);

/** Starts the program once more; its exit code. */
function startAgain(...more) {
  const child = spawn(process.env.CLINICUE_WINDOW, [...startArgs(driver.dir), ...more], {
    env: driver.env,
    stdio: "ignore",
  });
  return new Promise((resolve) => child.on("close", resolve));
}

before(async () => {
  // As a window leaves it that was made narrower.
  const placed = { width: 1000, height: 700, x: 20, y: 30, prev_x: 20, prev_y: 30 };
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    state,
    JSON.stringify({ main: { ...placed, maximized: false, visible: true, decorated: true, fullscreen: false } }),
  );
  tray = await openTray();
  window = await openWindow(driver.dir);
  await window.find("//a[contains(text(), ' accepted')]");
});

after(async () => {
  await window?.end();
  await tray?.close();
  driver.stop();
});

test("the window opens as large as it was", async () => {
  await untilVisible(true);
  assert.deepEqual(await window.run("return [innerWidth, innerHeight]"), [1000, 700]);
});

test("closing asks and names what waits; kept in the background it goes on behind the tray", async () => {
  await closeWindow();
  await window.find("//*[@role='dialog']//*[contains(text(), 'in the next 24 hours.')]");
  await window.find("//*[@role='dialog']//*[contains(text(), 'Its icon in the tray opens the window again.')]");
  await window.screenshot("closing");
  assert.equal(await isVisible(), true);
  await window.click("//*[@role='dialog']//button[.//*[text()='Keep sending in the background']]");
  await untilVisible(false);
  assert.equal((await window.ask("status", {})).practice, true);
});

test("a second start raises the hidden window, one by the computer does not", async () => {
  assert.equal(await startAgain("--hidden"), 0);
  assert.equal(await isVisible(), false);
  assert.equal(await startAgain(), 0);
  await untilVisible(true);
});

test("the tray says whether messages are sent, pauses them, and opens the window", async () => {
  assert.equal(await tray.ask("items"), 1);
  const entries = (...of) => until(`${of} in the tray`, async () => `${await tray.ask("menu")}` === `${of}`);
  await entries("Open Clinicue", "Practice mode", "Pause all sending", "Quit Clinicue");
  await tray.ask("click Pause all sending");
  await window.find("//header//*[starts-with(text(), 'Paused')]");
  await entries("Open Clinicue", "Paused", "Send again", "Quit Clinicue");
  await tray.ask("click Send again");
  await entries("Open Clinicue", "Practice mode", "Pause all sending", "Quit Clinicue");
  await window.ask("close_now", { how: "background", always: false });
  await untilVisible(false);
  await tray.ask("click Open Clinicue");
  await untilVisible(true);
});

test("the tray speaks the language of whoever reads", async () => {
  const choose =
    "const s = document.querySelector('header select'); s.value = arguments[0]; s.dispatchEvent(new Event('change', { bubbles: true }))";
  await window.run(choose, "ja");
  await until("Japanese in the tray", async () => (await tray.ask("menu")).includes("Clinicueを終了"));
  await window.run(choose, "en");
  await until("English in the tray", async () => (await tray.ask("menu")).includes("Quit Clinicue"));
});

test("a care plan is saved into the folder for downloads", async () => {
  await window.click("//nav//a[.//*[text()='Care plans']]");
  await window.click("(//main//button[.//*[text()='Export']])[1]");
  const found = await window.find("//*[contains(text(), 'The file is /')]");
  assert.ok(found);
  const [, path] = /The file is (\/.*\.json)/.exec(await window.shown());
  assert.ok(JSON.parse(readFileSync(path, "utf8")));
});

test("what closing does, and the start with the computer, are chosen in Settings", async () => {
  await window.click("//nav//a[.//*[text()='Settings']]");
  await window.click("//*[@id='looks']//label[.//*[text()='Keep sending in the background'] or text()='Keep sending in the background']");
  await until("the choice", async () => readFileSync(choice, "utf8").includes("background"));
  await window.click("//label[starts-with(., 'Start with this computer')]");
  const start = join(driver.dir, ".config/autostart/Clinicue.desktop");
  await until("the start with the computer", async () => existsSync(start));
  assert.match(readFileSync(start, "utf8"), /^Exec=\S*clinicue --hidden --data-dir \S+data --listen 127\.0\.0\.1:0 --sandbox$/m);
  await window.screenshot("settings");
  await window.click("//label[starts-with(., 'Start with this computer')]");
  await until("no start with the computer", async () => !existsSync(start));
});

test("closed as was chosen, it asks no more", async () => {
  await closeWindow();
  await untilVisible(false);
  assert.equal((await window.elements("//*[@role='dialog']")).length, 0);
});

test("quitting from the tray names what waits, and keeps where the window stood", async () => {
  await tray.ask("click Quit Clinicue");
  await untilVisible(true);
  await window.find("//*[@role='dialog']//*[contains(text(), 'in the next 24 hours.')]");
  writeFileSync(state, "{}");
  // After the answer to the driver: the program that is driven is gone then.
  await window.run(
    "const [label] = arguments; setTimeout(() => [...document.querySelectorAll('[role=dialog] button')].find((b) => b.textContent === label).click(), 300)",
    "Quit Clinicue",
  );
  await until("the state of the window", async () => readFileSync(state, "utf8").includes('"width": 1000'));
  await window.end();
});

test("started by the computer it stays out of sight, in the tray", async () => {
  window = await openWindow(driver.dir, "--hidden");
  await window.until("an icon of its own", async () => (await tray.ask("items")) === 2);
  assert.equal(await isVisible(), false);
  await tray.ask("click Open Clinicue");
  await untilVisible(true);
});

for (const opened of [false, true]) {
  const when = opened ? "with its icon in the tray" : "before it has opened";
  test(`told to end ${when}, it ends though the desktop answers no more`, async () => {
    const bus = spawn("dbus-daemon", ["--session", "--nofork", "--print-address=1"], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    try {
      const address = await firstLine(bus, /^unix:.*/m);
      // What the bus starts outlives it, and would keep this open, and the test from ending.
      bus.stdout.destroy();
      // In a home of its own: beside the other window it would be a second start.
      const home = join(driver.dir, `another-${opened}`);
      mkdirSync(home);
      const env = { ...driver.env, HOME: home, XDG_CONFIG_HOME: join(home, "config"), DBUS_SESSION_BUS_ADDRESS: address };
      const itsTray = await openTray(env);
      const child = spawn(process.env.CLINICUE_WINDOW, startArgs(home), { env, stdio: ["ignore", "pipe", "ignore"] });
      const ended = new Promise((resolve) => child.on("close", resolve));
      const url = await firstLine(child, /http\S+/);
      if (opened) await until("its icon", async () => (await itsTray.ask("items")) === 1);
      await itsTray.close();
      bus.kill("SIGSTOP");
      child.kill("SIGTERM");
      assert.equal(await ended, 0);
      await assert.rejects(fetch(url));
    } finally {
      bus.kill("SIGKILL");
    }
  });
}

test("without a tray the window is never hidden", async () => {
  await tray.close();
  tray = undefined;
  await window.ask("choose_closing", { whenClosed: "ask" });
  await closeWindow();
  await window.find("//*[@role='dialog']//*[contains(text(), 'this desktop has no tray')]");
  await window.screenshot("no-tray");
  await window.click("//*[@role='dialog']//button[.//*[text()='Keep sending in the background']]");
  await window.until("the dialog to leave", async () => (await window.elements("//*[@role='dialog']")).length === 0);
  assert.equal(await isVisible(), true);
});
