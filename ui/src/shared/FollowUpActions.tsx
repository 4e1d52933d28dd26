// The steps of a follow-up's life as buttons; what each does to waiting messages is said first.

import { ActionIcon, Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconDots } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { type Assignment, type AssignmentAction, commands } from "../bindings";
import { useBusy } from "../components/busy";
import { confirmFirst } from "../components/confirm";
import { Dialog, readForDialog } from "../components/Dialog";
import { Problem } from "../components/kit";
import { Menu, MenuItem } from "../components/Menu";
import { useMay } from "../components/may";
import { Awaited, onDemand } from "../components/onDemand";
import { useWords } from "../i18n/useWords";
import { ASSIGNMENT_ACTIONS } from "../labels";
import { lastError, useAct } from "../lib/live";
import type { Operation } from "../lib/roles";
import { useShowUndo, useUndoable } from "./wayBack";

const MoveStart = onDemand(async () => (await import("./MoveStart")).MoveStart);

type Act = { ask: Operation; call: (input: { id: string }) => Promise<Assignment> };

/** Who may take a step, and how it is asked for. */
export const FOLLOW_UP_ACTS: Record<AssignmentAction, Act> = {
  start: { ask: "start_assignment", call: commands.startAssignment },
  pause: { ask: "pause_assignment", call: commands.pauseAssignment },
  resume: { ask: "resume_assignment", call: commands.resumeAssignment },
  complete: { ask: "complete_assignment", call: commands.completeAssignment },
  cancel: { ask: "cancel_assignment", call: commands.cancelAssignment },
};

/** What becomes of what waits while the follow-up is paused. */
const HELD =
  "Messages that wait: {n}. They go out when you resume, if they are still fresh; what grew too old needs you.";

const PAUSED = "The follow-up is paused.";
const GOES_ON = "The follow-up goes on.";

type Shown = { followUp: Assignment };

/** Pausing, and going on where nothing waits: each takes the other back. */
function useTurn({ followUp: { id } }: Shown) {
  const { t } = useWords();
  const showUndo = useShowUndo();
  return useUndoable(
    (action: "pause" | "resume") => FOLLOW_UP_ACTS[action].call({ id }),
    ({ status, waitingMessages: n }, isUndone) => {
      const isPaused = status === "paused";
      const text = t(isPaused ? PAUSED : GOES_ON);
      showUndo(
        isPaused && n > 0 ? `${text} ${t(HELD, { n })}` : text,
        isUndone,
        () => FOLLOW_UP_ACTS[isPaused ? "resume" : "pause"].call({ id }),
        () => t(isPaused ? GOES_ON : PAUSED),
      );
    },
  );
}

/** Takes a step of its life; what ends it is asked about first. */
function useSteps({ followUp }: Shown) {
  const { t } = useWords();
  const n = followUp.waitingMessages;
  const turn = useTurn({ followUp });
  const act = useAct(
    (action: AssignmentAction) => FOLLOW_UP_ACTS[action].call({ id: followUp.id }),
    ({ status }) => {
      // What waited is on its way by then.
      if (status === "active" && n > 0) notifications.show({ message: t(GOES_ON) });
    },
  );
  const press = (action: AssignmentAction) => {
    const { label, ends } = ASSIGNMENT_ACTIONS[action];
    if (action === "pause" || (action === "resume" && n === 0)) return turn.mutate(action);
    if (!ends) return act.mutate(action);
    confirmFirst({
      title: t(label),
      children: (
        <Stack gap="xs">
          {n > 0 && <Text size="sm">{t("Messages that wait and are cancelled by this: {n}.", { n })}</Text>}
          <Text size="sm">{t("Nothing more is planned. This cannot be undone.")}</Text>
        </Stack>
      ),
      labels: { confirm: t(label), cancel: t("Back") },
      confirmProps: { color: action === "cancel" ? "red.8" : undefined },
      onConfirm: () => act.mutate(action),
    });
  };
  const isGoing = (action: AssignmentAction) =>
    [turn, act].some(({ isPending, variables }) => isPending && variables === action);
  return { press, isGoing, error: lastError(turn, act) };
}

/** The first that may be done as a button, the others in a menu beside it. */
export function FollowUpActions({ followUp }: Shown) {
  const { t } = useWords();
  const isAllowed = useMay();
  const { press, isGoing, error } = useSteps({ followUp });
  const [isMoving, { open, close }] = useDisclosure();
  const { isBusy, run: askToMove } = useBusy(() => readForDialog(MoveStart).then(open));
  const [first, ...others] = followUp.actions.filter((action) => isAllowed(FOLLOW_UP_ACTS[action].ask));
  const { startedAt, status, canMoveStart, waitingMessages: n } = followUp;
  const mayMove = canMoveStart && isAllowed("move_start");
  return (
    <Stack gap={4} className="entry-acts">
      <Group gap="xs" wrap="nowrap">
        {first && (
          <Button size="xs" variant="default" loading={isGoing(first)} onClick={() => press(first)}>
            {t(ASSIGNMENT_ACTIONS[first].label)}
          </Button>
        )}
        {(others.length > 0 || mayMove) && (
          <More followUp={followUp} isBusy={isBusy}>
            {mayMove && <MenuItem onClick={askToMove}>{t("Move the start…")}</MenuItem>}
            {others.map((action) => (
              <MenuItem key={action} isGrave={action === "cancel"} onClick={() => press(action)}>
                {t(ASSIGNMENT_ACTIONS[action].label)}
              </MenuItem>
            ))}
          </More>
        )}
      </Group>
      {status === "paused" && n > 0 && (
        <Text size="sm" maw={360}>
          {t(HELD, { n })}
        </Text>
      )}
      <Problem error={error} />
      {startedAt && <Moving followUp={followUp} startedAt={startedAt} opened={isMoving} close={close} />}
    </Stack>
  );
}

type OfMoving = Shown & { startedAt: string; opened: boolean; close: () => void };

/** The dialog in which the start is moved. */
function Moving({ followUp, startedAt, opened, close }: OfMoving) {
  const { t } = useWords();
  const { protocolName: plan, patientName: name } = followUp;
  return (
    <Dialog
      opened={opened}
      onClose={close}
      size="lg"
      title={t("Move the start of “{plan}” of {name}", { plan, name })}
      closeButtonProps={{ "aria-label": t("Close") }}
    >
      <Awaited>
        <MoveStart followUp={followUp} startedAt={startedAt} close={close} />
      </Awaited>
    </Dialog>
  );
}

type OfMore = Shown & { isBusy: boolean; children: ReactNode };

function More({ followUp: { patientName, protocolName }, isBusy, children }: OfMore) {
  const { t } = useWords();
  const of = t("{place}: {words}", { place: patientName, words: protocolName });
  return (
    <Menu
      target={
        <ActionIcon variant="default" size={30} loading={isBusy} aria-label={t("More acts: {of}", { of })}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      }
    >
      {children}
    </Menu>
  );
}
