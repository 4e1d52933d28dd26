// A day of birth: a day, a month by its name and a year, in whatever era people count it.

import { Fieldset, Group, NativeSelect, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../../i18n/useWords";
import { birthday, isoOfBirth, monthNames } from "../../lib/birth";
import { yearIn } from "../../lib/years";

type Props = {
  /** `1956-04-13`; empty where it is not known. */
  value?: string;
  onChange?: (value: string) => void;
  error?: React.ReactNode;
};

/** Hands on a whole day alone; half of one is none, and an impossible one is refused by the core. */
export function BirthDate({ value = "", onChange, error }: Props) {
  const { t, locale } = useWords();
  const [year, month, day] = value.split("-");
  const [typed, setTyped] = useState({
    day: day ? String(Number(day)) : "",
    month: month ? String(Number(month)) : "",
    year: year ? yearIn(Number(year), locale) : "",
  });
  const change = (part: Partial<typeof typed>) => {
    const all = { ...typed, ...part };
    setTyped(all);
    onChange?.(isoOfBirth(all));
  };
  return (
    <Fieldset legend={t("Birth date")} variant="unstyled" data-path="birthDate" tabIndex={-1}>
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <TextInput
          label={t("Day")}
          inputMode="numeric"
          maxLength={2}
          w={64}
          value={typed.day}
          onChange={(event) => change({ day: event.currentTarget.value })}
        />
        <NativeSelect
          label={t("Month")}
          flex={1}
          value={typed.month}
          onChange={(event) => change({ month: event.currentTarget.value })}
          data={[
            { value: "", label: "–" },
            ...monthNames(locale).map((label, n) => ({ value: String(n + 1), label })),
          ]}
        />
        <TextInput
          label={t("Year")}
          inputMode="numeric"
          maxLength={4}
          w={88}
          value={typed.year}
          onChange={(event) => change({ year: event.currentTarget.value })}
        />
      </Group>
      <Text size="sm" c="dimmed" mt={4} aria-live="polite">
        {birthday(value, locale) || t("The year as people count it: 1956, 2499 or 45.")}
      </Text>
      {error && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {error}
        </Text>
      )}
    </Fieldset>
  );
}
