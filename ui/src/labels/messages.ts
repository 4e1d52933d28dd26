// Messages: where they stand, what became of them, and why they wait or failed.

import type {
  AlertCode,
  Cause,
  InteractionStatus,
  MessageAction,
  MessageState,
  MessageType,
  ReleasedBy,
  Schedule,
  Sending,
  STATE_GROUPS,
  Stage,
} from "../bindings";
import type { Label } from "../i18n";
import type { Explained, Shown } from "./tables";

export const MESSAGE_STATES: Record<MessageState, Explained> = {
  scheduled: { label: "Waiting", color: "blue", hint: "Its time has not come." },
  queued: { label: "Sending", color: "blue", hint: "It is being sent." },
  retrying: {
    label: "Trying again",
    color: "orange",
    hint: "An attempt failed; the next one has its time.",
  },
  held: {
    label: "Held",
    color: "orange",
    hint: "It waits: quiet hours, a pause, a missing link, LINE, or somebody who holds it back.",
  },
  sent: {
    label: "Accepted by LINE",
    color: "teal",
    hint: "LINE took it. LINE does not tell whether one person got or read it.",
  },
  failed: { label: "Failed", color: "red", hint: "It was not sent." },
  review: {
    label: "Needs a decision",
    color: "red",
    hint: "It was not sent and will not be without you.",
  },
  cancelled: { label: "Cancelled", color: "gray", hint: "It will not be sent." },
};

export const MESSAGE_ACTIONS: Record<MessageAction, Label> = {
  retry: "Retry",
  move: "Another time…",
  hold: "Hold",
  release: "Release",
  cancel: "Cancel",
};

/** For a message that repeats: cancelling it ends all that would follow. */
export const REPEATED_ACTIONS: Record<MessageAction, Label> = {
  ...MESSAGE_ACTIONS,
  cancel: "Stop repeating",
};

/** When a message that is being written goes out. */
export const SEND_TIMES: Record<SendTime, Label> = {
  now: "Now",
  later: "Later",
  repeating: "Again and again",
};

/** How each form of a schedule is offered; a delay is for programs alone. */
type Offered = { immediate: "now"; delay: never; at: "later"; recurring: "repeating" };

export type SendTime = Offered[Schedule["type"]];

/** Where messages are looked for. */
export const STAGES: Record<Stage, Label> = {
  coming: "Coming up",
  held: "Held",
  failed: "Failed",
  sent: "Sent",
  cancelled: "Cancelled",
};

/** What is known of a message after LINE took it; null where that is nothing more. */
export const OUTCOMES: Record<InteractionStatus, Explained | null> = {
  sent: null,
  delivered: {
    label: "Arrived",
    color: "teal",
    hint: "A later sign of life of the patient proves that the chat works.",
  },
  read: {
    label: "Seen",
    color: "teal",
    hint: "The patient quoted this very message, pressed a button in it, or watched its video to the end.",
  },
  responded: { label: "Answered", color: "blue", hint: "The patient pressed a button under it." },
  missed: {
    label: "No answer in time",
    color: "orange",
    hint: "Nothing was answered in the time the plan gives.",
  },
  failed: null,
};

type Why = { label: Label; failed?: Label; held?: Label };
/** What holds messages says what ends the wait. */
type WhyOf<C extends Cause> = C extends (typeof STATE_GROUPS.holding)[number] ? Why & { held: Label } : Why;

