// What a button of a question lets the patient choose: what the editor holds of it, the way to
// and from the core's, and its sentence.

import type { Picker, PickerMode } from "../../bindings";
import type { Translate } from "../../i18n";
import { PICKER_MODES } from "../../labels";

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

export const hasDays = (mode: PickerMode | "") => mode === "date" || mode === "datetime";
export const hasTimes = (mode: PickerMode | "") => mode === "time" || mode === "datetime";

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

/** What a button lets the patient choose, in a sentence. */
export function pickerInWords({ label, picker }: { label: string; picker: Picker }, t: Translate): string {
  const momentOf = (day: number | null | undefined, time: string | null | undefined) =>
    [day === null || day === undefined ? "" : t("day {n}", { n: day }), time ?? ""].filter(Boolean).join(" ");
  const first = momentOf(picker.minDays, picker.minTime);
  const last = momentOf(picker.maxDays, picker.maxTime);
  const chooses = t("“{label}”: {what}", { label, what: t(PICKER_MODES[picker.mode]) });
  return first || last ? `${chooses}, ${first} – ${last}` : chooses;
}
