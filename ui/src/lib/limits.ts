// The core's limits (`LIMITS` of the bindings) as inputs take them.

import { LIMITS } from "../bindings";

/**
 * The furthest ahead anything is put, milliseconds. The core has one such rule for messages,
 * delays and starts, and says it of a delay; a start lies no further back, either.
 */
export const MAX_AHEAD_MS = LIMITS.Schedule.delay.delayMs.maximum;

/**
 * Hours after which LINE may no longer know a message again, so that it could come twice. The core
 * derives it from how long a message may stay fresh.
 */
export const KEY_LIFE_HOURS = LIMITS.StepInput.freshnessHours.maximum;

// What the core has and its limits do not say yet, each beside the file that decides it.

/** `domain/feedback.rs`: of a question that does not say it itself. */
export const DEFAULT_POSTPONE_MINUTES = 30;
export const DEFAULT_POSTPONES = 3;
export const DEFAULT_WINDOW_HOURS = 24;

/** `ops/messages/look.rs`: messages that can be chosen one by one for one look. */
export const MAX_CHOSEN = 1_000;

/** `ops/imports/input.rs`: a file of patients, in megabytes of 1,048,576 bytes. */
export const MAX_IMPORT_MEGABYTES = 5;

/** `domain/upload.rs`. */
export const MAX_VIDEO_BYTES = 200_000_000;

export const rangeOf = ({ minimum, maximum }: { minimum: number; maximum: number }) => ({
  min: minimum,
  max: maximum,
});

const byCharacter = new Intl.Segmenter();

/** The characters of a text as people count them: a vowel above a letter is none of its own. */
export const graphemes = (text: string) => [...byCharacter.segment(text)].length;
