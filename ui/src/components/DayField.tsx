// A day, typed or picked, with what it is in the reader's calendar beneath.

import { TextInput } from "@mantine/core";
import { useWords } from "../i18n/useWords";
import { longDay } from "../lib/format";
import { day as dayOf, useTyped } from "../lib/search";
import { gregorian } from "../lib/years";
import { DESCRIBED_BELOW } from "./below";

type Props = {
  label: string;
  /** YYYY-MM-DD; nothing where no day is chosen. */
  value: string | undefined;
  min?: string;
  max?: string;
  onChange: (day: string) => void;
  /** Where no day may be chosen at all. */
  onClear?: () => void;
};

/** Years that somebody may mean: while a year is typed, its first digits are another year. */
const [FIRST_YEAR, LAST_YEAR] = [2000, 2100];

/** The day of the calendar that is counted with: 2569 and 115 are 2026. */
function meant(text: string): string | undefined {
  const [year = "", ...rest] = text.split("-");
  const counted = gregorian(Number(year));
  if (counted < FIRST_YEAR || counted > LAST_YEAR) return undefined;
  return dayOf([counted, ...rest].join("-"));
}

export function DayField({ label, value, min, max, onChange, onClear }: Props) {
  const { locale } = useWords();
  const [typed, type] = useTyped(value ?? "", (text) => {
    const day = meant(text);
    if (day) onChange(day);
    else if (text === "") onClear?.();
  });
  const shown = meant(typed) ?? value;
  return (
    <TextInput
      type="date"
      label={label}
      value={typed}
      min={min}
      max={max}
      onChange={(event) => type(event.currentTarget.value)}
      description={shown && longDay(shown, locale)}
      {...DESCRIBED_BELOW}
    />
  );
}
