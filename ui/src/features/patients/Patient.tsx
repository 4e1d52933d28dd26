// One patient: who they are, their follow-ups, and everything that was and will be said.

import {
  Anchor,
  Button,
  Card,
  Group,
  NativeSelect,
  Stack,
  Table,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type Assignment, commands, type Message, type Patient as Row } from "../../bindings";
import { gist } from "../../components/Bubble";
import { FollowUpActions } from "../../components/FollowUpActions";
import {
  DemoBadge,
  Empty,
  LifeBadge,
  Loading,
  Page,
  Problem,
  Section,
  StateBadge,
  When,
} from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { useAct, useLive } from "../../lib/live";
import { LinkBadge } from "./Patients";

export function Patient({ id }: { id: string }) {
  const { t } = useWords();
  const patient = useLive(["patients"], "getPatient", { id }, () => commands.getPatient({ id }));
  if (patient.error) return <Problem error={patient.error} again={patient.refetch} />;
  if (!patient.data) return <Loading rows={6} />;
  const p = patient.data;
  return (
    <Page
      title={p.displayName}
      actions={
        <>
          <DemoBadge demo={p.demo} />
          <LinkBadge reachability={p.reachability} linked={p.lineUserId !== null} />
        </>
      }
    >
      <Anchor component={Link} to="/patients" size="sm">
        ← {t("Patients")}
      </Anchor>
      {p.lineUserId === null && <LinkPatient patient={p} />}
      <FollowUps patientId={id} />
      <WriteMessage patientId={id} />
      <Messages patientId={id} />
    </Page>
  );
}

function LinkPatient({ patient }: { patient: Row }) {
  const { t } = useWords();
  const [lineUserId, setId] = useState("");
  const link = useAct(commands.updatePatient);
  return (
    <Section title={t("Not linked to LINE")}>
      <Text size="sm">
        {t("Messages wait until the patient is linked; what grew too old by then needs your decision.")}
      </Text>
      <Group align="flex-end">
        <TextInput
          flex={1}
          label={t("LINE user id")}
          value={lineUserId}
          onChange={(event) => setId(event.currentTarget.value)}
        />
        <Button
          loading={link.isPending}
          disabled={!lineUserId.trim()}
          onClick={() => link.mutate({ id: patient.id, lineUserId: lineUserId.trim() })}
        >
          {t("Link")}
        </Button>
      </Group>
      <Problem error={link.error} />
    </Section>
  );
}

function FollowUps({ patientId }: { patientId: string }) {
  const { t } = useWords();
  const list = useLive(["assignments"], "listAssignments", { patientId }, () =>
    commands.listAssignments({ patientId, limit: 100 }),
  );
  return (
    <Section title={t("Follow-ups")}>
      <Problem error={list.error} again={list.refetch} />
      {list.isLoading && <Loading rows={2} />}
      {list.data?.items.length === 0 && <Empty text={t("No follow-up yet. Choose a care plan below.")} />}
      {list.data?.items.map((followUp) => (
        <FollowUp key={followUp.id} followUp={followUp} />
      ))}
      <Assign patientId={patientId} />
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
          <Text size="sm" c="dimmed">
            {t("Step {n} of {all}", { n: followUp.currentStep, all: followUp.stepCount })}
          </Text>
          {followUp.nextDueAt && (
            <Text size="sm">
              {t("Next message")}: <When at={followUp.nextDueAt} />
            </Text>
          )}
        </Stack>
        <FollowUpActions followUp={followUp} />
      </Group>
    </Card>
  );
}

/** Chooses a care plan and starts it. */
function Assign({ patientId }: { patientId: string }) {
  const { t } = useWords();
  const plans = useLive(["protocols"], "listProtocols", {}, () => commands.listProtocols({ limit: 200 }));
  const [chosen, setChosen] = useState("");
  const active = plans.data?.items.filter((plan) => plan.status === "active") ?? [];
  const assign = useAct(
    async (protocolId: string) => {
      const { id } = await commands.createAssignment({ patientId, protocolId });
      return commands.startAssignment({ id });
    },
    () => {
      setChosen("");
      notifications.show({ color: "teal", message: t("The follow-up runs.") });
    },
  );
  if (plans.data && active.length === 0) {
    return (
      <Text size="sm">
        {t("There is no active care plan.")}{" "}
        <Anchor component={Link} to="/plans">
          {t("Care plans")}
        </Anchor>
      </Text>
    );
  }
  return (
    <Stack gap="xs">
      <Group align="flex-end">
        <NativeSelect
          flex={1}
          label={t("Care plan")}
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
          data={[{ value: "", label: t("Choose…") }, ...active.map((p) => ({ value: p.id, label: p.name }))]}
        />
        <Button disabled={!chosen} loading={assign.isPending} onClick={() => assign.mutate(chosen)}>
          {t("Start follow-up")}
        </Button>
      </Group>
      <Problem error={assign.error} />
    </Stack>
  );
}

function WriteMessage({ patientId }: { patientId: string }) {
  const { t } = useWords();
  const [text, setText] = useState("");
  const send = useAct(commands.sendMessage, () => {
    setText("");
    notifications.show({ color: "teal", message: t("The message is on its way.") });
  });
  return (
    <Section title={t("Write a message")}>
      <Textarea
        aria-label={t("Message")}
        autosize
        minRows={2}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group justify="space-between">
        <Text size="xs" c={text.length > 5000 ? "red.8" : "dimmed"}>
          {text.length} / 5000
        </Text>
        <Button
          disabled={!text.trim() || text.length > 5000}
          loading={send.isPending}
          onClick={() => send.mutate({ patientId, messageType: "text", content: { text } })}
        >
          {t("Send now")}
        </Button>
      </Group>
      <Problem error={send.error} />
    </Section>
  );
}

function Messages({ patientId }: { patientId: string }) {
  const { t } = useWords();
  const list = useLive(["messages"], "listMessages", { patientId }, () =>
    commands.listMessages({ patientId, limit: 100 }),
  );
  const rows = list.data?.items ?? [];
  return (
    <Section title={t("Messages")}>
      <Problem error={list.error} again={list.refetch} />
      {list.isLoading && <Loading />}
      {list.data && rows.length === 0 && <Empty text={t("No message yet.")} />}
      {rows.length > 0 && (
        <Table.ScrollContainer minWidth={600}>
          <Table verticalSpacing="xs" aria-label={t("Messages")}>
            <Table.Tbody>
              {rows.map((m) => (
                <MessageRow key={m.id} m={m} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Section>
  );
}

const OPEN = new Set(["scheduled", "queued", "retrying", "held"]);

function MessageRow({ m }: { m: Message }) {
  const { t } = useWords();
  const cancel = useAct(commands.cancelMessage);
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" lineClamp={2}>
          {gist(m.content)}
        </Text>
        {m.state !== "sent" && m.causeText && (
          <Text size="xs" c="dimmed">
            {t(m.causeText)}
            {m.nextAttemptAt && OPEN.has(m.state) ? (
              <>
                {" "}
                · <When at={m.nextAttemptAt} />
              </>
            ) : null}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <When at={m.acceptedAt ?? m.dueAt} />
      </Table.Td>
      <Table.Td>
        <StateBadge state={m.state} />
      </Table.Td>
      <Table.Td ta="right">
        {OPEN.has(m.state) && (
          <Button
            size="xs"
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate({ id: m.id })}
          >
            {t("Cancel")}
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
