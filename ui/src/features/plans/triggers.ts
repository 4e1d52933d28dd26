// The triggers of a step: what the editor holds of each, the way to and from the core's, its
// sentence and its form in a file. A new type is one entry in each of the tables, and one in
// that of the fields.

import { LIMITS, type Trigger } from "../../bindings";
import { cronInWords } from "../../components/cronWords";
import type { Label } from "../../i18n";
import {
  cronOf,
  cronOfHours,
  type Hourly,
  hourlyOf,
  readCron,
  sameCron,
  type Weekly,
  weeklyOf,
} from "../../lib/cron";
import { delayOf, secondsOf, UNITS } from "../../lib/delay";
import { listed, spelledOut } from "../../lib/format";
import { MAX_AHEAD_MS } from "../../lib/limits";
import { SECOND_MS } from "../../lib/units";
import {
  firstDay,
  lastDay,
  numbersOf,
  pacedInWords,
  paceOf,
  type ScheduledDraft,
  type Words,
  weekdaysOf,
} from "./pace";

type Type = Trigger["type"];
type Of = { [T in Type]: Extract<Trigger, { type: T }> };

/** What staff choose among: a timetable is written in one of three ways. */
export type TriggerWay = Exclude<Trigger["type"], "recurring"> | "weekdays" | "hourly" | "cron";

export const TRIGGERS: Record<TriggerWay, Label> = {
  immediate: "At the start",
  delay: "Some time after the start",
  scheduled: "On a day, at times of the day",
  weekdays: "On chosen weekdays",
  hourly: "Every few hours",
  cron: "Advanced: cron",
};

/** What the form holds, for each way its own: who looks at another way loses nothing. */
export type TriggerDrafts = {
  immediate: { type: string };
  delay: { value: string };
  scheduled: ScheduledDraft;
  /** `value` is the timetable it began as, which stays as it was written while it says the same. */
  weekdays: { value: string; days: Weekly["days"]; times: string };
  hourly: { value: string; hours: number; from: string };
  cron: { value: string };
};

/** Before anything is written. */
export const EMPTY_TRIGGERS: TriggerDrafts = {
  immediate: { type: "" },
  delay: { value: "" },
  scheduled: { value: "", startDay: 0, lasts: "one", days: "", pace: "each", everyDays: 2, weekdays: [] },
  weekdays: { value: "", days: [], times: "" },
  hourly: { value: "", hours: 4, from: "08:00" },
  cron: { value: "" },
};

/** What is wrong, by the name of the field. */
type Wrong = Partial<Record<string, Label>>;

type Way<W extends TriggerWay> = {
  /** The field at which stands what the core refuses of the value. */
  field: keyof TriggerDrafts[W] & string;
  triggerOf: (draft: TriggerDrafts[W]) => Trigger;
  /** What staff can see to before the core is asked. */
  wrong: (draft: TriggerDrafts[W]) => Wrong;
  /** Puts it on a day, as near to it as it can be; or why it has none to be moved to. */
  onDay: ((draft: TriggerDrafts[W], day: number) => TriggerDrafts[W]) | Label;
};

const listOf = (times: string) =>
  times
    .split(",")
    .map((time) => time.trim())
    .filter((time) => time !== "");

const recurring = (value: string): Trigger => ({ type: "recurring", value });

/** A timetable as it was written, where the new one says nothing else. */
const kept = (was: string, is: string | null): Trigger =>
  recurring(is !== null && sameCron(was, is) ? was : (is ?? ""));

const MAX_DELAY_S = MAX_AHEAD_MS / SECOND_MS;

const within = (n: number, { minimum, maximum }: { minimum: number; maximum: number }) =>
  Math.max(minimum, Math.min(maximum, n));

/** A delay moved to another day that keeps its hours; never zero, which is no delay. */
const dayDelay = (seconds: number, day: number) => {
  const rest = seconds % UNITS.d;
  const last = Math.floor((MAX_DELAY_S - rest) / UNITS.d);
  return within(day, { minimum: rest === 0 ? 1 : 0, maximum: last }) * UNITS.d + rest;
};

