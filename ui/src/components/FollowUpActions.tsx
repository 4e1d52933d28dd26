// The steps of a follow-up's life as buttons; what each does to waiting messages is said first.

import { ActionIcon, Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconDots } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { type Assignment, type AssignmentAction, commands } from "../bindings";
import { useWords } from "../i18n/useWords";
import { ASSIGNMENT_ACTIONS } from "../labels";
import { useAct } from "../lib/live";
import type { Operation } from "../lib/roles";
import { confirmFirst } from "./confirm";
import { Dialog } from "./Dialog";
import { Problem } from "./kit";
import { Menu, MenuItem } from "./Menu";
import { useMay } from "./may";
import { Awaited, onDemand } from "./onDemand";

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

type Shown = { followUp: Assignment };

/** Takes a step of its life; what ends it is asked about first. */
function useSteps({ followUp }: Shown) {
  const { t } = useWords();
  const n = followUp.waitingMessages;
  const act = useAct(
    (action: AssignmentAction) => FOLLOW_UP_ACTS[action].call({ id: followUp.id }),
    ({ status, waitingMessages }) => {
      if (status === "paused" && waitingMessages > 0)
        notifications.show({ message: t(HELD, { n: waitingMessages }), autoClose: 10_000 });
    },
  );
  const press = (action: AssignmentAction) => {
    const { label, ends } = ASSIGNMENT_ACTIONS[action];
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
  return { press, act };
}

/** The first that may be done as a button, the others in a menu beside it. */
export function FollowUpActions({ followUp }: Shown) {
  const { t } = useWords();
  const isAllowed = useMay();
  const { press, act } = useSteps({ followUp });
  const [isMoving, { open, close }] = useDisclosure();
  const [first, ...others] = followUp.actions.filter((action) => isAllowed(FOLLOW_UP_ACTS[action].ask));
  const { startedAt, status, canMoveStart, waitingMessages: n } = followUp;
  const mayMove = canMoveStart && isAllowed("move_start");
  return (
    <Stack gap={4} className="entry-acts">
      <Group gap="xs" wrap="nowrap">
        {first && (
          <Button
            size="xs"
            variant="default"
            loading={act.isPending && act.variables === first}
            onClick={() => press(first)}
          >
            {t(ASSIGNMENT_ACTIONS[first].label)}
          </Button>
        )}
        {(others.length > 0 || mayMove) && (
          <More followUp={followUp}>
            {mayMove && (
              <MenuItem onClick={() => MoveStart.preload().then(open)}>{t("Move the start…")}</MenuItem>
            )}
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
      <Problem error={act.error} />
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

function More({ followUp: { patientName, protocolName }, children }: Shown & { children: ReactNode }) {
  const { t } = useWords();
  const of = t("{place}: {words}", { place: patientName, words: protocolName });
  return (
    <Menu
      target={
        <ActionIcon variant="default" size={30} aria-label={t("More acts: {of}", { of })}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      }
    >
      {children}
    </Menu>
  );
}
