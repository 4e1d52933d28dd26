// The main job in the real window, driven through WebDriver.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";

const DRIVER = "http://127.0.0.1:4444";
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const dir = mkdtempSync(join(tmpdir(), "clinicue-window-"));
let driver;
let session;

async function call(method, path, body) {
  const response = await fetch(DRIVER + path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  const { value } = await response.json();
  if (value?.error) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

const command = (method, path, body) => call(method, `/session/${session}${path}`, body);

/** Asks again until `look` finds something; the page renders when it is ready. */
async function until(what, look) {
  const limit = Date.now() + 30_000;
  for (;;) {
    const found = await look().catch(() => null);
    if (found) return found;
    if (Date.now() > limit) {
      await screenshot("failed");
      throw new Error(`${what} did not appear; the page shows:\n${await shown()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** The words on the page, to see in a failed run what stood there instead. */
const shown = () =>
  command("POST", "/execute/sync", { script: "return document.body.innerText", args: [] }).catch(() => "nothing");

const find = (xpath) =>
  until(xpath, async () => (await command("POST", "/element", { using: "xpath", value: xpath }))[ELEMENT]);

/** Asks the core as the page does. */
const ask = (name, input) =>
  command("POST", "/execute/async", {
    script:
      "const [name, input, done] = arguments; window.__TAURI_INTERNALS__.invoke(name, { input }).then(done, (e) => done({ refused: e }));",
    args: [name, input],
  });

/** How wide a picture is that the page shows, once it is there. */
const widthOf = (xpath) =>
  until(`a picture in ${xpath}`, async () => {
    const found = await command("POST", "/element", { using: "xpath", value: xpath });
    const script = "return arguments[0].naturalWidth";
    return command("POST", "/execute/sync", { script, args: [found] });
  });

/** Clicks what is found, anew where it was drawn again, or covered, between the two. */
const click = (xpath) =>
  until(`${xpath} to click`, async () => {
    const found = await command("POST", "/element", { using: "xpath", value: xpath });
    await command("POST", `/element/${found[ELEMENT]}/click`, {});
    return true;
  });

async function screenshot(name) {
  if (!process.env.SCREENSHOTS) return;
  const png = await command("GET", "/screenshot");
  writeFileSync(join(process.env.SCREENSHOTS, `window-${name}.png`), Buffer.from(png, "base64"));
}

before(async () => {
  driver = spawn(process.env.TAURI_DRIVER, [], { stdio: "ignore" });
  const options = {
    application: process.env.CLINICUE_WINDOW,
    args: ["--data-dir", join(dir, "data"), "--listen", "127.0.0.1:0", "--sandbox", "--demo"],
  };
  const capabilities = { alwaysMatch: { browserName: "wry", "tauri:options": options } };
  const made = await until("the driver", () => call("POST", "/session", { capabilities }));
  session = made.sessionId;
  await command("POST", "/execute/sync", { script: "localStorage.setItem('clinicue.locale', 'en'); location.reload()", args: [] });
});

after(async () => {
  if (session) await command("DELETE", "").catch(() => {});
  driver?.kill("SIGTERM");
  rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
});

test("the window shows today's messages accepted by LINE", async () => {
  await find("//a[contains(text(), ' accepted')]");
  await find("//*[text()='Accepted by LINE']");
  await screenshot("today");
});

test("a message written in the window arrives on the practice phone", async () => {
  await click("//nav//a[.//*[text()='Patients']]");
  await click("//a[text()='Anna Keller (Demo)']");
  const box = await find("//textarea[@aria-label='Message']");
  await command("POST", `/element/${box}/value`, { text: "Hello from the window" });
  await click("//*[@id='write']//button[.//*[text()='Send now']]");
  await find("//ol//*[contains(text(), 'Hello from the window')]");
  await click("//header//button[.//*[text()='Practice phone']]");
  await find("//*[@role='log']//*[contains(text(), 'Hello from the window')]");
  await screenshot("patient");
});

test("what a patient writes is on the worklist of the window and is settled there", async () => {
  const phone = "//aside//input[@type='text' or not(@type)] | //aside//textarea";
  await command("POST", `/element/${await find(phone)}/value`, { text: "May I eat again?" });
  await click("//aside//button[.//*[text()='Send']]");
  await click("//nav//a[.//*[text()='People who need you']]");
  await find("//li//*[contains(., 'May I eat again?')]");
  await screenshot("worklist");
  const settle = "//li[contains(., 'May I eat again?')]//button[.//*[text()='Settle']]";
  await click(settle);
  // A click beside a button that moved in that moment does nothing: as a person would, it is clicked again.
  await until("the settled entry to leave", async () => {
    const left = await command("POST", "/elements", { using: "xpath", value: settle });
    for (const button of left) await command("POST", `/element/${button[ELEMENT]}/click`, {});
    return left.length === 0;
  });
  await find("//*[text()='All clear. Nothing needs you.']");
});

test("a picture that a patient sends is shown in the window", async () => {
  const phones = await ask("phones", {});
  const { lineUserId } = phones.items.find((phone) => phone.displayName.startsWith("Anna Keller"));
  assert.deepEqual(await ask("phone_send", { lineUserId, what: "picture" }), { ok: true });
  assert.ok((await widthOf("//li//img[@alt='Picture the patient sent']")) > 0);
  await screenshot("picture");
});

test("a picture of the clinic's own is uploaded in the window", async () => {
  const set = await ask("update_settings", { publicUrl: "https://clinic.example" });
  assert.equal(set.publicUrl, "https://clinic.example", JSON.stringify(set));
  await click("//nav//a[.//*[text()='Patients']]");
  await click("//a[text()='Anna Keller (Demo)']");
  await find("//button[.//*[text()='Add a picture or video']]");
  const icon = fileURLToPath(new URL("../../src-tauri/icons/128x128.png", import.meta.url));
  const input = await find("//main//input[@type='file']");
  await command("POST", `/element/${input}/value`, { text: icon });
  await find("//button[.//*[text()='Leave 128x128.png out']]");
  const uploads = await ask("list_uploads", {});
  assert.equal(uploads.items[0].width, 128, JSON.stringify(uploads));
  await screenshot("upload");
});

test("a follow-up is paused in the window", async () => {
  await click("//aside//button[@aria-label='Close']");
  await click("//nav//a[.//*[text()='Follow-ups']]");
  await click("(//button[.//*[text()='Pause']])[1]");
  await click("//label[.//*[text()='Paused'] or text()='Paused']");
  await find("//button[.//*[text()='Resume']]");
  assert.ok(session);
});
