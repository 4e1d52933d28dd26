// A step as the editor's form holds it, and the way to and from the core's.

import {
  type AtNight,
  type Feedback,
  type Language,
  LIMITS,
  type MessageType,
  type Priority,
  type QuickReply,
  type Step,
  type StepInput,
  type Translation,
  type WhenUnreachable,
} from "../../bindings";
import { LOCALES } from "../../i18n";
import { namesOf } from "../../labels";
import { type ContentDrafts, contentDraftsOf, contentOf, EMPTY_CONTENTS, hasButtons } from "./contents";
import type { useListForm } from "./listForm";
import { NO_PICKER, type PickerDraft, pickerDraftOf, pickerOf } from "./pickers";
import { EMPTY_TRIGGERS, type TriggerDrafts, type TriggerWay, triggerDraftsOf, triggerOf } from "./triggers";
import type { PlanWritten } from "./written";

/** A button of the question, with what it lets the patient choose. */
type ButtonDraft = Omit<Feedback["buttons"][number], "picker"> & {
  picker: PickerDraft;
  /** What it says in the languages that have a text of their own. */
  labels: Partial<Record<Language, string>>;
};

/** A language, or what goes to all who have no text of their own. */
export type Shown = Language | "all";

/** What is said in one language; the labels of the buttons stand with the buttons. */
type TranslationDraft = {
  objects: ObjectDraft[];
  quickReplies: QuickReply[];
  question: string;
  questionAltText: string;
};

export type Draft = {
  key: string;
  name: string;
  way: TriggerWay;
  triggers: TriggerDrafts;
  /** What goes in one push, in its order: one at least. */
  objects: ObjectDraft[];
  quickReplies: QuickReply[];
  asks: boolean;
  question: string;
  questionAltText: string;
  buttons: ButtonDraft[];
  postponeMinutes: number | "";
  maxPostpones: number | "";
  answerWindowHours: number | "";
  freshnessHours: number | "";
  /** Has no field: what a program entered stays. */
  priority: Priority;
  pressCallsStaff: boolean;
  silent: boolean;
  /** What quiet hours make of its message; empty for what the clinic says. */
  atNight: AtNight | "";
  translations: Partial<Record<Language, TranslationDraft>>;
};

export type Form = ReturnType<typeof useListForm<PlanDraft>>;

/** What goes in one push, as the core has it. */
export type Sent = Required<Pick<Step, "messageType" | "content" | "furtherMessages">>;

/** One message object: its type, and what was written for each type. */
export type ObjectDraft = { key: string; messageType: MessageType; contents: ContentDrafts };

export type PlanDraft = {
  name: string;
  description: string;
  whenUnreachable: WhenUnreachable;
  sender: { name: string; iconUrl: string };
  steps: Draft[];
};

const isLanguage = (text: string | undefined): text is Language =>
  namesOf(LOCALES).some((language) => language === text);

/** The language in whose text a field is; none where it is what goes to all. */
export function languageOfField(field: string): Language | undefined {
  const [, , part, at, label, language] = field.split(".");
  const found = part === "translations" ? at : label === "labels" ? language : undefined;
  return isLanguage(found) ? found : undefined;
}

export const newButton = (): ButtonDraft => ({
  label: "",
  value: "",
  action: "complete",
  picker: NO_PICKER,
  labels: {},
});

let made = 0;

export function newObject(): ObjectDraft {
  made += 1;
  return { key: `object ${made}`, messageType: "text", contents: EMPTY_CONTENTS };
}

const objectOf = (messageType: MessageType, content: unknown): ObjectDraft => ({
  ...newObject(),
  messageType,
  contents: contentDraftsOf(messageType, content),
});

export function newStep(): Draft {
  made += 1;
  return {
    key: `step ${made}`,
    name: "",
    way: "immediate",
    triggers: EMPTY_TRIGGERS,
    objects: [newObject()],
    quickReplies: [],
    asks: false,
    question: "",
    questionAltText: "",
    buttons: [newButton()],
    postponeMinutes: "",
    maxPostpones: "",
    answerWindowHours: "",
    freshnessHours: "",
    priority: "normal",
    pressCallsStaff: false,
    silent: false,
    atNight: "",
    translations: {},
  };
}

