// The steps of a follow-up's life as buttons; what each does to waiting messages is said first.

import { Button, Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type Assignment, type AssignmentAction, commands } from "../bindings";
import { useWords } from "../i18n/useWords";
import { ASSIGNMENT_ACTIONS } from "../labels";
import { useAct } from "../lib/live";
import type { Operation } from "../lib/roles";
import { confirmFirst } from "./confirm";
import { Problem } from "./kit";
import { useMay } from "./may";

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

export function FollowUpActions({ followUp }: { followUp: Assignment }) {
  const { t } = useWords();
  const isAllowed = useMay();
  const offered = followUp.actions.filter((action) => isAllowed(FOLLOW_UP_ACTS[action].ask));
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
  return (
    <Stack gap={4} className="entry-acts">
      <Group gap="xs">
        {offered.map((action, place) => (
          <Button
            key={action}
            size="xs"
            variant={place === 0 ? "filled" : "default"}
            loading={act.isPending && act.variables === action}
            onClick={() => press(action)}
          >
            {t(ASSIGNMENT_ACTIONS[action].label)}
          </Button>
        ))}
      </Group>
      {followUp.status === "paused" && n > 0 && (
        <Text size="sm" maw={360}>
          {t(HELD, { n })}
        </Text>
      )}
      <Problem error={act.error} />
    </Stack>
  );
}
