// One message as the patient gets it, and what became of it as a plain chain.

import { Drawer, Stack, Text, Timeline, Title } from "@mantine/core";
import { useEffect, useState } from "react";
import type { FailedTry, Message } from "../../bindings";
import { Loading, Problem, When } from "../../components/kit";
import { LineWords } from "../../components/LineWords";
import { MessageBubbles } from "../../components/MessageBubbles";
import type { Translate } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { CAUSES, MESSAGE_STATES, OUTCOMES } from "../../labels";
import { chosen } from "../../lib/format";
import { ATTENTION, WAITING } from "../../lib/states";
import { useGetMessage, useMessageTries } from "../../queries";
import { whyOf } from "../../sayings";

type OfDrawer = { id: string; name: string; opened: boolean; close: () => void };

export function MessageDrawer({ id, name, opened, close }: OfDrawer) {
  const { t } = useWords();
  // Mounted closed: it gives the focus back only where it was there before it opened.
  const [isThere, setThere] = useState(false);
  useEffect(() => setThere(true), []);
  return (
    <Drawer
      opened={opened && isThere}
      onClose={close}
      position="right"
      title={t("Message to {name}", { name })}
    >
      {opened && <Whole id={id} />}
    </Drawer>
  );
}

function Whole({ id }: { id: string }) {
  const { t, locale } = useWords();
  const message = useGetMessage({ id });
  const tries = useMessageTries({ id });
  const m = message.data;
  return (
    <Stack>
      <Problem error={message.error} again={message.refetch} />
      {message.isLoading && <Loading />}
      {m && (
        <>
          <div className="phone">
            <MessageBubbles message={m} />
          </div>
          <Title order={3} size="h5">
            {t("What became of it")}
          </Title>
          <Problem error={tries.error} again={tries.refetch} />
          <Story events={storyOf(m, tries.data?.items ?? [], t, locale)} />
          <LineWords words={null} requestId={m.lineRequestId} />
        </>
      )}
    </Stack>
  );
}

type Happened = {
  at: string | null;
  what: string;
  more?: string | null;
  /** What LINE said of it, word for word. */
  byLine?: { words: string | null; httpStatus: number | null };
};

function Story({ events }: { events: Happened[] }) {
  return (
    <Timeline active={events.length - 1} bulletSize={14} lineWidth={2}>
      {events.map(({ at, what, more, byLine }) => (
        <Timeline.Item key={`${at} ${what}`} title={what}>
          {more && (
            <Text size="sm" style={{ overflowWrap: "anywhere" }}>
              {more}
            </Text>
          )}
          {at && <When at={at} />}
          {byLine && <LineWords {...byLine} />}
        </Timeline.Item>
      ))}
    </Timeline>
  );
}

/** What happened to a message, in its order, and what it waits for. */
function storyOf(m: Message, tries: FailedTry[], t: Translate, locale: string): Happened[] {
  const known = m.outcome && OUTCOMES[m.outcome];
  const waits = WAITING.has(m.state);
  const why = m.cause && t(CAUSES[m.cause].label);
  const [answer] = m.answers;
  return [
    { at: m.createdAt, what: t("Made") },
    { at: m.dueAt, what: t("Due") },
    ...tries.map(({ attempt, startedAt, cause, httpStatus, errorText }) => ({
      at: startedAt,
      what: t("Try {n} failed: {why}", { n: attempt, why: whyOf(cause, httpStatus, t) }),
      byLine: { words: errorText, httpStatus },
    })),
    ...(m.acceptedAt ? [{ at: m.acceptedAt, what: t("LINE took it") }] : []),
    ...(known && m.outcome !== "responded" ? [{ at: null, what: t(known.label), more: t(known.hint) }] : []),
    ...(answer
      ? [
          {
            at: answer.at,
            what: t("Answered: {answer}", {
              answer: answer.picked ? chosen(answer.value, locale) : answer.label,
            }),
          },
        ]
      : []),
    ...(waits
      ? [{ at: m.nextAttemptAt, what: why ? t("Waits: {why}", { why }) : t("Waits for its time") }]
      : []),
    ...(ATTENTION.has(m.state) || m.state === "cancelled"
      ? [{ at: m.updatedAt, what: t(MESSAGE_STATES[m.state].label), more: why }]
      : []),
  ];
}
