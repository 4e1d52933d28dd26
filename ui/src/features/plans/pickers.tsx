// What a button of a question lets the patient choose: what the editor holds of it, the way to
// and from the core's, its fields and its sentence.

import { Group, NativeSelect, NumberInput, Text, TextInput } from "@mantine/core";
import type { GetInputPropsReturnType } from "@mantine/form";
import { LIMITS, type Picker, type PickerMode } from "../../bindings";
import type { Translate } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { optionsOf, PICKER_MODES } from "../../labels";
import { rangeOf } from "../../lib/limits";

/** What the form holds; who looks at another mode loses nothing. */
export type PickerDraft = {
  mode: PickerMode | "";
  minDays: number | "";
  maxDays: number | "";
  initialDays: number | "";
  minTime: string;
  maxTime: string;
  initialTime: string;
};

/** A button that says its value. */
export const NO_PICKER: PickerDraft = {
  mode: "",
  minDays: "",
  maxDays: "",
  initialDays: "",
  minTime: "",
  maxTime: "",
  initialTime: "",
};

const hasDays = (mode: PickerMode | "") => mode === "date" || mode === "datetime";
const hasTimes = (mode: PickerMode | "") => mode === "time" || mode === "datetime";

export const pickerDraftOf = (picker: Picker | null | undefined): PickerDraft => ({
  mode: picker?.mode ?? "",
  minDays: picker?.minDays ?? "",
  maxDays: picker?.maxDays ?? "",
  initialDays: picker?.initialDays ?? "",
  minTime: picker?.minTime ?? "",
  maxTime: picker?.maxTime ?? "",
  initialTime: picker?.initialTime ?? "",
});

/** The picker that is being written; none where nothing is chosen. */
export function pickerOf({ mode, ...draft }: PickerDraft): { picker?: Picker } {
  if (mode === "") return {};
  const { minDays, maxDays, initialDays, minTime, maxTime, initialTime } = draft;
  const days = { minDays, maxDays, initialDays };
  const times = { minTime, maxTime, initialTime };
  const given = Object.entries({ ...(hasDays(mode) ? days : {}), ...(hasTimes(mode) ? times : {}) });
  return { picker: { mode, ...Object.fromEntries(given.filter(([, value]) => value !== "")) } };
}

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
          <NumberInput label={t("From day")} {...days} {...input("minDays")} />
          <NumberInput label={t("Until day")} {...days} {...input("maxDays")} />
          <NumberInput label={t("Opens with day")} {...days} {...input("initialDays")} />
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

/** What a button lets the patient choose, in a sentence. */
export function pickerInWords({ label, picker }: { label: string; picker: Picker }, t: Translate): string {
  const momentOf = (day: number | null | undefined, time: string | null | undefined) =>
    [day === null || day === undefined ? "" : t("day {n}", { n: day }), time ?? ""].filter(Boolean).join(" ");
  const first = momentOf(picker.minDays, picker.minTime);
  const last = momentOf(picker.maxDays, picker.maxTime);
  const chooses = t("“{label}”: {what}", { label, what: t(PICKER_MODES[picker.mode]) });
  return first || last ? `${chooses}, ${first} – ${last}` : chooses;
}
