// The triggers of a step: what the editor holds of each, the way to and from the core's, its
// fields and its sentence. A new type is one entry in each of the two tables.

import { Group, NumberInput, TextInput } from "@mantine/core";
import type { GetInputPropsReturnType } from "@mantine/form";
import type { ReactNode } from "react";
import { LIMITS, type Trigger } from "../../bindings";
import type { Translate } from "../../i18n";
import { rangeOf } from "../../lib/limits";

type Type = Trigger["type"];
type Of = { [T in Type]: Extract<Trigger, { type: T }> };

/** What the form holds, for each type its own: who looks at another type loses nothing. */
export type TriggerDrafts = {
  immediate: object;
  delay: { value: string };
  scheduled: { value: string; startDay: number; days: number | "" };
  recurring: { value: string };
};

/** Before anything is written. */
export const EMPTY_TRIGGERS: TriggerDrafts = {
  immediate: {},
  delay: { value: "" },
  scheduled: { value: "", startDay: 0, days: "" },
  recurring: { value: "" },
};

type Input = (name: string) => GetInputPropsReturnType;

type Kind<T extends Type> = {
  draftOf: (trigger: Of[T]) => TriggerDrafts[T];
  triggerOf: (draft: TriggerDrafts[T]) => Of[T];
  inWords: (trigger: Of[T], t: Translate) => string;
  fields: (input: Input, t: Translate) => ReactNode;
};

const KINDS: { [T in Type]: Kind<T> } = {
  immediate: {
    draftOf: () => ({}),
    triggerOf: () => ({ type: "immediate" }),
    inWords: (_, t) => t("As soon as the follow-up starts"),
    fields: () => null,
  },
  delay: {
    draftOf: ({ value }) => ({ value }),
    triggerOf: ({ value }) => ({ type: "delay", value }),
    inWords: ({ value }, t) => t("{delay} after the start", { delay: value }),
    fields: (input, t) => (
      <TextInput label={t("After")} placeholder="1h, 30m, 2d, 1d12h" {...input("value")} />
    ),
  },
  scheduled: {
    draftOf: ({ value, startDay, days }) => ({ value, startDay: startDay ?? 0, days: days ?? "" }),
    triggerOf: ({ value, startDay, days }) => ({
      type: "scheduled",
      value,
      startDay,
      ...(days === "" ? {} : { days }),
    }),
    inWords: ({ value, startDay, days }, t) => {
      const times = value.split(",").join(", ");
      const from = startDay ?? 0;
      if (days === 1) return t("At {times} on day {from}", { times, from });
      if (days) return t("At {times} for {days} days from day {from}", { times, days, from });
      return t("Every day at {times} from day {from}", { times, from });
    },
    fields: (input, t) => (
      <>
        <TextInput label={t("Times of day")} placeholder="09:00,14:30" {...input("value")} />
        <Group grow>
          <NumberInput
            label={t("From day")}
            description={t("0 is the day of the start")}
            {...rangeOf(LIMITS.Trigger.scheduled.startDay)}
            {...input("startDay")}
          />
          <NumberInput
            label={t("For days")}
            description={t("Empty: until it ends")}
            {...rangeOf(LIMITS.Trigger.scheduled.days)}
            {...input("days")}
          />
        </Group>
      </>
    ),
  },
  recurring: {
    draftOf: ({ value }) => ({ value }),
    triggerOf: ({ value }) => ({ type: "recurring", value }),
    inWords: ({ value }, t) => t("By the timetable {cron}", { cron: value }),
    fields: (input, t) => (
      <TextInput
        label={t("Cron")}
        placeholder="0 9 * * 1-5"
        maxLength={LIMITS.Trigger.recurring.value.maxLength}
        {...input("value")}
      />
    ),
  },
};

// Which type it is stands beside the value, so that the compiler sees that they belong together.
const draftOf = <T extends Type>(type: T, trigger: Of[T]) => KINDS[type].draftOf(trigger);
const inWords = <T extends Type>(type: T, trigger: Of[T], t: Translate) => KINDS[type].inWords(trigger, t);

/** The trigger that is being written. */
export const triggerOf = <T extends Type>(type: T, drafts: TriggerDrafts): Trigger =>
  KINDS[type].triggerOf(drafts[type]);

/** What the form begins with for a trigger. */
export const triggerDraftsOf = (trigger: Trigger): TriggerDrafts => ({
  ...EMPTY_TRIGGERS,
  [trigger.type]: draftOf(trigger.type, trigger),
});

/** A trigger in a sentence. */
export const triggerInWords = (trigger: Trigger, t: Translate): string => inWords(trigger.type, trigger, t);

/** The fields of a trigger; `input` binds one by its name. */
export const triggerFields = (type: Type, input: Input, t: Translate): ReactNode =>
  KINDS[type].fields(input, t);
