// Wall clocks of a zone and instants.

import { dateFormat } from "./intl";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "./units";

/**
 * The zones to choose among. `chosen` is one of them: browsers leave out UTC, and call some zones by names
 * other than the core's (`Asia/Calcutta` for `Asia/Kolkata`), which would leave the field empty.
 */
export function zonesWith(chosen: string | null | undefined): string[] {
  const zones = [...Intl.supportedValuesOf("timeZone"), "UTC"];
  return [...new Set(chosen ? [...zones, chosen] : zones)];
}

/** How far a zone is ahead of UTC at an instant; milliseconds. */
function aheadOf(timeZone: string, at: number): number {
  const parts = dateFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(new Date(at));
  const part = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((one) => one.type === type)?.value ?? 0);
  const wall = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return wall - Math.floor(at / SECOND_MS) * SECOND_MS;
}

/**
 * The instant at which a clock on a wall of the zone shows `2026-12-01T09:00`; null where that is no
 * time. Of a time that exists twice the first; of one that does not exist the first after it, as the
 * core has it.
 */
export function instantOf(wall: string, timeZone: string): string | null {
  const asUtc = Date.parse(`${wall}Z`);
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(wall) || Number.isNaN(asUtc)) return null;
  // The zone's two offsets around it: they differ only where the clock is changed.
  const offsets = [aheadOf(timeZone, asUtc - DAY_MS), aheadOf(timeZone, asUtc + DAY_MS)];
  const shown = offsets.map((offset) => asUtc - offset).filter((at) => at + aheadOf(timeZone, at) === asUtc);
  const at = shown.length > 0 ? Math.min(...shown) : endOfGap(asUtc, Math.max(...offsets), timeZone);
  return new Date(at).toISOString();
}

/** When the clock was put forward over a time that does not exist, so that it is `ahead` from then on. */
function endOfGap(asUtc: number, ahead: number, timeZone: string): number {
  let before = asUtc - ahead;
  let after = before + DAY_MS;
  while (after - before > MINUTE_MS) {
    const middle = before + Math.floor((after - before) / 2 / MINUTE_MS) * MINUTE_MS;
    if (aheadOf(timeZone, middle) < ahead) before = middle;
    else after = middle;
  }
  return after;
}

/** What a clock on a wall of the zone shows: `2026-12-01T09:00`. */
export function wallOf(at: number, timeZone: string): string {
  return new Date(at + aheadOf(timeZone, at)).toISOString().slice(0, 16);
}
