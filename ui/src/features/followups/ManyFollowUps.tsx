// What is done with several follow-ups at once: what becomes of their messages is said in numbers
// first. Which they are stands fast from the moment it was asked for.

import { Button, Group, Stack, Text } from "@mantine/core";
import { useRef, useState } from "react";
import type { Assignment, AssignmentAction } from "../../bindings";
import { Dialog } from "../../components/Dialog";
import { useMay } from "../../components/may";
import { type ActOnMany, ActsOnMany, type Selection, SelectionBar } from "../../components/selection";
import type { WordsWith } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import type { Batch } from "../../lib/batch";
import { useBatchHere } from "../../shared/BatchPanel";
import { FOLLOW_UP_ACTS } from "../../shared/FollowUpActions";

/** What is done to several at once, each in its words. */
type ForMany = Extract<AssignmentAction, "pause" | "resume" | "cancel">;

type Words = {
  kind: Batch["kind"];
  /** What takes it back, where that can be done. */
  back?: ForMany;
  ask: WordsWith<"n">;
  title: WordsWith<"n">;
  go: WordsWith<"n">;
  /** What becomes of them, and of the messages that wait. */
  effect: WordsWith<never>;
  waiting: WordsWith<"n">;
};

const MANY: Record<ForMany, Words> = {
  pause: {
    kind: "pause",
    back: "resume",
    ask: "Pause {n}…",
    title: "Pause {n, plural, one {# follow-up} other {# follow-ups}}",
    go: "Pause {n}",
    effect: "Nothing more is planned until they are resumed.",
    waiting:
      "Messages that wait: {n}. They go out when you resume, if they are still fresh; what grew too old needs you.",
  },
  resume: {
    kind: "resume",
    back: "pause",
    ask: "Resume {n}…",
    title: "Resume {n, plural, one {# follow-up} other {# follow-ups}}",
    go: "Resume {n}",
    effect:
      "What had its time while they were paused is left out; what counts from the start comes later by as long as they were paused.",
    waiting: "Messages that wait: {n}. What is still fresh goes out now; what grew too old needs you.",
  },
  cancel: {
    kind: "cancelFollowUp",
    ask: "Cancel {n}…",
    title: "Cancel {n, plural, one {# follow-up} other {# follow-ups}}",
    go: "Cancel these {n}",
    effect: "Nothing more is planned. This cannot be undone.",
    waiting: "Messages that wait and are cancelled by this: {n}.",
  },
};

const ALL: ForMany[] = ["pause", "resume", "cancel"];

type Asked = { action: ForMany; chosen: Assignment[] };

const offering = (action: ForMany, rows: Assignment[]) => rows.filter((row) => row.actions.includes(action));

const batchOf = ({ action, chosen }: Asked): Batch => {
  const { kind, back } = MANY[action];
  const act = (of: ForMany) => (id: string) => FOLLOW_UP_ACTS[of].call({ id });
  return {
    kind,
    members: offering(action, chosen).map(({ id, patientName }) => ({ id, name: patientName })),
    act: act(action),
    ...(back && { back: { kind: MANY[back].kind, act: act(back) } }),
  };
};

export function useManyFollowUps(rows: Assignment[], selection: Selection) {
  const { t } = useWords();
  const isAllowed = useMay();
  const [asked, ask] = useState<Asked | null>(null);
  const { start, panel, isRunning } = useBatchHere("follow-ups");
  const chosen = rows.filter(({ id }) => selection.has(id));
  const may = ALL.filter((action) => isAllowed(FOLLOW_UP_ACTS[action].ask));
  const acts = may.map((action): ActOnMany => {
    const n = offering(action, chosen).length;
    return { label: t(MANY[action].ask, { n }), n, onClick: () => ask({ action, chosen }) };
  });
  return {
    mayChoose: may.length > 0,
    shown: (
      <>
        {panel}
        {!isRunning && may.length > 0 && (
          <SelectionBar selection={selection}>
            <ActsOnMany acts={acts} />
          </SelectionBar>
        )}
        <Before
          asked={asked}
          onClose={() => ask(null)}
          onGo={(about) => {
            ask(null);
            selection.setAll(false);
            start(batchOf(about));
          }}
        />
      </>
    ),
  };
}

type Shown = { asked: Asked | null; onClose: () => void; onGo: (asked: Asked) => void };

function Before({ asked, onClose, onGo }: Shown) {
  const { t } = useWords();
  // While it closes it still says what it was about.
  const last = useRef(asked);
  if (asked) last.current = asked;
  const about = last.current;
  if (!about) return null;
  const { title, effect, waiting, go } = MANY[about.action];
  const can = offering(about.action, about.chosen);
  const n = can.length;
  const cannot = about.chosen.length - n;
  const messages = can.reduce((sum, { waitingMessages }) => sum + waitingMessages, 0);
  return (
    <Dialog
      opened={!!asked}
      onClose={onClose}
      title={t(title, { n })}
      closeButtonProps={{ "aria-label": t("Close") }}
    >
      <Stack>
        <Text>{t(effect)}</Text>
        <Text size="sm">
          {messages > 0 ? t(waiting, { n: messages }) : t("No message of theirs waits now.")}
        </Text>
        {cannot > 0 && (
          <Text size="sm">
            {t(
              "{n, plural, one {# of them stays as it is:} other {# of them stay as they are:}} this is not possible with them now.",
              {
                n: cannot,
              },
            )}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("Back")}
          </Button>
          <Button
            color={about.action === "cancel" ? "red.8" : undefined}
            onClick={() => onGo(about)}
            data-autofocus
          >
            {t(go, { n })}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