const ON_WEEKDAYS: Label =
  "This step comes on days of the week, so it has no day of the plan to be moved to.";

const WAYS: { [W in TriggerWay]: Way<W> } = {
  immediate: {
    field: "type",
    triggerOf: () => ({ type: "immediate" }),
    wrong: () => ({}),
    onDay:
      "This step comes as soon as the follow-up starts. To give it a day, choose another time under “When”.",
  },
  delay: {
    field: "value",
    triggerOf: ({ value }) => ({ type: "delay", value }),
    wrong: ({ value }) => (value === "" ? { value: "Write a number." } : {}),
    onDay: ({ value }, day) => ({ value: delayOf(dayDelay(secondsOf(value) ?? 0, day)) }),
  },
  scheduled: {
    field: "value",
    triggerOf: ({ value, startDay, lasts, days, pace, everyDays, weekdays }) => ({
      type: "scheduled",
      // A field that was added and left empty is no time.
      value: value.split(",").some((time) => time.trim() === "") ? listOf(value).join(",") : value,
      startDay: startDay === "" ? 0 : startDay,
      ...(lasts === "one" ? { days: 1 } : {}),
      ...(lasts === "some" && days !== "" ? { days } : {}),
      ...(lasts !== "one" && pace === "nth" && everyDays !== "" ? { everyDays } : {}),
      ...(lasts !== "one" && pace === "week" ? { weekdays: weekdaysOf(weekdays) } : {}),
    }),
    wrong: ({ value, lasts, days, pace, everyDays, weekdays }) => ({
      ...(listOf(value).length === 0 && { value: "Choose a time." }),
      ...(lasts === "some" && days === "" && { days: "Write a number." }),
      ...(lasts !== "one" && pace === "nth" && everyDays === "" && { everyDays: "Write a number." }),
      ...(lasts !== "one" &&
        pace === "week" &&
        weekdays.length === 0 && { weekdays: "Choose a day of the week." }),
    }),
    onDay: (draft, day) => ({ ...draft, startDay: within(day, LIMITS.Trigger.scheduled.startDay) }),
  },
  weekdays: {
    field: "times",
    triggerOf: ({ value, days, times }) => {
      const is = cronOf({ days, times: listOf(times) });
      // What a timetable of cron cannot say, times of day on days of the week can.
      if (value !== "" && is !== null) return kept(value, is);
      return { type: "scheduled", value: listOf(times).join(","), weekdays: weekdaysOf(days) };
    },
    wrong: ({ days, times }) => ({
      ...(days.length === 0 && { days: "Choose a day of the week." }),
      ...(listOf(times).length === 0 && { times: "Choose a time." }),
    }),
    onDay: ON_WEEKDAYS,
  },
  hourly: {
    field: "from",
    triggerOf: ({ value, hours, from }) => kept(value, cronOfHours({ hours, from })),
    wrong: ({ from }) => (from === "" ? { from: "Choose a time." } : {}),
    onDay: "This step comes every few hours, so it has no day of the plan to be moved to.",
  },
  cron: {
    field: "value",
    triggerOf: ({ value }) => recurring(value),
    wrong: ({ value }) => (value.trim() === "" ? { value: "Write a timetable." } : {}),
    onDay: "This step has a timetable of its own, so it has no day of the plan to be moved to.",
  },
};

type Kind<T extends Type> = {
  /** How staff see it, and what the form then holds. */
  draftOf: (trigger: Of[T]) => { way: TriggerWay; drafts: Partial<TriggerDrafts> };
  inWords: (trigger: Of[T], words: Words) => string;
  /** Whether it says when: what is still being written, or would be refused, does not. */
  isWhole: (trigger: Of[T]) => boolean;
  /** The day on which it first comes, 0 that of the start; null where that hangs on the weekday. */
  day: (trigger: Of[T]) => number | null;
  /** The day on which it last comes; null where it goes on until the follow-up ends. */
  lastDay: (trigger: Of[T]) => number | null;
};

