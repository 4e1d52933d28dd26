// What became of a question, by what the core says of its presses.

import type { Message } from "../bindings";
import type { Reply } from "../labels";
import { ATTENTION } from "./states";

const BY_ACTION = { complete: "well", postpone: "later", skip: "skipped" } as const;

/** What became of a message's question; null where it asks nothing, or has not been asked yet. */
export function replyOf({ feedback, state, answers, outcome }: Message): Reply | null {
  if (!feedback) return null;
  if (ATTENTION.has(state)) return "failed";
  if (state !== "sent") return null;
  // Staff are called for any press that worries, whichever came first.
  if (answers.some(({ worrying }) => worrying)) return "worrying";
  const answer = answers.find(({ counted }) => counted);
  if (answer) return BY_ACTION[answer.action];
  return outcome === "missed" ? "missed" : "open";
}
