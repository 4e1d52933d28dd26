// What differs between two versions of a plan, step by step.

import type { Step } from "../../bindings";
import { namesOf } from "../../labels";

/** What may differ in a step. */
export type Part = "name" | "when" | "message" | "question" | "rest";

export type Compared = {
  /** Its place, from 1. */
  order: number;
  earlier?: Step;
  newest?: Step;
  change: "same" | "changed" | "added" | "removed";
  /** What changed, where it is there in both. */
  parts: Part[];
};

/** What each member of a step is a part of; its place and its id tell two steps apart anyway. */
const PART_OF: Record<Exclude<keyof Step, "id" | "stepOrder">, Part> = {
  name: "name",
  trigger: "when",
  messageType: "message",
  content: "message",
  furtherMessages: "message",
  quickReplies: "message",
  translations: "message",
  requiresFeedback: "question",
  feedback: "question",
  priority: "rest",
  freshnessHours: "rest",
  pressCallsStaff: "rest",
  silent: "rest",
  atNight: "rest",
};

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

function differing(earlier: Step, newest: Step): Part[] {
  const changed = namesOf(PART_OF).filter((member) => !same(earlier[member], newest[member]));
  return [...new Set(changed.map((member) => PART_OF[member]))];
}

/**
 * Steps in pairs: those that say the same first, wherever they stand, then those of one name, then
 * what is left in its order; in the order of the newest version, what was taken out at the end.
 */
export function compare(earlier: Step[], newest: Step[]): Compared[] {
  const left = [...earlier];
  const pairs = new Map<Step, Step>();
  const pair = (fits: (one: Step, other: Step) => boolean) => {
    for (const step of newest.filter((one) => !pairs.has(one))) {
      const at = left.findIndex((other) => fits(step, other));
      const [found] = at < 0 ? [] : left.splice(at, 1);
      if (found) pairs.set(step, found);
    }
  };
  pair((one, other) => differing(one, other).length === 0);
  pair((one, other) => one.name !== "" && one.name === other.name);
  pair((one, other) => one.stepOrder === other.stepOrder);
  const kept = newest.map((step): Compared => {
    const before = pairs.get(step);
    const parts = before ? differing(before, step) : [];
    const change = !before ? "added" : parts.length > 0 ? "changed" : "same";
    return { order: step.stepOrder, earlier: before, newest: step, change, parts };
  });
  const gone = left.map(
    (step): Compared => ({
      order: step.stepOrder,
      earlier: step,
      change: "removed",
      parts: [],
    }),
  );
  return [...kept, ...gone];
}
