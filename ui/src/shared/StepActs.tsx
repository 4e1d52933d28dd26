// What may be done to a step that is planned, before its message is made: as buttons, or in a menu
// where a row has no room for them.

import { ActionIcon, Button, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconDots } from "@tabler/icons-react";
import { type AtNight, commands } from "../bindings";
import { useBusy } from "../components/busy";
import { Problem } from "../components/kit";
import { Menu, MenuItem } from "../components/Menu";
import { useMay } from "../components/may";
import type { Label } from "../i18n";
import { useWords } from "../i18n/useWords";
import { STEP_ACTIONS } from "../labels";
import { lastError } from "../lib/live";
import type { Operation } from "../lib/roles";
import { useHold } from "./holding";
import { readMoving, TimeButton, TimeDialog, useMoveToNow } from "./MoveMessage";
import { useShowUndo, useUndoable } from "./wayBack";

type StepAhead = {
  assignmentId: string;
  stepId: string;
  occurrence: number;
  dueAt: string;
  /** What quiet hours make of it, where the step says so. */
  atNight: AtNight | null;
  patientId: string;
  /** What staff call it. */
  name: string;
};

type Shown = { step: StepAhead; onGone?: () => void };

type Act = { label: Label; ask: Operation; isPending: boolean; go: () => void };

function useStepActs({ step, onGone }: Shown) {
  const { t } = useWords();
  const isAllowed = useMay();
  const showUndo = useShowUndo();
  const { assignmentId: id, stepId, occurrence, dueAt, atNight, patientId, name } = step;
  const which = { id, stepId, occurrence };
  const move = (at: string) => commands.moveStep({ ...which, at });
  const skip = useUndoable(
    () => commands.skipStep(which),
    ({ status }, isUndone) => {
      onGone?.();
      const text = t("“{step}” is left out.", { step: name });
      // Leaving out the last step completes the follow-up, and a completed one has no step to bring back.
      if (status === "active") showUndo(text, isUndone, () => commands.bringBackStep(which));
      else notifications.show({ message: `${text} ${t("Nothing more comes: the follow-up is completed.")}` });
    },
  );
  const send = useMoveToNow({ patientId, dueAt, atNight, move }, () => onGone?.());
  const hold = useHold(() => commands.holdStep(which), onGone);
  const all: Act[] = [
    { label: STEP_ACTIONS.skip, ask: "skip_step", ...skip, go: () => skip.mutate(undefined) },
    { label: STEP_ACTIONS.sendNow, ask: "move_step", ...send, go: () => send.mutate({}) },
    { label: STEP_ACTIONS.hold, ask: "hold_step", ...hold, go: () => hold.mutate(undefined) },
  ];
  return {
    acts: all.filter(({ ask }) => isAllowed(ask)),
    /** `null` for whoever may not give it another time. */
    moved: isAllowed("move_step") ? { patientId, dueAt, atNight, move } : null,
    problem: <Problem error={lastError(skip, send, hold)} />,
  };
}

export function StepButtons(shown: Shown) {
  const { t } = useWords();
  const { acts, moved, problem } = useStepActs(shown);
  return (
    <>
      <Group gap="xs" className="chat-state" role="group" aria-label={shown.step.name}>
        {acts.map(({ label, isPending, go }) => (
          <Button key={label} size="compact-xs" variant="default" loading={isPending} onClick={go}>
            {t(label)}
          </Button>
        ))}
        {moved && <TimeButton size="compact-xs" {...moved} />}
      </Group>
      {problem}
    </>
  );
}

/** `whose` names the row among others. */
export function StepMenu({ whose, ...shown }: Shown & { whose: string }) {
  const { t } = useWords();
  const { acts, moved, problem } = useStepActs(shown);
  const [isMoving, { open, close }] = useDisclosure();
  const { isBusy, run: askToMove } = useBusy(() => readMoving().then(open));
  if (acts.length === 0 && !moved) return null;
  return (
    <>
      <Menu
        target={
          <ActionIcon
            variant="default"
            size={30}
            loading={isBusy || acts.some((act) => act.isPending)}
            aria-label={t("More acts: {of}", { of: whose })}
          >
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        }
      >
        {acts.map(({ label, go }) => (
          <MenuItem key={label} onClick={go}>
            {t(label)}
          </MenuItem>
        ))}
        {moved && <MenuItem onClick={askToMove}>{t(STEP_ACTIONS.move)}</MenuItem>}
      </Menu>
      {moved && <TimeDialog {...moved} opened={isMoving} close={close} />}
      {problem}
    </>
  );
}
