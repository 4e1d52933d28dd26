// A reader with a keyboard and nothing else: no pointer, no focus that is set from outside.

import assert from "node:assert/strict";

/** So many stops of Tab lie between two things at most; more would be a page nobody crosses. */
const MAX_STOPS = 60;

/**
 * What is wrong with where the focus is: nowhere, not to be seen, or under something else. A box to
 * tick may be drawn by what stands beside it.
 */
function wrongWithFocus() {
  const one = document.activeElement;
  if (!one || one === document.body) return "the focus is nowhere";
  const name = `${one.tagName.toLowerCase()} “${(one.ariaLabel || one.textContent || one.id).slice(0, 40)}”`;
  const marked = (element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
  };
  const drawn = [one, one.nextElementSibling, one.closest("label"), one.closest(".mantine-Input-input")].filter(Boolean);
  if (!drawn.some(marked)) return `the focus on ${name} is not to be seen`;
  const { left, right, top, bottom } = (drawn.find(marked) ?? one).getBoundingClientRect();
  const points = [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [left + (right - left) * x, top + (bottom - top) * y]));
  const isHit = ([x, y]) => {
    const hit = document.elementFromPoint(x, y);
    return hit !== null && drawn.some((part) => part.contains(hit) || hit.contains(part));
  };
  if (points.some(isHit)) return null;
  const over = document.elementFromPoint(...points[4]);
  return `${name} has the focus and lies under ${over ? `${over.tagName.toLowerCase()}.${over.className}` : "the edge"}`;
}

/** The keys, each of which leaves the focus where it is seen. */
export function keyboardOf(page) {
  /** A dialog that closes, or a page that opens, takes a moment to say where one is. */
  const seen = async (before = "") => {
    // A button that waits for the core has no focus until then.
    const until = Date.now() + 30_000;
    let wrong = await page.evaluate(wrongWithFocus);
    while (wrong !== null && Date.now() < until) {
      await page.waitForTimeout(50);
      wrong = await page.evaluate(wrongWithFocus);
    }
    assert.ok(wrong === null, `${wrong} ${before}`);
  };
  const press = async (key) => {
    await page.keyboard.press(key);
    await seen();
  };
  /** Goes on with Tab until this has the focus. */
  const tabTo = async (target, key = "Tab") => {
    await target.first().waitFor();
    const stops = [];
    for (let n = 0; n < MAX_STOPS; n += 1) {
      if (await target.first().evaluate((one) => one === document.activeElement)) return;
      await page.keyboard.press(key);
      await seen(`after ${stops.slice(-3).join(", ")}`);
      stops.push(await page.evaluate(() => document.activeElement.ariaLabel || document.activeElement.textContent.slice(0, 30)));
    }
    assert.fail(`Tab does not lead to ${target}: ${stops.join(", ")}`);
  };
  return {
    press,
    seen,
    tabTo,
    /** Writes into what has the focus. */
    type: (text) => page.keyboard.type(text),
    /** Goes there and presses Enter. */
    enter: async (target) => {
      await tabTo(target);
      await press("Enter");
    },
  };
}
