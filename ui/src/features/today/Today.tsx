import { Anchor, Badge, Button, Group, SimpleGrid, Stack, Table, Text } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ComingUp, Today as Day, Message } from "../../bindings";
import { useNews } from "../../components/arrivals";
import { gist } from "../../components/Bubble";
import { OutcomeBadge } from "../../components/badges";
import { useClinic } from "../../components/clinic";
import { Empty, Loading, Page, Problem, Section, When } from "../../components/kit";
import { LinkAnchor } from "../../components/links";
import { May } from "../../components/may";
import { News } from "../../components/News";
import { useWords } from "../../i18n/useWords";
import { clockTime, dateTime, longDay, number } from "../../lib/format";
import { useSettled } from "../../lib/settled";
import { MINUTE_MS } from "../../lib/units";
import {
  useGetSettings,
  useJobsStats,
  useListAssignments,
  useListPatients,
  useListProtocols,
  useToday,
} from "../../queries";
import { AfterPractice, useIsBack } from "./AfterPractice";
import { Answers } from "./Answers";
import { FirstRun } from "./FirstRun";
import { FirstSteps } from "./FirstSteps";
import { GuidedTask } from "./GuidedTask";
import { NeedYou } from "./NeedYou";
import { Strip } from "./Strip";
import { Trends } from "./Trends";

/** What was sent, what failed, what comes next. */
export function Today() {
  const { t, locale } = useWords();
  const { data, error, isLoading, refetch } = useToday({}, { refetchInterval: MINUTE_MS });
  return (
    <Page
      title={data ? longDay(data.date, locale) : t("Today")}
      actions={
        data && (
          <>
            <Button
              variant="default"
              leftSection={<IconPrinter size={18} aria-hidden />}
              onClick={() => window.print()}
            >
              {t("Print for the hand-over")}
            </Button>
            <MainAction day={data} />
          </>
        )
      }
    >
      <FirstRun />
      <Problem error={error} again={refetch} />
      {isLoading && <Loading rows={6} />}
      {data && (
        <>
          <Sentence day={data} />
          <Parts day={data} />
        </>
      )}
    </Page>
  );
}

/** What is known of who has begun what. */
const OF_GUIDES = [useListPatients, useListAssignments, useListProtocols, useGetSettings];

/** What the day is made of. Shown at once: nothing moves away from under a finger. */
function Parts({ day }: { day: Day }) {
  const { t } = useWords();
  const late = useSettled();
  const isSettled = late !== null;
  // What comes after the day stands would push it down: it gets the place below it.
  const areGuidesLate = OF_GUIDES.some(({ key: [name] }) => late?.has(name));
  return (
    <>
      {!isSettled && <Loading rows={6} />}
      <Stack gap="lg" display={isSettled ? undefined : "none"}>
        <AfterPractice day={day} withSteps={!areGuidesLate} />
        {!areGuidesLate && <Guides />}
        <NeedYou />
        <Strip day={day} />
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Section title={t("Answers")}>
            <Answers />
          </Section>
          <Section id="just-sent" title={t("Just sent")}>
            <Recent messages={day.recent} />
          </Section>
        </SimpleGrid>
        <Section id="coming-up" title={t("Coming up")}>
          <Next rows={day.comingUp} />
        </Section>
        <Trends />
        <QueueLine />
        {areGuidesLate && <Guides areLate />}
      </Stack>
    </>
  );
}

/** What to begin with. After practice the first steps stand with it, where they are known in time. */
function Guides({ areLate = false }: { areLate?: boolean }) {
  const isBack = useIsBack();
  return (
    <>
      <GuidedTask />
      {(areLate || !isBack) && <FirstSteps />}
    </>
  );
}

function MainAction({ day }: { day: Day }) {
  const { t } = useWords();
  const { status } = useClinic();
  const people = status?.worklistOpen ?? 0;
  const all = people + day.needAttention + (status?.held ?? 0);
  if (all > 0) {
    const isRed = status?.worklistUrgent || people === 0;
    return (
      <Button
        component={Link}
        to="/worklist"
        color={isRed ? "red.8" : undefined}
        rightSection={
          <Badge variant="white" color={isRed ? "red.9" : "clinic.8"} circle={all < 10}>
            {all}
          </Badge>
        }
      >
        {people > 0 ? t("People who need you") : t("Review what needs attention")}
      </Button>
    );
  }
  return (
    <May ask="create_assignment">
      <Button component={Link} to="/patients">
        {t("Start a follow-up")}
      </Button>
    </May>
  );
}

