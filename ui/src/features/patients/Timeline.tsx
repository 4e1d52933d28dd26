// Everything about one person as a chat: what is to come above the line of now, what happened below.

import { Button, Stack, Text, Title } from "@mantine/core";
import { IconArrowUp } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Fragment, useEffect, useRef, useState } from "react";
import { commands, type Message, type Patient, type TimelineItem } from "../../bindings";
import { useArrivals, useHeld } from "../../components/arrivals";
import { Choice } from "../../components/Choice";
import { useClinic, useNow } from "../../components/clinic";
import { Empty, Loading, Problem, Section } from "../../components/kit";
import { May } from "../../components/may";
import { NoteForm } from "../../components/NoteForm";
import { useWords } from "../../i18n/useWords";
import { dateTime, longDay, yearOf } from "../../lib/format";
import { usePatientTimelinePages } from "../../queries";
import { Coming, isToCome, toComeOf } from "./Coming";
import { Entry, rowOf } from "./Entry";
import { focusRow, goToRow } from "./Row";

/** The pages of a patient's timeline; the head of the page reads the first of them, too. */
export const useTimeline = (id: string) => usePatientTimelinePages({ id, limit: 50 });

export function Timeline({ patient }: { patient: Patient }) {
  const { t } = useWords();
  const { timeline = "all" } = useSearch({ from: "/patients/$id" });
  const navigate = useNavigate({ from: "/patients/$id" });
  return (
    <Section
      title={t("Timeline")}
      actions={
        <Choice
          size="xs"
          label={t("Which")}
          value={timeline}
          onChange={(value) =>
            navigate({ search: (was) => ({ ...was, timeline: value }), replace: true, resetScroll: false })
          }
          data={[
            { value: "all", label: t("Everything") },
            { value: "messages", label: t("Messages only") },
          ]}
        />
      }
    >
      <May ask="note_patient">
        <NoteForm write={(note) => commands.notePatient({ id: patient.id, ...note })} />
      </May>
      <Chat patient={patient} onlyMessages={timeline === "messages"} />
    </Section>
  );
}

/** What happened: all but what is still to come, which stands above the line. */
function pastOf(rows: TimelineItem[], first: TimelineItem[], onlyMessages: boolean): TimelineItem[] {
  const toCome = new Set(first.filter(({ message }) => isToCome(message)).map(({ id }) => id));
  return rows.filter(
    ({ id, message, answer, said }) => !toCome.has(id) && (!onlyMessages || message || answer || said),
  );
}

function Chat({ patient, onlyMessages }: { patient: Patient; onlyMessages: boolean }) {
  const { t } = useWords();
  const list = useTimeline(patient.id);
  const [line, setLine] = useState<HTMLElement | null>(null);
  const first = list.data?.first;
  const past = pastOf(list.data?.rows ?? [], first?.items ?? [], onlyMessages);
  const { isAway, waiting, show } = useArrivals(past.map(rowOf), line);
  const toCome = useHeld(toComeOf(first), isAway && list.data !== undefined);
  const shown = past.slice(waiting);
  useWantedRow(list);
  const showNew = () => {
    show();
    line?.scrollIntoView?.({ block: "center" });
    line?.focus({ preventScroll: true });
  };
  return (
    <>
      <Problem error={list.error} again={list.refetch} />
      {list.isLoading && <Loading />}
      {list.data && (
        <>
          <Coming rows={toCome} patient={patient} zone={first?.timeZone} />
          <NowLine mark={setLine} />
          <New count={waiting} onShow={showNew} />
          {shown.length === 0 && <Empty text={t("Nothing here yet.")} />}
          <Past rows={shown} all={list.data.rows} patient={patient} zone={first?.timeZone} />
          <Older list={list} rows={shown.map(rowOf)} />
        </>
      )}
    </>
  );
}

type List = ReturnType<typeof useTimeline>;

/** Goes to the row the address names, page by page until it is there; once, whatever arrives later. */
function useWantedRow({ data, hasNextPage, isFetching, isError, fetchNextPage }: List) {
  const { row } = useSearch({ from: "/patients/$id" });
  const reached = useRef<string>(undefined);
  useEffect(() => {
    if (!row || !data || reached.current === row) return;
    if (goToRow(row)) reached.current = row;
    else if (hasNextPage && !isFetching && !isError) fetchNextPage();
  }, [row, data, hasNextPage, isFetching, isError, fetchNextPage]);
}

function NowLine({ mark }: { mark: (line: HTMLElement | null) => void }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const now = useNow();
  return (
    <Title order={3} size="h5" className="now-line" ref={mark} tabIndex={-1}>
      {t("Now: {time}", { time: dateTime(now, locale, timeZone) })}
    </Title>
  );
}

/** What arrived meanwhile, to be asked for. */
function New({ count, onShow }: { count: number; onShow: () => void }) {
  const { t } = useWords();
  return (
    <div className="chat-new" role="status">
      {count > 0 && (
        <Button radius="xl" leftSection={<IconArrowUp size={16} aria-hidden />} onClick={onShow}>
          {t("{n, plural, one {# new} other {# new}}", { n: count })}
        </Button>
      )}
    </div>
  );
}

type PastRows = { rows: TimelineItem[]; all: TimelineItem[]; patient: Patient; zone?: string };

const dayOf = (item: TimelineItem | undefined) => item?.localTime.slice(0, 10);

function Past({ rows, all, patient, zone }: PastRows) {
  const { t } = useWords();
  const messages = new Map<string, Message>();
  for (const { message } of all) if (message) messages.set(message.id, message);
  return (
    <ol className="chat" aria-label={t("What happened")}>
      {rows.map((item, n) => {
        const day = dayOf(item);
        return (
          <Fragment key={rowOf(item)}>
            {day && day !== dayOf(rows[n - 1]) && <Day day={day} language={patient.language} />}
            <Entry
              item={item}
              patient={patient}
              zone={zone}
              asked={item.answer ? messages.get(item.answer.messageId) : undefined}
            />
          </Fragment>
        );
      })}
    </ol>
  );
}

/** A day where the patient lives; and as they write it, where they count years otherwise. */
function Day({ day, language }: { day: string; language: string }) {
  const { locale } = useWords();
  const isOther = yearOf(day, language) !== yearOf(day, locale);
  return (
    <li className="chat-day">
      <Title order={4} size="sm" fw={600}>
        {longDay(day, locale)}
        {isOther && (
          <Text span inherit fw={400} lang={language}>
            {" · "}
            {longDay(day, language)}
          </Text>
        )}
      </Title>
    </li>
  );
}

/** More of the past. It comes below: what is read stays where it is, and the keyboard goes on there. */
function Older({ list, rows }: { list: List; rows: string[] }) {
  const { t } = useWords();
  const [after, setAfter] = useState<string>();
  const next = after === undefined ? undefined : rows[rows.indexOf(after) + 1];
  useEffect(() => {
    if (next === undefined) return;
    focusRow(next);
    setAfter(undefined);
  }, [next]);
  if (!list.hasNextPage) return null;
  return (
    <Stack align="center">
      <Button
        variant="default"
        loading={list.isFetchingNextPage}
        onClick={() => {
          setAfter(rows.at(-1));
          list.fetchNextPage();
        }}
      >
        {t("Load older")}
      </Button>
    </Stack>
  );
}