const copyOfObjects = (objects: ObjectDraft[]) => objects.map((one) => ({ ...one, key: newObject().key }));

/** The same step once more. */
export const copyOf = (step: Draft): Draft => ({
  ...step,
  key: newStep().key,
  objects: copyOfObjects(step.objects),
  translations: Object.fromEntries(
    languagesOf(step.translations).flatMap((language) => {
      const written = step.translations[language];
      return written ? [[language, { ...written, objects: copyOfObjects(written.objects) }]] : [];
    }),
  ),
});

/** A text in a language, to be translated: it begins as what goes to all. */
export const translationOf = ({ objects, quickReplies, question }: Draft): TranslationDraft => ({
  objects: objects.map(({ messageType, contents }) => ({ ...newObject(), messageType, contents })),
  quickReplies,
  question,
  questionAltText: "",
});

export function draftOf(step: Omit<Step, "id" | "stepOrder">): Draft {
  return {
    ...newStep(),
    name: step.name,
    ...triggerDraftsOf(step.trigger),
    objects: objectsOf(step),
    quickReplies: step.quickReplies,
    asks: step.requiresFeedback,
    question: step.feedback?.question ?? "",
    questionAltText: step.feedback?.altText ?? "",
    buttons:
      step.feedback?.buttons.map((b) => ({
        ...b,
        picker: pickerDraftOf(b.picker),
        labels: labelsOf(step.translations, b.value),
      })) ?? newStep().buttons,
    postponeMinutes: step.feedback?.postponeMinutes ?? "",
    maxPostpones: step.feedback?.maxPostpones ?? "",
    answerWindowHours: step.feedback?.answerWindowHours ?? "",
    freshnessHours: step.freshnessHours ?? "",
    priority: step.priority,
    pressCallsStaff: step.pressCallsStaff,
    silent: step.silent,
    atNight: step.atNight ?? "",
    translations: Object.fromEntries(
      languagesOf(step.translations).map((language) => [
        language,
        translationDraftOf(step.translations[language]),
      ]),
    ),
  };
}

export const languagesOf = <T>(translations: Partial<Record<Language, T>>) =>
  namesOf(LOCALES).filter((language) => translations[language] !== undefined);

const translationDraftOf = (translation?: Translation): TranslationDraft => ({
  objects: translation
    ? objectsOf({ ...translation, furtherMessages: translation.furtherMessages ?? [] })
    : [newObject()],
  quickReplies: translation?.quickReplies ?? [],
  question: translation?.feedback?.question ?? "",
  questionAltText: translation?.feedback?.altText ?? "",
});

const labelsOf = (translations: Step["translations"], value: string): Partial<Record<Language, string>> =>
  Object.fromEntries(
    languagesOf(translations).flatMap((language) => {
      const buttons = translations[language]?.feedback?.buttons ?? [];
      return buttons.filter((b) => b.value === value).map(({ label }) => [language, label]);
    }),
  );

export const objectsOf = (sent: Sent): ObjectDraft[] =>
  [sent, ...sent.furtherMessages].map((one) => objectOf(one.messageType, one.content));

/** What is written, as the core takes it. */
export function sentOf(objects: ObjectDraft[]): Sent {
  const [first, ...furtherMessages] = objects.map(({ messageType, contents }) => ({
    messageType,
    content: contentOf(messageType, contents),
  }));
  return { messageType: first?.messageType ?? "text", content: first?.content, furtherMessages };
}

/** Whether nothing was written yet. */
export const isEmpty = ({ messageType, contents }: ObjectDraft) =>
  JSON.stringify(contents[messageType]) === JSON.stringify(EMPTY_CONTENTS[messageType]);

/** Whether a step can have buttons of its own, besides those of its question. */
export const mayHaveButtons = (d: Pick<Draft, "objects" | "quickReplies">) =>
  d.objects.some((one) => hasButtons(one.messageType)) ||
  d.quickReplies.some((reply) => reply.type === "postback");