const isIn = (n: number | null, { minimum, maximum }: { minimum: number; maximum: number }) =>
  n !== null && Number.isInteger(n) && n >= minimum && n <= maximum;

const KINDS: { [T in Type]: Kind<T> } = {
  immediate: {
    draftOf: () => ({ way: "immediate", drafts: {} }),
    inWords: (_, { t }) => t("As soon as the follow-up starts"),
    isWhole: () => true,
    day: () => 0,
    lastDay: () => 0,
  },
  delay: {
    draftOf: ({ value }) => ({ way: "delay", drafts: { delay: { value } } }),
    inWords: ({ value }, { t, locale }) => {
      const seconds = secondsOf(value);
      return t("{delay} after the start", { delay: seconds === null ? "…" : spelledOut(seconds, locale) });
    },
    isWhole: ({ value }) => isIn(secondsOf(value), { minimum: 1, maximum: MAX_DELAY_S }),
    day: ({ value }) => Math.floor((secondsOf(value) ?? 0) / UNITS.d),
    lastDay: ({ value }) => Math.floor((secondsOf(value) ?? 0) / UNITS.d),
  },
  scheduled: {
    draftOf: (trigger) => {
      const { value, startDay, days, everyDays, weekdays } = trigger;
      const numbers = numbersOf(weekdays ?? []);
      if (weekdays && !startDay && !days)
        return { way: "weekdays", drafts: { weekdays: { value: "", days: numbers, times: value } } };
      const pace = paceOf(trigger);
      const scheduled: ScheduledDraft = {
        value,
        startDay: startDay ?? 0,
        // "One day" needs no choice of days; a pace that was written down is kept all the same.
        lasts: days === 1 && pace === "each" ? "one" : days ? "some" : "on",
        days: days ?? "",
        pace,
        everyDays: everyDays ?? 2,
        weekdays: numbers,
      };
      return { way: "scheduled", drafts: { scheduled } };
    },
    inWords: (trigger, { t, locale }) => {
      const { value, startDay, days } = trigger;
      const times = listed(listOf(value), locale) || "…";
      const from = startDay ?? 0;
      if (paceOf(trigger) !== "each") return pacedInWords(trigger, times, { t, locale });
      if (days === 1 && from === 0) return t("On the day of the start, at {times}", { times });
      if (days === 1) return t("On day {from}, at {times}", { times, from });
      if (days && from === 0)
        return t("On {days} days from the day of the start, at {times}", { times, days });
      if (days) return t("On {days} days from day {from}, at {times}", { times, days, from });
      if (from === 0) return t("Every day from the day of the start, at {times}", { times });
      return t("Every day from day {from}, at {times}", { times, from });
    },
    isWhole: ({ value, startDay, days, everyDays, weekdays }) =>
      value.split(",").every((time) => /^\d\d:\d\d$/.test(time)) &&
      isIn(startDay ?? 0, LIMITS.Trigger.scheduled.startDay) &&
      isIn(days ?? 1, LIMITS.Trigger.scheduled.days) &&
      isIn(everyDays ?? 1, LIMITS.Trigger.scheduled.everyDays) &&
      weekdays?.length !== 0,
    day: firstDay,
    lastDay,
  },
  recurring: {
    draftOf: ({ value }) => {
      const table = readCron(value);
      const hourly: Hourly | null = table && hourlyOf(table);
      if (hourly) return { way: "hourly", drafts: { hourly: { value, ...hourly } } };
      const weekly = table && weeklyOf(table);
      if (weekly)
        return {
          way: "weekdays",
          drafts: { weekdays: { value, days: weekly.days, times: weekly.times.join(",") } },
        };
      return { way: "cron", drafts: { cron: { value } } };
    },
    inWords: ({ value }, words) => cronInWords(value, words),
    isWhole: ({ value }) => readCron(value) !== null,
    day: () => null,
    lastDay: () => null,
  },
};

