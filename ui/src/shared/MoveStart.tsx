// Another start for a follow-up that runs, as when an operation is put off: what is ahead before and
// after, then the way back.

import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import { type Assignment, commands, LIMITS, type Upcoming, type UpcomingList } from "../bindings";
import { useClinic } from "../components/clinic";
import { DayAndTime, useInstant, type Wall } from "../components/DayAndTime";
import { Loading, Problem, When } from "../components/kit";
import { Cell, Row, StackedTable } from "../components/StackedTable";
import type { Translate } from "../i18n";
import { useWords } from "../i18n/useWords";
import { addDays } from "../lib/days";
import { dateTime } from "../lib/format";
import { ProblemError } from "../lib/transport";
import { wallOf } from "../lib/zones";
import { useUpcomingSteps } from "../queries";
import { useShowUndo, useUndoable } from "./wayBack";

const { maximum: limit } = LIMITS.UpcomingSteps.limit;

/** By how many days a start is moved most. */
const BY_DAYS = [1, 3, 7];

type Props = { followUp: Assignment; startedAt: string; close: () => void };

const wallAt = (at: string, timeZone: string): Wall => {
  const [day = "", time = ""] = wallOf(Date.parse(at), timeZone).split("T");
  return { day, time };
};

/** So many days later, at the same time by the clock. */
const later = ({ day, time }: Wall, days: number): Wall => ({
  day: addDays(day, days),
  time,
});

/**
 * Moves the start back. Steps the move left out count as taken out of the plan: each is brought
 * back, unless it is there already or its time has passed meanwhile.
 */
async function moveBack(id: string, startsAt: string, leftOut: Upcoming[]) {
  await commands.moveStart({ id, startsAt });
  for (const { stepId, occurrence } of leftOut) {
    await commands.bringBackStep({ id, stepId, occurrence }).catch((error: unknown) => {
      if (!(error instanceof ProblemError && error.problem.refusal?.code === "notLeftOut")) throw error;
    });
  }
}

export function MoveStart({ followUp: { id, status }, startedAt, close }: Props) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const showUndo = useShowUndo();
  const was = wallAt(startedAt, timeZone);
  const [wall, setWall] = useState(was);
  const chosen = useInstant(wall);
  const isMoved = wall.day !== was.day || wall.time !== was.time;
  const startsAt = isMoved ? chosen : null;
  const before = useUpcomingSteps({ id, limit });
  const after = useUpcomingSteps({ id, limit, startsAt }, { enabled: startsAt !== null });
  const move = useUndoable(
    (to: string) => commands.moveStart({ id, startsAt: to }),
    (moved, isUndone) => {
      const startIs = (at: string) => t("The start is {when} now.", { when: dateTime(at, locale, timeZone) });
      const text = startIs(moved.startedAt ?? startedAt);
      const leftOut = after.data?.leftOut ?? [];
      if (moved.status === status)
        showUndo(
          text,
          isUndone,
          () => moveBack(id, startedAt, leftOut),
          () => startIs(startedAt),
        );
      close();
    },
  );
  return (
    <Stack>
      <Text size="sm" component="div">
        {t("Start until now:")} <When at={startedAt} />
      </Text>
      <Group gap="xs" role="group" aria-label={t("How much later")}>
        {BY_DAYS.map((days) => (
          <Button key={days} size="xs" variant="default" onClick={() => setWall(later(was, days))}>
            {t("{n, plural, one {# day later} other {# days later}}", { n: days })}
          </Button>
        ))}
      </Group>
      <DayAndTime wall={wall} onChange={setWall} />
      <Problem error={before.error ?? after.error} again={before.error ? before.refetch : after.refetch} />
      {startsAt && !after.error && <Steps before={before.data} after={after.data} />}
      <Problem error={move.error} />
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          {t("Back")}
        </Button>
        <Button
          disabled={!startsAt || !after.data}
          loading={move.isPending}
          onClick={() => startsAt && move.mutate(startsAt)}
        >
          {t("Move the start")}
        </Button>
      </Group>
    </Stack>
  );
}

/** The next time of each step, as it is and as it would be. */
function Steps({ before, after }: { before?: UpcomingList; after?: UpcomingList }) {
  const { t } = useWords();
  if (!before || !after) return <Loading rows={3} />;
  const steps = new Map<string, Upcoming>();
  for (const step of [...before.items, ...after.leftOut, ...after.items]) {
    if (!steps.has(step.stepId)) steps.set(step.stepId, step);
  }
  const rows = [...steps.values()].toSorted((a, b) => a.stepOrder - b.stepOrder);
  return (
    <Stack gap="xs">
      <StackedTable
        label={t("What is ahead")}
        columns={[t("Step"), t("Next as it is"), t("Next with this start")]}
        minWidth={0}
      >
        {rows.map(({ stepId, stepName, stepOrder }) => (
          <Row key={stepId}>
            <Cell>
              <b>{stepName || t("Step {n}", { n: stepOrder })}</b>
            </Cell>
            <Cell label={t("Next as it is")}>
              <Next of={stepId} list={before} />
            </Cell>
            <Cell label={t("Next with this start")}>
              <Next of={stepId} list={after} />
            </Cell>
          </Row>
        ))}
      </StackedTable>
      <Effects after={after} />
    </Stack>
  );
}

function Next({ of, list: { items, leftOut } }: { of: string; list: UpcomingList }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const isIt = ({ stepId }: Upcoming) => stepId === of;
  const next = items.find(isIt);
  const last = items.at(-1);
  if (next) return <When at={next.dueAt} />;
  if (leftOut.some(isIt))
    return (
      <Text size="sm" fw={600}>
        {t("Not sent: its time would have passed")}
      </Text>
    );
  // The list ends before it: when it comes is not known here.
  if (last && items.length === limit)
    return <Text size="sm">{t("after {when}", { when: dateTime(last.dueAt, locale, timeZone) })}</Text>;
  return <Text size="sm">{t("Does not come any more")}</Text>;
}

function Effects({ after }: { after: UpcomingList }) {
  const { t } = useWords();
  const n = after.leftOut.length;
  const warned = [
    n > 0 && leftOutIn(n, t),
    after.items.length === 0 &&
      t("Nothing would come any more: the follow-up may be completed by this, and then it cannot be undone."),
  ].filter((one) => one !== false);
  return (
    <>
      {warned.length > 0 && (
        <Alert color="orange" p="xs" icon={<IconAlertTriangle aria-hidden />}>
          {warned.map((one) => (
            <Text key={one} size="sm">
              {one}
            </Text>
          ))}
        </Alert>
      )}
      <Text size="sm" c="dimmed">
        {t("What was sent already is not sent again. Messages that wait keep their times.")}
      </Text>
    </>
  );
}

const leftOutIn = (n: number, t: Translate) =>
  t("{n, plural, one {# step is} other {# steps are}} left out with this start.", { n });
