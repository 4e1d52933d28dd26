// People who need a person.

import type { NoteKind, StrangerAction, WhatHappened, WorkAction, WorkItem, WorkReason } from "../bindings";
import type { Label } from "../i18n";
import { CAUSES } from "./messages";
import type { Shown } from "./tables";

export const WORK_REASONS: Record<WorkReason, Shown> = {
  worrying: { label: "Worrying answer", color: "red" },
  postponed: { label: "Postponed too often", color: "orange" },
  missed: { label: "No answer in time", color: "orange" },
  blocked: { label: "Blocked the clinic", color: "red" },
  unlinked: { label: "LINE does not know them", color: "red" },
  failed: { label: "Message failed", color: "red" },
  expired: { label: "Not sent in time", color: "orange" },
  wrote: { label: "Wrote a message", color: "blue" },
  alarming: { label: "Words that alarm", color: "red" },
  feels_worse: { label: "Feels worse", color: "red" },
  pressed: { label: "Pressed a button", color: "blue" },
  relink: { label: "Wants to be linked", color: "blue" },
};

const WHAT_HAPPENED: Record<WhatHappened, Label> = {
  worrying: "gave an answer that worries",
  postponed: "postponed more often than the plan allows",
  missed: "did not answer in time",
  blocked: "blocked the clinic's LINE account; nothing arrives",
  notLinked: "is not linked to LINE; steps wait and grow too old",
  unknownToLine: "LINE does not know this patient's id; link the patient again",
  failed: "a message failed for good",
  expired: "a message grew too old before it could be sent",
  wrote: "wrote a message",
  alarming: "wrote words that alarm",
  feelsWorse: "pressed that they feel worse",
  pressed: "pressed a button that calls staff",
  relink: "used the code of this patient from a LINE account; a link exists already",
};

export const WORK_ACTIONS: Record<WorkAction, Label> = {
  link: "Link",
  refuse_link: "Do not link",
  resolve: "Settle",
  send_again: "Send once more",
  note: "Note a call",
  snooze: "Later",
  take: "I take it",
  let_go: "Let go",
  reopen: "Reopen",
};

export const STRANGER_ACTIONS: Record<StrangerAction, Label> = {
  link: "Link to a patient",
  resolve: "Settle",
  reopen: "Reopen",
};

/** A failed message is named by its cause, which says more than that it failed. */
export const whatHappened = ({ whatCode, cause }: WorkItem): Label =>
  whatCode === "failed" && cause ? CAUSES[cause].label : WHAT_HAPPENED[whatCode];

export const NOTE_KINDS: Record<NoteKind, Label> = { call: "Called", note: "Note" };