/** What each has in the file of a plan; whoever reads files brings along how its members are looked at. */
export const triggersInFile = <Check>({
  text,
  number,
  weekdays,
}: Record<InFile, Check>): InFileOf<Check> => ({
  immediate: {},
  delay: { value: text },
  scheduled: { value: text, startDay: number, days: number, everyDays: number, weekdays },
  recurring: { value: text },
});

type InFile = "text" | "number" | "weekdays";
type InFileOf<Check> = { [T in Type]: Record<Exclude<keyof Of[T], "type">, Check> };

// Which type it is stands beside the value, so that the compiler sees that they belong together.
const draftOf = <T extends Type>(type: T, trigger: Of[T]) => KINDS[type].draftOf(trigger);
const inWords = <T extends Type>(type: T, trigger: Of[T], words: Words) =>
  KINDS[type].inWords(trigger, words);
const whole = <T extends Type>(type: T, trigger: Of[T]) => KINDS[type].isWhole(trigger);
const day = <T extends Type>(type: T, trigger: Of[T]) => KINDS[type].day(trigger);
const last = <T extends Type>(type: T, trigger: Of[T]) => KINDS[type].lastDay(trigger);

/** The trigger that is being written. */
export const triggerOf = <W extends TriggerWay>(way: W, drafts: TriggerDrafts): Trigger =>
  WAYS[way].triggerOf(drafts[way]);

/** What the form begins with for a trigger. */
export function triggerDraftsOf(trigger: Trigger): { way: TriggerWay; triggers: TriggerDrafts } {
  const { way, drafts } = draftOf(trigger.type, trigger);
  return { way, triggers: { ...EMPTY_TRIGGERS, ...drafts } };
}

/** The field that holds what the core calls `trigger.value`; one that is not shown stands at another. */
export function fieldInTrigger<W extends TriggerWay>(way: W, drafts: TriggerDrafts, path: string): string {
  if (path === "" || path === "value") return WAYS[way].field;
  if (path.startsWith("weekdays")) return way === "weekdays" ? "days" : "weekdays";
  return path === "days" && drafts.scheduled.lasts !== "some" ? "lasts" : path;
}

/** What is wrong with what is being written, by the name of its field. */
export const wrongTrigger = <W extends TriggerWay>(way: W, drafts: TriggerDrafts): Wrong =>
  WAYS[way].wrong(drafts[way]);

/** A trigger in a sentence. */
export const triggerInWords = (trigger: Trigger, words: Words): string =>
  inWords(trigger.type, trigger, words);

/** Whether a trigger says when: what is still being written, or would be refused, does not. */
export const isWhole = (trigger: Trigger): boolean => whole(trigger.type, trigger);

/** The day on which a trigger first comes; null where that hangs on the weekday. */
export const dayOf = (trigger: Trigger): number | null => day(trigger.type, trigger);

/** The day on which a trigger last comes; null where it goes on until the follow-up ends. */
export const lastDayOf = (trigger: Trigger): number | null => last(trigger.type, trigger);

/** Why a trigger has no day to be moved to. */
export function whyNoDay(way: TriggerWay, drafts: TriggerDrafts): Label | null {
  const { onDay } = WAYS[way];
  if (typeof onDay !== "function") return onDay;
  const hangsOnTheWeekday = way === "scheduled" && dayOf(triggerOf(way, drafts)) === null;
  return hangsOnTheWeekday ? ON_WEEKDAYS : null;
}

/** A trigger on another day, as near to it as it can be; as it was where it has none. */
export function onDay<W extends TriggerWay>(way: W, drafts: TriggerDrafts, day: number): TriggerDrafts {
  const { onDay } = WAYS[way];
  return typeof onDay === "function" ? { ...drafts, [way]: onDay(drafts[way], day) } : drafts;
}
