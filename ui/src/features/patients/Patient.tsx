// One patient: who they are, their follow-ups, and everything that was and will be said.

import { Anchor, Box, Card, Group, Stack, Text } from "@mantine/core";
import { Link, useParams } from "@tanstack/react-router";
import type { Assignment, Patient as PatientRow } from "../../bindings";
import { LifeBadge } from "../../components/badges";
import { DemoBadge, Empty, Page, Pages, Section, When } from "../../components/kit";
import { May } from "../../components/may";
import { Awaited, onDemand } from "../../components/onDemand";
import { Progress } from "../../components/Progress";
import { Unread } from "../../components/Unread";
import { useWords } from "../../i18n/useWords";
import { PAGE_ROWS } from "../../lib/limits";
import { MINUTE_MS } from "../../lib/units";
import { useGetPatient, useListAssignmentsPages } from "../../queries";
import { FollowUpActions } from "../../shared/FollowUpActions";
import { Answered } from "./Answered";
import { EditPatient } from "./EditPatient";
import { ErasePatient } from "./ErasePatient";
import { Facts } from "./Facts";
import { LinkBadge } from "./LinkBadge";
import { LinkPatient, SlipButton } from "./LinkSlip";
import { StartFollowUp } from "./StartFollowUp";
import { Timeline } from "./Timeline";

// The page stands before the form does, which is half of it.
const MessageForm = onDemand(async () => (await import("../../shared/WriteMessage")).MessageForm);

export function PatientScreen() {
  const { id } = useParams({ from: "/patients/$id" });
  return <Patient key={id} id={id} />;
}

function Patient({ id }: { id: string }) {
  const { t } = useWords();
  const patient = useGetPatient({ id }, { refetchInterval: MINUTE_MS });
  if (!patient.data) return <Unread read={patient} list="/patients" />;
  const p = patient.data;
  return (
    <Page
      title={p.displayName}
      actions={
        <>
          <DemoBadge demo={p.demo} />
          <LinkBadge reachability={p.reachability} linked={p.lineUserId !== null} />
          {p.lineUserId !== null && <SlipButton patient={p} />}
          <May ask="update_patient">
            <EditPatient patient={p} />
          </May>
          <May ask="erase_patient">
            <ErasePatient patient={p} />
          </May>
        </>
      }
    >
      <Anchor component={Link} to="/patients" size="sm" className="back">
        ← {t("Patients")}
      </Anchor>
      <Facts patient={p} />
      {p.lineUserId === null && <LinkPatient patient={p} />}
      <div className="patient-page">
        <Stack>
          <FollowUps patient={p} />
          <Answered patientId={id} />
        </Stack>
        <Stack>
          <May ask="send_message">
            <WriteMessage patient={p} />
          </May>
          <Timeline patient={p} />
        </Stack>
      </div>
    </Page>
  );
}

function WriteMessage({ patient }: { patient: PatientRow }) {
  const { t } = useWords();
  return (
    <Section id="write" title={t("Write a message")}>
      {/* As high as the form, so that nothing below it moves. */}
      <Awaited waiting={<Box mih={{ base: 360, sm: 308 }} aria-busy="true" />}>
        <MessageForm patient={patient} />
      </Awaited>
    </Section>
  );
}

function FollowUps({ patient }: { patient: PatientRow }) {
  const { t } = useWords();
  const list = useListAssignmentsPages({ patientId: patient.id, limit: PAGE_ROWS });
  return (
    <Section id="follow-ups" title={t("Follow-ups")}>
      <Pages list={list} empty={<Empty text={t("No follow-up yet. Choose a care plan below.")} />}>
        {list.data?.rows.map((followUp) => (
          <FollowUp key={followUp.id} followUp={followUp} />
        ))}
      </Pages>
      <May ask="create_assignment">
        <StartFollowUp patient={patient} followUps={list.data?.rows ?? []} />
      </May>
    </Section>
  );
}

function FollowUp({ followUp }: { followUp: Assignment }) {
  const { t } = useWords();
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" align="flex-start">
        <Stack gap={2}>
          <Group gap="xs">
            <Link to="/plans/$id" params={{ id: followUp.protocolId }} className="row-link">
              <b>{followUp.protocolName}</b>
            </Link>
            <LifeBadge status={followUp.status} />
          </Group>
          <Progress current={followUp.currentStep} all={followUp.stepCount} />
          {followUp.startedAt && (
            <Text size="sm" component="div">
              {t("Start:")} <When at={followUp.startedAt} />
            </Text>
          )}
          {followUp.nextDueAt && (
            <Text size="sm">
              {t("Next step")}: <When at={followUp.nextDueAt} />
            </Text>
          )}
        </Stack>
        <FollowUpActions followUp={followUp} />
      </Group>
    </Card>
  );
}
