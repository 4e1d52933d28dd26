// A day in the reader's calendar and a time of that day, by the clinic's clock.

import { Group, Text, TextInput } from "@mantine/core";
import { useWords } from "../i18n/useWords";
import { isoDay } from "../lib/format";
import { MAX_AHEAD_MS } from "../lib/limits";
import { instantOf } from "../lib/zones";
import { DESCRIBED_BELOW } from "./below";
import { useClinic, useNow } from "./clinic";
import { DayField } from "./DayField";

/** `2026-12-01` and `09:00`. */
export type Wall = { day: string; time: string };

/** The instant they mean in the clinic; null where that is none, or too far from now to be a start. */
export function useInstant({ day, time }: Wall): string | null {
  const { timeZone } = useClinic();
  const now = useNow();
  const at = instantOf(`${day}T${time}`, timeZone);
  return at !== null && Math.abs(Date.parse(at) - now) <= MAX_AHEAD_MS ? at : null;
}

export function DayAndTime({ wall, onChange }: { wall: Wall; onChange: (wall: Wall) => void }) {
  const { t } = useWords();
  const { timeZone } = useClinic();
  const now = useNow();
  const isWrong = useInstant(wall) === null;
  return (
    <div>
      <Group gap="sm" align="flex-start">
        <DayField
          label={t("Date")}
          value={wall.day}
          min={isoDay(now - MAX_AHEAD_MS, timeZone)}
          max={isoDay(now + MAX_AHEAD_MS, timeZone)}
          onChange={(day) => onChange({ ...wall, day })}
        />
        <TextInput
          type="time"
          label={t("Time of day")}
          description={t("In the clinic's time ({zone})", { zone: timeZone })}
          {...DESCRIBED_BELOW}
          value={wall.time}
          onChange={({ currentTarget }) => onChange({ ...wall, time: currentTarget.value })}
        />
      </Group>
      {isWrong && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {t("Choose a day and a time within a year before or after today.")}
        </Text>
      )}
    </div>
  );
}
