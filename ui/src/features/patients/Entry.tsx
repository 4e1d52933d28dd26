// One entry of what happened: a message on the clinic's side, what the patient said or pressed on
// the other, and between them what staff noted and changed.

import { Badge, Group, Text, VisuallyHidden } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconHandClick,
  IconNote,
  IconPencil,
  IconPhone,
  type TablerIcon,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Message, Patient, PatientWords, StaffNote, TimelineAnswer, TimelineItem } from "../../bindings";
import { May } from "../../components/may";
import { useWords } from "../../i18n/useWords";
import { ACTIVITIES, NOTE_KINDS } from "../../labels";
import { chosen } from "../../lib/format";
import { useGetMessage } from "../../queries";
import { whoIn } from "../../sayings";
import { QuoteReply } from "../../shared/QuoteReply";
import { Said } from "../../shared/Said";
import { Row, RowTime } from "./Row";
import { Sent } from "./Sent";

type Shown = {
  item: TimelineItem;
  patient: Patient;
  zone?: string;
  /** The message an answer belongs to, where that is on the page, too. */
  asked: Message | undefined;
};

/** The key of a row; for a message that is its id. */
export const rowOf = (item: TimelineItem): string => item.message?.id ?? item.id;

export function Entry({ item, patient, zone, asked }: Shown) {
  const { t } = useWords();
  const { message, answer, said, note, event, completed } = item;
  const id = rowOf(item);
  const time = <RowTime at={item.at} day={item.localTime.slice(0, 10)} zone={zone} />;
  if (message) {
    return (
      <Row id={id} side="clinic">
        <Sent message={message} lang={patient.language} time={time} zone={zone} />
      </Row>
    );
  }
  if (answer) {
    return (
      <Row id={id} side="patient">
        <Pressed answer={answer} asked={asked} lang={patient.language} />
        {time}
      </Row>
    );
  }
  if (said) {
    return (
      <Row id={id} side="patient">
        <SaidBubble said={said} patient={patient} time={time} />
      </Row>
    );
  }
  return (
    <Row id={id} side="between">
      {note && <Noted note={note} time={time} />}
      {event && (
        <Between Icon={IconPencil} what={t(ACTIVITIES[event.action])} who={event.actor} time={time} />
      )}
      {completed !== null && (
        <Between Icon={IconCircleCheck} what={t("{plan} is completed", { plan: completed })} time={time} />
      )}
    </Row>
  );
}

/** A press of a button under a message. What worries says so. */
function Pressed({
  answer: { messageId, answer },
  asked,
  lang,
}: {
  answer: TimelineAnswer;
  asked: Message | undefined;
  lang: string;
}) {
  const { t, locale } = useWords();
  // Its message may lie on a page that was not loaded.
  const found = useGetMessage({ id: messageId }, { enabled: asked === undefined });
  const feedback = (asked ?? found.data)?.feedback ?? null;
  const Icon = answer.worrying ? IconAlertTriangle : IconHandClick;
  return (
    <>
      <div className="said-bubble" data-worrying={answer.worrying || undefined}>
        <Group gap={6} wrap="nowrap" align="flex-start">
          <Icon size={16} aria-hidden style={{ flex: "none", marginTop: 3 }} />
          <Text size="sm">
            {t("Answered with")} <b lang={lang}>“{answer.label}”</b>
            {answer.picked && (
              <>
                {" – "}
                <b>{chosen(answer.value, locale)}</b>
              </>
            )}
          </Text>
        </Group>
        {feedback && (
          <Text size="xs" c="dimmed">
            {t("To the question:")} <span lang={lang}>{feedback.question}</span>
          </Text>
        )}
      </div>
      <Remarks answer={answer} />
    </>
  );
}

function Remarks({ answer }: { answer: TimelineAnswer["answer"] }) {
  const { t } = useWords();
  return (
    <Group gap="xs">
      {answer.worrying && (
        <Badge size="sm" variant="light" color="red">
          {t("Worrying answer")}
        </Badge>
      )}
      {answer.late && (
        <Badge size="sm" variant="light" color="orange">
          {t("late")}
        </Badge>
      )}
      {!answer.counted && (
        <Badge size="sm" variant="light" color="gray">
          {t("not the first answer")}
        </Badge>
      )}
    </Group>
  );
}

function SaidBubble({ said, patient, time }: { said: PatientWords; patient: Patient; time: ReactNode }) {
  return (
    <>
      <div className="said-bubble" lang={said.text === null ? undefined : patient.language}>
        <Said said={said} />
      </div>
      {time}
      <May ask="send_message">
        <QuoteReply patient={patient} said={said} />
      </May>
    </>
  );
}

function Noted({ note, time }: { note: StaffNote; time: ReactNode }) {
  const { t } = useWords();
  const Icon = note.kind === "call" ? IconPhone : IconNote;
  return (
    <div className="chat-note">
      <VisuallyHidden>{t(NOTE_KINDS[note.kind])}</VisuallyHidden>
      <Between Icon={Icon} what={note.text} who={note.author} time={time} />
    </div>
  );
}

function Between({
  Icon,
  what,
  who,
  time,
}: {
  Icon: TablerIcon;
  what: string;
  who?: string;
  time: ReactNode;
}) {
  const { t } = useWords();
  return (
    <Group gap={6} wrap="nowrap" align="flex-start" justify="center">
      <Icon size={14} aria-hidden style={{ flex: "none", marginTop: 4 }} />
      <Text size="sm" className="said">
        {what}{" "}
        {who !== undefined && (
          <Text span c="dimmed" size="sm">
            ({whoIn(who, t)})
          </Text>
        )}{" "}
        {time}
      </Text>
    </Group>
  );
}
