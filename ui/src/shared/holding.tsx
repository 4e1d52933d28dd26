// One message that is held back until somebody releases it; each of the two takes the other back.

import { notifications } from "@mantine/notifications";
import { commands, type Message } from "../bindings";
import { useClinic } from "../components/clinic";
import type { Translate } from "../i18n";
import { useWords } from "../i18n/useWords";
import { clinicNow } from "../lib/clock";
import { dateTime } from "../lib/format";
import { useShowUndo, useUndoable } from "./wayBack";

export const heldBack = ({ patientName: name }: Message, t: Translate) =>
  t("The message to {name} is held back until somebody releases it.", { name });

/** Holds a message back, or the step whose message is made for that. */
export function useHold<I>(hold: (input: I) => Promise<Message>, done?: () => void) {
  const { t } = useWords();
  const showUndo = useShowUndo();
  return useUndoable(hold, (message, isUndone) => {
    done?.();
    showUndo(heldBack(message, t), isUndone, () => commands.releaseMessage({ id: message.id }));
  });
}

export function useRelease() {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const showUndo = useShowUndo();
  return useUndoable(commands.releaseMessage, ({ id, dueAt }, isUndone) => {
    if (Date.parse(dueAt) > clinicNow()) {
      const text = t("It is planned for {when}.", { when: dateTime(dueAt, locale, timeZone) });
      const back = () => commands.holdMessage({ id });
      showUndo(text, isUndone, back, (held) => heldBack(held, t));
    } else {
      notifications.show({ message: t("It goes out as soon as it may.") });
    }
  });
}
