// What keeps a message from going out now: said beside the button that sends it, and of the message
// once it is written. Why, the core decides (delivery/gate.rs).

import { Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconClockPause } from "@tabler/icons-react";
import type { Cause, Message, Patient, Status } from "../bindings";
import type { Label, Translate } from "../i18n";
import { useWords } from "../i18n/useWords";
import { CAUSES, MESSAGE_STATES, SENDING } from "../labels";
import { dateTime } from "../lib/format";
import { useGetMessage } from "../queries";
import { useClinic } from "./clinic";
import { OutcomeBadge } from "./kit";

/** Why a message does not go out now, whether it waits for that to end, and what ends it. */
type Obstacle = { label: Label; hint?: Label; waits: boolean };

const because = (cause: Cause, waits: boolean): Obstacle => ({
  label: CAUSES[cause].label,
  hint: waits ? CAUSES[cause].held : undefined,
  waits,
});

function ofLine(status: Status | undefined): Obstacle | null {
  return status && !SENDING[status.sending].goes
    ? { label: SENDING[status.sending].detail, waits: true }
    : null;
}

/** What keeps a message to this patient from going out now: by the core's word, or LINE. */
export function useObstacle({ obstacle }: Patient): Obstacle | null {
  const { status } = useClinic();
  return obstacle ? because(obstacle.cause, obstacle.waits) : ofLine(status);
}

/** Says before it is sent that a message will wait, and for what. */
export function WillWait({ obstacle }: { obstacle: Obstacle | null }) {
  const { t } = useWords();
  if (!obstacle) return null;
  return (
    <Group gap={6} wrap="nowrap" align="flex-start" role="status">
      <IconClockPause size={18} aria-hidden style={{ flex: "none" }} />
      <Text size="sm">
        {obstacle.waits
          ? t("A message will wait: {why}.", { why: t(obstacle.label) })
          : t("A message will not be sent: {why}.", { why: t(obstacle.label) })}{" "}
        {obstacle.hint && t(obstacle.hint)}
      </Text>
    </Group>
  );
}

/** What becomes of a message that was just written, in a sentence. */
function sentence(message: Message, obstacle: Obstacle | null, t: Translate): string {
  const why = message.cause ? CAUSES[message.cause].label : obstacle?.label;
  if (message.state === "sent") return t("LINE took the message.");
  if (message.state === "failed" || message.state === "review")
    return why ? t("The message was not sent: {why}.", { why: t(why) }) : t("It was not sent.");
  return why ? t("The message waits: {why}.", { why: t(why) }) : t("The message is on its way.");
}

/** Tells what becomes of a message that was written. */
export function useSaySent(obstacle: Obstacle | null) {
  const { t } = useWords();
  return (message: Message) => {
    const goes = message.state === "sent" || (!obstacle && !message.cause);
    notifications.show({ color: goes ? "teal" : "orange", message: sentence(message, obstacle, t) });
  };
}

/** The message that was written last, as it stands now. */
export function LastSent({ id }: { id: string }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const { data: message } = useGetMessage({ id });
  if (!message) return null;
  const { waits } = MESSAGE_STATES[message.state];
  const why = message.state !== "sent" && message.cause ? t(CAUSES[message.cause].label) : "";
  const until = waits && message.nextAttemptAt ? dateTime(message.nextAttemptAt, locale, timeZone) : "";
  return (
    <Group gap="xs" role="status">
      <Text size="sm">{t("Your last message:")}</Text>
      <OutcomeBadge message={message} />
      <Text size="sm">{[why, until].filter(Boolean).join(" · ")}</Text>
    </Group>
  );
}
