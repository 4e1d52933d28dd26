// The fields of a step's trigger, apart from what reads and says it: a page that names triggers has none.

import { Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { LIMITS } from "../../bindings";
import { TimesField, WeekdaysField } from "../../components/clock";
import { cronInWords } from "../../components/cronWords";
import { DelayField } from "../../components/DelayField";
import { HOURS } from "../../lib/cron";
import { DayFields } from "./DayFields";
import type { Input, Words } from "./pace";
import type { TriggerDrafts, TriggerWay } from "./triggers";

const FIELDS: {
  [W in TriggerWay]: (draft: TriggerDrafts[W], input: Input, words: Words) => ReactNode;
} = {
  immediate: () => null,
  delay: (_, input) => <DelayField input={input("value")} />,
  scheduled: (draft, input, words) => <DayFields draft={draft} input={input} words={words} />,
  weekdays: (_, input) => (
    <>
      <WeekdaysField input={input("days")} />
      <TimesField input={input("times")} />
    </>
  ),
  hourly: (_, input, { t }) => (
    <Group align="flex-start" gap="xs">
      <NativeSelect
        label={t("Interval")}
        {...input("hours")}
        onChange={({ currentTarget }) => input("hours").onChange(Number(currentTarget.value))}
        data={HOURS.map((n) => ({
          value: String(n),
          label: t("{n, plural, one {every hour} other {every # hours}}", { n }),
        }))}
      />
      <TextInput type="time" label={t("One of the times")} {...input("from")} />
    </Group>
  ),
  cron: ({ value }, input, words) => (
    <Stack gap={4}>
      <TextInput
        label={words.t("Cron")}
        description={words.t("Five fields: minute, hour, day of the month, month, day of the week.")}
        placeholder="0 9 * * 1-5"
        maxLength={LIMITS.Trigger.recurring.value.maxLength}
        {...input("value")}
      />
      <Text size="sm" role="status">
        {value.trim() !== "" && cronInWords(value, words)}
      </Text>
    </Stack>
  ),
};

/** The fields of a trigger; `input` binds one by its name. */
export const triggerFields = <W extends TriggerWay>(
  way: W,
  drafts: TriggerDrafts,
  input: Input,
  words: Words,
): ReactNode => FIELDS[way](drafts[way], input, words);
