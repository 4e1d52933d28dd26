// The fields of a step that comes at times of day: from which day on, on which days, and when.

import { Group, NativeSelect } from "@mantine/core";
import { LIMITS } from "../../bindings";
import { TimesField, WeekdaysField } from "../../components/clock";
import { NumberField } from "../../components/NumberField";
import type { Label } from "../../i18n";
import { namesOf } from "../../labels";
import { rangeOf } from "../../lib/limits";
import { type Input, PACES, type ScheduledDraft, type Words } from "./pace";

const LASTS: Record<ScheduledDraft["lasts"], Label> = {
  one: "on this day only",
  some: "on several days",
  on: "until the follow-up ends",
};

export function DayFields({
  draft,
  input,
  words: { t },
}: {
  draft: ScheduledDraft;
  input: Input;
  words: Words;
}) {
  return (
    <>
      <Group align="flex-start" gap="xs">
        <NumberField
          label={t("Day after the start")}
          description={t("0 is the day of the start")}
          w={150}
          {...rangeOf(LIMITS.Trigger.scheduled.startDay)}
          {...input("startDay")}
        />
        <NativeSelect
          label={t("How long")}
          description={t("From that day on")}
          {...input("lasts")}
          data={Object.entries(LASTS).map(([value, label]) => ({ value, label: t(label) }))}
        />
        {draft.lasts === "some" && (
          <NumberField
            label={t("For days")}
            description={t("That day counts too")}
            w={150}
            {...rangeOf(LIMITS.Trigger.scheduled.days)}
            {...input("days")}
          />
        )}
        {draft.lasts !== "one" && (
          <NativeSelect
            label={t("How often")}
            description={t("On which of those days")}
            {...input("pace")}
            data={namesOf(PACES).map((value) => ({ value, label: t(PACES[value]) }))}
          />
        )}
        {draft.lasts !== "one" && draft.pace === "nth" && (
          <NumberField
            label={t("Every how many days")}
            description={t("2 is every other day")}
            w={150}
            {...rangeOf(LIMITS.Trigger.scheduled.everyDays)}
            {...input("everyDays")}
          />
        )}
      </Group>
      {draft.lasts !== "one" && draft.pace === "week" && <WeekdaysField input={input("weekdays")} />}
      <TimesField input={input("value")} />
    </>
  );
}