/** The day in numbers that add up; each leads to its rows. */
function Sentence({ day }: { day: Day }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const all = day.accepted + day.failed + day.toCome;
  const n = (value: number) => number(value, locale);
  return (
    <div aria-live="polite" data-testid="sentence" className="sentence">
      {all === 0 ? (
        <Text size="lg">
          {day.nextDueAt
            ? t("Nothing goes out today. Next: {when}.", { when: dateTime(day.nextDueAt, locale, timeZone) })
            : t("Nothing goes out today.")}
        </Text>
      ) : (
        <Text size="xl">
          {t("{all, plural, one {# message} other {# messages}} today:", { all })}{" "}
          <Anchor href="#just-sent" inherit underline="always">
            {t("{n} accepted", { n: n(day.accepted) })}
          </Anchor>
          {" · "}
          {day.failed > 0 && (
            <>
              <LinkAnchor to="/worklist" search={{ part: "failed" }} inherit underline="always">
                {t("{n} failed", { n: n(day.failed) })}
              </LinkAnchor>
              {" · "}
            </>
          )}
          <Anchor href="#coming-up" inherit underline="always">
            {t("{n} to come", { n: n(day.toCome) })}
          </Anchor>
        </Text>
      )}
      <Waiting />
    </div>
  );
}

/** Who and what waits for staff; together they are the number in the menu. */
function Waiting() {
  const { t } = useWords();
  const { status } = useClinic();
  const people = status?.worklistOpen ?? 0;
  const messages = (status?.needsAttention ?? 0) + (status?.held ?? 0);
  return (
    <Group gap="md">
      {people > 0 && (
        <Anchor component={Link} to="/worklist" size="lg" underline="always">
          {t("{n, plural, one {# needs you} other {# need you}}", { n: people })}
        </Anchor>
      )}
      {messages > 0 && (
        <LinkAnchor to="/worklist" search={{ part: "messages" }} size="lg" underline="always">
          {t("{n, plural, one {# message needs attention} other {# messages need attention}}", {
            n: messages,
          })}
        </LinkAnchor>
      )}
    </Group>
  );
}

/** What a patient presses or writes about a message is news of it; that it was sent is none. */
const repliesTo = ({ answers, said }: Message) => [...answers, ...said].map(({ at }) => at).sort();
const ANSWERS = {
  keyOf: (message: Message) => `${message.id} ${repliesTo(message).length}`,
  at: (message: Message) => repliesTo(message).at(-1) ?? "",
};

function Recent({ messages }: { messages: Message[] }) {
  const { t } = useWords();
  const { fresh } = useNews(messages, ANSWERS);
  const n = fresh.size;
  if (messages.length === 0) return <Empty text={t("Nothing was sent yet today.")} />;
  return (
    <>
      <News fresh={n} said={t("{n, plural, one {# answer arrived} other {# answers arrived}}", { n })} />
      <SentToday messages={messages} fresh={fresh} />
    </>
  );
}

function SentToday({ messages, fresh }: { messages: Message[]; fresh: ReadonlySet<string> }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  return (
    <Table verticalSpacing="xs" horizontalSpacing={4} aria-label={t("Just sent")}>
      <Table.Tbody>
        {messages.map((m) => (
          <Table.Tr key={m.id} className={fresh.has(m.id) ? "fresh" : undefined}>
            <Table.Td w={64} fz="sm" c="dimmed">
              {clockTime(m.acceptedAt ?? m.updatedAt, locale, timeZone)}
            </Table.Td>
            <Table.Td>
              <Link to="/patients/$id" params={{ id: m.patientId }} className="row-link">
                {m.patientName}
              </Link>
              <Text size="xs" c="dimmed" lineClamp={1}>
                {gist(m.messageType, m.content, t)}
              </Text>
            </Table.Td>
            <Table.Td ta="right">
              <OutcomeBadge message={m} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Next({ rows }: { rows: ComingUp[] }) {
  const { t } = useWords();
  if (rows.length === 0) return <Empty text={t("Nothing is planned.")} />;
  return (
    <Table verticalSpacing="xs" horizontalSpacing={4} aria-label={t("Coming up")}>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={`${row.patientId} ${row.assignmentId} ${row.dueAt}`}>
            <Table.Td>
              <Link to="/patients/$id" params={{ id: row.patientId }} className="row-link">
                {row.patientName}
              </Link>
              <Text size="xs" c="dimmed" lineClamp={2}>
                {[row.protocolName || t("Single message"), row.stepName].filter(Boolean).join(" · ")}
              </Text>
            </Table.Td>
            <Table.Td ta="right">
              <When at={row.dueAt} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** The queue in one line. */
function QueueLine() {
  const { t, locale } = useWords();
  const { data, error } = useJobsStats({});
  if (!data && error) return null;
  const { messageDelivery: q, scheduledMessages: s } = data?.queues ?? {};
  const parts: [string, number | undefined][] = [
    [t("Waiting"), q && s && q.waiting + s.waiting],
    [t("Being sent"), q && s && q.active + s.active],
    [t("For later"), q && s && q.delayed + s.delayed],
    [t("Done"), q?.completed],
    [t("Failed"), q?.failed],
  ];
  return (
    <Group gap="lg" c="dimmed">
      {parts.map(([label, count]) => (
        <Text key={label} size="sm">
          {label}: <b>{count === undefined ? "…" : number(count, locale)}</b>
        </Text>
      ))}
    </Group>
  );
}
