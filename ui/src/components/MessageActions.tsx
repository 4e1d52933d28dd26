// What may be done to a message now, as buttons: the core says what.

import { Button, type ButtonProps } from "@mantine/core";
import { commands, type Message, type MessageAction } from "../bindings";
import type { Label } from "../i18n";
import { useWords } from "../i18n/useWords";
import { MESSAGE_ACTIONS } from "../labels";
import { lastError, useAct } from "../lib/live";
import type { Operation } from "../lib/roles";
import { Problem } from "./kit";
import { MoveButton } from "./MoveMessage";
import { useMay } from "./may";
import { useRetry } from "./retry";

const ASKS: Record<MessageAction, Operation> = {
  retry: "retry_message",
  move: "move_message",
  cancel: "cancel_message",
};

/** The buttons, and what the core refused. */
export function useMessageActions(
  message: Pick<Message, "id" | "patientId" | "dueAt" | "actions">,
  size: ButtonProps["size"],
  labels: Record<MessageAction, Label> = MESSAGE_ACTIONS,
) {
  const { id, patientId, actions } = message;
  const { t } = useWords();
  const isAllowed = useMay();
  const retry = useRetry();
  const cancel = useAct(commands.cancelMessage);
  const offered = actions.filter((action) => isAllowed(ASKS[action]));
  const buttons = offered.map((action) =>
    action === "move" ? (
      <MoveButton key={action} message={message} size={size} />
    ) : (
      <Button
        key={action}
        size={size}
        variant={action === "retry" ? "filled" : "default"}
        loading={(action === "retry" ? retry : cancel).isPending}
        onClick={() => (action === "retry" ? retry.mutate({ id, patientId }) : cancel.mutate({ id }))}
      >
        {t(labels[action])}
      </Button>
    ),
  );
  return { buttons, problem: <Problem error={lastError(retry, cancel)} /> };
}
