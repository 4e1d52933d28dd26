// What steps would send, and when: the core is asked while they are written. It alone knows the
// patient's zone, and which times lie in the quiet hours.

import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData } from "@tanstack/react-query";
import type { PreviewedTime, PreviewSteps } from "../../bindings";
import { clockTime } from "../../lib/format";
import { MINUTE_MS } from "../../lib/units";
import { usePreviewProtocol } from "../../queries";

/** Whoever types has come to a stop. */
const PAUSE_MS = 400;
/** For a start "now" the answer is out of date after a minute. */
const AGE_MS = MINUTE_MS;

const NOTHING: PreviewSteps = { triggers: [] };

/**
 * What goes out; nothing is asked where `null` is given. The last answer stays until the next one is
 * there, and is then said to be old.
 */
export function useWhatGoesOut(input: PreviewSteps | null) {
  // Compared as text: the object itself is a new one each time something is drawn.
  const wished = JSON.stringify(input);
  const [asked] = useDebouncedValue(wished, PAUSE_MS);
  const question: PreviewSteps | null = JSON.parse(asked);
  const found = usePreviewProtocol(question ?? NOTHING, {
    enabled: input !== null && question !== null,
    placeholderData: keepPreviousData,
    refetchInterval: AGE_MS,
  });
  return {
    preview: input === null ? undefined : found.data,
    isOld: wished !== asked || found.isPlaceholderData,
    error: input === null ? null : found.error,
  };
}

/** What comes with a time that lies in the quiet hours; none with any other. */
export function quietAt({ dueAt, goesAt, silently }: PreviewedTime, timeZone: string) {
  const time = clockTime(dueAt, "en", timeZone);
  if (goesAt !== dueAt) return { time, end: clockTime(goesAt, "en", timeZone) };
  return silently ? { time, end: null } : null;
}
