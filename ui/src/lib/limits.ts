// The core's limits (`LIMITS` of the bindings) as inputs take them.

import { FILE_LIMITS, LIMITS } from "../bindings";

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

/** What holds for a question that does not set its own. */
export const DEFAULT_POSTPONE_MINUTES = LIMITS.Feedback.postponeMinutes.default;
export const DEFAULT_POSTPONES = LIMITS.Feedback.maxPostpones.default;
export const DEFAULT_WINDOW_HOURS = LIMITS.Feedback.answerWindowHours.default;

/** Rows of a long list that are read at once; the next ones come as one goes on. */
export const PAGE_ROWS = 100;

/** Messages that can be chosen one by one for one look. */
export const MAX_CHOSEN = LIMITS.LookAtMessages.ids.maxItems;

/** A file of patients, in megabytes of 1,048,576 bytes. */
export const MAX_IMPORT_MEGABYTES = FILE_LIMITS.patients / 1_048_576;

export const MAX_VIDEO_BYTES = FILE_LIMITS.video;

export const rangeOf = ({ minimum, maximum }: { minimum: number; maximum: number }) => ({
  min: minimum,
  max: maximum,
});

const byCharacter = new Intl.Segmenter();

/** The characters of a text as people count them: a vowel above a letter is none of its own. */
export const graphemes = (text: string) => [...byCharacter.segment(text)].length;
