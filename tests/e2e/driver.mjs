// The real window, driven through WebDriver. Each file of tests has a driver and folders of its own.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const DRIVER = "http://127.0.0.1:4444";
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** Longer than any answer takes; one that was driven and is gone never answers. */
const MAX_WAIT_MS = 60_000;

async function call(method, path, body, wait = MAX_WAIT_MS) {
  const response = await fetch(DRIVER + path, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(wait),
  });
  const { value } = await response.json();
  if (value?.error) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

/** Asks again until `look` finds something; the page renders when it is ready. */
export async function until(what, look, failed = async () => "") {
  const limit = Date.now() + 30_000;
  for (;;) {
    const found = await look().catch(() => null);
    if (found) return found;
    if (Date.now() > limit) throw new Error(`${what} did not appear${await failed()}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** A driver, and the home of whoever uses the window. */
export function startDriver() {
  const dir = mkdtempSync(join(tmpdir(), "clinicue-window-"));
  const config = join(dir, "config");
  const env = { ...process.env, HOME: dir, XDG_CONFIG_HOME: config };
  const driver = spawn(process.env.TAURI_DRIVER, [], { stdio: "ignore", env });
  const stop = () => {
    driver.kill("SIGTERM");
    rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  };
  return { dir, config, env, stop };
}

/** What every start of the tests' clinic is given. */
export const startArgs = (dir) => ["--data-dir", join(dir, "data"), "--listen", "127.0.0.1:0", "--sandbox", "--demo"];

/** Opens the window of the clinic in `dir`, in English. */
export async function openWindow(dir, ...more) {
  const options = { application: process.env.CLINICUE_WINDOW, args: [...startArgs(dir), ...more] };
  const capabilities = { alwaysMatch: { browserName: "wry", "tauri:options": options } };
  const { sessionId } = await until("the driver", () => call("POST", "/session", { capabilities }));
  const window = windowOf(sessionId);
  await window.run("localStorage.setItem('clinicue.locale', 'en'); location.reload()");
  // What is asked of the page before it was read again is lost.
  await window.find("//nav//*[text()='Patients']");
  return window;
}

function windowOf(session) {
  const command = (method, path, body) => call(method, `/session/${session}${path}`, body);
  const run = (script, ...args) => command("POST", "/execute/sync", { script, args });
  /** The words on the page, to see in a failed run what stood there instead. */
  const shown = () => run("return document.body.innerText").catch(() => "nothing");
  const screenshot = async (name) => {
    if (!process.env.SCREENSHOTS) return;
    // WebKit takes half a minute for some, and none of a window that was just shown again.
    const png = await call("GET", `/session/${session}/screenshot`, undefined, 40_000).catch(() => null);
    if (png === null) return console.error(`There is no picture of ${name}.`);
    writeFileSync(join(process.env.SCREENSHOTS, `window-${name}.png`), Buffer.from(png, "base64"));
  };
  const untilShown = (what, look) =>
    until(what, look, async () => {
      await screenshot("failed");
      return `; the page shows:\n${await shown()}`;
    });
  const invoke = (name, args) =>
    command("POST", "/execute/async", {
      script:
        "const [name, args, done] = arguments; window.__TAURI_INTERNALS__.invoke(name, args).then(done, (e) => done({ refused: e }));",
      args: [name, args],
    });
  return {
    run,
    shown,
    screenshot,
    until: untilShown,
    /** Asks Tauri as the page does. */
    invoke,
    /** Asks the core as the page does. */
    ask: (name, input) => invoke(name, { input }),
    ...elementsOf(command, run, untilShown),
    end: () => call("DELETE", `/session/${session}`, undefined, 10_000).catch(() => {}),
  };
}

/** What is found on the page of a window, and done with it. */
function elementsOf(command, run, untilShown) {
  const element = async (xpath) => (await command("POST", "/element", { using: "xpath", value: xpath }))[ELEMENT];
  const elements = async (xpath) =>
    (await command("POST", "/elements", { using: "xpath", value: xpath })).map((one) => one[ELEMENT]);
  const clickOn = (found) => command("POST", `/element/${found}/click`, {});
  return {
    elements,
    clickOn,
    find: (xpath) => untilShown(xpath, () => element(xpath)),
    /** Clicks what is found once it stands still, anew where it was drawn again, or covered, between the two. */
    click: (xpath) =>
      untilShown(`${xpath} to click`, async () => {
        const found = await element(xpath);
        const place = () => command("GET", `/element/${found}/rect`);
        const was = await place();
        await new Promise((resolve) => setTimeout(resolve, 100));
        // A click beside what moves away in that moment does nothing, and says that it did.
        if (JSON.stringify(await place()) !== JSON.stringify(was)) return false;
        await clickOn(found);
        return true;
      }),
    /** Chooses in a list, as whoever does it by hand. */
    choose: async (xpath, value) => {
      const list = await untilShown(xpath, () => element(xpath));
      const by = "const [list, value] = arguments; list.value = value; list.dispatchEvent(new Event('change', { bubbles: true }))";
      await run(by, { [ELEMENT]: list }, value);
    },
    write: (found, text) => command("POST", `/element/${found}/value`, { text }),
    /** How wide a picture is that the page shows, once it is there. */
    widthOf: (xpath) =>
      untilShown(`a picture in ${xpath}`, async () =>
        run("return arguments[0].naturalWidth", { [ELEMENT]: await element(xpath) }),
      ),
  };
}
