// The first minute of practice: a care plan for a demo patient, the phone that rings, the answer.
// A step is ticked by what the core knows happened, and not by having been read.

import { Button, Group, Stack, Text } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import type { Assignment, PatientSummary } from "../../bindings";
import { useClinic } from "../../components/clinic";
import { Section } from "../../components/kit";
import { LinkAnchor } from "../../components/links";
import { useMay } from "../../components/may";
import type { Label } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { useListAssignments, useListMessages, useListPatients } from "../../queries";
import { whyOf } from "../../sayings";
import { DoneMark, LOOKED_AT, usePutAway } from "./guide";

const PUT_AWAY = "clinicue.guidedTask";
/** Since when follow-ups count as the task's: those of the demo clinic are nobody's doing. */
const SINCE = "clinicue.guidedTask.since";
const SEEN = "clinicue.guidedTask.seen";

export function GuidedTask() {
  const { status } = useClinic();
  const isAllowed = useMay();
  const [away, putAway] = usePutAway(PUT_AWAY);
  if (away || !status?.practice || !isAllowed("create_assignment") || !isAllowed("phone_tap")) return null;
  return <Task putAway={putAway} />;
}

/** When the newest follow-up at the first sight of the task had been made, by the core's clock. */
function useSince(followUps: Assignment[] | undefined): string | null {
  const [since, setSince] = useState(() => localStorage.getItem(SINCE));
  useEffect(() => {
    if (since !== null || !followUps) return;
    const newest =
      followUps
        .map(({ createdAt }) => createdAt)
        .sort()
        .at(-1) ?? "";
    localStorage.setItem(SINCE, newest);
    setSince(newest);
  }, [since, followUps]);
  return since;
}

/** The demo patient of the task, and how far it is; null until it is known, or there is none. */
function useTask(locale: string) {
  const patients = useListPatients({ limit: LOOKED_AT }).data?.items;
  const followUps = useListAssignments({ limit: LOOKED_AT }).data?.items;
  const since = useSince(followUps);
  const demo = patients?.filter((one) => one.demo && one.lineUserId !== null) ?? [];
  const mine = followUps
    ?.filter((one) => since !== null && one.createdAt > since && demo.some(({ id }) => id === one.patientId))
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
  const messages = useListMessages(
    { assignmentId: mine?.id ?? null, limit: 50 },
    { enabled: !!mine, refetchInterval: 5_000 },
  ).data?.items;
  const patient =
    demo.find(({ id }) => id === mine?.patientId) ??
    demo.find(({ language }) => language === locale) ??
    demo[0];
  if (!patient || since === null) return null;
  const own = mine ? (messages ?? []) : [];
  return {
    patient,
    given: !!mine,
    rang: own.some(({ state }) => state === "sent"),
    answered: own.some(({ answers }) => answers.length > 0),
    waits: own.find(({ state, cause }) => state === "held" && cause !== null) ?? null,
  };
}

function Task({ putAway }: { putAway: () => void }) {
  const { t, locale } = useWords();
  const task = useTask(locale);
  const [seen, setSeen] = useState(() => localStorage.getItem(SEEN) !== null);
  if (!task) return null;
  const { patient, given, rang, answered, waits } = task;
  const see = () => {
    if (!answered) return;
    localStorage.setItem(SEEN, "seen");
    setSeen(true);
  };
  const all = given && rang && answered && seen;
  return (
    <Section
      title={t("Try it in a minute")}
      actions={
        <Button size="xs" variant="subtle" onClick={putAway}>
          {all ? t("Put away") : t("Skip")}
        </Button>
      }
    >
      <Stack component="ol" gap="sm" p={0} m={0} style={{ listStyle: "none" }}>
        <Step done={given} hint="Under Follow-ups choose a care plan and press “Start follow-up”.">
          <ToPatient patient={patient} words={t("Give {name} a care plan", { name: patient.displayName })} />
        </Step>
        <Step done={rang} hint="Its first message goes out at once.">
          <ToPhone patient={patient} words={t("See the practice phone ring")} />
        </Step>
        <Step done={answered} hint="The question comes within a minute; press a button under it.">
          <ToPhone patient={patient} words={t("Answer on the phone")} />
        </Step>
        <Step done={answered && seen} hint="It stands in the timeline at once.">
          <ToPatient patient={patient} words={t("See the answer on the patient's page")} onClick={see} />
        </Step>
      </Stack>
      {waits?.cause && (
        <Text size="sm" role="status">
          {t("The message waits: {why}.", { why: whyOf(waits.cause, waits.httpStatus, t) })}
        </Text>
      )}
      {all && (
        <Text size="sm" role="status">
          {t("That was all of it: so it goes with real patients, too.")}
        </Text>
      )}
    </Section>
  );
}

function Step({ done, hint, children }: { done: boolean; hint: Label; children: ReactNode }) {
  const { t } = useWords();
  return (
    <Group component="li" gap="xs" wrap="nowrap" align="flex-start">
      <DoneMark done={done} size={20} />
      <Stack gap={0}>
        {children}
        {!done && (
          <Text size="sm" c="dimmed">
            {t(hint)}
          </Text>
        )}
      </Stack>
    </Group>
  );
}

function ToPatient(props: { patient: PatientSummary; words: string; onClick?: () => void }) {
  return (
    <LinkAnchor to="/patients/$id" params={{ id: props.patient.id }} className="back" onClick={props.onClick}>
      {props.words}
    </LinkAnchor>
  );
}

function ToPhone({ patient, words }: { patient: PatientSummary; words: string }) {
  return (
    <LinkAnchor to="/phone" search={{ phone: patient.lineUserId ?? undefined }} className="back">
      {words}
    </LinkAnchor>
  );
}
