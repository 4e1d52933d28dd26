// What a button of a question lets the patient choose: what the editor holds of it, and the way
// to and from the core's.

import type { Picker, PickerMode } from "../../bindings";

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
