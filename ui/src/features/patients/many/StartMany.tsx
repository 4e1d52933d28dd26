// A care plan is started for several patients.

import { Button, Checkbox, NativeSelect, Stack, Text } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import {
  type AssignmentStatus,
  commands,
  LIMITS,
  ONGOING_ASSIGNMENTS,
  type PatientSummary,
} from "../../../bindings";
import { Loading, Problem } from "../../../components/kit";
import { type Start, StartField, useStart } from "../../../components/StartField";
import { useWords } from "../../../i18n/useWords";
import type { Batch } from "../../../lib/batch";
import { useAllOf } from "../../../lib/live";
import { useListAssignmentsPages } from "../../../queries";
import { useAllProtocols } from "../../../shared/choices";
import { useObstacleForAll, WillWait } from "../../../shared/obstacle";
import { ArchivedAreOut, BackOr, inCare, KeptBack, membersOf, type OfMany } from "./WhoGetsIt";

// Read when a plan is chosen.
const Sends = lazy(async () => ({ default: (await import("../../../shared/Sends")).Sends }));

/** Each is made and started; what was started is taken back by ending it. */
function startOf(protocolId: string, startsAt: string | undefined, meant: PatientSummary[]): Batch {
  const made = new Map<string, string>();
  return {
    kind: "startFollowUp",
    members: membersOf(meant),
    act: async (patientId) => {
      const { id } = await commands.createAssignment({ patientId, protocolId });
      made.set(patientId, id);
      return commands.startAssignment({ id, startsAt });
    },
    back: {
      kind: "cancelFollowUp",
      act: (patientId) => commands.cancelAssignment({ id: made.get(patientId) ?? "" }),
    },
  };
}

export function StartMany({ chosen, begin, onBack }: OfMany) {
  const { t } = useWords();
  const plans = useAllProtocols();
  const [plan, setPlan] = useState("");
  const [again, setAgain] = useState(false);
  const { follow, isKnown, error, refetch } = useFollowers(plan);
  const start = useStart();
  const obstacle = useObstacleForAll();
  const offered = plans.data?.rows.filter((one) => one.actions.includes("assign")) ?? [];
  const cared = inCare(chosen);
  const doubled = cared.filter(({ id }) => follow.has(id));
  const meant = again ? cared : cared.filter(({ id }) => !follow.has(id));
  return (
    <Stack>
      <NativeSelect
        label={t("Care plan")}
        value={plan}
        onChange={(event) => setPlan(event.currentTarget.value)}
        data={[{ value: "", label: t("Choose…") }, ...offered.map((p) => ({ value: p.id, label: p.name }))]}
        data-autofocus
      />
      <Problem error={plans.error} again={plans.refetch} />
      <Problem error={error} again={refetch} />
      <ArchivedAreOut chosen={chosen} />
      {plan && !isKnown && !error && <Loading rows={1} />}
      {plan && isKnown && (
        <>
          {doubled.length > 0 && (
            <Checkbox
              label={t(
                "{n, plural, one {# of them follows} other {# of them follow}} it already: start it once more",
                { n: doubled.length },
              )}
              checked={again}
              onChange={(event) => setAgain(event.currentTarget.checked)}
            />
          )}
          <Starting plan={plan} start={start} meant={meant} />
          <KeptBack rows={meant} waits />
          <KeptBack rows={meant} waits={false} />
        </>
      )}
      <WillWait obstacle={obstacle} />
      <BackOr onBack={onBack}>
        <Button
          disabled={!plan || !isKnown || !start.isReady || meant.length === 0}
          onClick={() => begin(startOf(plan, start.startsAt, meant))}
        >
          {t("Start {n, plural, one {# follow-up} other {# follow-ups}}", {
            n: plan ? meant.length : cared.length,
          })}
        </Button>
      </BackOr>
    </Stack>
  );
}

/** From when, and what they would get. */
function Starting({ plan, start, meant }: { plan: string; start: Start; meant: PatientSummary[] }) {
  const { t } = useWords();
  return (
    <>
      <StartField start={start} />
      <Suspense fallback={<Loading />}>
        {start.isReady && <Sends protocolId={plan} startsAt={start.startsAt} />}
      </Suspense>
      {meant.some(({ timeZone }) => timeZone !== null) && (
        <Text size="sm" c="dimmed">
          {t("Those who live in another zone get them by the clock there.")}
        </Text>
      )}
    </>
  );
}

// Three reads, which no loop may do; a fourth status would not fit here.
const [one, another, third]: readonly [AssignmentStatus, AssignmentStatus, AssignmentStatus] =
  ONGOING_ASSIGNMENTS;

/** Who has a plan now: it runs, is paused, or was not started yet. */
function useFollowers(protocolId: string) {
  const limit = LIMITS.ListAssignments.limit.maximum;
  const enabled = { enabled: protocolId !== "" };
  const lists = [
    useAllOf(useListAssignmentsPages({ protocolId, status: one, limit }, enabled)),
    useAllOf(useListAssignmentsPages({ protocolId, status: another, limit }, enabled)),
    useAllOf(useListAssignmentsPages({ protocolId, status: third, limit }, enabled)),
  ];
  return {
    follow: new Set(lists.flatMap(({ data }) => data?.rows.map(({ patientId }) => patientId) ?? [])),
    isKnown: lists.every(({ data, hasNextPage }) => data && !hasNextPage),
    error: lists.find(({ error }) => error)?.error ?? null,
    refetch: () => {
      for (const list of lists) list.refetch();
    },
  };
}
