// The main job in a real browser against the headless server.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { accessible as isAccessible, launch } from "./chromium.mjs";
import { startServer } from "./server.mjs";

let server;
let browser;
let page;

before(async () => {
  server = await startServer();
  browser = await launch();
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 900 } });
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
});

after(async () => {
  await browser?.close();
  assert.equal(await server?.stop(), 0);
});

test("without a session there is only the way in", async () => {
  await page.goto(server.base);
  await page.getByRole("heading", { name: "Sign in to Clinicue" }).waitFor();
  await page.getByLabel("Access token").first().fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("this token is not known").waitFor();
});

test("the sign-in link leads to Today, where the first messages are accepted", async () => {
  await page.goto(server.link);
  await page.getByRole("link", { name: /^\d+ to come$/ }).waitFor();
  await page.getByText("Practice mode", { exact: true }).first().waitFor();
  await page.getByText("Accepted by LINE").first().waitFor();
});

test("a new tab is signed in, another port of the machine is not", async () => {
  const tab = await page.context().newPage();
  await tab.goto(server.base);
  await tab.getByText("Practice mode", { exact: true }).first().waitFor();
  await tab.close();
  const cookies = await page.context().cookies(server.base);
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  assert.match(cookie, /^clinicue_session=/);
  // What another program on this machine gets of the session is the cookie alone.
  assert.equal((await fetch(`${server.base}/api/status`, { headers: { cookie } })).status, 401);
});

test("a message written to a patient arrives on the practice phone", async () => {
  await page.getByRole("link", { name: "Patients", exact: true }).click();
  await page.getByRole("table", { name: "Patients" }).getByRole("link", { name: "Anna Keller (Demo)" }).click();
  await page.getByLabel("Message", { exact: true }).fill("See you on Friday");
  await page.locator("#write").getByRole("button", { name: "Send now" }).click();
  // It waits ten seconds: taken back, the words are in the box again, and go out with the next click.
  await page.getByRole("button", { name: "Undo" }).press("Enter");
  await page.getByText("It was not sent. What you wrote is in the box again.").waitFor();
  await page.locator("#write").getByRole("button", { name: "Send now" }).click();
  await page.getByText(/^Goes out in \d+ s$/).first().waitFor();
  await page.getByRole("link", { name: "Practice phone" }).click();
  await page.getByLabel("Whose phone").selectOption("U00000000000000000000000000000d04");
  await page.getByRole("log").getByText("See you on Friday").waitFor();
});

test("a follow-up is paused and resumed", async () => {
  await page.getByRole("link", { name: "Follow-ups" }).click();
  const row = page.getByRole("row", { name: /Anna Keller/ });
  await row.getByRole("button", { name: "Pause" }).click();
  await row.waitFor({ state: "detached" });
  await page.getByText("Paused", { exact: true }).click();
  await page.getByRole("row", { name: /Anna Keller/ }).getByRole("button", { name: "Resume" }).click();
  await page.getByText("Running", { exact: true }).first().click();
  await page.getByRole("row", { name: /Anna Keller/ }).getByRole("button", { name: "Pause" }).waitFor();
});

test("a care plan is written, activated and shown", async () => {
  await page.getByRole("link", { name: "Care plans" }).click();
  await page.getByRole("link", { name: "New care plan" }).click();
  await page.getByRole("link", { name: "Begin with one empty step" }).click();
  await page.getByLabel("Name", { exact: false }).first().fill("After the vaccination");
  await page.getByLabel("Text", { exact: true }).fill("Drink enough water today.");
  await page.getByRole("button", { name: "Save draft" }).click();
  await page.getByRole("button", { name: "Activate" }).click();
  await page.getByText("Active", { exact: true }).waitFor();
  await page.getByText("Drink enough water today.").waitFor();
});

test("a failed message is reviewed and retried", async () => {
  await page.getByRole("link", { name: "Practice phone" }).click();
  await page.getByLabel("Let something go wrong").selectOption("unauthorized");
  await page.getByRole("link", { name: "System" }).click();
  await page.getByRole("heading", { name: "Health" }).waitFor();
  await page.getByRole("link", { name: "Practice phone" }).click();
  await page.getByRole("button", { name: "Mend it" }).click();
  await page.getByRole("link", { name: "People who need you" }).click();
  // What fell due meanwhile was refused for the token, and goes once LINE is asked again.
  await page.getByText("All clear. Nothing needs you.").waitFor({ timeout: 60_000 });
});

