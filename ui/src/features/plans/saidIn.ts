import type { Feedback, QuickReply, Step } from "../../bindings";
import type { Sent, Shown } from "./steps";

/** What a step says to those who are written to in a language. */
export function saidIn(
  step: Step,
  language: Shown,
): Sent & { quickReplies: QuickReply[]; feedback: Feedback | null } {
  const own = { ...step, feedback: step.requiresFeedback ? step.feedback : null };
  const translation = language === "all" ? undefined : step.translations[language];
  if (!translation) return own;
  const { messageType, content, furtherMessages = [], quickReplies = [], feedback: words } = translation;
  const buttons = words?.buttons.flatMap(({ value, label }) =>
    (own.feedback?.buttons ?? []).filter((b) => b.value === value).map((b) => ({ ...b, label })),
  );
  const feedback =
    own.feedback && words && buttons ? { ...own.feedback, question: words.question, buttons } : own.feedback;
  return { messageType, content, furtherMessages, quickReplies, feedback };
}
