// A browser before the running server, and what is asked of every screen in it.

import assert from "node:assert/strict";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

export const launch = () =>
  chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });

/** Signs in once; what every further tab begins with. */
export async function signIn(browser, server) {
  const context = await browser.newContext({ locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(server.link);
  await page.getByRole("heading", { level: 1 }).waitFor();
  const { cookies, origins } = await context.storageState();
  await context.close();
  // The language that was kept with it is not every tab's.
  const own = ({ name }) => name !== "clinicue.locale";
  return { cookies, origins: origins.map((one) => ({ ...one, localStorage: one.localStorage.filter(own) })) };
}

/**
 * A tab of its own, without moving parts. `said` holds what its console said that no user should
 * cause: warnings, errors, and what nobody caught.
 */
export async function openTab(browser, server, session, how = {}) {
  const context = await browser.newContext({
    baseURL: server.base,
    storageState: session,
    locale: "en-GB",
    viewport: { width: 1280, height: 900 },
    reducedMotion: "reduce",
    ...how,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const said = [];
  const note = (words) => said.push(`${new URL(page.url()).pathname}: ${words}`);
  // That something does not work the health says by its status, too, and the browser notes that.
  const isHealth = (message) => message.location().url.endsWith("/api/jobs/health");
  page.on("console", (message) => {
    if (/^(warning|error)$/.test(message.type()) && !isHealth(message)) note(message.text());
  });
  page.on("pageerror", (error) => note(error.message));
  return { page, said, close: () => context.close() };
}

/** Goes to a path and waits until the screen stands. */
export async function open(page, path) {
  await page.goto(path);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await still(page);
}

/** Until nothing loads and nothing moves any more: colours are right then. */
async function still(page) {
  await page.waitForFunction(() => ![...document.querySelectorAll("[aria-busy=true]")].some((one) => one.checkVisibility()));
  await page.waitForFunction(() => document.getAnimations().every((one) => one.playState !== "running"));
}

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds on the page or in a part of it, a line for each rule. */
async function axe(page, part) {
  // There are no frames: without them it needs no second page to put its findings together.
  const look = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] }).withTags(TAGS);
  const { violations } = await (part ? look.include(part) : look).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((n) => n.target.join(" ")).slice(0, 3).join(" | ")}`);
}

export async function accessible(page, where, part) {
  await still(page);
  assert.deepEqual(await axe(page, part), [], where);
}

/**
 * What goes sideways in a window of this width: the page itself, or a box whose inside the keyboard
 * cannot reach or a screen reader cannot name.
 */
export async function sideways(page, width) {
  await page.setViewportSize({ width, height: 800 });
  await still(page);
  return page.evaluate(() => {
    const nameOf = (one) => `${one.tagName.toLowerCase()}.${one.className} ${one.textContent.slice(0, 40)}`;
    const { scrollWidth } = document.scrollingElement;
    const { innerWidth } = window;
    const wide = scrollWidth > innerWidth ? [`the page: ${scrollWidth} of ${innerWidth}`] : [];
    const boxes = [...document.querySelectorAll("body *")].filter((one) => {
      const scrolls = ["auto", "scroll"].includes(getComputedStyle(one).overflowX);
      return scrolls && one.checkVisibility() && one.clientWidth > 0 && one.scrollWidth > one.clientWidth;
    });
    const isReached = (one) => {
      const inside = one.querySelector("a[href], button, input, select, textarea, [tabindex='0']");
      return inside !== null || (one.tabIndex === 0 && one.ariaLabel);
    };
    return [...wide, ...boxes.filter((one) => !isReached(one)).map(nameOf)];
  });
}
