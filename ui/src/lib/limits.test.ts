import { expect, it } from "vitest";
import { LIMITS } from "../bindings";
import { graphemes, rangeOf } from "./limits";

it("a label is counted as the core and LINE count it: by what people see as one", () => {
  expect(graphemes("ปั๊ม")).toBe(2);
  expect(graphemes("👩‍⚕️")).toBe(1);
});

it("the core's limits are those of an input", () => {
  expect(rangeOf(LIMITS.Feedback.maxPostpones)).toEqual({ min: 0, max: 9 });
});
