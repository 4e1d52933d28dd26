// The steps of a follow-up's life as buttons; what each does to waiting messages is said first.

import { Button, Group, Stack, Text } from "@mantine/core";
import { modals } from "@mantine/modals";
import { type Assignment, commands } from "../bindings";
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

const LABELS: Record<Verb, string> = {
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

const ASKED: Partial<Record<Verb, string>> = {
  complete: "Messages that wait are cancelled and nothing more is planned. This cannot be undone.",
  cancel: "Messages that wait are cancelled and nothing more is planned. This cannot be undone.",
};

export function FollowUpActions({ followUp }: { followUp: Assignment }) {
  const { t } = useWords();
  const act = useAct((verb: Verb) => CALLS[verb]({ id: followUp.id }));
  const press = (verb: Verb) => {
    const asked = ASKED[verb];
    if (!asked) return act.mutate(verb);
    modals.openConfirmModal({
      title: t(LABELS[verb]),
      children: <Text size="sm">{t(asked)}</Text>,
      labels: { confirm: t(LABELS[verb]), cancel: t("Back") },
      confirmProps: { color: verb === "cancel" ? "red.8" : undefined },
      onConfirm: () => act.mutate(verb),
    });
  };
  return (
    <Stack gap={4} align="flex-end">
      <Group gap="xs" justify="flex-end">
        {ALLOWED[followUp.status].map((verb, n) => (
          <Button
            key={verb}
            size="xs"
            variant={n === 0 ? "filled" : "default"}
            loading={act.isPending && act.variables === verb}
            onClick={() => press(verb)}
          >
            {t(LABELS[verb])}
          </Button>
        ))}
      </Group>
      <Problem error={act.error} />
    </Stack>
  );
}
