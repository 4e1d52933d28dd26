// Where a message or a follow-up stands.

import { Badge } from "@mantine/core";
import type { AssignmentStatus, Message, MessageState } from "../bindings";
import { useWords } from "../i18n/useWords";
import { ASSIGNMENT_STATUSES, MESSAGE_STATES, OUTCOMES } from "../labels";
import { Tip } from "./Tip";

/** With its hint, by pointer and by the keyboard. */
function Explained({ label, color, hint }: (typeof MESSAGE_STATES)[MessageState]) {
  const { t } = useWords();
  return (
    <Tip label={t(hint)} maw={280}>
      <Badge color={color} variant="light" tabIndex={0} miw="max-content">
        {t(label)}
      </Badge>
    </Tip>
  );
}

export const StateBadge = ({ state }: { state: MessageState }) => <Explained {...MESSAGE_STATES[state]} />;

/** Where a message stands, and what is known of it after LINE took it. */
export function OutcomeBadge({ message }: { message: Pick<Message, "state" | "outcome"> }) {
  const known = message.state === "sent" && message.outcome ? OUTCOMES[message.outcome] : null;
  return <Explained {...(known ?? MESSAGE_STATES[message.state])} />;
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
