// A step as the editor's form holds it, and the way to and from the core's.

import type { UseFormReturnType } from "@mantine/form";
import {
  type Feedback,
  LIMITS,
  type MessageType,
  type Protocol,
  type Step,
  type StepInput,
  type Trigger,
  type WhenUnreachable,
} from "../../bindings";
import { type ContentDrafts, contentDraftsOf, contentOf, EMPTY_CONTENTS } from "./contents";
import { NO_PICKER, type PickerDraft, pickerDraftOf, pickerOf } from "./pickers";
import { EMPTY_TRIGGERS, type TriggerDrafts, triggerDraftsOf, triggerOf } from "./triggers";

/** A button of the question, with what it lets the patient choose. */
export type ButtonDraft = Omit<Feedback["buttons"][number], "picker"> & { picker: PickerDraft };

export type Draft = {
  key: string;
  name: string;
  triggerType: Trigger["type"];
  triggers: TriggerDrafts;
  /** What goes in one push, in its order: one at least. */
  objects: ObjectDraft[];
  asks: boolean;
  question: string;
  questionAltText: string;
  buttons: ButtonDraft[];
  postponeMinutes: number | "";
  maxPostpones: number | "";
  answerWindowHours: number | "";
  freshnessHours: number | "";
  pressCallsStaff: boolean;
  silent: boolean;
};

export type Form = UseFormReturnType<PlanDraft>;

/** What goes in one push, as the core has it. */
type Sent = Pick<Step, "messageType" | "content" | "furtherMessages">;

/** One message object: its type, and what was written for each type. */
export type ObjectDraft = { key: string; messageType: MessageType; contents: ContentDrafts };

export type PlanDraft = {
  name: string;
  description: string;
  whenUnreachable: WhenUnreachable;
  sender: { name: string; iconUrl: string };
  steps: Draft[];
};

/** The field of a list of objects that holds what the core calls `furtherMessages[0].content.text`. */
export function fieldInObjects(path: string, objects: ObjectDraft[]): string {
  const [, at, rest] = /^(?:content|furtherMessages\[(\d+)\]\.content)(?:\.(.*))?$/.exec(path) ?? [];
  if (rest === undefined) return path.startsWith("furtherMessages") ? "objects" : path;
  const n = at === undefined ? 0 : Number(at) + 1;
  const field = /^(contents|template)/.test(rest) ? "json" : rest;
  return `objects.${n}.contents.${objects[n]?.messageType}.${field}`;
}

/** The field of the form that holds what the core calls `steps[0].content.text`. */
export function fieldInForm(path: string, steps: Draft[]): string {
  const [, n, part, rest] = /^steps\[(\d+)\]\.(\w+)\.?(.*)$/.exec(path) ?? [];
  const step = steps[Number(n)];
  if (!step) return path;
  switch (part) {
    case "trigger":
      return `steps.${n}.triggers.${step.triggerType}.value`;
    case "content":
    case "furtherMessages":
      return `steps.${n}.${fieldInObjects(path.slice(path.indexOf(".") + 1), step.objects)}`;
    case "feedback":
      return `steps.${n}.${rest?.replace(/\[(\d+)\]/g, ".$1")}`;
    default:
      return `steps.${n}.${part}`;
  }
}

export const newButton = (): ButtonDraft => ({ label: "", value: "", action: "complete", picker: NO_PICKER });

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
    triggerType: "immediate",
    triggers: EMPTY_TRIGGERS,
    objects: [newObject()],
    asks: false,
    question: "",
    questionAltText: "",
    buttons: [newButton()],
    postponeMinutes: "",
    maxPostpones: "",
    answerWindowHours: "",
    freshnessHours: "",
    pressCallsStaff: false,
    silent: false,
  };
}

export function draftOf(step: Step): Draft {
  return {
    ...newStep(),
    name: step.name,
    triggerType: step.trigger.type,
    triggers: triggerDraftsOf(step.trigger),
    objects: objectsOf(step),
    asks: step.requiresFeedback,
    question: step.feedback?.question ?? "",
    questionAltText: step.feedback?.altText ?? "",
    buttons:
      step.feedback?.buttons.map((b) => ({ ...b, picker: pickerDraftOf(b.picker) })) ?? newStep().buttons,
    postponeMinutes: step.feedback?.postponeMinutes ?? "",
    maxPostpones: step.feedback?.maxPostpones ?? "",
    answerWindowHours: step.feedback?.answerWindowHours ?? "",
    freshnessHours: step.freshnessHours ?? "",
    pressCallsStaff: step.pressCallsStaff,
    silent: step.silent,
  };
}

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
  Object.values(contents[messageType]).every((text) => text === "");

/** Whether a message of this type can have buttons of its own. */
const hasButtons = (type: MessageType) => type === "flex" || type === "template";

/** Whether a step can have buttons of its own, besides those of its question. */
export const mayHaveButtons = (d: Draft) => d.objects.some((one) => hasButtons(one.messageType));

/** How many objects a step may have: LINE takes five, the question among them. */
export const maxObjects = (d: Draft) => 1 + LIMITS.StepInput.furtherMessages.maxItems - (d.asks ? 1 : 0);

export function inputOf(d: Draft): StepInput {
  return {
    name: d.name.trim() || null,
    trigger: triggerOf(d.triggerType, d.triggers),
    ...sentOf(d.objects),
    requiresFeedback: d.asks,
    feedback: d.asks
      ? {
          question: d.question,
          ...(d.questionAltText.trim() === "" ? {} : { altText: d.questionAltText }),
          buttons: d.buttons.map(({ picker, ...b }) => ({
            ...b,
            value: b.value.trim() || b.label.trim(),
            ...pickerOf(picker),
          })),
          ...(d.postponeMinutes === "" ? {} : { postponeMinutes: d.postponeMinutes }),
          ...(d.maxPostpones === "" ? {} : { maxPostpones: d.maxPostpones }),
          ...(d.answerWindowHours === "" ? {} : { answerWindowHours: d.answerWindowHours }),
        }
      : null,
    freshnessHours: d.freshnessHours === "" ? null : d.freshnessHours,
    pressCallsStaff: d.pressCallsStaff && mayHaveButtons(d),
    silent: d.silent,
  };
}

/** The form of a plan, or of a new one. */
export const planDraftOf = (plan?: Protocol): PlanDraft => ({
  name: plan?.name ?? "",
  description: plan?.description ?? "",
  whenUnreachable: plan?.whenUnreachable ?? "hold",
  sender: { name: plan?.sender?.name ?? "", iconUrl: plan?.sender?.iconUrl ?? "" },
  steps: plan?.steps.map(draftOf) ?? [newStep()],
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
