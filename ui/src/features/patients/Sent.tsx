// A message on the clinic's side of the chat: as the patient reads it, and under it where it stands
// and what may be done to it.

import { Group, Text } from "@mantine/core";
import { IconRepeat } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Message, Repetition } from "../../bindings";
import { OutcomeBadge } from "../../components/badges";
import { useClinic } from "../../components/clinic";
import { cronInWords } from "../../components/cronWords";
import { When } from "../../components/kit";
import { LineWords } from "../../components/LineWords";
import { MessageBubbles } from "../../components/MessageBubbles";
import { useWords } from "../../i18n/useWords";
import { MESSAGE_ACTIONS, REPEATED_ACTIONS } from "../../labels";
import { dateTime } from "../../lib/format";
import { whyOf } from "../../sayings";
import { useMessageActions } from "../../shared/MessageActions";

type Shown = {
  message: Message;
  lang: string;
  time: ReactNode;
  /** Where the patient lives; left out while that is read. */
  zone?: string;
};

export function Sent({ message: m, lang, time, zone }: Shown) {
  const labels = m.recurrenceId ? REPEATED_ACTIONS : MESSAGE_ACTIONS;
  const { buttons, problem } = useMessageActions(m, "compact-xs", labels);
  return (
    <>
      <MessageBubbles message={m} lang={lang} />
      <Group gap="xs" className="chat-state">
        {time}
        <OutcomeBadge message={m} />
        {buttons}
      </Group>
      {m.repetition && m.actions.includes("cancel") && <Repeats of={m.repetition} zone={zone} />}
      {m.watchedAt && <Watched at={m.watchedAt} />}
      <Why message={m} />
      {problem}
    </>
  );
}

function Repeats({ of, zone }: { of: Repetition; zone?: string }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const [words, where] = [cronInWords(of.cron, { t, locale }), of.timeZone ?? zone];
  const timetable =
    where && where !== timeZone ? t("{timetable} ({zone})", { timetable: words, zone: where }) : words;
  return (
    <Group gap={4} wrap="nowrap">
      <IconRepeat size={14} aria-hidden style={{ flex: "none" }} />
      <Text size="xs" c="dimmed">
        {t("It repeats: {timetable}. The next one is planned when this one has gone.", { timetable })}
      </Text>
    </Group>
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
      {m.httpStatus && !m.errorText && (
        <Text size="xs" c="dimmed">
          {t("LINE gave no reason (status {status})", { status: m.httpStatus })}
        </Text>
      )}
      {m.httpStatus && (
        <LineWords words={m.errorText} httpStatus={m.httpStatus} requestId={m.lineRequestId} />
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
