// What is done to several at once: while it runs, and when it is over.

import type { WordsWith } from "../i18n";

export type BatchKind = "settle" | "bringBack" | "take" | "giveBack" | "snooze" | "retry" | "letGo";

type Told = { doing: WordsWith<"done" | "all">; done: WordsWith<"n"> };

export const BATCHES: Record<BatchKind, Told> = {
  settle: {
    doing: "Settling: {done} of {all}",
    done: "{n, plural, one {# entry settled.} other {# entries settled.}}",
  },
  bringBack: {
    doing: "Bringing back: {done} of {all}",
    done: "{n, plural, one {# entry is back.} other {# entries are back.}}",
  },
  take: {
    doing: "Taking: {done} of {all}",
    done: "{n, plural, one {You look after # entry.} other {You look after # entries.}}",
  },
  giveBack: {
    doing: "Letting go: {done} of {all}",
    done: "{n, plural, one {# entry let go.} other {# entries let go.}}",
  },
  snooze: {
    doing: "Putting off: {done} of {all}",
    done: "{n, plural, one {# entry put off.} other {# entries put off.}}",
  },
  retry: {
    doing: "Retrying: {done} of {all}",
    done: "{n, plural, one {# message is on its} other {# messages are on their}} way again.",
  },
  letGo: {
    doing: "Letting go of messages: {done} of {all}",
    done: "{n, plural, one {# message will not be sent.} other {# messages will not be sent.}}",
  },
};
