// Quiet hours on the clock: minutes since midnight, and what becomes of a step that is due then.
// What the core does is in domain/clinic.rs; this only says it for times of day without a date.

import { liesIn } from "../../lib/quiet";

export const DAY = 24 * 60;

/** The minute of the day of `20:00`; null where it is no time. */
export function minutesOf(clock: string): number | null {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(clock) ?? [];
  return hours && minutes ? Number(hours) * 60 + Number(minutes) : null;
}

/** A minute before or after midnight, too, as a clock shows it: `20:00`. */
export function clockOf(minute: number): string {
  const at = ((Math.round(minute) % DAY) + DAY) % DAY;
  return `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
}

/** How long it is quiet, in minutes; the same start and end are no quiet at all. */
export const quietLength = (start: number, end: number): number => (end - start + DAY) % DAY;

/** What becomes of a step that is due at `due`. */
export type Example = { due: string } & (
  | { outcome: "onTime" }
  | { outcome: "silent" }
  | { outcome: "waits"; until: string; nextDay: boolean }
);

function exampleAt(minute: number, start: number, end: number, silently: boolean): Example {
  const at = ((minute % DAY) + DAY) % DAY;
  const due = clockOf(at);
  if (!liesIn(due, { start: clockOf(start), end: clockOf(end) })) return { due, outcome: "onTime" };
  if (silently) return { due, outcome: "silent" };
  return { due, outcome: "waits", until: clockOf(end), nextDay: at >= end };
}

/** Three of them: soon after the quiet begins, shortly before it ends, and in the open day. */
export function examplesOf(start: number, end: number, silently: boolean): Example[] {
  const quiet = quietLength(start, end);
  const open = DAY - quiet;
  const after = start + Math.min(90, Math.floor(quiet / 3));
  const before = end - Math.min(30, Math.ceil(quiet / 3));
  // A whole hour where there is one: it is only an example.
  const middle = end + Math.floor(open / 2);
  const day = open >= 120 ? Math.floor(middle / 60) * 60 : middle;
  const minutes = quiet === 0 ? [9 * 60, 14 * 60, 21 * 60] : [after, before, day];
  return minutes.map((minute) => exampleAt(minute, start, end, silently));
}
