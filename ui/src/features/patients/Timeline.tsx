// Everything about one person in order: what is planned above, what happened below.

import { Badge, Button, Group, Stack, Text, ThemeIcon } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconCalendarTime,
  IconCircleCheck,
  IconHandClick,
  IconMessage,
  IconMessageCircle,
  IconNote,
  IconPencil,
  IconPhone,
} from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import {
  type AuditEntry,
  commands,
  type Message,
  type Patient,
  type PlannedMessage,
  type TimelineItem,
} from "../../bindings";
import { gist } from "../../components/Bubble";
import { useClinic } from "../../components/clinic";
import { Choice, Empty, OutcomeBadge, Pages, Section, When } from "../../components/kit";
import { useMessageActions } from "../../components/MessageActions";
import { May } from "../../components/may";
import { NoteForm } from "../../components/NoteForm";
import { QuoteReply } from "../../components/QuoteReply";
import { QuickReplies } from "../../components/quickReplies";
import { Said } from "../../components/Said";
import { useWords } from "../../i18n/useWords";
import { ACTIVITIES, NOTE_KINDS } from "../../labels";
import { chosen, clockTime, dateTime, dayAndTime, isoDay, relative } from "../../lib/format";
import { usePatientTimelinePages } from "../../queries";
import { whoIn, whyOf } from "../../sayings";

export function Timeline({ patient }: { patient: Patient }) {
  const patientId = patient.id;
  const { t } = useWords();
  const { timeline = "all" } = useSearch({ from: "/patients/$id" });
  const navigate = useNavigate({ from: "/patients/$id" });
  const list = usePatientTimelinePages({ id: patientId, limit: 50 });
  const items = list.data?.rows ?? [];
  const planned = list.data?.first?.planned ?? [];
  const zone = list.data?.first?.timeZone;
  const shown = items.filter((item) => timeline === "all" || item.message || item.answer || item.said);
  return (
    <Section
      title={t("Timeline")}
      actions={
        <Choice
          size="xs"
          label={t("Which")}
          value={timeline}
          onChange={(value) => navigate({ search: { timeline: value }, replace: true })}
          data={[
            { value: "all", label: t("Everything") },
            { value: "messages", label: t("Messages only") },
          ]}
        />
      }
    >
      <May ask="note_patient">
        <NoteForm write={(note) => commands.notePatient({ id: patientId, ...note })} />
      </May>
      <Pages list={list}>
        {planned.length > 0 && <Planned rows={planned} zone={zone} />}
        {list.data && shown.length === 0 && <Empty text={t("Nothing here yet.")} />}
        <Stack
          component="ol"
          gap="sm"
          p={0}
          m={0}
          style={{ listStyle: "none" }}
          aria-label={t("What happened")}
        >
          {shown.map((item) => (
            <Entry key={`${item.id} ${item.at}`} item={item} patient={patient} zone={zone} />
          ))}
        </Stack>
      </Pages>
    </Section>
  );
}

function Planned({ rows, zone }: { rows: PlannedMessage[]; zone?: string }) {
  const { t, locale } = useWords();
  const { now } = useClinic();
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, 3);
  return (
    <Stack gap={4}>
      <Text fw={600}>{t("Planned")}</Text>
      <Stack component="ol" gap={4} p={0} m={0} style={{ listStyle: "none" }} aria-label={t("Planned")}>
        {shown.map((row) => (
          <Row
            key={`${row.assignmentId} ${row.stepOrder} ${row.dueAt}`}
            icon={<IconCalendarTime size={16} aria-hidden />}
            color="blue"
            time={<Time at={row.dueAt} zone={zone} />}
          >
            <Text size="sm">
              {row.stepName || t("Step {n}", { n: row.stepOrder })}{" "}
              <Text span c="dimmed" size="sm">
                {row.protocolName} · {relative(row.dueAt, now, locale)}
              </Text>
            </Text>
          </Row>
        ))}
      </Stack>
      {rows.length > 3 && (
        <Button variant="subtle" size="xs" w="fit-content" onClick={() => setAll(!all)}>
          {all ? t("Show less") : t("Show all {n}", { n: rows.length })}
        </Button>
      )}
    </Stack>
  );
}

/** When it was or will be, in the clinic's zone; and where the patient lives, if that is another. */
function Time({ at, zone }: { at: string; zone?: string }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const here = dayAndTime(at, locale, timeZone);
  const isElsewhere = zone !== undefined && dayAndTime(at, locale, zone) !== here;
  const timeIn =
    isElsewhere && isoDay(Date.parse(at), zone) === isoDay(Date.parse(at), timeZone) ? clockTime : dayAndTime;
  return (
    <time dateTime={at}>
      {here}
      {isElsewhere && (
        <Text span size="xs" display="block">
          {t("{time} where the patient lives", { time: timeIn(at, locale, zone) })}
        </Text>
      )}
    </time>
  );
}

function Row({
  icon,
  color,
  time,
  children,
}: {
  icon: ReactNode;
  color: string;
  time: ReactNode;
  children: ReactNode;
}) {
  return (
    <li className="timeline-row">
      <Text className="timeline-time" size="sm" c="dimmed">
        {time}
      </Text>
      <ThemeIcon className="timeline-icon" variant="light" color={color} size="sm" radius="xl">
        {icon}
      </ThemeIcon>
      <div className="timeline-what">{children}</div>
    </li>
  );
}

