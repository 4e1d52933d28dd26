import { expect, test } from "vitest";
import { DAY_MS, MINUTE_MS } from "../../lib/units";
import { aProtocol, someAnswers } from "../../testing/fixtures";
import { adherenceOf, outcomesOf, quotaOf, repliesOf, sumOf, timeTicks } from "./numbers";

const step = {
  stepOrder: 1,
  name: "First day",
  answers: {
    ...someAnswers,
    asked: 6,
    responded: 4,
    completed: 4,
    missed: 1,
    values: [
      { value: "well", count: 3 },
      { value: "pain", count: 1 },
    ],
  },
};
const button = (value: string, worrying: boolean) => ({
  label: value,
  value,
  action: "complete" as const,
  worrying,
});
const plan = {
  ...aProtocol,
  steps: aProtocol.steps.map((one) => ({
    ...one,
    feedback: { question: "How are you?", buttons: [button("well", false), button("pain", true)] },
  })),
};

test("every message is in exactly one part of its day", () => {
  const outcomes = outcomesOf({ sent: 10, failed: 2, responded: 4, missed: 1 });
  expect(outcomes).toEqual({ answered: 4, missed: 1, open: 5, failed: 2 });
  expect(sumOf(outcomes)).toBe(12);
});

test("a worrying answer is never done and no adherence, though its button means done", () => {
  const replies = repliesOf(step, plan);
  expect(replies).toEqual({ done: 3, worrying: 1, later: 0, skipped: 0, missed: 1, open: 1 });
  expect(adherenceOf(replies)).toBe(3 / 5);
});

test("where no button worries, answers count as the core counts them", () => {
  expect(repliesOf(step, aProtocol)).toMatchObject({ done: 4, worrying: 0 });
  expect(repliesOf({ ...step, stepOrder: 2 }, plan)).toMatchObject({ done: 4, worrying: 0 });
});

test("nothing settled is no adherence at all", () => {
  expect(adherenceOf({ done: 0, worrying: 0, later: 2, skipped: 0, missed: 0, open: 1 })).toBeNull();
});

test("an axis of time has round marks up to the longest", () => {
  expect(timeTicks(17 * MINUTE_MS)).toEqual([0, 5, 10, 15, 20].map((n) => n * MINUTE_MS));
  expect(timeTicks(0)).toEqual([0, MINUTE_MS]);
  expect(timeTicks(40 * DAY_MS)).toHaveLength(5);
});

test("the month's messages run out where the pace so far leads beyond the limit", () => {
  expect(quotaOf(100, 200, "2026-11-10")).toMatchObject({ expected: 300, runsOut: "2026-11-20" });
  expect(quotaOf(50, 200, "2026-11-10")).toMatchObject({ expected: 150, runsOut: null });
  expect(quotaOf(0, 200, "2026-11-10")).toMatchObject({ expected: 0, runsOut: null });
  expect(quotaOf(200, 200, "2026-11-10").runsOut).toBe("2026-11-10");
});
