// Which field of a form holds what the core refuses, by the core's path of it. Nobody reads this before
// something is refused.

import type { MessageType } from "../../bindings";
import type { ContentDrafts } from "./contents";
import type { LayoutDraft } from "./layouts";
import { type Draft, newObject, type ObjectDraft } from "./steps";
import { fieldInTrigger } from "./triggers";

/** The field of a list of objects that holds what the core calls `furtherMessages[0].content.text`. */
export function fieldInObjects(path: string, objects: ObjectDraft[]): string {
  const [, at, rest] = /^(?:content|furtherMessages\[(\d+)\]\.content)(?:\.(.*))?$/.exec(path) ?? [];
  if (rest === undefined) return path.startsWith("furtherMessages") ? "objects" : path;
  const n = at === undefined ? 0 : Number(at) + 1;
  const { messageType: type, contents } = objects[n] ?? newObject();
  return `objects.${n}.contents.${type}.${fieldInContent(type, contents, rest)}`;
}

/** The field of the form that holds what the core calls `steps[0].content.text`. */
export function fieldInForm(path: string, steps: Draft[]): string {
  const [, n, part, rest] = /^steps\[(\d+)\]\.(\w+)\.?(.*)$/.exec(path) ?? [];
  const step = steps[Number(n)];
  if (!step) return path;
  switch (part) {
    case "trigger":
      return `steps.${n}.triggers.${step.way}.${fieldInTrigger(step.way, step.triggers, rest ?? "")}`;
    case "content":
    case "furtherMessages":
      return `steps.${n}.${fieldInObjects(path.slice(path.indexOf(".") + 1), step.objects)}`;
    case "feedback":
      return `steps.${n}.${fieldInQuestion(rest ?? "")}`;
    case "translations":
      return `steps.${n}.${fieldInTranslation(rest ?? "", step)}`;
    default:
      return `steps.${n}.${part}`;
  }
}

/** A button's answer is stored as its label: what is wrong with the value stands at the label. */
const fieldInQuestion = (path: string) =>
  path === "altText"
    ? "questionAltText"
    : path.replace(/\[(\d+)\]/g, ".$1").replace(/^(buttons\.\d+)\.value$/, "$1.label");

/** The field of a step that holds what the core calls `translations.ja.feedback.question`. */
function fieldInTranslation(path: string, step: Draft): string {
  const [, language = "", inside = ""] = /^([\w-]+)\.(.*)$/.exec(path) ?? [];
  const [, button] = /^feedback\.buttons\[(\d+)\]/.exec(inside) ?? [];
  if (button !== undefined) return `buttons.${button}.labels.${language}`;
  const objects = Object.entries(step.translations).find(([one]) => one === language)?.[1]?.objects ?? [];
  const field = inside.startsWith("feedback.")
    ? fieldInQuestion(inside.slice("feedback.".length))
    : inside.startsWith("quickReplies")
      ? "quickReplies"
      : fieldInObjects(inside, objects);
  return `translations.${language}.${field}`;
}

/** The field that holds a part of a content, which may lie deep in a layout. */
function fieldInContent(type: MessageType, { flex, template }: ContentDrafts, path: string): string {
  if (type === "flex" && path.startsWith("contents")) return fieldInLayout(flex, path);
  if (type === "template" && path.startsWith("template")) return fieldInLayout(template, path);
  return path;
}

const VALUES = ["text", "uri", "data", "displayText"];

/** The field of the form that holds what the core calls `template.columns[0].actions[1].uri`. */
export function fieldInLayout({ shape, cards }: LayoutDraft, path: string): string {
  if (shape === "json") return "json";
  const card = Number(/columns\[(\d+)\]/.exec(path)?.[1] ?? 0);
  const at = `cards.${card}`;
  const [, n, rest = ""] = /(?:actions|footer\.contents)\[(\d+)\](?:\.action)?\.?(\w*)/.exec(path) ?? [];
  if (n !== undefined) return `${at}.buttons.${n}.${VALUES.includes(rest) ? "value" : "label"}`;
  if (/thumbnailImageUrl|hero/.test(path)) return `${at}.picture`;
  const first = /body\.contents\[0\]/.test(path);
  if (/title$/.test(path) || (first && cards[0]?.title)) return `${at}.title`;
  if (/text$|body/.test(path)) return `${at}.text`;
  return /actions|footer/.test(path) ? `${at}.buttons` : at;
}
