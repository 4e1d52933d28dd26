// A toast with a way back that the core may refuse: the screen it began on may be another by then,
// so a refusal is said where Undo was.

import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useWords } from "../i18n/useWords";
import { isOpen, ProblemError } from "../lib/transport";
import { refused } from "../sayings";
import { showUndo } from "./undo";

export function useShowUndo() {
  const { t, tell } = useWords();
  const client = useQueryClient();
  const sayRefusal = (error: unknown) => {
    if (!(error instanceof ProblemError)) throw error;
    const why = refused(error.problem, t, tell);
    notifications.show({
      color: "red",
      message: isOpen(error) ? why : t("It could not be undone: {why}", { why }),
    });
  };
  return (text: string, back: () => Promise<unknown>) =>
    showUndo(text, () => {
      back()
        .catch(sayRefusal)
        .finally(() => client.invalidateQueries());
    });
}
