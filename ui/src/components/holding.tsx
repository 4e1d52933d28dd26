// One message that is held back until somebody releases it; each of the two takes the other back.

import { notifications } from "@mantine/notifications";
import { commands, type Message } from "../bindings";
import { useWords } from "../i18n/useWords";
import { clinicNow } from "../lib/clock";
import { dateTime } from "../lib/format";
import { useClinic } from "./clinic";
import { useShowUndo, useUndoable } from "./wayBack";

/** Holds a message back, or the step whose message is made for that. */
export function useHold<I>(hold: (input: I) => Promise<Message>, done?: () => void) {
  const { t } = useWords();
  const showUndo = useShowUndo();
  return useUndoable(hold, ({ id, patientName: name }, isUndone) => {
    done?.();
    const text = t("The message to {name} is held back until somebody releases it.", { name });
    showUndo(text, isUndone, () => commands.releaseMessage({ id }));
  });
}

export function useRelease() {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const showUndo = useShowUndo();
  return useUndoable(commands.releaseMessage, ({ id, dueAt }, isUndone) => {
    if (Date.parse(dueAt) > clinicNow()) {
      const text = t("It is planned for {when}.", { when: dateTime(dueAt, locale, timeZone) });
      showUndo(text, isUndone, () => commands.holdMessage({ id }));
    } else {
      notifications.show({ message: t("It goes out as soon as it may.") });
    }
  });
}
