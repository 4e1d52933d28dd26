// Five journeys through the day of a clinic by the keyboard alone: no pointer, and no focus that a
// test sets. After every key it is asked whether the focus is somewhere, and to be seen.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open, openTab, signIn } from "./chromium.mjs";
import { keyboardOf } from "./keyboard.mjs";
import { seed } from "./seed.mjs";
import { startServer } from "./server.mjs";

let server;
let browser;
let tab;
let page;
let keys;

before(async () => {
  server = await startServer();
  browser = await launch();
  const session = await signIn(browser, server);
  tab = await openTab(browser, server, session);
  page = tab.page;
  keys = keyboardOf(page);
  await open(page, "/");
  await seed(page);
});

after(async () => {
  await browser?.close();
  assert.equal(await server?.stop(), 0);
});

const button = (name, where = page) => where.getByRole("button", { name, exact: true });
const dialog = () => page.getByRole("dialog");

/** Opens a screen by its name. */
async function find(name, heading = name) {
  await page.keyboard.press("Control+K");
  await dialog().getByRole("combobox").and(page.locator(":focus")).waitFor();
  await keys.type(name);
  await page.locator("#found [role=option]").filter({ hasText: heading }).first().waitFor();
}

test("a patient is added and follows a care plan", async () => {
  await find("Add patient");
  await keys.press("Enter");
  await dialog().getByRole("textbox", { name: "Name", exact: true }).and(page.locator(":focus")).waitFor();
  await keys.type("Somsak Rak");
  await keys.tabTo(dialog().getByLabel("Phone"));
  await keys.type("081 234 5678");
  await keys.enter(button("Add patient", dialog()));
  await page.getByRole("heading", { level: 1, name: "Somsak Rak" }).waitFor();
  await dialog().waitFor({ state: "detached" });
  await keys.seen();
  const followUps = page.locator("#follow-ups");
  await keys.tabTo(followUps.getByLabel("Care plan"));
  await keys.press("ArrowDown");
  await keys.enter(button("Start follow-up", followUps));
  await followUps.getByText("Running", { exact: true }).waitFor();
  await keys.seen();
});

test("an entry of the worklist is answered and settled", async () => {
  await find("People who need you");
  await keys.press("Enter");
  await page.getByRole("heading", { level: 1, name: "People who need you" }).waitFor();
  const entries = page.locator(".entry");
  await entries.filter({ hasText: "The wound is red" }).first().waitFor();
  const name = await entries.filter({ hasText: "The wound is red" }).first().getByRole("heading").textContent();
  const entry = entries.filter({ hasText: name }).filter({ hasText: "The wound is red" });
  await keys.enter(button("Call or write", entry));
  const reply = entry.getByRole("textbox", { name: "Message" });
  await keys.tabTo(reply);
  await keys.type("Please come today before noon");
  await keys.enter(button("Send now", entry));
  // The core has it once the box is empty.
  await reply.and(page.locator(":placeholder-shown")).waitFor();
  await keys.seen();
  await keys.tabTo(button("Settle", entry), "Shift+Tab");
  await keys.press("Enter");
  await entry.waitFor({ state: "detached" });
  await keys.seen();
});

test("a care plan is made from an example and put to use", async () => {
  await find("Care plans");
  await keys.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Care plans" }).waitFor();
  await keys.enter(page.getByRole("link", { name: "New care plan" }));
  await keys.enter(page.getByRole("link", { name: "Use this example" }));
  await page.getByText("Example: have a clinician check").first().waitFor();
  await keys.tabTo(page.getByLabel("Name of the care plan"));
  await keys.press("Control+A");
  await keys.type("After surgery, our own");
  // Enter in a field saves, as everywhere.
  await keys.press("Enter");
  await page.getByRole("heading", { level: 1, name: "After surgery, our own" }).waitFor();
  const said = page.getByText("The care plan can be used now.").waitFor();
  await keys.enter(button("Activate"));
  await said;
  await page.getByText("Active", { exact: true }).waitFor();
  await keys.seen();
});

test("a patient is found and written to, and the message taken back", async () => {
  await find("Keller", "Write a message to Anna Keller (Demo)");
  await keys.press("ArrowDown");
  await keys.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Anna Keller (Demo)" }).waitFor();
  const write = page.locator("#write");
  const message = write.getByRole("textbox", { name: "Message" });
  await message.and(page.locator(":focus")).waitFor();
  await keys.type("See you on Monday");
  await keys.tabTo(button("Send now", write));
  // Ten seconds are short where the machine is busy: it is looked where the focus is afterwards.
  await page.keyboard.press("Enter");
  // The core has it once the box is empty; an earlier notice may be counting still.
  await page.waitForFunction(() => document.querySelector("#write textarea").value === "");
  await page.keyboard.press("Control+Z");
  await page.getByText("It was not sent. What you wrote is in the box again.").waitFor();
  assert.equal(await message.inputValue(), "See you on Monday");
  await keys.seen();
});

test("all sending is paused from the header and begins again from System", async () => {
  await find("System");
  await keys.press("Enter");
  await page.getByRole("heading", { level: 1, name: "System" }).waitFor();
  await keys.tabTo(button("Pause all sending", page.getByRole("banner")), "Shift+Tab");
  await keys.press("Enter");
  await page.getByText(/^Paused by /).first().waitFor();
  await keys.seen();
  await keys.tabTo(button("Send again", page.getByRole("main")));
  await keys.press("Enter");
  await button("Pause all sending", page.getByRole("main")).waitFor();
  await keys.seen();
  // A dialog that is left gives the focus back to where it was.
  await page.keyboard.press("?");
  await dialog().waitFor();
  await keys.press("Escape");
  await dialog().waitFor({ state: "detached" });
  await keys.seen();
  await button("Pause all sending", page.getByRole("main")).and(page.locator(":focus")).waitFor();
});

test("nothing on the way was said on the console", () => assert.deepEqual(tab.said, []));
