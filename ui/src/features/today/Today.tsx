import { Badge, Button, Group, SimpleGrid, Table, Text, Tooltip, VisuallyHidden } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ComingUp, Today as Day, Hour, Message } from "../../bindings";
import { gist } from "../../components/Bubble";
import { useClinic } from "../../components/clinic";
import { Empty, Loading, OutcomeBadge, Page, Problem, Section, When } from "../../components/kit";
import { May } from "../../components/may";
import { useWords } from "../../i18n/useWords";
import { clockTime, dateTime, longDay, number } from "../../lib/format";
import { useJobsStats, useToday } from "../../queries";

/** What was sent, what failed, what comes next. */
export function Today() {
  const { t, locale } = useWords();
  const { data, error, isLoading, refetch } = useToday({}, { refetchInterval: 60_000 });
  return (
    <Page title={data ? longDay(data.date, locale) : t("Today")} actions={data && <MainAction day={data} />}>
      <Problem error={error} again={refetch} />
      {isLoading && <Loading rows={6} />}
      {data && (
        <>
          <Sentence day={data} />
          <Strip hours={data.hours} />
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <Section title={t("Just sent")}>
              <Recent messages={data.recent} />
            </Section>
            <Section title={t("Coming up")}>
              <Next rows={data.comingUp} />
            </Section>
          </SimpleGrid>
          <QueueLine />
        </>
      )}
    </Page>
  );
}

function MainAction({ day }: { day: Day }) {
  const { t } = useWords();
  const { status } = useClinic();
  const waiting = status?.worklistOpen ?? 0;
  if (waiting > 0) {
    return (
      <Button
        component={Link}
        to="/worklist"
        color={status?.worklistUrgent ? "red.8" : undefined}
        rightSection={<Badge circle>{waiting}</Badge>}
      >
        {t("Worklist")}
      </Button>
    );
  }
  if (day.needAttention + (status?.held ?? 0) > 0) {
    return (
      <Button component={Link} to="/attention" color="red.8">
        {t("Review what needs attention")}
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

function Sentence({ day }: { day: Day }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const all = day.accepted + day.failed + day.toCome;
  if (all === 0) {
    return (
      <Text size="lg">
        {day.nextDueAt
          ? t("Nothing goes out today. Next: {when}.", { when: dateTime(day.nextDueAt, locale, timeZone) })
          : t("Nothing goes out today.")}
      </Text>
    );
  }
  const n = (value: number) => number(value, locale);
  return (
    <Text size="xl" aria-live="polite" data-testid="sentence">
      {t(
        "{all, plural, one {# message} other {# messages}} today: {accepted} accepted, {toCome} to come, {need, plural, one {# needs} other {# need}} you.",
        {
          all,
          accepted: n(day.accepted),
          toCome: n(day.toCome),
          need: day.needYou,
        },
      )}
    </Text>
  );
}

/** The day by the hour; a table for those who do not see the bars. */
function Strip({ hours }: { hours: Hour[] }) {
  const { t } = useWords();
  const most = Math.max(1, ...hours.map((h) => h.accepted + h.failed + h.toCome));
  const height = (count: number) => `${(count / most) * 100}%`;
  return (
    <Section title={t("The day by the hour")}>
      <div className="bars" aria-hidden>
        {hours.map((h) => (
          <Tooltip
            key={h.hour}
            label={t("{hour}:00: {accepted} accepted, {failed} failed, {toCome} to come", {
              hour: h.hour,
              accepted: h.accepted,
              failed: h.failed,
              toCome: h.toCome,
            })}
          >
            <div>
              <span style={{ height: height(h.accepted), background: "var(--mantine-color-clinic-6)" }} />
              <span style={{ height: height(h.failed), background: "var(--mantine-color-red-7)" }} />
              <span style={{ height: height(h.toCome), background: "var(--mantine-color-blue-4)" }} />
            </div>
          </Tooltip>
        ))}
      </div>
      <Group justify="space-between" aria-hidden>
        {["00", "06", "12", "18", "24"].map((hour) => (
          <Text key={hour} size="xs" c="dimmed">
            {hour}:00
          </Text>
        ))}
      </Group>
      <Group gap="lg">
        <Key color="var(--mantine-color-clinic-6)" label={t("Accepted by LINE")} />
        <Key color="var(--mantine-color-red-7)" label={t("Failed")} />
        <Key color="var(--mantine-color-blue-4)" label={t("To come")} />
      </Group>
      <VisuallyHidden>
        <table>
          <caption>{t("The day by the hour")}</caption>
          <tbody>
            {hours.map((h) => (
              <tr key={h.hour}>
                <th scope="row">{h.hour}:00</th>
                <td>{h.accepted}</td>
                <td>{h.failed}</td>
                <td>{h.toCome}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </Section>
  );
}

function Key({ color, label }: { color: string; label: string }) {
  return (
    <Group gap={6}>
      <span style={{ width: 12, height: 12, borderRadius: 3, background: color }} />
      <Text size="sm">{label}</Text>
    </Group>
  );
}

function Recent({ messages }: { messages: Message[] }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  if (messages.length === 0) return <Empty text={t("Nothing was sent yet today.")} />;
  return (
    <Table verticalSpacing="xs" aria-label={t("Just sent")}>
      <Table.Tbody>
        {messages.map((m) => (
          <Table.Tr key={m.id}>
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
    <Table verticalSpacing="xs" aria-label={t("Coming up")}>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={`${row.patientId} ${row.assignmentId} ${row.dueAt}`}>
            <Table.Td>
              <Link to="/patients/$id" params={{ id: row.patientId }} className="row-link">
                {row.patientName}
              </Link>
              <Text size="xs" c="dimmed" lineClamp={1}>
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
  const { data } = useJobsStats({});
  if (!data) return null;
  const { messageDelivery: q, scheduledMessages: s } = data.queues;
  const parts: [string, number][] = [
    [t("Waiting"), q.waiting + s.waiting],
    [t("Being sent"), q.active + s.active],
    [t("For later"), q.delayed + s.delayed],
    [t("Done"), q.completed],
    [t("Failed"), q.failed],
  ];
  return (
    <Group gap="lg" c="dimmed">
      {parts.map(([label, count]) => (
        <Text key={label} size="sm">
          {label}: <b>{number(count, locale)}</b>
        </Text>
      ))}
    </Group>
  );
}
