// The fields of the triggers that fewer steps have than times of day: a delay, every few hours, cron.

import { Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { LIMITS } from "../../bindings";
import { cronInWords } from "../../components/cronWords";
import { DelayField } from "../../components/DelayField";
import { useWords } from "../../i18n/useWords";
import { HOURS } from "../../lib/cron";
import type { Input } from "./pace";
import type { TriggerDrafts } from "./triggers";

type Fields = { input: Input };

export const DelayFields = ({ input }: Fields) => <DelayField input={input("value")} />;

export function HourlyFields({ input }: Fields) {
  const { t } = useWords();
  return (
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
  );
}

export function CronFields({ draft: { value }, input }: Fields & { draft: TriggerDrafts["cron"] }) {
  const words = useWords();
  const { t } = words;
  return (
    <Stack gap={4}>
      <TextInput
        label={t("Cron")}
        description={t("Five fields: minute, hour, day of the month, month, day of the week.")}
        placeholder="0 9 * * 1-5"
        maxLength={LIMITS.Trigger.recurring.value.maxLength}
        {...input("value")}
      />
      <Text size="sm" role="status">
        {value.trim() !== "" && cronInWords(value, words)}
      </Text>
    </Stack>
  );
}
