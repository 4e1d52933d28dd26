// A step as the editor's form holds it, and the way to and from the core's.

import type { UseFormReturnType } from "@mantine/form";
import type { Feedback, MessageType, Step, StepInput, Trigger, WhenUnreachable } from "../../bindings";
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
  messageType: MessageType;
  contents: ContentDrafts;
  asks: boolean;
  question: string;
  questionAltText: string;
  buttons: ButtonDraft[];
  postponeMinutes: number | "";
  maxPostpones: number | "";
  answerWindowHours: number | "";
  freshnessHours: number | "";
  pressCallsStaff: boolean;
};

export type Form = UseFormReturnType<PlanDraft>;

export type PlanDraft = {
  name: string;
  description: string;
  whenUnreachable: WhenUnreachable;
  steps: Draft[];
};

/** The field of the form that holds what the core calls `steps[0].content.text`. */
export function fieldInForm(path: string, steps: Draft[]): string {
  const [, n, part, rest] = /^steps\[(\d+)\]\.(\w+)\.?(.*)$/.exec(path) ?? [];
  const step = steps[Number(n)];
  if (!step) return path;
  switch (part) {
    case "trigger":
      return `steps.${n}.triggers.${step.triggerType}.value`;
    case "content": {
      const field = /^(contents|template)/.test(rest ?? "") ? "json" : rest;
      return `steps.${n}.contents.${step.messageType}.${field}`;
    }
    case "feedback":
      return `steps.${n}.${rest?.replace(/\[(\d+)\]/g, ".$1")}`;
    default:
      return `steps.${n}.${part}`;
  }
}

export const newButton = (): ButtonDraft => ({ label: "", value: "", action: "complete", picker: NO_PICKER });

let made = 0;

export function newStep(): Draft {
  made += 1;
  return {
    key: `step ${made}`,
    name: "",
    triggerType: "immediate",
    triggers: EMPTY_TRIGGERS,
    messageType: "text",
    contents: EMPTY_CONTENTS,
    asks: false,
    question: "",
    questionAltText: "",
    buttons: [newButton()],
    postponeMinutes: "",
    maxPostpones: "",
    answerWindowHours: "",
    freshnessHours: "",
    pressCallsStaff: false,
  };
}

export function draftOf(step: Step): Draft {
  return {
    ...newStep(),
    name: step.name,
    triggerType: step.trigger.type,
    triggers: triggerDraftsOf(step.trigger),
    messageType: step.messageType,
    contents: contentDraftsOf(step.messageType, step.content),
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
  };
}

/** Whether a message of this type can have buttons of its own. */
export const hasButtons = (type: MessageType) => type === "flex" || type === "template";

export function inputOf(d: Draft): StepInput {
  return {
    name: d.name.trim() || null,
    trigger: triggerOf(d.triggerType, d.triggers),
    messageType: d.messageType,
    content: contentOf(d.messageType, d.contents),
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
    pressCallsStaff: d.pressCallsStaff && hasButtons(d.messageType),
  };
}
