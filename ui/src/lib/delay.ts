// A length of time as the core writes it, `1d12h`.

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "./units";

/** In seconds. */
export const UNITS = { s: 1, m: MINUTE_MS / SECOND_MS, h: HOUR_MS / SECOND_MS, d: DAY_MS / SECOND_MS };
export type Unit = keyof typeof UNITS;

/** `1d12h` in seconds; null where it is no length of time. */
export function secondsOf(delay: string): number | null {
  const parts = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(delay);
  if (!parts || delay === "") return null;
  const [, d, h, m, s] = parts.map((part) => Number(part ?? 0));
  return (d ?? 0) * UNITS.d + (h ?? 0) * UNITS.h + (m ?? 0) * UNITS.m + (s ?? 0);
}

/** Seconds as the core reads them, `1d12h`. */
export function delayOf(seconds: number): string {
  const parts: [Unit, number][] = [
    ["d", Math.floor(seconds / UNITS.d)],
    ["h", Math.floor((seconds % UNITS.d) / UNITS.h)],
    ["m", Math.floor((seconds % UNITS.h) / UNITS.m)],
    ["s", seconds % UNITS.m],
  ];
  return parts.flatMap(([unit, n]) => (n > 0 ? [`${n}${unit}`] : [])).join("");
}

export const isUnit = (text: string): text is Unit => Object.hasOwn(UNITS, text);

/** The largest unit in which a delay is a whole number. */
export function unitOf(delay: string): Unit | null {
  const seconds = secondsOf(delay);
  if (!seconds) return null;
  const order: Unit[] = ["d", "h", "m"];
  return order.find((unit) => seconds % UNITS[unit] === 0) ?? "s";
}
