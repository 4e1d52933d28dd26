// When a message that is being written goes out: now, at another time, or again and again.

import { Group, Stack, Text } from "@mantine/core";
import { keepPreviousData } from "@tanstack/react-query";
import { useState } from "react";
import type { Patient, Schedule } from "../bindings";
import { Choice } from "../components/Choice";
import { useClinic, useNow } from "../components/clinic";
import { type Bound, TimesField, WeekdaysField } from "../components/clock";
import { GoesOutAt } from "../components/GoesOutAt";
import { Problem, When } from "../components/kit";
import { useWords } from "../i18n/useWords";
import { optionsOf, SEND_TIMES, type SendTime } from "../labels";
import { cronOf } from "../lib/cron";
import { MORNING } from "../lib/days";
import { chosen, dateTime } from "../lib/format";
import { MAX_AHEAD_MS } from "../lib/limits";
import { MINUTE_MS } from "../lib/units";
import { instantOf, wallOf } from "../lib/zones";
import { useNextTimes } from "../queries";
import { Quiet } from "./quiet";

const NEXT = 5;

const listOf = (times: string) => times.split(",").filter((time) => time !== "");

/** What was chosen, and what of it the core is told; null where it is not whole yet. */
export function useWhen() {
  const { timeZone } = useClinic();
  const now = useNow();
  const [way, choose] = useState<SendTime>("now");
  const [wall, setWall] = useState("");
  const [days, setDays] = useState<number[]>([]);
  const [times, setTimes] = useState(MORNING);
  const written = instantOf(wall, timeZone);
  const isAhead = written !== null && Date.parse(written) > now && Date.parse(written) <= now + MAX_AHEAD_MS;
  const at = way === "later" && isAhead ? written : null;
  const cron = times.split(",").includes("") ? null : cronOf({ days, times: listOf(times) });
  const schedules: Record<SendTime, Schedule | null> = {
    now: { type: "immediate" },
    later: at === null ? null : { type: "at", at },
    repeating: cron === null ? null : { type: "recurring", cron },
  };
  return {
    way,
    choose,
    wall,
    setWall,
    days,
    setDays,
    times,
    setTimes,
    /** The instant of a single later message. */
    at,
    /** Whether a time was written that is none, is over or lies too far ahead. */
    isWrong: way === "later" && wall !== "" && at === null,
    cron,
    isReady: schedules[way] !== null,
    /** Null means now. */
    schedule: way === "now" ? null : schedules[way],
    /** Sets it back to now; gives the way back. */
    take: () => {
      choose("now");
      setWall("");
      setDays([]);
      return () => {
        choose(way);
        setWall(wall);
        setDays(days);
      };
    },
  };
}

type WhenWritten = ReturnType<typeof useWhen>;

export function WhenToSend({ when, patient }: { when: WhenWritten; patient: Patient }) {
  const { t } = useWords();
  return (
    <Stack gap="xs">
      <Choice
        size="xs"
        label={t("When it goes out")}
        value={when.way}
        onChange={when.choose}
        data={optionsOf(SEND_TIMES, t)}
      />
      {when.way === "later" && <Later when={when} patient={patient} />}
      {when.way === "repeating" && <Repeating when={when} patient={patient} />}
    </Stack>
  );
}

function Later({ when: { wall, setWall, at, isWrong }, patient }: { when: WhenWritten; patient: Patient }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const zone = patient.timeZone ?? timeZone;
  return (
    <Stack gap={4}>
      <GoesOutAt
        wall={wall}
        setWall={setWall}
        maw={260}
        error={isWrong && t("Choose a time to come, within a year.")}
      />
      {at && (
        <Group gap={6}>
          <When at={at} />
          {zone !== timeZone && (
            <Text size="sm" c="dimmed">
              {t("{time} where the patient lives", { time: dateTime(at, locale, zone) })}
            </Text>
          )}
        </Group>
      )}
      {at && <Quiet times={[wallOf(Date.parse(at), zone).slice(11)]} />}
    </Stack>
  );
}

/** A field that is no field of a form. */
const bound = <T,>(value: T, onChange: (value: T) => void): Bound => ({
  value,
  defaultValue: value,
  onChange,
});

function Repeating({ when, patient }: { when: WhenWritten; patient: Patient }) {
  const { t } = useWords();
  const { timeZone } = useClinic();
  const zone = patient.timeZone ?? timeZone;
  const isApart = when.cron === null && when.days.length > 0 && !when.times.split(",").includes("");
  return (
    <Stack gap="xs">
      <WeekdaysField input={bound(when.days, when.setDays)} />
      <TimesField input={bound(when.times, when.setTimes)} />
      <Text size="sm" c="dimmed">
        {t("By the clock where the patient lives ({zone})", { zone })}
      </Text>
      {isApart && (
        <Text size="sm" role="status">
          {t("These times do not go together: take the same minutes, such as 09:00 and 14:00.")}
        </Text>
      )}
      {when.cron && <NextFive cron={when.cron} zone={zone} />}
    </Stack>
  );
}

function NextFive({ cron, zone }: { cron: string; zone: string }) {
  const { t, locale } = useWords();
  const asked = { cron, timeZone: zone, limit: NEXT };
  // The times before stay until the new ones are there.
  const { data, error, refetch } = useNextTimes(asked, {
    refetchInterval: MINUTE_MS,
    placeholderData: keepPreviousData,
  });
  const next = (data?.items ?? []).map((at) => wallOf(Date.parse(at), zone));
  const title = t("The next five times");
  if (error && !data) return <Problem error={error} again={refetch} />;
  return (
    <div>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <ul className="plain-list" aria-label={title}>
        {next.map((time) => (
          <li key={time}>
            <Text size="sm">{chosen(time, locale)}</Text>
          </li>
        ))}
      </ul>
      <Quiet times={next.map((time) => time.slice(11))} />
    </div>
  );
}
