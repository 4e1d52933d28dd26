// A message that staff send by hand waits in the core for ten seconds before it leaves, so that it
// can be taken back; a notice counts them, says what became of it, and has the way back.

import { Group, Stack, Text, VisuallyHidden } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { commands, type Message, type MessageAction, type SendMessage } from "../bindings";
import { useClinic } from "../components/clinic";
import { useMay } from "../components/may";
import { STAYS_MS, showNotice, Undo, useHiding } from "../components/undo";
import { useWords } from "../i18n/useWords";
import { dateTime } from "../lib/format";
import { useAct } from "../lib/live";
import { WAITING } from "../lib/states";
import { SECOND_MS } from "../lib/units";
import { useGetMessage } from "../queries";
import { refused } from "../sayings";
import { becomes, type Obstacle } from "./obstacle";
import { useUndoable } from "./wayBack";

/** How long a message that is sent by hand waits before it leaves. */
const HOLD_MS = 10_000;

/**
 * How long a message is held so that it can be taken back, and when it leaves. One that cannot leave
 * anyway is not held. Counted from before the core is asked, so that the way back never ends later
 * than the core's own wait.
 */
export function holdFor(obstacle: Obstacle | null): { holdMs: number; leavesAt: number | null } {
  return obstacle?.holds
    ? { holdMs: 0, leavesAt: null }
    : { holdMs: HOLD_MS, leavesAt: Date.now() + HOLD_MS };
}

/**
 * Where it is after it was taken back: in the box it came from, kept for its page, at its old time,
 * as it stood before.
 */
type Back = "box" | "page" | "planned" | "asBefore" | "nowhere";

type Written = Omit<SendMessage, "patientId">;

/**
 * Sends a message to a patient. `taken` empties the box once the core has it, and gives the way to
 * fill it again. What leaves later anyway, or cannot leave, is held no longer for it.
 */
export function useSend(
  patient: { id: string; displayName: string },
  obstacle: Obstacle | null,
  taken: () => () => Back,
) {
  const { timeZone } = useClinic();
  const isAllowed = useMay();
  return useUndoable(
    async (written: Written) => {
      const { holdMs, leavesAt } = written.schedule ? { holdMs: 0, leavesAt: null } : holdFor(obstacle);
      const hold = { schedule: { type: "delay" as const, delayMs: holdMs } };
      const message = await commands.sendMessage({
        patientId: patient.id,
        ...written,
        ...(holdMs > 0 && hold),
      });
      return { message, leavesAt };
    },
    ({ message, leavesAt }, isUndone) => {
      const back = taken();
      showLeaving({
        message,
        leavesAt,
        obstacle,
        timeZone,
        undo: isAllowed("cancel_message")
          ? {
              by: "cancel",
              act: async () => {
                await commands.cancelMessage({ id: message.id });
                return back();
              },
            }
          : null,
        name: patient.displayName,
        isUndone,
      });
    },
  );
}

type Leaving = {
  message: Message;
  /** Until when it waits for nothing else; null where it does not. */
  leavesAt: number | null;
  obstacle: Obstacle | null;
  timeZone: string;
  /** The way back, for as long as the core offers that act. */
  undo: { by: MessageAction; act: () => Promise<Back> } | null;
  /** Whose message it is. */
  name: string;
  /** When it was to go before. */
  planned?: string;
  /** Whether the way back was asked for before the core had answered. */
  isUndone?: boolean;
};

export const showLeaving = (leaving: Leaving) => {
  const { message, obstacle } = leaving;
  const goes = message.state === "sent" || (!obstacle && !message.cause);
  showNotice(goes ? "teal" : "orange", (hide) => <LeavingNotice {...leaving} hide={hide} />);
};

function LeavingNotice({ hide, ...leaving }: Leaving & { hide: () => void }) {
  const { t, tell, locale } = useWords();
  const { undo, name, planned } = leaving;
  const { data: message = leaving.message } = useGetMessage({ id: leaving.message.id });
  const seconds = useSecondsTo(leaving.leavesAt);
  const back = useAct(async () => undo?.act());
  const isWaiting = WAITING.has(message.state) && message.state !== "held";
  const isCounting = seconds > 0 && isWaiting && !leaving.obstacle;
  const isOffered = undo && !back.isSuccess && message.actions.includes(undo.by);
  const isUndone = useRef(leaving.isUndone);
  useEffect(() => {
    if (isUndone.current && isOffered) back.mutate({});
    isUndone.current = false;
  });
  const mark = useHiding(isCounting || back.isPending ? null : STAYS_MS, hide);
  const taken = {
    box: t("It was not sent. What you wrote is in the box again."),
    page: t("It was not sent. What you wrote is on the page of {name}.", { name }),
    planned: planned
      ? t("It is planned for {when}.", { when: dateTime(planned, locale, leaving.timeZone) })
      : "",
    asBefore: t("It was not sent; it is as it was before."),
    nowhere: t("It was not sent."),
  };
  return (
    <Stack gap={4} ref={mark}>
      <Group justify="space-between" gap="xs">
        {back.data ? (
          taken[back.data]
        ) : (
          <Becomes {...leaving} message={message} seconds={isCounting ? seconds : 0} />
        )}
        {isOffered && <Undo back={() => back.mutate({})} isPending={back.isPending} />}
      </Group>
      {back.error && <Text size="sm">{refused(back.error.problem, t, tell)}</Text>}
    </Stack>
  );
}

type OfBecomes = Pick<Leaving, "message" | "leavesAt" | "obstacle" | "timeZone"> & { seconds: number };

/** The seconds are to be seen; they are not read out one by one. */
function Becomes({ message, leavesAt, obstacle, timeZone, seconds }: OfBecomes) {
  const { t, locale } = useWords();
  if (seconds > 0)
    return (
      <div>
        <VisuallyHidden>{t("Goes out in {n} s", { n: HOLD_MS / SECOND_MS })}</VisuallyHidden>
        <Text span inherit aria-hidden style={{ fontVariantNumeric: "tabular-nums" }}>
          {t("Goes out in {n} s", { n: seconds })}
        </Text>
      </div>
    );
  const when = leavesAt === null ? dateTime(message.dueAt, locale, timeZone) : null;
  return <div>{becomes(message, obstacle, when, t)}</div>;
}

/** The whole seconds until then, counted down. */
function useSecondsTo(at: number | null): number {
  const left = () => (at === null ? 0 : Math.max(Math.ceil((at - Date.now()) / SECOND_MS), 0));
  const [seconds, setSeconds] = useState(left);
  useEffect(() => {
    if (at === null) return;
    const timer = setInterval(() => {
      setSeconds(left());
      if (Date.now() >= at) clearInterval(timer);
    }, 250);
    return () => clearInterval(timer);
  });
  return seconds;
}
