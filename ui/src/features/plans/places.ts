// Where a field of the editor is, as staff would say it: "Step 1, message 2".

import type { FieldProblem } from "../../bindings";
import type { Wrong } from "../../components/wrong";
import { wrongIn } from "../../components/wrong";
import { type Label, nameOfLocale, type Tell, type Translate } from "../../i18n";
import { CONTENT_FIELDS } from "./contents";
import { fieldInForm, fieldInObjects } from "./fields";
import { lineOf } from "./jsonLines";
import { type Draft, languageOfField, type ObjectDraft } from "./steps";

/** Fields by the end of their path; what is not here is named by what it stands in. */
const FIELDS: Partial<Record<string, Label>> = {
  locale: "Language",
  objects: "Messages",
  quickReplies: "Quick replies",
  name: "Name of the care plan",
  description: "What it is for",
  whenUnreachable: "While the patient cannot be reached",
  "sender.name": "Name of the sender",
  "sender.iconUrl": "Picture of the sender",
};

/** Fields of a step; those of its messages, buttons and languages are named below, and some have none. */
const OF_STEP: Partial<Record<string, Label>> = {
  key: undefined,
  name: "Name of the step",
  way: undefined,
  triggers: "When",
  asks: undefined,
  question: "Question",
  questionAltText: "What the lock screen shows of it",
  quickReplies: "Quick replies",
  postponeMinutes: "Asked again after minutes",
  maxPostpones: "How often at most",
  answerWindowHours: "Hours to answer",
  freshnessHours: "Hours it may be late",
  priority: undefined,
  pressCallsStaff: undefined,
  silent: "Arrives without a sound",
  atNight: "In quiet hours",
} satisfies Record<Exclude<keyof Draft, "objects" | "buttons" | "translations">, Label | undefined>;

const join = (t: Translate, parts: (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).reduce((place, part) => t("{place}, {part}", { place, part }));

const OF_CARD: Partial<Record<string, Label>> = {
  title: "Heading",
  text: "Words",
  picture: "Address of the picture",
};

/** A field of a card, `0.buttons.1.label`; the only or first card needs no number. */
function inCard([n = "0", part = "", b]: string[], t: Translate): (string | undefined)[] {
  const card = n === "0" ? undefined : t("Card {n}", { n: Number(n) + 1 });
  const label = OF_CARD[part];
  return [card, b === undefined ? label && t(label) : t("Button {n}", { n: Number(b) + 1 })];
}

/** A field of the list of messages, `1.contents.text.text`. */
function inObjects(field: string, t: Translate): (string | undefined)[] {
  const [n = "", , , name = "", ...inside] = field.split(".");
  const label = (CONTENT_FIELDS as Partial<Record<string, Label>>)[name];
  const message = t("message {n}", { n: Number(n) + 1 });
  return [message, ...(name === "cards" ? inCard(inside, t) : [label && t(label)])];
}

function inStep(field: string, t: Translate): (string | undefined)[] {
  const [part = "", ...rest] = field.split(".");
  if (part === "translations") return inStep(rest.slice(1).join("."), t);
  if (part === "objects") return rest.length > 0 ? inObjects(rest.join("."), t) : [t("Messages")];
  if (part === "buttons" && rest[0]) return [t("Button {n}", { n: Number(rest[0]) + 1 })];
  const label = OF_STEP[part];
  return [label && t(label)];
}

/** A field of the form of a plan. */
function placeOf(field: string, t: Translate): string {
  const [, n, rest = ""] = /^steps\.(\d+)\.(.*)$/.exec(field) ?? [];
  if (n !== undefined) {
    const language = languageOfField(field);
    const step = t("Step {n}", { n: Number(n) + 1 });
    return join(t, [step, language && nameOfLocale(language), ...inStep(rest, t)]);
  }
  const objects = /^objects\.(\d.*)$/.exec(field)?.[1];
  if (objects !== undefined) return join(t, inObjects(objects, t));
  const label = FIELDS[field];
  return label ? t(label) : field;
}

/** Where in a layout that was written as JSON, `body.contents[0].text`. */
const insideJson = (path: string): string | undefined =>
  /\.content\.(?:contents|template)\.?(.+)$|^content\.(?:contents|template)\.?(.+)$/
    .exec(path)
    ?.slice(1)
    .find((part) => part !== undefined);

type Errors = FieldProblem[] | undefined;
type Named = (field: string) => string;

/** What a form holds at a field, `steps.0.objects.1.contents.flex.json`. */
const valueAt = (values: unknown, field: string): unknown =>
  field
    .split(".")
    .reduce<unknown>(
      (value, name) => (typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined),
      values,
    );

/** Where in JSON something is wrong, by its line; elsewhere the field says it all. */
function insideField(values: unknown, field: string, path: string, t: Translate): string | undefined {
  const json = field.endsWith(".json") ? valueAt(values, field) : undefined;
  const inside = insideJson(path);
  if (typeof json !== "string" || inside === undefined) return undefined;
  return t("line {n}, {inside}", { n: lineOf(json, inside), inside });
}

const wrongAt = (
  errors: Errors,
  values: unknown,
  fieldOf: Named,
  placeOf: Named,
  t: Translate,
  tell: Tell,
): Wrong[] =>
  wrongIn(
    errors,
    (path) => {
      const field = fieldOf(path);
      return { field, place: placeOf(field), inside: insideField(values, field, path, t) };
    },
    t,
    tell,
  );

/** What is wrong with a plan, at the fields of its form. */
export const wrongInPlan = (errors: Errors, steps: Draft[], t: Translate, tell: Tell) =>
  wrongAt(
    errors,
    { steps },
    (path) => fieldInForm(path, steps),
    (field) => placeOf(field, t),
    t,
    tell,
  );

/** What is wrong with a template, or with messages outside any plan. */
export const wrongInObjects = (errors: Errors, objects: ObjectDraft[], t: Translate, tell: Tell) =>
  wrongAt(
    errors,
    { objects },
    (path) => fieldInObjects(path, objects),
    (field) => (field === "name" ? t("Name of the template") : placeOf(field, t)),
    t,
    tell,
  );
