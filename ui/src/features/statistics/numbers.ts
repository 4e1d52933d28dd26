// What the charts show, made of the numbers of the core. Pure.

import type { Answers, Button, NamedAnswers, Protocol } from "../../bindings";
import { two } from "../../lib/format";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../lib/units";

/** Messages, each in exactly one of these: together they are all of them. */
export type Outcomes = { answered: number; missed: number; open: number; failed: number };

export const outcomesOf = ({
  sent,
  failed,
  responded,
  missed,
}: Pick<Answers, "sent" | "failed" | "responded" | "missed">): Outcomes => ({
  answered: responded,
  missed,
  open: Math.max(sent - responded - missed, 0),
  failed,
});

export const sumOf = ({ answered, missed, open, failed }: Outcomes) => answered + missed + open + failed;

/** Questions of a step, each in exactly one of these. */
export type Replies = {
  done: number;
  worrying: number;
  later: number;
  skipped: number;
  missed: number;
  open: number;
};

/** The buttons of a step that call staff, as the plan has them now. */
const worryingButtons = (step: NamedAnswers, plan: Protocol): Button[] =>
  plan.steps
    .filter((one) => one.stepOrder === step.stepOrder)
    .flatMap((one) => one.feedback?.buttons ?? [])
    .filter((button) => button.worrying);

/**
 * What became of the questions of a step. The core counts a worrying answer by what its button
 * means, which may be "done": here it is one of its own, and never done.
 */
export function repliesOf(step: NamedAnswers, plan: Protocol | undefined): Replies {
  const { answers } = step;
  const replies = {
    done: answers.completed,
    worrying: 0,
    later: answers.postponed,
    skipped: answers.skipped,
    missed: answers.missed,
    open: Math.max(answers.asked - answers.responded - answers.missed, 0),
  };
  const places = { complete: "done", postpone: "later", skip: "skipped" } as const;
  for (const { action, value } of plan ? worryingButtons(step, plan) : []) {
    const said = answers.values.find((one) => one.value === value)?.count ?? 0;
    // Another button may store the same value: no more can be worrying than were answered so.
    const count = Math.min(said, replies[places[action]]);
    replies[places[action]] -= count;
    replies.worrying += count;
  }
  return replies;
}

/** Done / settled; what worries is settled and not done. Null where nothing is settled. */
export function adherenceOf({ done, worrying, skipped, missed }: Replies): number | null {
  const settled = done + worrying + skipped + missed;
  return settled > 0 ? done / settled : null;
}

const ROUND_MS = [
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  2 * DAY_MS,
  7 * DAY_MS,
];

/** Where an axis of time up to `longest` has its marks: round times, four at most beside 0. */
export function timeTicks(longest: number): number[] {
  const length = ROUND_MS.find((round) => longest <= 4 * round) ?? Math.ceil(longest / 4 / DAY_MS) * DAY_MS;
  const count = Math.max(1, Math.ceil(longest / length));
  return Array.from({ length: count + 1 }, (_, n) => n * length);
}

/** How many of a month's messages are used, and how long the rest lasts at the pace so far. */
export type Quota = {
  used: number;
  limit: number;
  /** How many will be used by the end of the month at this pace, those used already included. */
  expected: number;
  /** The day the last message goes, where that is before the month ends. */
  runsOut: string | null;
};

/** `day` is the clinic's day, YYYY-MM-DD; LINE counts each month anew. */
export function quotaOf(used: number, limit: number, day: string): Quota {
  const [year = 0, month = 0, date = 1] = day.split("-").map(Number);
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const pace = used / date;
  const last = pace > 0 ? Math.ceil(limit / pace) : Number.POSITIVE_INFINITY;
  const runsOut =
    used >= limit ? day : last <= length ? `${day.slice(0, 8)}${two(Math.max(last, date))}` : null;
  return { used, limit, expected: Math.round(pace * length), runsOut };
}
