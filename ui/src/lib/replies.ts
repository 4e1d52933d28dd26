// What became of a question, by what its own buttons mean.

import type { Feedback, Message, MessageAnswer } from "../bindings";
import type { Reply } from "../labels";

/** Whether staff are called at once for a press. Of a picker the value is what was chosen. */
export const worries = (feedback: Feedback | null, { value, label, picked }: MessageAnswer): boolean =>
  feedback?.buttons.some(
    (button) => button.worrying === true && (picked ? button.label === label : button.value === value),
  ) ?? false;

const BY_ACTION = { complete: "well", postpone: "later", skip: "skipped" } as const;

/** What became of a message's question; null where it asks nothing, or has not been asked yet. */
export function replyOf({ feedback, state, answers, outcome }: Message): Reply | null {
  if (!feedback) return null;
  if (state === "failed" || state === "review") return "failed";
  if (state !== "sent") return null;
  // Staff are called for any press that worries, whichever came first.
  if (answers.some((answer) => worries(feedback, answer))) return "worrying";
  const answer = answers.find(({ counted }) => counted);
  if (answer) return BY_ACTION[answer.action];
  return outcome === "missed" ? "missed" : "open";
}
