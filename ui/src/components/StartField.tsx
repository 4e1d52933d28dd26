// When a follow-up starts: now, or on a day that was or will be, as that of an operation.

import { Stack } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../i18n/useWords";
import { optionsOf, START_WAYS, type StartWay } from "../labels";
import { MORNING } from "../lib/days";
import { isoDay } from "../lib/format";
import { DAY_MS } from "../lib/units";
import { Choice } from "./Choice";
import { useClinic, useNow } from "./clinic";
import { DayAndTime, useInstant, type Wall } from "./DayAndTime";
import { When } from "./kit";

/** What was chosen; `startsAt` is left out for now. */
export function useStart() {
  const { timeZone } = useClinic();
  const now = useNow();
  const [way, choose] = useState<StartWay>("now");
  const [wall, setWall] = useState<Wall>(() => ({ day: isoDay(now + DAY_MS, timeZone), time: MORNING }));
  const at = useInstant(wall);
  return {
    way,
    choose,
    wall,
    setWall,
    startsAt: way === "day" && at !== null ? at : undefined,
    isReady: way === "now" || at !== null,
  };
}

export type Start = ReturnType<typeof useStart>;

export function StartField({ start }: { start: Start }) {
  const { t } = useWords();
  return (
    <Stack gap="xs">
      <Choice
        size="sm"
        label={t("Starts")}
        value={start.way}
        onChange={start.choose}
        data={optionsOf(START_WAYS, t)}
      />
      {start.way === "day" && (
        <>
          <DayAndTime wall={start.wall} onChange={start.setWall} />
          {start.startsAt && (
            <div>
              <When at={start.startsAt} />
            </div>
          )}
        </>
      )}
    </Stack>
  );
}
