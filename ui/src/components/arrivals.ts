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
 * How many of `rows` (their keys, the latest first) wait to be shown, and whether somebody reads
 * below `mark`: then nothing above it may change.
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

/** The value; while it is held, the last one from before. */
export function useHeld<T>(value: T, isHeld: boolean): T {
  const last = useRef(value);
  useEffect(() => {
    if (!isHeld) last.current = value;
  });
  return isHeld ? last.current : value;
}

/** How long a row that arrived is highlighted. */
const FRESH_MS = 8_000;

type News<T> = {
  /** The key of a row; it is another one when the row says something new. */
  keyOf: (row: T) => string;
  /** When it came, or said something new. */
  at: (row: T) => string;
};

/**
 * Marks the rows that came since the list was opened as `fresh` for a while, so that they can be
 * highlighted. What comes while somebody reads below `mark` waits until it is asked for.
 */
export function useNews<T extends { id: string }>(
  rows: T[],
  { keyOf, at }: News<T>,
  mark: HTMLElement | null = null,
) {
  const isAway = useIsAbove(mark);
  const [since] = useState(clinicNow);
  // The rows that were shown, the keys they had, and the rows that are still highlighted.
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

/** As one text: effects compare it by value, which they cannot do with a list. */
const listed = (names: string[]) => names.join("\n");
