// Where on a narrow screen notices stand. Pure.

/** The upper and lower edge of something, in pixels from the top of what is in sight. */
export type Box = { top: number; bottom: number };

export type Sight = {
  /** How high the notices are. */
  height: number;
  /** Where the header ends. */
  top: number;
  /** Where what is in sight ends. */
  bottom: number;
  /** What stays in sight and is not to be covered: save bars, selection bars. */
  bars: Box[];
  /** What has the focus. */
  focused: Box | null;
  /** What belongs to it: the box with its buttons. */
  around: Box | null;
};

const overlap = (a: Box, b: Box | null) =>
  b ? Math.max(Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top), 0) : 0;

/** How near to an edge a bar holds on to it. */
const NEAR = 24;

/** At the foot, or at the head where the foot would cover more; `at` is the edge they begin from. */
export function placeOf({ height, top, bottom, bars, focused, around }: Sight): {
  side: "foot" | "head";
  at: number;
} {
  const low = bars.filter((bar) => bar.bottom > bottom - NEAR && bar.top < bottom);
  const high = bars.filter((bar) => bar.top < top + NEAR && bar.bottom > top);
  const foot = Math.min(bottom, ...low.map((bar) => bar.top));
  const head = Math.max(top, ...high.map((bar) => bar.bottom));
  /** The focus weighs most, then bars, then what stands around the focus. */
  const covered = (box: Box) =>
    100 * overlap(box, focused) +
    10 * bars.reduce((sum, bar) => sum + overlap(box, bar), 0) +
    overlap(box, around);
  const isFootFree =
    covered({ top: foot - height, bottom: foot }) <= covered({ top: head, bottom: head + height });
  return isFootFree ? { side: "foot", at: foot } : { side: "head", at: head };
}
