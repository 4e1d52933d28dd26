// Where a patient chooses a day, a time or both, behind a button of a message.

import { Button, Group, TextInput } from "@mantine/core";
import { useWords } from "../i18n/useWords";
import { textOf } from "./Bubble";

/** A field in a bubble, which is white in dark colours, too. */
const WRITTEN = {
  input: { background: "#fff", color: "#111", borderColor: "#7b8a90", colorScheme: "light" },
};

/** The browser's own field for each mode of LINE's picker. */
const FIELDS: Record<string, string> = { date: "date", time: "time", datetime: "datetime-local" };

type Picked = {
  /** LINE's picker, as it stands in the message. */
  action: unknown;
  value: string;
  onChange: (value: string) => void;
  onPick: () => void;
};

export function PickerForm({ action, value, onChange, onPick }: Picked) {
  const { t } = useWords();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onPick();
      }}
    >
      <Group gap={4} wrap="nowrap">
        <TextInput
          size="xs"
          flex={1}
          styles={WRITTEN}
          type={FIELDS[textOf(action, "mode")] ?? "date"}
          aria-label={textOf(action, "label")}
          min={textOf(action, "min") || undefined}
          max={textOf(action, "max") || undefined}
          value={value}
          required
          onChange={(event) => onChange(event.currentTarget.value)}
        />
        <Button size="xs" type="submit">
          {t("Choose")}
        </Button>
      </Group>
    </form>
  );
}
