// What may be done to a message now, as buttons: the core says what.

import { Button, type ButtonProps } from "@mantine/core";
import { commands, type Message, type MessageAction } from "../bindings";
import type { Label } from "../i18n";
import { useWords } from "../i18n/useWords";
import { MESSAGE_ACTIONS } from "../labels";
import { useAct } from "../lib/live";
import type { Operation } from "../lib/roles";
import { Problem } from "./kit";
import { useMay } from "./may";
import { useSayOnItsWay } from "./obstacle";

type Act = { ask: Operation; call: (input: { id: string }) => Promise<Message> };

const ACTS: Record<MessageAction, Act> = {
  retry: { ask: "retry_message", call: commands.retryMessage },
  cancel: { ask: "cancel_message", call: commands.cancelMessage },
};

/** The buttons, and what the core refused. */
export function useMessageActions(
  { id, patientId, actions }: Pick<Message, "id" | "patientId" | "actions">,
  size: ButtonProps["size"],
  labels: Record<MessageAction, Label> = MESSAGE_ACTIONS,
) {
  const { t } = useWords();
  const isAllowed = useMay();
  const say = useSayOnItsWay();
  const act = useAct(async (action: MessageAction) => {
    await ACTS[action].call({ id });
    if (action === "retry") await say(patientId);
  });
  const offered = actions.filter((action) => isAllowed(ACTS[action].ask));
  const buttons = offered.map((action) => (
    <Button
      key={action}
      size={size}
      variant={action === "retry" ? "filled" : "default"}
      loading={act.isPending && act.variables === action}
      onClick={() => act.mutate(action)}
    >
      {t(labels[action])}
    </Button>
  ));
  return { buttons, problem: <Problem error={act.error} /> };
}