test("what is held needs attention, with reason and number, until it goes", async () => {
  await page.getByRole("button", { name: "Pause all sending" }).click();
  await page.getByRole("link", { name: "Patients", exact: true }).click();
  await page.getByRole("table", { name: "Patients" }).getByRole("link", { name: "Anna Keller (Demo)" }).click();
  await page.getByLabel("Message", { exact: true }).fill("This one waits");
  await page.locator("#write").getByRole("button", { name: "Send now" }).click();
  await page.getByRole("link", { name: /People who need you/ }).click();
  const waits = page.getByRole("list", { name: "Messages that wait", exact: true });
  await waits.getByRole("listitem").filter({ hasText: /all sending is paused\s*\d+\s*until somebody acts/ }).waitFor();
  await waits.getByRole("button", { name: /^Which / }).press("Enter");
  await waits.getByRole("link", { name: "Anna Keller (Demo)" }).waitFor();
  // What was said of the message goes by itself; while it fades its colours are too pale.
  await page.locator(".mantine-Notification-root").first().waitFor({ state: "detached" });
  await accessible("what is held");
  await page.getByRole("button", { name: "Send again" }).click();
  await page.getByText("All clear. Nothing needs you.").waitFor({ timeout: 60_000 });
});

test("the whole circle: a plan asks, the phone shows it, a press is counted", async () => {
  await page.getByRole("link", { name: "Care plans" }).click();
  await page.getByRole("link", { name: "New care plan" }).click();
  await page.getByRole("link", { name: "Begin with one empty step" }).click();
  await page.getByLabel("Name", { exact: false }).first().fill("How are you");
  await page.getByLabel("Text", { exact: true }).fill("One day has passed.");
  await page.getByLabel("Ask for an answer").check();
  await page.getByLabel("Question").fill("All well?");
  await page.getByLabel("Button 1").fill("All is well");
  await page.getByRole("button", { name: "Add button" }).click();
  await page.getByLabel("Button 2").fill("I feel unwell");
  await page.getByLabel("Worrying: calls staff at once").last().check();
  await page.getByRole("button", { name: "Save draft" }).click();
  await page.getByRole("button", { name: "Activate" }).click();
  await page.getByText("Active", { exact: true }).waitFor();
  for (const name of ["Anna Keller (Demo)", "สมชาย ใจดี (Demo)"]) {
    await page.getByRole("link", { name: "Patients", exact: true }).click();
    await page.getByRole("table", { name: "Patients" }).getByRole("link", { name }).click();
    await page.getByLabel("Care plan", { exact: true }).selectOption({ label: "How are you" });
    await page.getByRole("button", { name: "Start follow-up" }).click();
    await page.getByText("One day has passed.").first().waitFor();
  }
  await page.getByRole("link", { name: "Practice phone" }).click();
  const log = page.getByRole("log");
  // Either phone has both buttons: what the other's has not says whose chat it is.
  const ofAnna = log.getByText("See you on Friday").first();
  await page.getByLabel("Whose phone").selectOption("U00000000000000000000000000000d04");
  await ofAnna.waitFor();
  await log.getByRole("button", { name: "All is well" }).click();
  await log.getByText("Thank you. We have noted: All is well.").waitFor();
  await page.getByLabel("Whose phone").selectOption("U00000000000000000000000000000d01");
  await ofAnna.waitFor({ state: "detached" });
  await log.getByRole("button", { name: "I feel unwell" }).click();
  await page.getByRole("link", { name: "Statistics" }).click();
  await page.getByLabel("Care plan", { exact: true }).selectOption({ label: "How are you" });
  const values = page.getByRole("table", { name: "What was answered" });
  await values.getByRole("row", { name: /All is well 1 50%/ }).waitFor();
  await page.getByText(/100% answered: 2 in time, 1 of them worrying, 0 not\./).waitFor();
});

