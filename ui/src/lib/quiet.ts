// Quiet hours for a time of day without a date, said before anything is sent. The core decides about
// instants (`domain/clinic.rs`); both are tested by the same cases (`tests/fixtures/rules/quiet.json`).

import type { QuietHours } from "../bindings";

type Times = Pick<QuietHours, "start" | "end">;

/** Whether a time of day, `21:30`, lies in hours that may run over midnight. */
export const liesIn = (time: string, { start, end }: Times): boolean =>
  start <= end ? start <= time && time < end : time >= start || time < end;

/** Whether what is due then waits for their end. */
export const waitsIn = (time: string, quiet: QuietHours): boolean => !quiet.silently && liesIn(time, quiet);

/** `20:30` in hours. */
function hoursIn(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours + minutes / 60;
}

/** A part of a day, in hours. */
export type Piece = { from: number; to: number };

/** The quiet hours in pieces of one day; those over midnight are two, those of no length none. */
export function quietPieces(quiet: Times | null | undefined): Piece[] {
  if (!quiet) return [];
  const [from, to] = [hoursIn(quiet.start), hoursIn(quiet.end)];
  const pieces =
    from <= to
      ? [{ from, to }]
      : [
          { from: 0, to },
          { from, to: 24 },
        ];
  return pieces.filter((one) => one.from < one.to);
}

/** Whether all of a part of a day is quiet. */
export const isQuiet = ({ from, to }: Piece, quiet: Piece[]): boolean =>
  quiet.some((piece) => piece.from <= from && to <= piece.to);

/** Whether some of it is. */
export const isPartlyQuiet = ({ from, to }: Piece, quiet: Piece[]): boolean =>
  quiet.some((piece) => piece.from < to && from < piece.to);
