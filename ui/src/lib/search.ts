// What may stand in the address of a screen: filters, tab and search text, as text. What is not
// known is left out, so that an old or mistyped address still opens its screen.

import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";
import { isDay } from "./days";

type Field<T> = (raw: string) => T | undefined;
type Searched<F> = { [K in keyof F]?: F[K] extends Field<infer T> ? T : never };

/** One of a few words. */
export const oneOf =
  <const W extends string>(...words: W[]): Field<W> =>
  (raw) =>
    words.find((word) => word === raw);

/** Any text but none. */
export const text: Field<string> = (raw) => raw || undefined;

/** A day that exists, YYYY-MM-DD. */
export const day: Field<string> = (raw) => (isDay(raw) ? raw : undefined);

/** Reads the fields of a screen's address. */
export function searchOf<F extends Record<string, Field<string>>>(fields: F) {
  return (raw: Record<string, unknown>): Searched<F> => {
    // The router hands over `7` as a number.
    const read = Object.entries(fields).map(([name, field]) => [name, field(String(raw[name] ?? ""))]);
    return Object.fromEntries(read.filter(([, value]) => value !== undefined));
  };
}

/** What is typed shows at once and is sent a moment later; what changes elsewhere shows, too. */
export function useTyped(value: string, send: (text: string) => void) {
  const [typed, setTyped] = useState(value);
  const sent = useRef(value);
  useEffect(() => {
    if (value !== sent.current) setTyped(value);
    sent.current = value;
  }, [value]);
  const later = useDebouncedCallback((text: string) => {
    sent.current = text;
    send(text);
  }, 200);
  const type = (text: string) => {
    setTyped(text);
    later(text.trim());
  };
  return [typed, type] as const;
}
