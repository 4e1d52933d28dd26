// What is done to several at once: while it runs, and when it is over.

import type { WordsWith } from "../i18n";

export type BatchKind =
  | "settle"
  | "bringBack"
  | "take"
  | "giveBack"
  | "snooze"
  | "retry"
  | "letGo"
  | "moveMessages"
  | "moveMessagesBack"
  | "sendNow"
  | "holdMessages"
  | "releaseMessages"
  | "cancelMessages"
  | "startFollowUp"
  | "pause"
  | "resume"
  | "cancelFollowUp"
  | "message"
  | "label"
  | "unlabel"
  | "slips";

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
  moveMessages: {
    doing: "Moving messages: {done} of {all}",
    done: "{n, plural, one {# message has} other {# messages have}} another time now.",
  },
  moveMessagesBack: {
    doing: "Moving messages back: {done} of {all}",
    done: "{n, plural, one {# message has} other {# messages have}} the old time again.",
  },
  sendNow: {
    doing: "Sending now: {done} of {all}",
    done: "{n, plural, one {# message goes out as soon as it may.} other {# messages go out as soon as they may.}}",
  },
  holdMessages: {
    doing: "Holding back: {done} of {all}",
    done: "{n, plural, one {# message is held back.} other {# messages are held back.}}",
  },
  releaseMessages: {
    doing: "Releasing: {done} of {all}",
    done: "{n, plural, one {# message is released.} other {# messages are released.}}",
  },
  cancelMessages: {
    doing: "Cancelling messages: {done} of {all}",
    done: "{n, plural, one {# message will not be sent.} other {# messages will not be sent.}}",
  },
  startFollowUp: {
    doing: "Starting follow-ups: {done} of {all}",
    done: "{n, plural, one {# follow-up runs.} other {# follow-ups run.}}",
  },
  pause: {
    doing: "Pausing: {done} of {all}",
    done: "{n, plural, one {# follow-up is} other {# follow-ups are}} paused.",
  },
  resume: {
    doing: "Resuming: {done} of {all}",
    done: "{n, plural, one {# follow-up runs.} other {# follow-ups run.}}",
  },
  cancelFollowUp: {
    doing: "Cancelling follow-ups: {done} of {all}",
    done: "{n, plural, one {# follow-up is} other {# follow-ups are}} cancelled.",
  },
  message: {
    doing: "Writing to patients: {done} of {all}",
    done: "{n, plural, one {# message goes out as soon as it may.} other {# messages go out as soon as they may.}}",
  },
  label: {
    doing: "Labelling: {done} of {all}",
    done: "{n, plural, one {# patient has} other {# patients have}} the label now.",
  },
  unlabel: {
    doing: "Taking the label off: {done} of {all}",
    done: "{n, plural, one {# patient has} other {# patients have}} the label no more.",
  },
  slips: {
    doing: "Making slips: {done} of {all}",
    done: "{n, plural, one {# slip is} other {# slips are}} ready to be printed.",
  },
};
