// Says before anything is sent that a time lies in the quiet hours.

import { Text } from "@mantine/core";
import { useWords } from "../i18n/useWords";
import { waitsIn } from "../lib/quiet";
import { useGetSettings } from "../queries";

/** Names the first of `times` (`21:30`, where the patient lives) that waits for the end of quiet hours. */
export function Quiet({ times }: { times: string[] }) {
  const { t } = useWords();
  const quiet = useGetSettings({}).data?.quietHours;
  const time = quiet && times.find((one) => waitsIn(one, quiet));
  if (!quiet || !time) return null;
  return (
    <Text size="sm">
      {t("{time} lies in the quiet hours: it goes out at {end}.", { time, end: quiet.end })}
    </Text>
  );
}
