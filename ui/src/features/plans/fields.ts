// Which field of a form holds what the core refuses, by the core's path of it. Nobody reads this before
// something is refused.

import { fieldInContent } from "./contents";
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
