// Jobs in a real browser that need a clinic of their own: one with the LINE of a patient beside it,
// one to practise in, one whose server ends.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { launch } from "./chromium.mjs";
import { startCircle, startServer } from "./server.mjs";

let browser;

before(async () => {
  browser = await launch();
});

after(() => browser?.close());

/** A tab that knows nothing of the others. */
async function openAlone() {
  const context = await browser.newContext({ locale: "en-GB" });
  const tab = await context.newPage();
  tab.setDefaultTimeout(20_000);
  return tab;
}

test("a photo of a wound that a patient sends is seen on the worklist, and goes when it is taken back", async () => {
  const circle = await startCircle();
  const tab = await openAlone();
  try {
    await tab.goto(circle.link);
    await tab.getByRole("link", { name: "Patients", exact: true }).click();
    await tab.getByRole("button", { name: "Add patient" }).first().click();
    await tab.getByLabel("Name", { exact: false }).first().fill("Malee Suk");
    await tab.getByRole("dialog").getByLabel(/LINE/).fill(circle.user);
    await tab.getByRole("dialog").getByRole("button", { name: "Add patient" }).click();
    await tab.getByRole("heading", { name: "Malee Suk" }).waitFor();
    await circle.phone("message", { type: "image" });
    await tab.getByRole("link", { name: /^People who need you/ }).click();
    const line = tab.getByRole("listitem").filter({ hasText: "Malee Suk" });
    const small = line.getByRole("img", { name: "Picture the patient sent" });
    await small.waitFor();
    assert.equal(await small.evaluate((image) => image.naturalWidth), 1);
    await line.getByRole("button", { name: "Show the picture larger" }).press("Enter");
    const large = tab.getByRole("dialog", { name: "Picture the patient sent" });
    await large.getByAltText("Picture the patient sent").waitFor();
    await tab.keyboard.press("Escape");
    await large.waitFor({ state: "detached" });
    const download = tab.waitForEvent("download");
    await line.getByRole("button", { name: "Save the file" }).click();
    assert.equal(readFileSync(await (await download).path()).subarray(1, 4).toString(), "PNG");
    const chat = await circle.chat();
    await circle.phone("event", { type: "unsend", unsend: { messageId: chat.at(-1).id } });
    await line.getByText("took a message back").waitFor();
    await small.waitFor({ state: "detached" });
  } finally {
    await tab.context().close();
    await circle.stop();
  }
});

test("one practises in a practice clinic beside the real one, and comes back", async () => {
  const circle = await startCircle();
  const tab = await openAlone();
  try {
    await tab.goto(circle.link);
    // Its heading is the date once the day is known.
    await tab.getByTestId("sentence").waitFor();
    const real = new URL(tab.url()).origin;
    await tab.getByRole("button", { name: "Open the practice clinic" }).first().click();
    await tab.getByText("Practice mode", { exact: true }).first().waitFor();
    assert.notEqual(new URL(tab.url()).origin, real);
    await tab.getByRole("link", { name: "Patients", exact: true }).click();
    await tab.getByRole("table", { name: "Patients" }).getByRole("link", { name: "Anna Keller (Demo)" }).waitFor();
    await tab.getByRole("link", { name: "Back to the real clinic" }).click();
    await tab.waitForURL((url) => url.origin === real);
    await tab.getByRole("heading", { name: "How this clinic differs from practice" }).waitFor();
    // Nobody was signed out, and nothing of it is here.
    await tab.getByRole("link", { name: "Patients", exact: true }).click();
    await tab.getByRole("heading", { level: 1, name: "Patients" }).waitFor();
    assert.equal(new URL(tab.url()).origin, real);
    assert.equal(await tab.getByText("(Demo)").count(), 0);
    await tab.getByText("Practice mode", { exact: true }).waitFor({ state: "detached" });
  } finally {
    await tab.context().close();
    await circle.stop();
  }
});

test("without its server a screen that was never opened stands, and says that nothing is connected", async () => {
  const own = await startServer();
  const tab = await openAlone();
  try {
    await tab.goto(own.link);
    await tab.getByText("Practice mode", { exact: true }).first().waitFor();
    await tab.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await own.stop();
    await tab.getByRole("link", { name: "Care plans", exact: true }).click();
    await tab.getByRole("heading", { level: 1, name: "Care plans" }).waitFor();
    await tab.getByText(/^As of \d\d:\d\d, trying again$/).waitFor();
    await tab.reload();
    await tab.getByRole("heading", { name: "Clinicue does not answer" }).waitFor();
    await tab.getByText(/^It answered last on /).waitFor();
    const kept = await tab.evaluate(async () => {
      const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
      const requests = (await Promise.all(caches_.map((cache) => cache.keys()))).flat();
      return requests.map(({ url }) => new URL(url).pathname);
    });
    assert.deepEqual(kept.filter((path) => !/^\/(assets\/.+|icon\.svg)?$/.test(path)), []);
  } finally {
    await tab.context().close();
  }
});
