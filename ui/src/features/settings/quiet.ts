// Quiet hours on the clock: minutes since midnight, and what becomes of a step that is due then.
// What the core does is in domain/clinic.rs; this only says it for times of day without a date.

import type { QuietHours } from "../../bindings";
import type { Translate } from "../../i18n";
import { clockFace } from "../../lib/format";
import { liesIn } from "../../lib/quiet";

export const DAY = 24 * 60;

/** What a form holds of quiet hours. */
export type QuietDraft = { quiet: boolean; start: string; end: string; silently: boolean };

/** What a clinic that has none is proposed. */
const PROPOSED: QuietHours = { start: "20:00", end: "08:00" };

export function quietDraftOf(hours: QuietHours | null): QuietDraft {
  const { start, end, silently } = hours ?? PROPOSED;
  return { quiet: hours !== null, start, end, silently: silently ?? false };
}

export const quietHoursOf = ({ quiet, start, end, silently }: QuietDraft): QuietHours | null =>
  quiet ? { start, end, silently } : null;

/** What can be said of them before the core is asked. */
export const wrongHours = ({ quiet, start, end }: QuietDraft, t: Translate): Record<string, string> =>
  quiet
    ? {
        ...(start === "" && { start: t("Write a time.") }),
        ...(end === "" && { end: t("Write a time.") }),
        ...(start !== "" && start === end && { end: t("It begins and ends at the same time.") }),
      }
    : {};

/** The minute of the day of `20:00`; null where it is no time. */
export function minutesOf(clock: string): number | null {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(clock) ?? [];
  return hours && minutes ? Number(hours) * 60 + Number(minutes) : null;
}

/** A minute before or after midnight, too, as a clock shows it: `20:00`. */
export function clockOf(minute: number): string {
  const at = ((Math.round(minute) % DAY) + DAY) % DAY;
  return clockFace(Math.floor(at / 60), at % 60);
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
