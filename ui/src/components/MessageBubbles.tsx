// A message as its patient reads it: its bubbles, its question with the button that was pressed,
// and what can be tapped under it.

import { Button, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle, IconHandClick } from "@tabler/icons-react";
import type { Feedback, FurtherMessage, Message, MessageAnswer } from "../bindings";
import { useWords } from "../i18n/useWords";
import { Bubble, messageOf, textOf } from "./Bubble";
import { QuickReplies } from "./quickReplies";

type Read = Pick<
  Message,
  "messageType" | "content" | "furtherMessages" | "feedback" | "quickReplies" | "answers"
>;

/** `lang` is the language the patient is written to in. */
export function MessageBubbles({ message: m, lang }: { message: Read; lang?: string }) {
  return (
    <Stack className="bubbles" gap={6} lang={lang}>
      {[m, ...m.furtherMessages].map((one, n) => (
        // Messages have no identity but their place.
        <Part key={n} part={one} />
      ))}
      {m.feedback && <Question feedback={m.feedback} answers={m.answers} />}
      <QuickReplies replies={m.quickReplies} />
    </Stack>
  );
}

/** Words beyond this fold: they would push everything else out of sight. */
const LONG = 400;

function Part({ part: { messageType, content } }: { part: FurtherMessage }) {
  const { t } = useWords();
  const [open, { toggle }] = useDisclosure();
  const isLong = messageType === "text" && textOf(content, "text").length > LONG;
  return (
    <>
      <div className={isLong && !open ? "folded" : undefined}>
        <Bubble message={messageOf(messageType, content)} />
      </div>
      {isLong && (
        <Button size="compact-xs" variant="subtle" aria-expanded={open} onClick={toggle}>
          {open ? t("Show less") : t("Show all of it")}
        </Button>
      )}
    </>
  );
}

function Question({ feedback, answers }: { feedback: Feedback; answers: MessageAnswer[] }) {
  return (
    <div className="bubble clinic">
      <Text inherit fw={600}>
        {feedback.question}
      </Text>
      <ul className="choices">
        {feedback.buttons.map((button) => {
          const press = answers.find(({ value, label, picked }) =>
            picked ? label === button.label : value === button.value,
          );
          return (
            <li key={button.value} data-pressed={press ? true : undefined}>
              {press && <Pressed worrying={press.worrying} />}
              {button.label}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Pressed({ worrying }: { worrying: boolean }) {
  const { t } = useWords();
  const Icon = worrying ? IconAlertTriangle : IconHandClick;
  return (
    <>
      <Icon size={14} aria-hidden />
      <VisuallyHidden>{worrying ? t("Worrying answer") : t("Answered")}</VisuallyHidden>{" "}
    </>
  );
}
