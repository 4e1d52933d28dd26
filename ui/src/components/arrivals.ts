// What arrives while somebody reads further below waits until they ask for it: nothing jumps.

import { useEffect, useRef, useState } from "react";
import { clinicNow } from "../lib/clock";

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

/** How long what arrived is told from the others. */
const FRESH_MS = 8_000;

type News<T> = {
  /** What a row is known by; another one where it says something new. */
  keyOf: (row: T) => string;
  /** When it came, or said something new. */
  at: (row: T) => string;
};

/**
 * Those of a list that came since it is looked at: `fresh` for a while, so that they can be told
 * from the others. What comes while somebody reads below `mark` waits until it is asked for.
 */
export function useNews<T extends { id: string }>(
  rows: T[],
  { keyOf, at }: News<T>,
  mark: HTMLElement | null = null,
) {
  const isAway = useIsAbove(mark);
  const [since] = useState(clinicNow);
  // Which were shown; what they said then; and which of it is still fresh.
  const [known, setKnown] = useState<ReadonlySet<string>>(() => new Set(rows.map(({ id }) => id)));
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const isNews = (row: T) => Date.parse(at(row)) > since && !seen.has(keyOf(row));
  const waiting = isAway ? rows.filter((row) => isNews(row) && !known.has(row.id)) : [];
  const shown = rows.filter((row) => !waiting.includes(row));
  const come = shown.filter(isNews);
  const unknown = listed(shown.filter(({ id }) => !known.has(id)).map(({ id }) => id));
  const [keys, ids] = [listed(come.map(keyOf)), listed(come.map(({ id }) => id))];
  useEffect(() => {
    if (unknown !== "") setKnown((before) => new Set([...before, ...unknown.split("\n")]));
  }, [unknown]);
  useEffect(() => {
    if (keys === "") return;
    setSeen((before) => new Set([...before, ...keys.split("\n")]));
    setFresh((before) => new Set([...before, ...ids.split("\n")]));
  }, [keys, ids]);
  useEffect(() => {
    if (fresh.size === 0) return;
    const timer = setTimeout(() => setFresh(new Set()), FRESH_MS);
    return () => clearTimeout(timer);
  }, [fresh]);
  const show = () => setKnown((before) => new Set([...before, ...waiting.map(({ id }) => id)]));
  return { shown, waiting: waiting.length, fresh, show };
}

/** As a text, so that the same names are the same. */
const listed = (names: string[]) => names.join("\n");
