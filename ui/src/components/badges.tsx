// Where a message or a follow-up stands.

import { Badge } from "@mantine/core";
import type { AssignmentStatus, Message, MessageState } from "../bindings";
import { useWords } from "../i18n/useWords";
import { ASSIGNMENT_STATUSES, MESSAGE_STATES, OUTCOMES } from "../labels";
import { Tip } from "./Tip";

export function StateBadge({ state }: { state: MessageState }) {
  const { t } = useWords();
  const { label, color, hint } = MESSAGE_STATES[state];
  return (
    <Tip label={t(hint)} maw={280}>
      <Badge color={color} variant="light" tabIndex={0} miw="max-content">
        {t(label)}
      </Badge>
    </Tip>
  );
}

/** Where a message stands, and what is known of it after LINE took it. */
export function OutcomeBadge({ message }: { message: Pick<Message, "state" | "outcome"> }) {
  const { t } = useWords();
  const known = message.state === "sent" && message.outcome ? OUTCOMES[message.outcome] : null;
  if (!known) return <StateBadge state={message.state} />;
  const { label, color, hint } = known;
  return (
    <Tip label={t(hint)} maw={280}>
      <Badge color={color} variant="light" tabIndex={0} miw="max-content">
        {t(label)}
      </Badge>
    </Tip>
  );
}

export function LifeBadge({ status }: { status: AssignmentStatus }) {
  const { t } = useWords();
  const { label, color } = ASSIGNMENT_STATUSES[status];
  return (
    <Badge color={color} variant="light" miw="max-content">
      {t(label)}
    </Badge>
  );
}
