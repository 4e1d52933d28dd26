// One patient: who they are, their follow-ups, and everything that was and will be said.

import { Anchor, Button, Card, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { type Assignment, commands, LIMITS, type MessageTemplate, type QuickReply } from "../../bindings";
import { AnswerBar, AnswerNumbers } from "../../components/Answers";
import { Bubble, gist, messageOf } from "../../components/Bubble";
import { useClinic } from "../../components/clinic";
import { FollowUpActions } from "../../components/FollowUpActions";
import { DemoBadge, Empty, LifeBadge, Loading, Page, Problem, Section, When } from "../../components/kit";
import { QuickReplyForm } from "../../components/quickReplies";
import { InsertTemplate } from "../../components/templates";
import { TextWithVariables, useExample } from "../../components/variables";
import { useWords } from "../../i18n/useWords";
import { isoDay } from "../../lib/format";
import { useAct } from "../../lib/live";
import { useAnswerStats, useGetPatient, useListAssignments, useListProtocols } from "../../queries";
import { LinkPatient, SlipButton } from "./LinkSlip";
import { LinkBadge } from "./Patients";
import { Timeline } from "./Timeline";

const { maxLength: MAX_TEXT } = LIMITS.TextContent.text;

export function PatientScreen() {
  const { id } = useParams({ from: "/patients/$id" });
  return <Patient key={id} id={id} />;
}

function Patient({ id }: { id: string }) {
  const { t } = useWords();
  const patient = useGetPatient({ id });
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
          {p.lineUserId !== null && <SlipButton patient={p} />}
        </>
      }
    >
      <Anchor component={Link} to="/patients" size="sm">
        ← {t("Patients")}
      </Anchor>
      {p.lineUserId === null && <LinkPatient patient={p} />}
      <FollowUps patientId={id} />
      <WriteMessage patientId={id} />
      <Answered patientId={id} />
      <Timeline patientId={id} />
    </Page>
  );
}

function FollowUps({ patientId }: { patientId: string }) {
  const { t } = useWords();
  const list = useListAssignments({ patientId, limit: 100 });
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
  const plans = useListProtocols({ limit: 200 });
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
  // A template of more than words is sent as it is; words are inserted, to be written on.
  const [chosen, choose] = useState<MessageTemplate | null>(null);
  const [quickReplies, setQuickReplies] = useState<QuickReply[]>([]);
  const example = useExample();
  const send = useAct(commands.sendMessage, () => {
    setText("");
    choose(null);
    setQuickReplies([]);
    notifications.show({ color: "teal", message: t("The message is on its way.") });
  });
  return (
    <Section title={t("Write a message")}>
      <TextWithVariables
        place="message"
        aria-label={t("Message")}
        autosize
        minRows={2}
        value={text}
        onChange={setText}
      />
      {text.includes("{{") && (
        <Text size="sm" c="dimmed">
          {t("As a patient reads it: {text}", { text: example(text) })}
        </Text>
      )}
      {chosen && <ChosenTemplate template={chosen} onRemove={() => choose(null)} />}
      <QuickReplyForm replies={quickReplies} onChange={setQuickReplies} />
      <Group justify="space-between">
        <InsertTemplate
          onInsert={(template) => {
            const words = wordsOf(template);
            if (words === null) choose(template);
            else setText(text === "" ? words : `${text}\n${words}`);
          }}
        />
        <Text size="xs" c={text.length > MAX_TEXT ? "red.8" : "dimmed"}>
          {text.length} / {MAX_TEXT}
        </Text>
        <Button
          disabled={(!text.trim() && !chosen) || text.length > MAX_TEXT}
          loading={send.isPending}
          onClick={() =>
            send.mutate({
              patientId,
              ...(quickReplies.length > 0 && { quickReplies }),
              ...pushOf(text, chosen),
            })
          }
        >
          {t("Send now")}
        </Button>
      </Group>
      <Problem error={send.error} />
    </Section>
  );
}

/** The words of a template that is nothing but words. */
function wordsOf({ messageType, content, furtherMessages }: MessageTemplate): string | null {
  const isWords = messageType === "text" && furtherMessages.length === 0;
  return isWords ? gist("text", content) : null;
}

/** What goes out: the words, then what was chosen. */
function pushOf(text: string, chosen: MessageTemplate | null) {
  const words = { messageType: "text" as const, content: { text } };
  if (!chosen) return words;
  const { messageType, content, furtherMessages } = chosen;
  if (!text.trim()) return { messageType, content, furtherMessages };
  return { ...words, furtherMessages: [{ messageType, content }, ...furtherMessages] };
}

function ChosenTemplate({ template, onRemove }: { template: MessageTemplate; onRemove: () => void }) {
  const { t } = useWords();
  const example = useExample();
  return (
    <Stack gap="xs" align="flex-start">
      <div className="phone">
        {[template, ...template.furtherMessages].map((one, n) => (
          // Objects have no identity but their place.
          <Bubble key={n} message={example(messageOf(one.messageType, one.content))} />
        ))}
      </div>
      <Button size="xs" variant="default" onClick={onRemove}>
        {t("Leave {name} out", { name: template.name })}
      </Button>
    </Stack>
  );
}

/** What the patient answered in the last 90 days. */
function Answered({ patientId }: { patientId: string }) {
  const { t } = useWords();
  const { now, timeZone } = useClinic();
  const from = isoDay(now - 89 * 86_400_000, timeZone);
  const stats = useAnswerStats({ patientId, from });
  if (!stats.data || stats.data.all.asked === 0) return null;
  return (
    <Section title={t("Answers in the last 90 days")}>
      <AnswerNumbers answers={stats.data.all} />
      <AnswerBar answers={stats.data.all} />
    </Section>
  );
}
