// What the hours of the week show, made of the 168 the core counted. Pure.

import type { HourOfWeek } from "../../bindings";
import type { HOUR_KINDS } from "../../labels/filters";

export type Kind = (typeof HOUR_KINDS)[number];

export type Sums = Pick<HourOfWeek, "sent" | "failed" | "asked" | "responded" | "missed">;

/** Hours of one day that are shown together. */
export type Block = {
  /** 0 for Sunday to 6 for Saturday, as the reader's week counts. */
  weekday: number;
  /** The first hour, and the one that is not in it any more: 0 to 24. */
  from: number;
  to: number;
  sums: Sums;
};

const NOTHING: Sums = { sent: 0, failed: 0, asked: 0, responded: 0, missed: 0 };

export const sumOfHours = (hours: Sums[]): Sums =>
  hours.reduce(
    (sum, one) => ({
      sent: sum.sent + one.sent,
      failed: sum.failed + one.failed,
      asked: sum.asked + one.asked,
      responded: sum.responded + one.responded,
      missed: sum.missed + one.missed,
    }),
    NOTHING,
  );

/** A row for each day of `week`, of blocks of so many hours. */
export function blocksOf(hours: HourOfWeek[], week: number[], length: number): Block[][] {
  return week.map((weekday) =>
    Array.from({ length: 24 / length }, (_, n) => {
      const [from, to] = [n * length, (n + 1) * length];
      // The core's week begins on Monday, as 1, and ends on Sunday, as 7.
      const inIt = hours.filter((one) => one.weekday % 7 === weekday && from <= one.hour && one.hour < to);
      return { weekday, from, to, sums: sumOfHours(inIt) };
    }),
  );
}

/** What a block is shown by: a number, a share of 0 to 1, or null where there was nothing to count. */
export function shownBy(kind: Kind, { sent, failed, asked, responded }: Sums): number | null {
  if (kind === "answered") return asked > 0 ? responded / asked : null;
  if (sent + failed === 0) return null;
  return kind === "sent" ? sent : failed;
}

/** How dark, from 0 to 5: a share by itself, a number beside the largest of all. */
export function levelOf(kind: Kind, value: number | null, most: number): number {
  if (value === null) return 0;
  if (kind === "answered") return 1 + Math.min(4, Math.floor(value * 5));
  return value === 0 ? 0 : Math.max(1, Math.ceil((value / most) * 5));
}

/** The block with the largest number, the first of several; null where all are 0. */
export function mostOf(kind: "sent" | "failed", blocks: Block[]): Block | null {
  const first = (best: Block | null, one: Block) => (one.sums[kind] > (best?.sums[kind] ?? 0) ? one : best);
  return blocks.reduce(first, null);
}
