import { SECOND_MS } from "./units";

// The time now, as the program has it: what happened has its time, and a browser's clock may be
// minutes off. What is asked answers with its second (the header Date), between which bounds the
// difference of the clocks lies.

/** By how much the program's clock is ahead of the one here. */
let aheadMs = 0;

/** Now, in milliseconds since 1970. */
export const clinicNow = (): number => Date.now() + aheadMs;

/** The instant so long from now, as the core takes it. */
export const clinicIn = (ms: number): string => new Date(clinicNow() + ms).toISOString();

/** An answer came at `received` to what was asked at `sent`, and says when it was written. */
export function heardTime(date: string | null, sent: number, received: number): void {
  const second = Date.parse(date ?? "");
  if (Number.isNaN(second)) return;
  // The header has whole seconds, cut off.
  aheadMs = Math.min(Math.max(aheadMs, second - received), second + SECOND_MS - sent);
}
