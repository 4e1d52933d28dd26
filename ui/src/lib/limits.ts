// The core's limits (`LIMITS` of the bindings) as inputs take them.

import { LIMITS } from "../bindings";

/**
 * The furthest ahead anything is put, milliseconds. The core has one such rule for messages,
 * delays and starts, and says it of a delay; a start lies no further back, either.
 */
export const MAX_AHEAD_MS = LIMITS.Schedule.delay.delayMs.maximum;

export const rangeOf = ({ minimum, maximum }: { minimum: number; maximum: number }) => ({
  min: minimum,
  max: maximum,
});

const byCharacter = new Intl.Segmenter();

/** The characters of a text as people count them: a vowel above a letter is none of its own. */
export const graphemes = (text: string) => [...byCharacter.segment(text)].length;
