// When a step comes: the ways staff choose among, the fields of the chosen one, its sentence and
// the next dates.

import { Group, NativeSelect, Stack, Text } from "@mantine/core";
import { memo } from "react";
import { LIMITS } from "../../bindings";
import { NumberField } from "../../components/NumberField";
import { useWords } from "../../i18n/useWords";
import { AT_NIGHT, namesOf, optionsOf } from "../../labels";
import { rangeOf } from "../../lib/limits";
import { useGetSettings } from "../../queries";
import { AdvancedChoice } from "./AdvancedChoice";
import { NextTimes } from "./NextTimes";
import { drawnFrom, type StepForm } from "./steady";
import type { Draft } from "./steps";
import { triggerFields } from "./triggerFields";
import { TRIGGERS, triggerInWords, triggerOf } from "./triggers";

const SHOWN = ["way", "triggers", "freshnessHours", "atNight"] as const;

type Part = { form: StepForm; path: string; step: Pick<Draft, (typeof SHOWN)[number]> };

export const TriggerForm = memo(
  function TriggerForm({ form, path, step }: Part) {
    const words = useWords();
    const { t } = words;
    // What holds for a step that does not set its own freshness.
    const hours = useGetSettings({}).data?.freshnessHours?.toString();
    const trigger = triggerOf(step.way, step.triggers);
    const input = (name: string) => form.getInputProps(`${path}.triggers.${step.way}.${name}`);
    return (
      <Stack gap="xs" data-path={`${path}.triggers`} tabIndex={-1}>
        <AdvancedChoice
          legend={t("When")}
          value={step.way}
          onChange={form.getInputProps(`${path}.way`).onChange}
          options={namesOf(TRIGGERS)
            .filter((way) => way !== "cron")
            .map((value) => ({ value, label: t(TRIGGERS[value]) }))}
          advanced={{ value: "cron", label: t(TRIGGERS.cron) }}
        />
        {triggerFields(step.way, step.triggers, input, words)}
        <Text size="sm" fw={600}>
          {triggerInWords(trigger, words)}
        </Text>
        <NextTimes trigger={trigger} atNight={step.atNight || null} />
        <Group align="flex-start">
          <NumberField
            label={t("Hours it may be late")}
            placeholder={hours}
            w={220}
            {...rangeOf(LIMITS.StepInput.freshnessHours)}
            decimals={1}
            {...form.getInputProps(`${path}.freshnessHours`)}
          />
          <NativeSelect
            label={t("In quiet hours")}
            {...form.getInputProps(`${path}.atNight`)}
            data={[{ value: "", label: t("As the clinic says") }, ...optionsOf(AT_NIGHT, t)]}
          />
        </Group>
      </Stack>
    );
  },
  drawnFrom<Part>(...SHOWN),
);
