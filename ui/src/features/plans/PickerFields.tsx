// The fields of what a button lets the patient choose, apart from what reads and says it.

import { Group, NativeSelect, Text, TextInput } from "@mantine/core";
import type { GetInputPropsReturnType } from "@mantine/form";
import { LIMITS } from "../../bindings";
import { NumberField } from "../../components/NumberField";
import { useWords } from "../../i18n/useWords";
import { optionsOf, PICKER_MODES } from "../../labels";
import { rangeOf } from "../../lib/limits";
import { hasDays, hasTimes, type PickerDraft } from "./pickers";

/** What is chosen, and between which days or times. */
export function PickerFields({
  picker,
  input,
}: {
  picker: PickerDraft;
  input: (name: keyof PickerDraft) => GetInputPropsReturnType;
}) {
  const { t } = useWords();
  const { mode } = picker;
  const days = rangeOf(LIMITS.Picker.minDays);
  return (
    <>
      <NativeSelect
        label={t("The patient chooses")}
        {...input("mode")}
        data={[{ value: "", label: t("Nothing: the button is the answer") }, ...optionsOf(PICKER_MODES, t)]}
      />
      {hasDays(mode) && (
        <Group grow align="flex-end">
          <NumberField label={t("From day")} {...days} {...input("minDays")} />
          <NumberField label={t("Until day")} {...days} {...input("maxDays")} />
          <NumberField label={t("Opens with day")} {...days} {...input("initialDays")} />
        </Group>
      )}
      {hasTimes(mode) && (
        <Group grow align="flex-end">
          <TextInput label={t("From time")} type="time" {...input("minTime")} />
          <TextInput label={t("Until time")} type="time" {...input("maxTime")} />
          <TextInput label={t("Opens with time")} type="time" {...input("initialTime")} />
        </Group>
      )}
      {mode !== "" && (
        <Text size="xs" c="dimmed">
          {mode === "date" && t("Day 0 is the day it is sent.")}
          {mode === "datetime" &&
            t("Day 0 is the day it is sent. The times are those of the first and the last day.")}
        </Text>
      )}
    </>
  );
}
