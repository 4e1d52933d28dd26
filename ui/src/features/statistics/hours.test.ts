import { expect, test } from "vitest";
import type { HourOfWeek } from "../../bindings";
import { blocksOf, levelOf, mostOf, shownBy, sumOfHours } from "./hours";

/** A week in which each hour sent its own number: Monday 00:00 one, Sunday 23:00 168. */
const hours: HourOfWeek[] = Array.from({ length: 168 }, (_, n) => ({
  weekday: Math.floor(n / 24) + 1,
  hour: n % 24,
  sent: n + 1,
  failed: 0,
  asked: 0,
  responded: 0,
  missed: 0,
}));
const SUNDAY_FIRST = [0, 1, 2, 3, 4, 5, 6];

test("a week begins where the reader's does, and loses nothing in blocks", () => {
  const [sunday, monday] = blocksOf(hours, SUNDAY_FIRST, 1);
  expect(monday?.[0]).toMatchObject({ weekday: 1, from: 0, to: 1, sums: { sent: 1 } });
  expect(sunday?.[23]).toMatchObject({ weekday: 0, sums: { sent: 168 } });
  const blocks = blocksOf(hours, SUNDAY_FIRST, 3).flat();
  expect(blocks).toHaveLength(7 * 8);
  expect(sumOfHours(blocks.map(({ sums }) => sums)).sent).toBe((168 * 169) / 2);
});

test("an hour without messages has no number, one without failures has 0", () => {
  const none = { sent: 0, failed: 0, asked: 0, responded: 0, missed: 0 };
  expect(shownBy("failed", none)).toBeNull();
  expect(shownBy("failed", { ...none, sent: 4 })).toBe(0);
  expect(shownBy("sent", { ...none, failed: 2 })).toBe(0);
  expect(shownBy("answered", { ...none, sent: 4 })).toBeNull();
  expect(shownBy("answered", { ...none, sent: 4, asked: 4, responded: 1 })).toBe(0.25);
});

test("the largest number is the darkest, however small; a share is dark by itself", () => {
  expect([1, 2, 3].map((value) => levelOf("sent", value, 3))).toEqual([2, 4, 5]);
  expect(levelOf("failed", 0, 0)).toBe(0);
  expect([0, 0.5, 1].map((value) => levelOf("answered", value, 0))).toEqual([1, 3, 5]);
});

test("nothing is the most where all is nothing", () => {
  const blocks = blocksOf(hours, SUNDAY_FIRST, 1).flat();
  expect(mostOf("failed", blocks)).toBeNull();
  expect(mostOf("sent", blocks)).toMatchObject({ weekday: 0, from: 23 });
});