test("an appointment is chosen: a plan offers days, the phone picks one, staff see which", async () => {
  await page.getByRole("link", { name: "Care plans" }).click();
  await page.getByRole("link", { name: "New care plan" }).click();
  await page.getByRole("link", { name: "Begin with one empty step" }).click();
  await page.getByLabel("Name", { exact: false }).first().fill("Next visit");
  await page.getByLabel("Text", { exact: true }).fill("Time for a check-up.");
  await page.getByLabel("Ask for an answer").check();
  await page.getByLabel("Question").fill("When do you come next?");
  await page.getByLabel("Button 1").fill("Choose a day");
  await page.getByLabel("The patient chooses").selectOption({ label: "a day" });
  await page.getByLabel("From day").fill("1");
  await page.getByLabel("Until day").fill("30");
  await page.getByRole("button", { name: "Save draft" }).click();
  await page.getByText("“Choose a day”: a day, day 1 – day 30").waitFor();
  await page.getByRole("button", { name: "Activate" }).click();
  await page.getByText("Active", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Patients", exact: true }).click();
  await page.getByRole("table", { name: "Patients" }).getByRole("link", { name: "Anna Keller (Demo)" }).click();
  await page.getByLabel("Care plan", { exact: true }).selectOption({ label: "Next visit" });
  await page.getByRole("button", { name: "Start follow-up" }).click();
  await page.getByText("Time for a check-up.").first().waitFor();
  await page.getByRole("link", { name: "Practice phone" }).click();
  await page.getByLabel("Whose phone").selectOption("U00000000000000000000000000000d04");
  const log = page.getByRole("log");
  await log.getByRole("button", { name: "Choose a day" }).click();
  const field = log.getByRole("textbox", { name: "Choose a day" }).or(log.locator("input[type=date]"));
  const day = await field.getAttribute("max");
  await field.fill(day);
  // A notice that fades meanwhile has colours that are too pale.
  await page.locator(".mantine-Notification-root").first().waitFor({ state: "detached" });
  await accessible("a day that is chosen");
  await log.getByRole("button", { name: "Choose", exact: true }).click();
  await log.getByText(/We have noted: Choose a day – \w+day, \d+ \w+ 20\d\d\./).waitFor();
  await page.getByRole("link", { name: "Patients", exact: true }).click();
  await page.getByRole("table", { name: "Patients" }).getByRole("link", { name: "Anna Keller (Demo)" }).click();
  const year = day.slice(0, 4);
  await page.getByText(new RegExp(`Answered with “Choose a day” – .* ${year}`)).waitFor();
});

test("a worrying answer is on the worklist, is noted, settled and brought back", async () => {
  await page.getByRole("link", { name: /^People who need you/ }).click();
  const line = page.getByRole("listitem").filter({ hasText: "I feel unwell" });
  await line.getByText("Worrying answer").waitFor();
  await line.getByRole("button", { name: "Note a call" }).click();
  await line.getByLabel("Note", { exact: true }).last().fill("Called, will come tomorrow");
  await line.getByRole("button", { name: "Save note" }).click();
  await line.getByText("Called, will come tomorrow").first().waitFor();
  await line.getByRole("button", { name: "Settle" }).click();
  await line.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await line.getByText("Worrying answer").waitFor();
});

test("entries are chosen, settled and brought back by the keyboard alone", async () => {
  await page.goto(`${server.base}/worklist`);
  const line = page.getByRole("listitem").filter({ hasText: "I feel unwell" });
  await line.getByRole("checkbox").press("Space");
  await accessible("what is chosen");
  await page.getByRole("group", { name: "1 selected" }).getByRole("button", { name: "Settle 1" }).press("Enter");
  await page.getByText("1 entry settled.").waitFor();
  await line.waitFor({ state: "detached" });
  await page.getByRole("status").getByRole("button", { name: "Undo" }).press("Enter");
  await page.getByText("1 entry is back.").waitFor();
  await line.getByRole("button", { name: "Call or write" }).press("Enter");
  await line.getByRole("textbox", { name: "Message" }).waitFor();
  await accessible("a reply in the list");
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 800 });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    assert.deepEqual(await page.evaluate(small, 44), []);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
});

test("what is chosen stands in the address: a reload keeps it, Back undoes it", async () => {
  await page.getByRole("link", { name: /^People who need you/ }).click();
  await page.getByText("Settled", { exact: true }).click();
  await page.getByLabel("Why").selectOption({ label: "No answer in time" });
  await page.waitForURL("**/worklist?which=resolved&reason=missed");
  await page.reload();
  await page.getByRole("radio", { name: "Settled", checked: true }).waitFor({ state: "attached" });
  assert.equal(await page.getByLabel("Why").inputValue(), "missed");
  await page.goBack();
  await page.waitForURL("**/worklist?which=resolved");
  await page.goBack();
  await page.getByRole("radio", { name: "Open", checked: true }).waitFor({ state: "attached" });
  await page.getByRole("link", { name: "Patients", exact: true }).click();
  await page.getByLabel("Search patients").fill("Keller");
  await page.waitForURL("**/patients?search=Keller");
  await page.reload();
  assert.equal(await page.getByLabel("Search patients").inputValue(), "Keller");
  const found = page.getByRole("table", { name: "Patients" });
  await found.getByRole("link", { name: "Anna Keller (Demo)" }).waitFor();
  assert.equal(await found.getByRole("row").count(), 2);
});

test("a patient is linked by the code of a slip", async () => {
  await page.getByRole("link", { name: "Patients", exact: true }).click();
  await page.getByRole("button", { name: "Add patient" }).click();
  await page.getByLabel("Name", { exact: false }).first().fill("Lek Boonmee");
  await page.getByRole("dialog").getByRole("button", { name: "Add patient" }).click();
  await page.getByRole("button", { name: "Print a slip with a code" }).click();
  await page.getByAltText("QR code that opens the clinic's chat in LINE").waitFor();
  assert.match(await page.getByText(/^CQ-/).textContent(), /^CQ-[2-9A-Z]{4}-[2-9A-Z]{4}$/);
  await page.keyboard.press("Escape");
  await page.getByText("Slip with a code made").waitFor();
});

