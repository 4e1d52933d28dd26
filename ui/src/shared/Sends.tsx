// Every message a care plan would send, before it is started: by day, with quiet hours applied, and
// what a start in the past leaves out.

import { Alert, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconClockOff } from "@tabler/icons-react";
import { keepPreviousData } from "@tanstack/react-query";
import { LIMITS, type PreviewedTime, type Protocol } from "../bindings";
import { useClinic, useNow } from "../components/clinic";
import { Loading, Problem } from "../components/kit";
import { ShowAll } from "../components/ShowAll";
import type { Translate } from "../i18n";
import { useWords } from "../i18n/useWords";
import { clockTime, dayAndTime, isoDay, listed, longDay } from "../lib/format";
import { useGetProtocol, usePreviewProtocol } from "../queries";

type Asked = {
  protocolId: string;
  /** Now where it is left out. */
  startsAt?: string;
  /** In whose zone; the clinic's where it is left out. */
  patientId?: string;
};

const limit = LIMITS.PreviewSteps.limit.maximum;

function useSends({ protocolId, startsAt, patientId }: Asked) {
  const plan = useGetProtocol({ id: protocolId });
  const triggers = plan.data?.steps.map(({ trigger }) => trigger) ?? [];
  const atNight = plan.data?.steps.map((step) => step.atNight);
  const input = { triggers, atNight, startAt: startsAt, patientId, limit };
  // While a day is chosen the list does not vanish and come again.
  const options = { enabled: triggers.length > 0, placeholderData: keepPreviousData };
  const times = usePreviewProtocol(input, options);
  return { plan, times };
}

export function Sends(asked: Asked) {
  const { plan, times } = useSends(asked);
  const now = useNow();
  if (!plan.data || !times.data)
    return plan.error || times.error ? (
      <Problem error={plan.error ?? times.error} again={plan.error ? plan.refetch : times.refetch} />
    ) : (
      <Loading rows={3} />
    );
  const isPast = ({ dueAt }: PreviewedTime) => asked.startsAt !== undefined && Date.parse(dueAt) < now;
  const { items: due, more, timeZone: zone } = times.data;
  // By night one may wait while a later one goes.
  const items = due.toSorted((one, other) => Date.parse(one.goesAt) - Date.parse(other.goesAt));
  return (
    <Stack gap="xs" aria-busy={times.isPlaceholderData}>
      <LeftOut times={items.filter(isPast)} plan={plan.data} />
      <ToCome times={items.filter((one) => !isPast(one))} plan={plan.data} more={more} zone={zone} />
    </Stack>
  );
}

const nameIn = (plan: Protocol, step: number, t: Translate) =>
  plan.steps[step]?.name || t("Step {n}", { n: step + 1 });

/** What would have gone before now, each step once. */
function LeftOut({ times, plan }: { times: PreviewedTime[]; plan: Protocol }) {
  const { t, locale } = useWords();
  if (times.length === 0) return null;
  const names = [...new Set(times.map(({ step }) => nameIn(plan, step, t)))];
  const n = times.length;
  // The core shows no more of them: how many there are is not known here.
  const title =
    n < limit
      ? t(
          "{n, plural, one {# message is not sent: its time has passed.} other {# messages are not sent: their time has passed.}}",
          { n },
        )
      : t("Messages whose time has passed are not sent.");
  return (
    <Alert color="orange" p="xs" icon={<IconClockOff aria-hidden />} title={title}>
      <Text size="sm">{listed(names, locale)}</Text>
    </Alert>
  );
}

const SHOWN = 6;

function titleOf(n: number, more: boolean, t: Translate): string {
  if (n === 0) return more ? t("More messages follow.") : t("Nothing comes any more with this start.");
  if (more) return t("The next {n} messages; more follow", { n });
  return t("{n, plural, one {# message} other {# messages}} to come", { n });
}

type Coming = { times: PreviewedTime[]; plan: Protocol; more: boolean; zone: string };

function ToCome({ times, plan, more, zone }: Coming) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const [all, { toggle }] = useDisclosure();
  const n = times.length;
  const shown = all ? times : times.slice(0, SHOWN);
  const days = [...new Set(shown.map(({ goesAt }) => isoDay(Date.parse(goesAt), timeZone)))];
  const title = titleOf(n, more, t);
  return (
    <Stack gap={6}>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <ul className="plain-list sends" aria-label={title}>
        {days.map((day) => (
          <li key={day}>
            <Text size="sm" fw={600}>
              {longDay(day, locale)}
            </Text>
            <ul className="plain-list">
              {shown
                .filter(({ goesAt }) => isoDay(Date.parse(goesAt), timeZone) === day)
                .map((one) => (
                  <li key={`${one.step} ${one.dueAt}`}>
                    <Send time={one} name={nameIn(plan, one.step, t)} zone={zone} />
                  </li>
                ))}
            </ul>
          </li>
        ))}
      </ul>
      {n > SHOWN && <ShowAll n={n} isOpen={all} toggle={toggle} />}
    </Stack>
  );
}

/** One of them: its time, and why that is not the step's own. */
function Send({ time, name, zone }: { time: PreviewedTime; name: string; zone: string }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const { dueAt, goesAt, silently } = time;
  const waits = dueAt !== goesAt;
  const isElsewhere = dayAndTime(goesAt, locale, zone) !== dayAndTime(goesAt, locale, timeZone);
  const remarks = [
    waits && t("due {time}, waits for the end of quiet hours", { time: clockTime(dueAt, locale, timeZone) }),
    silently && t("without a sound, in quiet hours"),
    isElsewhere && t("{time} where the patient lives", { time: clockTime(goesAt, locale, zone) }),
  ].filter((one) => one !== false);
  return (
    <Text size="sm">
      <time dateTime={goesAt}>{clockTime(goesAt, locale, timeZone)}</time> {name}
      {remarks.length > 0 && (
        <Text span size="sm" c="dimmed">
          {" "}
          · {listed(remarks, locale)}
        </Text>
      )}
    </Text>
  );
}
