// The next dates of a trigger that is being written, as the core would keep them.

import { Stack, Text } from "@mantine/core";
import type { AtNight, Trigger } from "../../bindings";
import { useClinic } from "../../components/clinic";
import { useWords } from "../../i18n/useWords";
import { chosen } from "../../lib/format";
import { wallOf } from "../../lib/zones";
import { useReader } from "./preview";
import { isWhole } from "./triggers";
import { quietAt, useWhatGoesOut } from "./whatGoesOut";

const SHOWN = 3;

/** For who starts now: the patient as whom the messages are read, or one in the clinic's zone. */
export function NextTimes({ trigger, atNight }: { trigger: Trigger; atNight: AtNight | null }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const { reader } = useReader();
  const { preview, isOld, error } = useWhatGoesOut(
    isWhole(trigger)
      ? { triggers: [trigger], atNight: [atNight], limit: SHOWN, patientId: reader?.id }
      : null,
  );
  if (error)
    return (
      <Text size="sm" c="dimmed">
        {t("The next dates are not known just now.")}
      </Text>
    );
  if (!preview || preview.items.length === 0) return null;
  const zone = preview.timeZone;
  const times = preview.items.map(({ dueAt }) => chosen(wallOf(Date.parse(dueAt), zone), locale)).join(" · ");
  const [quiet] = preview.items.flatMap((item) => quietAt(item, zone) ?? []);
  return (
    <Stack gap={2} aria-busy={isOld}>
      <Text size="sm" c="dimmed">
        {reader
          ? t("Next, where {name} starts now: {times}", { name: reader.displayName, times })
          : t("Next, for someone who starts now: {times}", { times })}
      </Text>
      {zone !== timeZone && (
        <Text size="sm" c="dimmed">
          {t("By the clock where the patient lives ({zone})", { zone })}
        </Text>
      )}
      {quiet && (
        <Text size="sm">
          {quiet.end === null
            ? t("{time} lies in the quiet hours: it arrives without a sound.", { time: quiet.time })
            : t("{time} lies in the quiet hours: it goes out at {end}.", {
                time: quiet.time,
                end: quiet.end,
              })}
        </Text>
      )}
    </Stack>
  );
}
