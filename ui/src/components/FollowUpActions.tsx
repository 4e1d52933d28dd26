// The steps of a follow-up's life as buttons; what each does to waiting messages is said first.

import { Button, Group, Stack, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { notifications } from "@mantine/notifications";
import { type Assignment, commands } from "../bindings";
import type { Label } from "../i18n";
import { useWords } from "../i18n/useWords";
import { useAct } from "../lib/live";
import { Problem } from "./kit";

type Verb = "start" | "pause" | "resume" | "complete" | "cancel";

const CALLS = {
  start: commands.startAssignment,
  pause: commands.pauseAssignment,
  resume: commands.resumeAssignment,
  complete: commands.completeAssignment,
  cancel: commands.cancelAssignment,
};

const LABELS: Record<Verb, Label> = {
  start: "Start",
  pause: "Pause",
  resume: "Resume",
  complete: "Complete",
  cancel: "Cancel follow-up",
};

const ALLOWED: Record<Assignment["status"], Verb[]> = {
  assigned: ["start", "cancel"],
  active: ["pause", "complete", "cancel"],
  paused: ["resume", "complete", "cancel"],
  completed: [],
  cancelled: [],
};

/** What becomes of what waits while the follow-up is paused. */
const HELD =
  "Messages that wait: {n}. They go out when you resume, if they are still fresh; what grew too old needs you.";

const ENDS: Verb[] = ["complete", "cancel"];

export function FollowUpActions({ followUp }: { followUp: Assignment }) {
  const { t } = useWords();
  const n = followUp.waitingMessages;
  const act = useAct(
    (verb: Verb) => CALLS[verb]({ id: followUp.id }),
    ({ status, waitingMessages }) => {
      if (status === "paused" && waitingMessages > 0)
        notifications.show({ message: t(HELD, { n: waitingMessages }), autoClose: 10_000 });
    },
  );
  const press = (verb: Verb) => {
    if (!ENDS.includes(verb)) return act.mutate(verb);
    modals.openConfirmModal({
      title: t(LABELS[verb]),
      children: (
        <Stack gap="xs">
          {n > 0 && <Text size="sm">{t("Messages that wait and are cancelled by this: {n}.", { n })}</Text>}
          <Text size="sm">{t("Nothing more is planned. This cannot be undone.")}</Text>
        </Stack>
      ),
      labels: { confirm: t(LABELS[verb]), cancel: t("Back") },
      confirmProps: { color: verb === "cancel" ? "red.8" : undefined },
      onConfirm: () => act.mutate(verb),
    });
  };
  return (
    <Stack gap={4} align="flex-end">
      <Group gap="xs" justify="flex-end">
        {ALLOWED[followUp.status].map((verb, place) => (
          <Button
            key={verb}
            size="xs"
            variant={place === 0 ? "filled" : "default"}
            loading={act.isPending && act.variables === verb}
            onClick={() => press(verb)}
          >
            {t(LABELS[verb])}
          </Button>
        ))}
      </Group>
      {followUp.status === "paused" && n > 0 && (
        <Text size="sm" ta="right" maw={360}>
          {t(HELD, { n })}
        </Text>
      )}
      <Problem error={act.error} />
    </Stack>
  );
}
