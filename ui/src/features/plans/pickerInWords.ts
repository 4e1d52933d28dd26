import type { Picker } from "../../bindings";
import type { Translate } from "../../i18n";
import { PICKER_MODES } from "../../labels";

/** What a button lets the patient choose, in a sentence. */
export function pickerInWords({ label, picker }: { label: string; picker: Picker }, t: Translate): string {
  const momentOf = (day: number | null | undefined, time: string | null | undefined) =>
    [day === null || day === undefined ? "" : t("day {n}", { n: day }), time ?? ""].filter(Boolean).join(" ");
  const first = momentOf(picker.minDays, picker.minTime);
  const last = momentOf(picker.maxDays, picker.maxTime);
  const chooses = t("“{label}”: {what}", { label, what: t(PICKER_MODES[picker.mode]) });
  return first || last ? `${chooses}, ${first} – ${last}` : chooses;
}
