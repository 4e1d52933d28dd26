// Quiet hours for a time of day without a date, said before anything is sent. The core decides of
// instants (`domain/clinic.rs`); the tests of both have the same cases.

import type { QuietHours } from "../bindings";

/** Whether a time of day, `21:30`, lies in hours that may run over midnight. */
export const liesIn = (time: string, { start, end }: Pick<QuietHours, "start" | "end">): boolean =>
  start <= end ? start <= time && time < end : time >= start || time < end;

/** Whether what is due then waits for their end. */
export const waitsIn = (time: string, quiet: QuietHours): boolean => !quiet.silently && liesIn(time, quiet);
