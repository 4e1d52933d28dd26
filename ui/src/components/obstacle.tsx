// What keeps a message from going out now: said beside the button that sends it, and of the message
// once it is written. The order is that of the core (delivery/gate.rs).

import { Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconClockPause } from "@tabler/icons-react";
import type { Cause, Message, Patient, QuietHours, Settings, Status } from "../bindings";
import type { Label, Translate } from "../i18n";
import { useWords } from "../i18n/useWords";
import { CAUSES, MESSAGE_STATES, SENDING } from "../labels";
import { dateTime } from "../lib/format";
import { useGetMessage, useGetSettings } from "../queries";
import { useClinic } from "./clinic";
import { OutcomeBadge } from "./kit";

/** Why a message waits, and what ends that. */
type Obstacle = { label: Label; hint?: Label };

const because = (cause: Cause): Obstacle => ({ label: CAUSES[cause].label, hint: CAUSES[cause].held });

/** Whether it is quiet where the patient lives; hours may go over midnight. */
export function isQuiet(quiet: QuietHours | null, now: number, timeZone: string): boolean {
  if (!quiet || quiet.silently) return false;
  const time = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(now);
  const { start, end } = quiet;
  return start < end ? time >= start && time < end : time >= start || time < end;
}

function ofPatient(patient: Patient, settings: Settings | undefined): Cause | null {
  if (!patient.lineUserId || patient.reachability === "unlinked") return "not_linked";
  if (patient.reachability === "blocked") return "blocked";
  if (patient.status === "archived") return "patient_archived";
  if (settings?.consentRequired && !patient.consentedAt) return "no_consent";
  return null;
}

function ofClinic(status: Status | undefined): Obstacle | null {
  if (!status || SENDING[status.sending].goes) return null;
  return status.sending === "paused" ? because("sending_paused") : { label: SENDING[status.sending].detail };
}

/** What keeps a message to this patient from going out now, as far as is known here. */
export function useObstacle(patient: Patient): Obstacle | null {
  const { status, now, timeZone } = useClinic();
  const settings = useGetSettings({}).data;
  const cause = ofPatient(patient, settings);
  const quiet = isQuiet(settings?.quietHours ?? null, now, patient.timeZone ?? timeZone);
  if (status?.sending === "paused") return ofClinic(status);
  if (cause) return because(cause);
  if (patient.demo && status && !status.practice) return because("demo_patient");
  return ofClinic(status) ?? (quiet ? because("quiet_hours") : null);
}

/** Says before it is sent that a message will wait, and for what. */
export function WillWait({ obstacle }: { obstacle: Obstacle | null }) {
  const { t } = useWords();
  if (!obstacle) return null;
  return (
    <Group gap={6} wrap="nowrap" align="flex-start" role="status">
      <IconClockPause size={18} aria-hidden style={{ flex: "none" }} />
      <Text size="sm">
        {t("A message will wait: {why}.", { why: t(obstacle.label) })} {obstacle.hint && t(obstacle.hint)}
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
