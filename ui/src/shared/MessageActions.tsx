// What may be done to a message now, as buttons: the core says what.

import { Button, type ButtonProps } from "@mantine/core";
import { commands, type Message, type MessageAction } from "../bindings";
import { Problem } from "../components/kit";
import { useMay } from "../components/may";
import type { Label } from "../i18n";
import { useWords } from "../i18n/useWords";
import { MESSAGE_ACTIONS } from "../labels";
import { lastError, useAct } from "../lib/live";
import type { Operation } from "../lib/roles";
import { useHold, useRelease } from "./holding";
import { MoveButton } from "./MoveMessage";
import { useRetry } from "./retry";

const ASKS: Record<MessageAction, Operation> = {
  retry: "retry_message",
  move: "move_message",
  hold: "hold_message",
  release: "release_message",
  cancel: "cancel_message",
};

/** The buttons, and what the core refused. */
export function useMessageActions(
  message: Pick<Message, "id" | "patientId" | "dueAt" | "actions"> & Partial<Pick<Message, "atNight">>,
  size: ButtonProps["size"],
  labels: Record<MessageAction, Label> = MESSAGE_ACTIONS,
) {
  const { id, patientId, atNight, actions } = message;
  const { t } = useWords();
  const isAllowed = useMay();
  const retry = useRetry();
  const hold = useHold(commands.holdMessage);
  const release = useRelease();
  const cancel = useAct(commands.cancelMessage);
  const acts = {
    retry: { ...retry, go: () => retry.mutate({ id, patientId, atNight }) },
    hold: { ...hold, go: () => hold.mutate({ id }) },
    release: { ...release, go: () => release.mutate({ id }) },
    cancel: { ...cancel, go: () => cancel.mutate({ id }) },
  };
  const offered = actions.filter((action) => isAllowed(ASKS[action]));
  const buttons = offered.map((action) =>
    action === "move" ? (
      <MoveButton key={action} message={message} size={size} />
    ) : (
      <Button
        key={action}
        size={size}
        variant={action === "retry" || action === "release" ? "filled" : "default"}
        loading={acts[action].isPending}
        onClick={acts[action].go}
      >
        {t(labels[action])}
      </Button>
    ),
  );
  return { buttons, problem: <Problem error={lastError(retry, hold, release, cancel)} /> };
}
