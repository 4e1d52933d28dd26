// What keeps a message from going out now: said beside the button that sends it, and of the message
// once it is written. Why, the core decides (delivery/gate.rs).

import { Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconClockPause } from "@tabler/icons-react";
import { type AtNight, type Cause, commands, type Message, type Patient, type Status } from "../bindings";
import { OutcomeBadge } from "../components/badges";
import { useClinic } from "../components/clinic";
import type { Label, Translate } from "../i18n";
import { useWords } from "../i18n/useWords";
import { CAUSES, SENDING } from "../labels";
import { dateTime } from "../lib/format";
import { ATTENTION } from "../lib/states";
import { useGetMessage } from "../queries";
import { whyOf } from "../sayings";

/**
 * Why a message does not go out now, whether it waits for that to end, and what ends it; `until`
 * where it ends by itself and when is known.
 */
export type Obstacle = {
  label: Label;
  hint?: Label;
  waits: boolean;
  until?: string | null;
  /** Whether nothing leaves while it lasts; LINE that does not answer may answer at any moment. */
  holds: boolean;
};

const because = (cause: Cause, waits: boolean, until: string | null): Obstacle => ({
  label: CAUSES[cause].label,
  hint: waits ? CAUSES[cause].held : undefined,
  waits,
  until,
  holds: true,
});

function ofLine(status: Status | undefined): Obstacle | null {
  return status && !SENDING[status.sending].goes
    ? { label: SENDING[status.sending].detail, waits: true, holds: false }
    : null;
}

const obstacleOf = (patient: Patient | null, status: Status | undefined): Obstacle | null =>
  patient?.obstacle
    ? because(patient.obstacle.cause, patient.obstacle.waits, patient.obstacle.until)
    : ofLine(status);

/**
 * What keeps a message to this patient from going out: by the core's word, or LINE. What is over by
 * itself before a message goes, or comes and goes while it repeats, does not.
 */
export function useObstacle(patient: Patient, goes: string | "repeating" | null = null): Obstacle | null {
  const { status } = useClinic();
  const obstacle = obstacleOf(patient, status);
  if (!obstacle?.until || goes === null) return obstacle;
  return goes === "repeating" || Date.parse(obstacle.until) <= Date.parse(goes) ? null : obstacle;
}

type Asks = (patientId: string, atNight?: AtNight | null) => Promise<Obstacle | null>;

/**
 * The same for a patient who is not on the screen. `atNight` is what the message's step makes of quiet
 * hours, where it decides that itself. If the patient cannot be read, no obstacle is assumed.
 */
export function useAskObstacle(): Asks {
  const { status } = useClinic();
  return async (id, atNight) => {
    const patient = await commands.getPatient({ id }).catch(() => null);
    const { obstacle = null, quietUntil = null } = patient ?? {};
    // Any other reason comes before quiet hours, so what the step says of those does not matter.
    if (!atNight || (obstacle && obstacle.cause !== "quiet_hours")) return obstacleOf(patient, status);
    const waits = atNight === "wait" && quietUntil !== null;
    return waits ? because("quiet_hours", true, quietUntil) : ofLine(status);
  };
}

/** What holds back messages to everybody. */
export function useObstacleForAll(): Obstacle | null {
  const { status } = useClinic();
  return ofLine(status);
}

/** Says that a message will wait or not be sent, and why. */
export const willWait = ({ label, waits }: Obstacle, t: Translate): string =>
  waits
    ? t("A message will wait: {why}.", { why: t(label) })
    : t("A message will not be sent: {why}.", { why: t(label) });

/** Says before it is sent that a message will wait, and for what. */
export function WillWait({ obstacle }: { obstacle: Obstacle | null }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  if (!obstacle) return null;
  const { hint, until, waits } = obstacle;
  const goes = waits && until ? t("It goes out {when}.", { when: dateTime(until, locale, timeZone) }) : null;
  return (
    <Group gap={6} wrap="nowrap" align="flex-start" role="status">
      <IconClockPause size={18} aria-hidden style={{ flex: "none" }} />
      <Text size="sm">
        {willWait(obstacle, t)} {goes ?? (hint && t(hint))}
      </Text>
    </Group>
  );
}

/**
 * What becomes of a message that was just written, in a sentence; `when` it goes, where it waits for
 * its time.
 */
export function becomes(
  message: Message,
  obstacle: Obstacle | null,
  when: string | null,
  t: Translate,
): string {
  // Once it is in the queue again, why it failed before is no reason any more.
  const cause = message.state === "queued" ? null : message.cause;
  const why = cause ? whyOf(cause, message.httpStatus, t) : obstacle && t(obstacle.label);
  if (message.state === "sent") return t("LINE took the message.");
  if (message.state === "cancelled") return t("It was not sent.");
  if (message.state === "scheduled" && when !== null)
    return [t("It goes out {when}.", { when }), obstacle && willWait(obstacle, t)].filter(Boolean).join(" ");
  if (ATTENTION.has(message.state))
    return why ? t("The message was not sent: {why}.", { why }) : t("It was not sent.");
  return why ? t("The message waits: {why}.", { why }) : t("The message is on its way.");
}

/** Tells that a message is on its way to a patient again, or why it is not. */
export function useSayOnItsWay() {
  const { t } = useWords();
  const ask = useAskObstacle();
  return async (patientId: string) => {
    const obstacle = await ask(patientId);
    notifications.show(
      obstacle
        ? { color: "orange", message: willWait(obstacle, t) }
        : { color: "teal", message: t("It is on its way again.") },
    );
  };
}

/** The message that was written last, as it stands now. */
export function LastSent({ id }: { id: string }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const { data: message } = useGetMessage({ id });
  if (!message) return null;
  const why = message.state !== "sent" && message.cause ? whyOf(message.cause, message.httpStatus, t) : "";
  const until = message.nextAttemptAt ? dateTime(message.nextAttemptAt, locale, timeZone) : "";
  return (
    <Group gap="xs" role="status">
      <Text size="sm">{t("Your last message:")}</Text>
      <OutcomeBadge message={message} />
      <Text size="sm">{[why, until].filter(Boolean).join(" · ")}</Text>
    </Group>
  );
}
