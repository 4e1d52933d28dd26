// The form of a care plan in a file: which members it has and of which kind they are. How long a
// text may be and whether LINE would take it, the core says of what was read.

import { type FieldProblem, LIMITS, type Priority } from "../../bindings";
import { LOCALES } from "../../i18n";
import { FEEDBACK_ACTIONS, MESSAGE_TYPES, namesOf, PICKER_MODES, WHEN_UNREACHABLE } from "../../labels";

/** What is wrong at a path of the file; `unknown` where nothing of that name belongs there. */
export type WrongInFile = Pick<FieldProblem, "field" | "limit" | "takes"> & {
  code: FieldProblem["code"] | "unknown";
};

type Found = WrongInFile[];
type Check = (value: unknown, path: string, found: Found) => void;
type Members = Record<string, Check | { needed: Check }>;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const say = (found: Found, field: string, code: WrongInFile["code"], more: Partial<WrongInFile> = {}) => {
  found.push({ field, code, ...more });
};

const inside = (path: string, name: string) => (path === "" ? name : `${path}.${name}`);

const isText =
  ({ minLength = 0, maxLength = Number.POSITIVE_INFINITY } = {}): Check =>
  (value, path, found) => {
    if (typeof value !== "string") return say(found, path, "notAText");
    const length = [...value].length;
    if (length > maxLength) say(found, path, "tooLong", { limit: maxLength });
    if (length < minLength) say(found, path, minLength === 1 ? "empty" : "tooShort", { limit: minLength });
  };

const text = isText();

const isTruth: Check = (value, path, found) => {
  if (typeof value !== "boolean") say(found, path, "notTrueOrFalse");
};

const isNumber: Check = (value, path, found) => {
  if (typeof value !== "number") say(found, path, "malformed");
};

const anObject: Check = (value, path, found) => {
  if (!isObject(value)) say(found, path, "notAnObject");
};

const oneOf =
  (...names: string[]): Check =>
  (value, path, found) => {
    if (typeof value !== "string" || !names.includes(value))
      say(found, path, "notOneOf", { takes: names.join(", ") });
  };

const listOf =
  (item: Check, { minItems = 0, maxItems = Number.POSITIVE_INFINITY } = {}): Check =>
  (value, path, found) => {
    if (!Array.isArray(value)) return say(found, path, "notAList");
    if (value.length < minItems) say(found, path, "tooFew", { limit: minItems });
    if (value.length > maxItems) return say(found, path, "tooMany", { limit: maxItems });
    value.forEach((one, n) => {
      item(one, `${path}[${n}]`, found);
    });
  };

/** An object of these members; what it has besides would be lost, and is refused. */
const of =
  (members: Members): Check =>
  (value, path, found) => {
    if (!isObject(value)) return say(found, path, "notAnObject");
    for (const [name, member] of Object.entries(members)) {
      const [check, isNeeded] = typeof member === "function" ? [member, false] : [member.needed, true];
      const part = Object.hasOwn(value, name) ? value[name] : undefined;
      if (part !== undefined && part !== null) check(part, inside(path, name), found);
      else if (isNeeded) say(found, inside(path, name), "missing");
    }
    for (const name of Object.keys(value))
      if (!Object.hasOwn(members, name)) say(found, inside(path, name), "unknown");
  };

const needed = (check: Check) => ({ needed: check });

/** Which members there are hangs on one of them. */
const byType =
  (kinds: Record<string, Members>): Check =>
  (value, path, found) => {
    const type = isObject(value) ? value.type : undefined;
    const kind = typeof type === "string" && Object.hasOwn(kinds, type) ? kinds[type] : undefined;
    if (!isObject(value)) say(found, path, "notAnObject");
    else if (!kind) oneOf(...Object.keys(kinds))(type, inside(path, "type"), found);
    else of({ type: text, ...kind })(value, path, found);
  };

const days = { minDays: isNumber, maxDays: isNumber, initialDays: isNumber };
const times = { minTime: text, maxTime: text, initialTime: text };
const picker = of({ mode: needed(oneOf(...namesOf(PICKER_MODES))), ...days, ...times });

const reply = { label: needed(text), iconUrl: text };
const quickReply = byType({
  message: { ...reply, text },
  postback: { ...reply, data: text, picker },
  camera: reply,
  cameraRoll: reply,
  location: reply,
});

const PRIORITIES: Priority[] = ["high", "normal", "low"];

const message = {
  messageType: needed(oneOf(...namesOf(MESSAGE_TYPES))),
  content: needed(anObject),
};

const { furtherMessages, quickReplies } = LIMITS.StepInput;
const said = {
  ...message,
  furtherMessages: listOf(of(message), furtherMessages),
  quickReplies: listOf(quickReply, quickReplies),
};

const feedback = of({
  question: needed(text),
  altText: text,
  buttons: needed(
    listOf(
      of({
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

const translation = of({
  ...said,
  feedback: of({
    question: needed(text),
    altText: text,
    buttons: needed(listOf(of({ value: needed(text), label: needed(text) }), LIMITS.Feedback.buttons)),
  }),
});

const trigger = byType({
  immediate: {},
  delay: { value: needed(text) },
  scheduled: {
    value: needed(text),
    startDay: isNumber,
    days: isNumber,
    everyDays: isNumber,
    weekdays: listOf(
      oneOf("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
      LIMITS.Trigger.scheduled.weekdays,
    ),
  },
  recurring: { value: needed(text) },
});

const step = of({
  name: isText(LIMITS.StepInput.name),
  trigger: needed(trigger),
  ...said,
  requiresFeedback: isTruth,
  feedback,
  priority: oneOf(...PRIORITIES),
  freshnessHours: isNumber,
  pressCallsStaff: isTruth,
  silent: isTruth,
  translations: of(Object.fromEntries(namesOf(LOCALES).map((language) => [language, translation]))),
});

const plan = of({
  format: needed(text),
  version: needed(isNumber),
  name: needed(isText(LIMITS.CreateProtocol.name)),
  description: isText(LIMITS.CreateProtocol.description),
  whenUnreachable: oneOf(...namesOf(WHEN_UNREACHABLE)),
  sender: of({ name: text, iconUrl: text }),
  steps: needed(listOf(step, LIMITS.CreateProtocol.steps)),
});

/** What is wrong with the form of a file, all of it, at its path. */
export function wrongInFile(value: unknown): WrongInFile[] {
  const found: Found = [];
  plan(value, "", found);
  return found;
}
