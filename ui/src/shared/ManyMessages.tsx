// What is done with many messages at once: looked at first, then done one after the other, and what
// became of them. Which they are stands fast from the moment it was shown.

import { useState } from "react";
import { commands, type LookedAtMessages, type Message, type MessageAction } from "../bindings";
import { readForDialog } from "../components/Dialog";
import { type Asked, MANY, type ManyAct } from "../components/manyActs";
import { useMay } from "../components/may";
import { Awaited, onDemand } from "../components/onDemand";
import { useWords } from "../i18n/useWords";
import type { Batch } from "../lib/batch";
import type { Meant } from "../lib/looked";
import { useBatchHere } from "./BatchPanel";
import { Became } from "./Became";
import { useObstacleForAll } from "./obstacle";

const BeforeMessages = onDemand(async () => (await import("./BeforeMessages")).BeforeMessages);

/** What the screen knows of a message, for words and the way back; which ones are meant, the core says. */
type Known = Pick<Message, "id" | "patientName" | "dueAt" | "actions">;

const nameOf = async (id: string) => (await commands.getMessage({ id })).patientName;

function batchOf(act: ManyAct, looked: LookedAtMessages, at: string | null, known: readonly Known[]): Batch {
  const rows = new Map(known.map((row) => [row.id, row]));
  const { kind, action } = MANY[act];
  // A time that is over means now.
  const to = at ?? looked.asOf;
  const acts: Record<MessageAction, Batch["act"]> = {
    retry: (id) => commands.retryMessage({ id }),
    move: (id) => commands.moveMessage({ id, at: to }),
    hold: (id) => commands.holdMessage({ id }),
    release: (id) => commands.releaseMessage({ id }),
    cancel: (id) => commands.cancelMessage({ id }),
  };
  // Old times are known only for the messages that the screen shows.
  const dues = new Map(looked.ids.map((id) => [id, rows.get(id)?.dueAt]));
  const canBack = act === "move" && [...dues.values()].every(Boolean);
  // What was held back is so again, at once: between its old time and its being held it would go.
  const moveBack = (id: string) => {
    const held = rows.get(id)?.actions.includes("release");
    return commands.moveMessage({ id, at: dues.get(id) ?? to, ...(held && { held }) });
  };
  const back: Batch["back"] = canBack
    ? { kind: "moveMessagesBack", act: moveBack }
    : act === "hold"
      ? { kind: "releaseMessages", act: acts.release }
      : undefined;
  return {
    kind,
    members: looked.ids.map((id) => ({ id, name: rows.get(id)?.patientName ?? "" })),
    act: acts[action],
    nameOf,
    ...(back && { back }),
  };
}

/** Acts on many messages at one place of the screens. */
export function useManyMessages(place: string, known: readonly Known[]) {
  const { t } = useWords();
  const isAllowed = useMay();
  const obstacle = useObstacleForAll();
  const [asked, ask] = useState<Asked | null>(null);
  const [wasAsked, noteAsked] = useState(false);
  const { start, panel, isRunning } = useBatchHere(
    place,
    // While nothing goes out, messages that were sent wait: that is said instead.
    (run) =>
      obstacle && (run.batch.kind === "retry" || run.batch.kind === "sendNow")
        ? t("{n, plural, one {# message waits} other {# messages wait}}: {why}.", {
            n: run.went.length,
            why: t(obstacle.label),
          })
        : undefined,
    (run) => <Became ids={run.went.map(({ id }) => id)} />,
  );
  return {
    panel,
    isRunning,
    may: (act: ManyAct) => isAllowed(MANY[act].ask) && isAllowed("look_at_messages"),
    ask: async (act: ManyAct, meant: Meant) => {
      const asked = { act, meant, askedAt: Date.now() };
      await readForDialog(BeforeMessages);
      noteAsked(true);
      ask(asked);
    },
    /** The dialog; `onGo` is told when it begins. */
    dialog: (onGo: () => void) =>
      wasAsked && (
        <Awaited
          afloat
          onClose={() => {
            noteAsked(false);
            ask(null);
          }}
        >
          <BeforeMessages
            asked={asked}
            onClose={() => ask(null)}
            onGo={(act, looked, at) => {
              ask(null);
              onGo();
              start(batchOf(act, looked, at, known));
            }}
          />
        </Awaited>
      ),
  };
}
