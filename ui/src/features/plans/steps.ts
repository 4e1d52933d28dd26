// A step as the editor's form holds it, and the way to and from the core's.

import type { Feedback, MessageType, Step, StepInput, Trigger, WhenUnreachable } from "../../bindings";

export type Draft = {
  key: string;
  name: string;
  triggerType: Trigger["type"];
  value: string;
  startDay: number;
  days: number | "";
  messageType: MessageType;
  text: string;
  imageUrl: string;
  altText: string;
  json: string;
  asks: boolean;
  question: string;
  buttons: Feedback["buttons"];
  postponeMinutes: number | "";
  maxPostpones: number | "";
  answerWindowHours: number | "";
  freshnessHours: number | "";
};

export type PlanDraft = {
  name: string;
  description: string;
  whenUnreachable: WhenUnreachable;
  steps: Draft[];
};

/** The field of the form that holds what the core calls `steps[0].content.text`. */
export function fieldInForm(path: string): string {
  return path
    .replace(/\[(\d+)\]/g, ".$1")
    .replace(/^(steps\.\d+)\.trigger\..*$/, "$1.value")
    .replace(/^(steps\.\d+)\.content\.(contents|template)(\..*)?$/, "$1.json")
    .replace(/^(steps\.\d+)\.(content|feedback)\./, "$1.");
}

let made = 0;

export function newStep(): Draft {
  made += 1;
  return {
    key: `step ${made}`,
    name: "",
    triggerType: "immediate",
    value: "",
    startDay: 0,
    days: "",
    messageType: "text",
    text: "",
    imageUrl: "",
    altText: "",
    json: "",
    asks: false,
    question: "",
    buttons: [{ label: "", value: "", action: "complete" }],
    postponeMinutes: "",
    maxPostpones: "",
    answerWindowHours: "",
    freshnessHours: "",
  };
}

const words = (content: unknown, name: string): string => {
  const found = typeof content === "object" && content !== null ? Reflect.get(content, name) : undefined;
  return typeof found === "string" ? found : "";
};

export function draftOf(step: Step): Draft {
  const { trigger, content } = step;
  const part = step.messageType === "flex" ? "contents" : "template";
  const object = typeof content === "object" && content !== null ? Reflect.get(content, part) : undefined;
  return {
    ...newStep(),
    name: step.name,
    triggerType: trigger.type,
    value: trigger.type === "immediate" ? "" : trigger.value,
    startDay: trigger.type === "scheduled" ? (trigger.startDay ?? 0) : 0,
    days: trigger.type === "scheduled" ? (trigger.days ?? "") : "",
    messageType: step.messageType,
    text: words(content, "text"),
    imageUrl: words(content, "imageUrl"),
    altText: words(content, "altText"),
    json: object === undefined ? "" : JSON.stringify(object, null, 2),
    asks: step.requiresFeedback,
    question: step.feedback?.question ?? "",
    buttons: step.feedback?.buttons ?? newStep().buttons,
    postponeMinutes: step.feedback?.postponeMinutes ?? "",
    maxPostpones: step.feedback?.maxPostpones ?? "",
    answerWindowHours: step.feedback?.answerWindowHours ?? "",
    freshnessHours: step.freshnessHours ?? "",
  };
}

export function triggerOf(d: Draft): Trigger {
  switch (d.triggerType) {
    case "immediate":
      return { type: "immediate" };
    case "scheduled":
      return {
        type: "scheduled",
        value: d.value,
        startDay: d.startDay,
        ...(d.days === "" ? {} : { days: d.days }),
      };
    default:
      return { type: d.triggerType, value: d.value };
  }
}

/** The content of a step; JSON that cannot be read is left as text, for the core to refuse. */
export function contentOf(d: Draft): unknown {
  const parsed = (): unknown => {
    try {
      return JSON.parse(d.json);
    } catch {
      return d.json;
    }
  };
  switch (d.messageType) {
    case "text":
      return { text: d.text };
    case "image":
      return { imageUrl: d.imageUrl };
    case "flex":
      return { altText: d.altText, contents: parsed() };
    case "template":
      return { altText: d.altText, template: parsed() };
  }
}

export function inputOf(d: Draft): StepInput {
  return {
    name: d.name.trim() || null,
    trigger: triggerOf(d),
    messageType: d.messageType,
    content: contentOf(d),
    requiresFeedback: d.asks,
    feedback: d.asks
      ? {
          question: d.question,
          buttons: d.buttons.map((b) => ({ ...b, value: b.value.trim() || b.label.trim() })),
          ...(d.postponeMinutes === "" ? {} : { postponeMinutes: d.postponeMinutes }),
          ...(d.maxPostpones === "" ? {} : { maxPostpones: d.maxPostpones }),
          ...(d.answerWindowHours === "" ? {} : { answerWindowHours: d.answerWindowHours }),
        }
      : null,
    freshnessHours: d.freshnessHours === "" ? null : d.freshnessHours,
  };
}