test("a table of patients is looked at, then imported", async () => {
  await page.getByRole("link", { name: "Patients", exact: true }).click();
  await page.getByRole("button", { name: "Import", exact: true }).click();
  const csv = "name,HN\nSomsri,1\n,2\nHanako,3\n";
  await page.locator("input[type=file]").setInputFiles({ name: "p.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
  await page.getByText("2 of 3 rows can be imported. Nothing is imported yet.").waitFor();
  await page.getByLabel("Leave out the rows with errors").check();
  await page.getByRole("button", { name: "Import 2 patients" }).click();
  await page.getByText("2 patients imported.").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("link", { name: "Somsri" }).waitFor();
});

test("the log is exported under pseudonyms", async () => {
  await page.getByRole("link", { name: "Statistics" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export" }).click();
  const file = await (await download).path();
  const csv = readFileSync(file, "utf8");
  assert.match(csv, /^\ufeffid,userId,protocolId/);
  assert.ok(!csv.includes("Keller"));
  await page.getByText(/rows exported/).waitFor();
});

test("the set-up of the channel is checked point by point", async () => {
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Check the whole set-up" }).click();
  await page.getByText("Messages can be sent. Answers can be heard.").waitFor();
  await page.getByText("a test call arrived").waitFor();
});

const screens = ["/", "/worklist", "/statistics", "/worklist?part=messages", "/patients", "/plans", "/plans/choose", "/plans/new", "/plans/new?example=dental&language=th", "/follow-ups", "/messages", "/messages?stage=sent", "/phone", "/system", "/settings"];

const accessible = (where) => isAccessible(page, where);

for (const scheme of ["light", "dark"]) {
  test(`every screen is accessible in ${scheme} colours`, async () => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    for (const path of screens) {
      await page.goto(server.base + path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await accessible(path);
    }
    await page.goto(`${server.base}/patients`);
    await page.getByRole("button", { name: "Import", exact: true }).click();
    await page.getByRole("dialog").waitFor();
    await accessible("the import");
    await page.goto(`${server.base}/patients`);
    await page.getByRole("link", { name: "Anna Keller (Demo)" }).click();
    await page.getByRole("heading", { name: "Timeline" }).waitFor();
    await accessible("a patient");
    await page.getByRole("button", { name: "Print a slip with a code" }).click();
    await page.getByText(/^CQ-/).waitFor();
    await accessible("a slip");
    await page.goto(`${server.base}/plans/new`);
    await page.getByRole("button", { name: "Save draft" }).click();
    await page.getByText("Write a name.").waitFor();
    await page.getByLabel("Name of the care plan").fill("Refused");
    await page.getByRole("button", { name: "Save draft" }).click();
    await page.getByRole("button", { name: "Step 1, message 1: must not be empty" }).waitFor();
    await accessible("what is refused");
    await page.setViewportSize({ width: 390, height: 800 });
    for (const path of ["/statistics", "/system", "/follow-ups"]) {
      await page.goto(server.base + path);
      await page.getByRole("table").first().waitFor();
      await accessible(`${path} on a phone`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, path);
      assert.deepEqual(await page.evaluate(small, 44), [], path);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  });
}

/** The buttons and links that are lower than a thumb needs. */
const small = (least) =>
  [...document.querySelectorAll("main button, header button, main a")]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < least)
    .map((one) => one.textContent || one.ariaLabel);

test("a patient's timeline reads from top to bottom on a phone, and nothing goes sideways", async () => {
  await page.goto(`${server.base}/patients`);
  await page.getByRole("link", { name: "Anna Keller (Demo)" }).click();
  const happened = page.getByRole("list", { name: "What happened" });
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 800 });
    const words = await happened.getByText("Time for a check-up.").first().boundingBox();
    assert.ok(words.x >= 0 && words.x + words.width <= width, `the words begin at ${words.x} of ${width}`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
});

test("the keyboard stays where it was at work", async () => {
  const focused = (what) => page.waitForFunction((what) => document.activeElement?.matches(what), what);
  await page.goto(`${server.base}/plans/new`);
  await page.getByLabel("What stands on the quick reply").fill("Yes");
  await page.getByRole("button", { name: "Add quick reply" }).press("Enter");
  await focused("[aria-label='What stands on the quick reply']");
  await page.goto(`${server.base}/settings`);
  await page.getByRole("button", { name: "Switch the menu on" }).press("Enter");
  await focused("button:not(:disabled)");
  await page.getByRole("button", { name: "Switch the menu off" }).press("Enter");
  await page.getByRole("button", { name: "Switch the menu on" }).waitFor();
  await focused("button:not(:disabled)");
});