/** How many objects a step may have: LINE takes five, the question among them. */
export const maxObjects = (d: Pick<Draft, "asks">) =>
  1 + LIMITS.StepInput.furtherMessages.maxItems - (d.asks ? 1 : 0);

const storedAs = (button: ButtonDraft) => button.value.trim() || button.label.trim();

/** A text in a language, as the core takes it. A question without any words in it is asked as it is. */
function translationInputOf(d: Draft, language: Language, written: TranslationDraft): Translation {
  const labels = d.buttons.map((button) => button.labels[language] ?? "");
  const isTranslated = [written.question, written.questionAltText, ...labels].some(
    (said) => said.trim() !== "",
  );
  const said = { ...sentOf(written.objects), quickReplies: written.quickReplies };
  if (!d.asks || !isTranslated) return said;
  return {
    ...said,
    feedback: {
      question: written.question,
      ...(written.questionAltText.trim() === "" ? {} : { altText: written.questionAltText }),
      buttons: d.buttons.map((button, b) => ({ value: storedAs(button), label: labels[b] ?? "" })),
    },
  };
}

export function inputOf(d: Draft): StepInput {
  return {
    name: d.name.trim() || null,
    trigger: triggerOf(d.way, d.triggers),
    ...sentOf(d.objects),
    quickReplies: d.quickReplies,
    requiresFeedback: d.asks,
    feedback: d.asks
      ? {
          question: d.question,
          ...(d.questionAltText.trim() === "" ? {} : { altText: d.questionAltText }),
          buttons: d.buttons.map((button) => {
            const { picker, labels, ...b } = button;
            return { ...b, value: storedAs(button), ...pickerOf(picker) };
          }),
          ...(d.postponeMinutes === "" ? {} : { postponeMinutes: d.postponeMinutes }),
          ...(d.maxPostpones === "" ? {} : { maxPostpones: d.maxPostpones }),
          ...(d.answerWindowHours === "" ? {} : { answerWindowHours: d.answerWindowHours }),
        }
      : null,
    freshnessHours: d.freshnessHours === "" ? null : d.freshnessHours,
    priority: d.priority,
    pressCallsStaff: d.pressCallsStaff && mayHaveButtons(d),
    silent: d.silent,
    atNight: d.atNight || null,
    translations: Object.fromEntries(
      languagesOf(d.translations).flatMap((language) => {
        const written = d.translations[language];
        return written ? [[language, translationInputOf(d, language, written)]] : [];
      }),
    ),
  };
}

/** A step as it was written, with what it leaves out. */
const whole = (step: StepInput): Omit<Step, "id" | "stepOrder"> => ({
  ...step,
  name: step.name ?? "",
  furtherMessages: step.furtherMessages ?? [],
  requiresFeedback: step.requiresFeedback ?? false,
  feedback: step.feedback ?? null,
  quickReplies: step.quickReplies ?? [],
  priority: step.priority ?? "normal",
  freshnessHours: step.freshnessHours ?? null,
  pressCallsStaff: step.pressCallsStaff ?? false,
  silent: step.silent ?? false,
  atNight: step.atNight ?? null,
  translations: step.translations ?? {},
});

/** The form of a plan, or of a new one. */
export const planDraftOf = (plan?: PlanWritten): PlanDraft => ({
  name: plan?.name ?? "",
  description: plan?.description ?? "",
  whenUnreachable: plan?.whenUnreachable ?? "hold",
  sender: { name: plan?.sender?.name ?? "", iconUrl: plan?.sender?.iconUrl ?? "" },
  steps: plan?.steps.map((step) => draftOf(whole(step))) ?? [newStep()],
});

/** What the form says, as the core takes it. */
export function planOf(draft: PlanDraft) {
  const [name, iconUrl] = [draft.sender.name.trim(), draft.sender.iconUrl.trim()];
  return {
    name: draft.name.trim(),
    description: draft.description,
    whenUnreachable: draft.whenUnreachable,
    sender: name || iconUrl ? { ...(name && { name }), ...(iconUrl && { iconUrl }) } : null,
    steps: draft.steps.map(inputOf),
  };
}
