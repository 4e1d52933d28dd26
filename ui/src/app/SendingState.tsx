// The state of sending in the header: in words, since when, by whom; and whether it is known at all.

import { ActionIcon, Badge, Group, Text } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, IconPlugConnectedX } from "@tabler/icons-react";
import type { Status } from "../bindings";
import { useClinic } from "../components/clinic";
import { Tip } from "../components/Tip";
import type { Label, Translate } from "../i18n";
import { useWords } from "../i18n/useWords";
import { ALERTS, SENDING, TROUBLES } from "../labels";
import { clockTime } from "../lib/format";
import { may } from "../lib/roles";
import { whoIn } from "../sayings";
import { usePauseAll } from "../shared/pauseAll";

/** What the pill shows: whether messages are being sent, or what is wrong though they are. */
function pillOf(status: Status): [label: Label, color: string, short?: Label] {
  const { label, color, goes, short } = SENDING[status.sending];
  return goes && status.alertCode ? ["Something is wrong", "red.9"] : [label, color, short];
}

/** The same in a sentence: why not, or what is wrong. */
function detailOf(status: Status, t: Translate): string {
  const { goes, detail } = SENDING[status.sending];
  if (goes && status.alertCode) return t(ALERTS[status.alertCode]);
  if (status.sending === "paused" && status.pausedBecause === "restored")
    return t(
      "An older copy of the data was put back. Look through what may have been sent, then send again.",
    );
  if (status.sending === "paused" && status.pausedBy)
    return t("Paused by {who}", { who: whoIn(status.pausedBy, t) });
  return t(status.sendingTrouble ? TROUBLES[status.sendingTrouble] : detail);
}

function textOf(status: Status, t: Translate, locale: string): string {
  const label = t(pillOf(status)[0]);
  if (!status.sendingSince) return label;
  return `${label} · ${clockTime(status.sendingSince, locale, status.timeZone)}`;
}

/** The words beside the pill: what it says and why, in full, each once. */
function tipOf(text: string, label: string, detail: string): string {
  return detail === label ? text : `${text} · ${detail}`;
}

/** Whether messages are being sent, and how to stop them all. */
export function SendingState() {
  const { status, lostSince } = useClinic();
  if (!status) return null;
  return (
    <Group gap={6} wrap="nowrap" miw={0}>
      <Group gap={6} wrap="nowrap" miw={0} role="status" className="sending-states">
        <Practice status={status} />
        {/* Without a connection the last known state may be wrong by now. */}
        {lostSince ? <Lost since={lostSince} status={status} /> : <Known status={status} />}
      </Group>
      {!lostSince && <PauseButton status={status} />}
    </Group>
  );
}

/** Shown in practice, beside every other state: what is sent reaches nobody. */
function Practice({ status }: { status: Status }) {
  const { t } = useWords();
  const { lostSince } = useClinic();
  const { label, color } = SENDING.practice;
  if (!status.practice || (!lostSince && pillOf(status)[0] === label)) return null;
  return (
    <Badge className="sending-pill" size="lg" variant="filled" color={color} miw="max-content">
      {t(label)}
    </Badge>
  );
}

function Known({ status }: { status: Status }) {
  const { t, locale } = useWords();
  const [label, color, short] = pillOf(status);
  const text = textOf(status, t, locale);
  const detail = detailOf(status, t);
  const stopped = !SENDING[status.sending].goes;
  return (
    <>
      <Tip label={tipOf(text, t(label), detail)} maw={280}>
        <Badge className="sending-pill" size="lg" variant="filled" color={color} tabIndex={0} miw={0}>
          {short ? (
            <>
              <span className="in-full">{text}</span>
              <span className="in-short" aria-hidden>
                {t(short)}
              </span>
            </>
          ) : (
            text
          )}
        </Badge>
      </Tip>
      {stopped && detail !== t(label) && (
        <Text size="sm" truncate visibleFrom="lg" maw={320}>
          {detail}
        </Text>
      )}
    </>
  );
}

/** The connection is gone: what is on the screen is as old as this. */
function Lost({ since, status }: { since: number; status: Status }) {
  const { t, locale } = useWords();
  const at = clockTime(since, locale, status.timeZone);
  return (
    <Badge
      className="sending-pill"
      size="lg"
      variant="filled"
      color="dark.5"
      tabIndex={0}
      miw={0}
      leftSection={<IconPlugConnectedX size={14} aria-hidden />}
    >
      {t("As of {at}, trying again", { at })}
    </Badge>
  );
}

function PauseButton({ status }: { status: Status }) {
  const { t } = useWords();
  const { paused, ask, act, isPending } = usePauseAll();
  if (!may(status.role, ask)) return null;
  const label = paused ? t("Send again") : t("Pause all sending");
  return (
    <Tip label={label}>
      <ActionIcon variant="default" size="lg" aria-label={label} loading={isPending} onClick={act}>
        {paused ? <IconPlayerPlay size={18} aria-hidden /> : <IconPlayerPause size={18} aria-hidden />}
      </ActionIcon>
    </Tip>
  );
}
