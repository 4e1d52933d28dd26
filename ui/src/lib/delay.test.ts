import { expect, test } from "vitest";
import cases from "../../../tests/fixtures/rules/delays.json";
import { delayOf, secondsOf } from "./delay";

test.each(cases)("the delay '$delay' is $seconds seconds, as the core has it", ({ delay, seconds }) => {
  expect(secondsOf(delay)).toBe(seconds);
});

test("a delay is written so that it is read as the same", () => {
  for (const seconds of [30, 5400, 129600, 173100]) expect(secondsOf(delayOf(seconds))).toBe(seconds);
});
