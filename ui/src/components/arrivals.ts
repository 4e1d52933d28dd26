// What arrives while somebody reads further below waits until they ask for it: nothing jumps.

import { useEffect, useRef, useState } from "react";

/** Whether a mark lies above what is in sight. */
function useIsAbove(mark: HTMLElement | null): boolean {
  const [isAbove, setAbove] = useState(false);
  useEffect(() => {
    if (!mark) return;
    const seen = new IntersectionObserver((entries) => {
      const last = entries.at(-1);
      if (last) setAbove(!last.isIntersecting && last.boundingClientRect.top < 0);
    });
    seen.observe(mark);
    return () => seen.disconnect();
  }, [mark]);
  return isAbove;
}

/**
 * Of rows from the latest on, by what each is known by, how many wait; and whether somebody reads
 * below `mark`, above which nothing is to change then.
 */
export function useArrivals(rows: string[], mark: HTMLElement | null) {
  const isAway = useIsAbove(mark);
  const latest = rows[0];
  const [seen, setSeen] = useState(latest);
  useEffect(() => {
    if (!isAway) setSeen(latest);
  }, [isAway, latest]);
  const waiting = isAway && seen !== undefined ? Math.max(rows.indexOf(seen), 0) : 0;
  return { isAway, waiting, show: () => setSeen(latest) };
}

/** The value as it was last, while it is held. */
export function useHeld<T>(value: T, isHeld: boolean): T {
  const last = useRef(value);
  useEffect(() => {
    if (!isHeld) last.current = value;
  });
  return isHeld ? last.current : value;
}
