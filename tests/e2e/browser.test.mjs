// The main job in a real browser against the headless server.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { startServer } from "./server.mjs";

let server;
let browser;
let page;

before(async () => {
  server = await startServer();
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
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
  await page.getByText(/accepted, \d+ to come/).waitFor();
  await page.getByText("Practice mode", { exact: true }).first().waitFor();
  await page.getByText("Accepted by LINE").first().waitFor();
});

test("a message written to a patient arrives on the practice phone", async () => {
  await page.getByRole("link", { name: "Patients" }).click();
  await page.getByRole("table", { name: "Patients" }).getByRole("link", { name: "Anna Keller (Demo)" }).click();
  await page.getByLabel("Message", { exact: true }).fill("See you on Friday");
  await page.getByRole("button", { name: "Send now" }).click();
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
  await page.getByRole("link", { name: "Needs attention" }).click();
  await page.getByText("All clear. Nothing needs you.").waitFor();
});

for (const scheme of ["light", "dark"]) {
  test(`every screen is accessible in ${scheme} colours`, async () => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    for (const path of ["/", "/attention", "/patients", "/plans", "/plans/new", "/follow-ups", "/phone", "/system", "/settings"]) {
      await page.goto(server.base + path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
      const { violations } = await new AxeBuilder({ page })
        .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
        .analyze();
      const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 3).join(" | ")}`);
      assert.deepEqual(found, [], path);
    }
  });
}