/** Why a message failed or waits; what to do where it failed, and where it waits. */
export const CAUSES: { [C in Cause]: WhyOf<C> } = {
  line_unavailable: {
    label: "LINE could not be reached or had trouble",
    failed: "LINE had trouble. It is tried again every 15 minutes; you can retry now.",
    held: "LINE is tried again every half minute; all of it then goes out by itself.",
  },
  outcome_unknown: {
    label: "LINE's answer was lost; the message may have been sent",
    failed: "It may have been sent. A retry is safe: LINE recognises the message.",
  },
  rate_limited: {
    label: "LINE asked to send more slowly",
    failed: "LINE asked to send more slowly. Retry now or wait.",
  },
  patient_rate_limited: {
    label: "too many messages to this patient at once",
    failed: "Too many messages to this patient at once. Retry later.",
    held: "It goes out by itself in its turn.",
  },
  quota_exhausted: {
    label: "the monthly LINE limit is reached",
    failed: "Wait for the next month or raise the LINE plan, then retry.",
    held: "It goes out by itself when the LINE plan is raised or the month ends.",
  },
  token_invalid: {
    label: "the LINE access token is not valid",
    failed: "Enter a new access token in Settings, then retry.",
    held: "Enter a new access token in Settings; all of it then goes out by itself.",
  },
  message_invalid: {
    label: "LINE refuses this message; the step needs mending",
    failed: "Mend the step in its care plan, or write the message anew where it belongs to none.",
  },
  unfilled: {
    label: "a variable of this message has no value, or makes it too long for LINE",
    held: "Enter what is missing (the clinic's telephone in Settings), or cancel it; it then goes out by itself.",
  },
  patient_unknown: {
    label: "LINE does not know this patient's id; link the patient again",
    failed: "Link the patient again: LINE does not know this id.",
  },
  not_allowed: {
    label: "the LINE account is not allowed to send this",
    failed: "Check what the LINE account may do in the LINE console.",
  },
  refused: { label: "LINE refused the request" },
  not_linked: {
    label: "the patient has no LINE account linked",
    failed: "Link the patient's LINE account; what is still fresh then goes out.",
    held: "Link the patient's LINE account; what is still fresh then goes out.",
  },
  blocked: {
    label: "the patient blocked the clinic's LINE account",
    failed: "Call the patient; LINE does not reach them.",
    held: "Call the patient; LINE does not reach them.",
  },
  stale: {
    label: "its time passed before it could be sent",
    failed: "Its time passed. Decide whether it still makes sense.",
  },
  crashed: {
    label: "sending was stopped after it interrupted the program several times",
    failed: "Sending it interrupted the program. Look at the message before you retry.",
  },
  sending_paused: {
    label: "all sending is paused",
    held: "Send again with the button at the top; what is still fresh then goes out.",
  },
  follow_up_paused: {
    label: "its follow-up is paused",
    held: "Resume the follow-up; what is still fresh then goes out.",
  },
  no_consent: {
    label: "the patient has not agreed to get messages",
    held: "Note that the patient agreed; what is still fresh then goes out.",
  },
  patient_archived: {
    label: "the patient is archived",
    held: "Take the patient back into care, or cancel the message.",
  },
  quiet_hours: { label: "quiet hours", held: "It goes out by itself when quiet hours end." },
  patient_pace: {
    label: "the patient got another message just now",
    held: "It goes out by itself in its turn.",
  },
  demo_patient: { label: "demo patients get messages in practice mode only" },
  held_by_staff: {
    label: "somebody holds it back",
    held: "Release it: it goes at its time, or at once where that is past.",
  },
};

/** For a message of which no cause is known. */
export const NO_CAUSE: Why = { label: "the reason is not known" };

export const RELEASED_BY: Record<ReleasedBy, Label> = {
  staff: "until somebody acts",
  line: "until LINE takes messages again",
  patient: "until the patient acts",
  time: "until its time comes",
};

/**
 * `goes`: messages go out, whether to LINE or to the practice phones. `short`: what there is room for
 * on a telephone, where that is not the whole.
 */
export const SENDING: Record<Sending, Shown & { goes: boolean; detail: Label; short?: Label }> = {
  running: { label: "Sending", color: "teal.9", goes: true, detail: "Messages go out as they come due." },
  practice: {
    label: "Practice mode",
    color: "#8a4b00",
    goes: true,
    detail: "Messages go out as they come due.",
  },
  paused: { label: "Paused", color: "red.9", goes: false, detail: CAUSES.sending_paused.label },
  not_connected: {
    label: "LINE is not connected",
    color: "red.9",
    goes: false,
    detail: "LINE is not connected",
  },
  line_unreachable: {
    label: "LINE not reachable",
    color: "red.9",
    goes: false,
    detail: CAUSES.line_unavailable.label,
  },
  token_invalid: {
    label: "Access token not valid",
    color: "red.9",
    goes: false,
    detail: CAUSES.token_invalid.label,
  },
  quota_exhausted: {
    label: "Monthly limit reached",
    color: "red.9",
    goes: false,
    detail: CAUSES.quota_exhausted.label,
  },
  cannot_write: {
    label: "Sending stopped: cannot record",
    short: "Sending stopped",
    color: "red.9",
    goes: false,
    detail: "Sending stopped: cannot record",
  },
};

export const ALERTS: Record<AlertCode, Label> = {
  notAllowed: "the LINE account is not allowed to send this",
  noBackup: "the last backup could not be made; System says why",
  restarting: "a part of the program stopped; it is being started again",
};

export const MESSAGE_TYPES: Record<MessageType, Label> = {
  text: "Text",
  image: "Picture",
  video: "Video",
  flex: "Card",
  template: "Buttons, or cards to swipe",
};
