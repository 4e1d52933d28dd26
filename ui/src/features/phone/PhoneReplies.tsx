// The quick replies on a practice phone: under the newest message alone, and gone once something
// else is said, as in LINE.

import { Button, Group } from "@mantine/core";
import { commands, type PhoneMessage, type PhoneSent } from "../../bindings";
import { Action, listOf, TAPPED, type Tap, textOf } from "../../components/Bubble";
import { Problem } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { lastError, useAct } from "../../lib/live";

/** What LINE's actions send that say and press nothing. */
const SENT: Record<string, PhoneSent> = { camera: "picture", cameraRoll: "picture", location: "place" };

/** The actions of the quick replies that stand on a phone now. */
function actionsOf(chat: PhoneMessage[]): unknown[] {
  const last = chat.at(-1);
  if (last?.from !== "clinic") return [];
  return listOf(fieldOf(last.message, "quickReply"), "items").map((item) => fieldOf(item, "action"));
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;

export function PhoneReplies({
  lineUserId,
  chat,
  onTap,
}: {
  lineUserId: string;
  chat: PhoneMessage[];
  onTap: Tap;
}) {
  const { t } = useWords();
  const say = useAct(commands.phoneText);
  const send = useAct(commands.phoneSend);
  const actions = actionsOf(chat);
  if (actions.length === 0) return null;
  return (
    <Group gap={6} role="group" aria-label={t("Quick replies")}>
      {actions.map((action, n) => {
        const [type, label] = [textOf(action, "type"), textOf(action, "label")];
        const what = SENT[type];
        // They have no identity but their place.
        const key = `${n} ${label}`;
        if (type !== "message" && !what) return <Action key={key} action={action} onTap={onTap} />;
        const act = () =>
          what ? send.mutate({ lineUserId, what }) : say.mutate({ lineUserId, text: textOf(action, "text") });
        return (
          <Button key={key} {...TAPPED} onClick={act}>
            {label}
          </Button>
        );
      })}
      <Problem error={lastError(say, send)} />
    </Group>
  );
}
