// Care plans and follow-ups.

import type {
  AssignmentAction,
  AssignmentStatus,
  AtNight,
  FeedbackAction,
  NoOpenings,
  PickerMode,
  ProtocolStatus,
  WhenUnreachable,
} from "../bindings";
import type { Label } from "../i18n";
import type { Shown } from "./tables";

export const ASSIGNMENT_STATUSES: Record<AssignmentStatus, Shown> = {
  active: { label: "Running", color: "teal" },
  assigned: { label: "Not started", color: "gray" },
  paused: { label: "Paused", color: "orange" },
  completed: { label: "Completed", color: "blue" },
  cancelled: { label: "Cancelled", color: "gray" },
};

/** `ends`: nothing more is planned after it, and it cannot be undone. */
export const ASSIGNMENT_ACTIONS: Record<AssignmentAction, { label: Label; ends: boolean }> = {
  start: { label: "Start", ends: false },
  pause: { label: "Pause", ends: false },
  resume: { label: "Resume", ends: false },
  complete: { label: "Complete", ends: true },
  cancel: { label: "Cancel follow-up", ends: true },
};

export type StartWay = "now" | "day";

/** When a follow-up starts. */
export const START_WAYS: Record<StartWay, Label> = {
  now: "Starts now",
  day: "Starts on a day",
};

/** What may be done with a step before its message exists. */
export const STEP_ACTIONS: Record<"skip" | "sendNow" | "move" | "hold", Label> = {
  skip: "Skip",
  sendNow: "Send now",
  move: "Another time…",
  hold: "Hold",
};

/** What a care plan can begin from; the words of each are in `features/plans/examples/`. */
export const EXAMPLES = [
  "surgery",
  "medication",
  "vaccination",
  "dental",
  "diabetes",
  "physiotherapy",
] as const;
export type Example = (typeof EXAMPLES)[number];

export const PROTOCOL_STATUSES: Record<ProtocolStatus, Shown> = {
  draft: { label: "Draft", color: "gray" },
  active: { label: "Active", color: "teal" },
  archived: { label: "Archived", color: "gray" },
};

export const FEEDBACK_ACTIONS: Record<FeedbackAction, Label> = {
  complete: "Done",
  postpone: "Ask later",
  skip: "Skip",
};

/** What became of a question. */
export type Reply = "well" | "worrying" | "later" | "skipped" | "missed" | "failed" | "open";

export const REPLIES: Record<Reply, Label> = {
  well: "Done",
  worrying: "Worrying answer",
  later: "Later",
  skipped: "Left out",
  missed: "No answer in time",
  failed: "Failed",
  open: "Still open",
};

/** What a button of a question lets the patient choose. */
export const PICKER_MODES: Record<PickerMode, Label> = {
  date: "a day",
  time: "a time of day",
  datetime: "a day and a time",
};

export const WHEN_UNREACHABLE: Record<WhenUnreachable, Label> = {
  hold: "Steps wait",
  drop: "Steps are left out",
};

/** What quiet hours make of a step's message. */
export const AT_NIGHT: Record<AtNight, Label> = {
  wait: "It waits for their end",
  silently: "It goes out without a sound",
  send: "It goes out as at any hour",
};

/** Why there is no number of people who opened messages. */
export const NO_OPENINGS: Record<NoOpenings, Label> = {
  tooFewPatients: "not counted: the care plan runs for fewer than 20 patients",
  tooManyPlans: "not counted: LINE counts 1,000 care plans a month",
  notYet: "not yet: LINE has the numbers of a day on the next",
  fewerThanTwenty: "no number: LINE knows of fewer than 20 people who opened one",
  notAnswered: "no number: LINE gave no answer",
  practice: "no number: the practice LINE counts nobody",
};
