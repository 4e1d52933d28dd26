// The form of a care plan in a file: which members it has and of which kind they are. How long a
// text may be and whether LINE would take it, the core says of what was read.

import {
  type Button,
  type Feedback,
  type FurtherMessage,
  type Language,
  LIMITS,
  type Picker,
  type Priority,
  type QuickReply,
  type Sender,
  type StepInput,
  type TranslatedButton,
  type TranslatedQuestion,
  type Translation,
  type Trigger,
} from "../../bindings";
import {
  AT_NIGHT,
  FEEDBACK_ACTIONS,
  MESSAGE_TYPES,
  namesOf,
  PICKER_MODES,
  WHEN_UNREACHABLE,
} from "../../labels";
import { WEEKDAYS } from "../../lib/cron";
import {
  anObject,
  byType,
  type Found,
  isNumber,
  isText,
  isTruth,
  listOf,
  type Member,
  needed,
  of,
  oneOf,
  text,
  type WrongInFile,
} from "./fileChecks";
import { triggersInFile } from "./triggers";
import type { PlanWritten } from "./written";

const days = { minDays: isNumber, maxDays: isNumber, initialDays: isNumber };
const times = { minTime: text, maxTime: text, initialTime: text };
const picker = of<Picker>({ mode: needed(oneOf(...namesOf(PICKER_MODES))), ...days, ...times });

const reply = { label: needed(text), iconUrl: text };
const quickReply = byType<QuickReply>({
  message: { ...reply, text },
  postback: { ...reply, data: text, picker },
  camera: reply,
  cameraRoll: reply,
  location: reply,
});

const PRIORITIES: Record<Priority, true> = { high: true, normal: true, low: true };

const message = {
  messageType: needed(oneOf(...namesOf(MESSAGE_TYPES))),
  content: needed(anObject),
};

const { furtherMessages, quickReplies } = LIMITS.StepInput;
const said = {
  ...message,
  furtherMessages: listOf(of<FurtherMessage>(message), furtherMessages),
  quickReplies: listOf(quickReply, quickReplies),
};

const feedback = of<Feedback>({
  question: needed(text),
  altText: text,
  buttons: needed(
    listOf(
      of<Button>({
        label: needed(text),
        value: needed(text),
        action: needed(oneOf(...namesOf(FEEDBACK_ACTIONS))),
        worrying: isTruth,
        picker,
      }),
      LIMITS.Feedback.buttons,
    ),
  ),
  postponeMinutes: isNumber,
  maxPostpones: isNumber,
  answerWindowHours: isNumber,
});

const translation = of<Translation>({
  ...said,
  feedback: of<TranslatedQuestion>({
    question: needed(text),
    altText: text,
    buttons: needed(
      listOf(of<TranslatedButton>({ value: needed(text), label: needed(text) }), LIMITS.Feedback.buttons),
    ),
  }),
});

const trigger = byType<Trigger>(
  triggersInFile<Member>({
    text: needed(text),
    number: isNumber,
    weekdays: listOf(oneOf(...WEEKDAYS), LIMITS.Trigger.scheduled.weekdays),
  }),
);

const step = of<StepInput>({
  name: isText(LIMITS.StepInput.name),
  trigger: needed(trigger),
  ...said,
  requiresFeedback: isTruth,
  feedback,
  priority: oneOf(...namesOf(PRIORITIES)),
  freshnessHours: isNumber,
  pressCallsStaff: isTruth,
  silent: isTruth,
  atNight: oneOf(...namesOf(AT_NIGHT)),
  translations: of<Record<Language, Translation>>({
    en: translation,
    th: translation,
    ja: translation,
    "zh-TW": translation,
  }),
});

const plan = of<PlanWritten & { format: string; version: number }>({
  format: needed(text),
  version: needed(isNumber),
  name: needed(isText(LIMITS.CreateProtocol.name)),
  description: isText(LIMITS.CreateProtocol.description),
  whenUnreachable: oneOf(...namesOf(WHEN_UNREACHABLE)),
  sender: of<Sender>({ name: text, iconUrl: text }),
  steps: needed(listOf(step, LIMITS.CreateProtocol.steps)),
});

/** What is wrong with the form of a file, all of it, at its path. */
export function wrongInFile(value: unknown): WrongInFile[] {
  const found: Found = [];
  plan(value, "", found);
  return found;
}
