// Every screen in every language, what opens on them, and how narrow they may be.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, launch, open, openTab, sideways, signIn } from "./chromium.mjs";
import { openingsOf, openUp } from "./openings.mjs";
import { seed, seedFailures } from "./seed.mjs";
import { startServer } from "./server.mjs";
import { wordsOf } from "./words.mjs";

let server;
let browser;
let session;
let ids;

before(async () => {
  server = await startServer();
  browser = await launch();
  session = await signIn(browser, server);
  await withTab({}, async (page) => {
    await open(page, "/");
    ids = await seed(page);
    await seedFailures(page);
  });
});

after(async () => {
  await browser?.close();
  assert.equal(await server?.stop(), 0);
});

/** Does something in a tab of its own, whose console says nothing meanwhile. */
async function withTab(how, act) {
  const { page, said, close } = await openTab(browser, server, session, how);
  await act(page);
  assert.deepEqual(said, []);
  await close();
}

const screensOf = ({ patient, plan }) => [
  "/",
  "/worklist",
  "/patients",
  `/patients/${patient}`,
  "/plans",
  "/plans/choose",
  "/plans/templates",
  "/plans/new?example=dental",
  `/plans/${plan}`,
  `/plans/${plan}/edit`,
  "/follow-ups",
  "/messages",
  "/messages?stage=failed",
  "/statistics",
  "/phone",
  "/system",
  "/welcome",
  "/settings",
];

const PHONE = { width: 390, height: 800 };

// Not each with each: what a language, a colour or a width breaks is broken on every screen it touches.
for (const how of [
  { locale: "th-TH", colorScheme: "light" },
  { locale: "ja-JP", colorScheme: "dark" },
  { locale: "zh-TW", colorScheme: "light", viewport: PHONE },
]) {
  const { locale, colorScheme, viewport } = how;
  test(`every screen is accessible: ${locale}, ${colorScheme}${viewport ? ", on a phone" : ""}`, () =>
    withTab(how, async (page) => {
      for (const path of screensOf(ids)) {
        await open(page, path);
        await accessible(page, path);
      }
    }));
}

for (const [language, how] of [
  ["en", { locale: "en-GB", colorScheme: "light" }],
  ["th", { locale: "th-TH", colorScheme: "dark" }],
]) {
  test(`what opens is accessible: ${how.locale}, ${how.colorScheme}`, () =>
    withTab(how, async (page) => {
      for (const one of openingsOf(ids, wordsOf(language))) {
        await open(page, one.path);
        if (one.isThere && !(await one.isThere(page))) continue;
        const part = await openUp(page, one);
        await accessible(page, one.name, part);
      }
    }));
}

test("nothing goes sideways on a phone in Thai, and boxes that do are reached and named", () =>
  withTab({ locale: "th-TH", viewport: PHONE }, async (page) => {
    const found = [];
    for (const path of screensOf(ids)) {
      await page.setViewportSize(PHONE);
      await open(page, path);
      for (const width of [390, 320]) found.push(...(await sideways(page, width)).map((what) => `${path} at ${width}: ${what}`));
    }
    assert.deepEqual(found, []);
  }));
