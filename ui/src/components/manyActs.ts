// What staff do with many messages at once, each act in its words.

import type { MessageAction } from "../bindings";
import type { Label, WordsWith } from "../i18n";
import type { Batch } from "../lib/batch";
import type { Meant } from "../lib/looked";
import type { Operation } from "../lib/roles";

/** What failed is let go rather than cancelled; `now` is a time that is over. */
export type ManyAct = "retry" | "move" | "now" | "hold" | "release" | "cancel" | "letGo";

type Words = {
  /** What the core calls it. */
  action: MessageAction;
  ask: Operation;
  kind: Batch["kind"];
  title: Label;
  can: WordsWith<"n">;
  go: WordsWith<"n">;
};

export const MANY: Record<ManyAct, Words> = {
  retry: {
    action: "retry",
    ask: "retry_message",
    kind: "retry",
    title: "Retry messages",
    can: "{n, plural, one {# message can be retried.} other {# messages can be retried.}}",
    go: "Retry these {n}",
  },
  move: {
    action: "move",
    ask: "move_message",
    kind: "moveMessages",
    title: "Another time",
    can: "{n, plural, one {# message can get another time.} other {# messages can get another time.}}",
    go: "Move these {n}",
  },
  now: {
    action: "move",
    ask: "move_message",
    kind: "sendNow",
    title: "Send messages now",
    can: "{n, plural, one {# message can be sent now.} other {# messages can be sent now.}}",
    go: "Send these {n} now",
  },
  hold: {
    action: "hold",
    ask: "hold_message",
    kind: "holdMessages",
    title: "Hold messages",
    can: "{n, plural, one {# message can be held back.} other {# messages can be held back.}}",
    go: "Hold these {n}",
  },
  release: {
    action: "release",
    ask: "release_message",
    kind: "releaseMessages",
    title: "Release messages",
    can: "{n, plural, one {# message can be released.} other {# messages can be released.}}",
    go: "Release these {n}",
  },
  cancel: {
    action: "cancel",
    ask: "cancel_message",
    kind: "cancelMessages",
    title: "Cancel messages",
    can: "{n, plural, one {# message will not be sent.} other {# messages will not be sent.}}",
    go: "Cancel these {n}",
  },
  letGo: {
    action: "cancel",
    ask: "cancel_message",
    kind: "letGo",
    title: "Let messages go",
    can: "{n, plural, one {# message will not be sent.} other {# messages will not be sent.}}",
    go: "Let these {n} go",
  },
};

/** What is about to be done, to which, and when it was asked for. */
export type Asked = { act: ManyAct; meant: Meant; askedAt: number };