function Entry({ item, patient, zone }: { item: TimelineItem; patient: Patient; zone?: string }) {
  const { t, locale } = useWords();
  const { message, answer, said, note, event } = item;
  const row = { time: <Time at={item.at} zone={zone} /> };
  if (message) {
    return (
      <Row {...row} icon={<IconMessage size={16} aria-hidden />} color="teal">
        <Sent message={message} />
      </Row>
    );
  }
  if (answer) {
    const { label, value, picked, counted, late } = answer.answer;
    return (
      <Row {...row} icon={<IconHandClick size={16} aria-hidden />} color="indigo">
        <Group gap="xs">
          <Text size="sm">
            {t("Answered")} <b>“{label}”</b>
            {picked && (
              <>
                {" – "}
                <b>{chosen(value, locale)}</b>
              </>
            )}
          </Text>
          {late && (
            <Badge size="sm" variant="light" color="orange">
              {t("late")}
            </Badge>
          )}
          {!counted && (
            <Badge size="sm" variant="light" color="gray">
              {t("not the first answer")}
            </Badge>
          )}
        </Group>
      </Row>
    );
  }
  if (said) {
    return (
      <Row
        {...row}
        icon={
          said.press ? <IconHandClick size={16} aria-hidden /> : <IconMessageCircle size={16} aria-hidden />
        }
        color="indigo"
      >
        <Said said={said} />
        <May ask="send_message">
          <QuoteReply patient={patient} said={said} />
        </May>
      </Row>
    );
  }
  if (note) {
    const Icon = note.kind === "call" ? IconPhone : IconNote;
    return (
      <Row {...row} icon={<Icon size={16} aria-label={t(NOTE_KINDS[note.kind])} />} color="grape">
        <Text size="sm">
          {note.text}{" "}
          <Text span c="dimmed" size="sm">
            ({whoIn(note.author, t)})
          </Text>
        </Text>
      </Row>
    );
  }
  if (event) {
    return (
      <Row {...row} icon={<IconPencil size={16} aria-hidden />} color="gray">
        <Changed event={event} />
      </Row>
    );
  }
  return (
    <Row {...row} icon={<IconCircleCheck size={16} aria-hidden />} color="blue">
      <Text size="sm">{t("{plan} is completed", { plan: item.completed ?? "" })}</Text>
    </Row>
  );
}

function Sent({ message: m }: { message: Message }) {
  const { buttons, problem } = useMessageActions(m, "compact-xs");
  return (
    <Stack gap={6} align="flex-start">
      <Group gap="xs">
        <OutcomeBadge message={m} />
        {buttons}
      </Group>
      <Words message={m} />
      {m.watchedAt && <Watched at={m.watchedAt} />}
      <Why message={m} />
      {problem}
    </Stack>
  );
}

/** Words beyond this fold: they would push everything else out of sight. */
const LONG = 400;

/** What the message says, with what can be tapped under it. */
function Words({ message: m }: { message: Message }) {
  const { t } = useWords();
  const [open, { toggle }] = useDisclosure();
  const all = [m, ...m.furtherMessages].map((one) => gist(one.messageType, one.content, t));
  const isLong = all.join("").length > LONG;
  return (
    <>
      {all.map((words, n) => (
        // Messages have no identity but their place.
        <Text key={n} size="sm" className="said" lineClamp={isLong && !open ? 4 : undefined}>
          {words}
        </Text>
      ))}
      {isLong && (
        <Button size="compact-xs" variant="subtle" aria-expanded={open} onClick={toggle}>
          {open ? t("Show less") : t("Show all of it")}
        </Button>
      )}
      {m.feedback && (
        <Text size="sm" c="dimmed" className="said">
          {m.feedback.question}
        </Text>
      )}
      <QuickReplies replies={m.quickReplies} />
    </>
  );
}

/** Why a message was not sent, and what LINE said of it. */
function Why({ message: m }: { message: Message }) {
  const { t } = useWords();
  const why = m.cause ? whyOf(m.cause, m.httpStatus, t) : m.causeText;
  if (m.state === "sent") return null;
  return (
    <>
      {why && (
        <Text size="xs" c="dimmed" component="div">
          {why}
          {m.attempts > 0 && ` · ${t("{n, plural, one {# try} other {# tries}}", { n: m.attempts })}`}
          {m.nextAttemptAt && (
            <>
              {" · "}
              <When at={m.nextAttemptAt} />
            </>
          )}
        </Text>
      )}
      {m.httpStatus && (
        <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {m.errorText
            ? t("LINE says: {words}", { words: m.errorText })
            : t("LINE gave no reason (status {status})", { status: m.httpStatus })}
          {m.lineRequestId && ` · ${t("LINE's request id: {id}", { id: m.lineRequestId })}`}
        </Text>
      )}
    </>
  );
}

function Watched({ at }: { at: string }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  return (
    <Text size="xs" c="var(--mantine-color-teal-light-color)">
      {t("Watched {time}", { time: dateTime(at, locale, timeZone) })}
    </Text>
  );
}

function Changed({ event }: { event: AuditEntry }) {
  const { t } = useWords();
  return (
    <Text size="sm">
      {t(ACTIVITIES[event.action])}{" "}
      <Text span c="dimmed" size="sm">
        ({whoIn(event.actor, t)})
      </Text>
    </Text>
  );
}
