import { expect, test } from "vitest";
import { MESSAGE_STATES, namesOf, STAGES } from "../labels";
import { ATTENTION, HINDERED, OPEN, stageOf, WAITING } from "./states";

const states = namesOf(MESSAGE_STATES);

test("what is still to come is listed as coming up or held, and nothing else is", () => {
  expect(states.filter((state) => ["coming", "held"].includes(stageOf(state)))).toEqual([...OPEN]);
});

test("what waits is open and not on its way, and what is hindered waits", () => {
  expect([...OPEN].filter((state) => !WAITING.has(state))).toEqual(["queued"]);
  expect([...WAITING].filter((state) => !HINDERED.has(state))).toEqual(["scheduled"]);
  expect([...HINDERED].filter((state) => !WAITING.has(state))).toEqual([]);
});

test("what a person has to look at is listed as failed", () => {
  expect(states.filter((state) => stageOf(state) === "failed")).toEqual([...ATTENTION]);
});

test("each list has its messages", () => {
  expect(new Set(states.map(stageOf))).toEqual(new Set(namesOf(STAGES)));
});
