// A toast with a way back that the core may refuse: the screen it began on may be another by then,
// so a refusal is said where Undo was.

import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { showUndo, useUndoKey } from "../components/undo";
import { useWords } from "../i18n/useWords";
import { useAct } from "../lib/live";
import { isOpen, ProblemError } from "../lib/transport";
import { refused } from "../sayings";

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
  const take = <O>(back: () => Promise<O>, done?: (output: O) => void) => {
    back()
      .then(done, sayRefusal)
      .finally(() => client.invalidateQueries());
  };
  /**
   * `isUndone`: the way back was asked for while the act was still under way. `undone` says how things
   * stand afterwards, where that is more than "undone".
   */
  return <O>(
    text: string,
    isUndone: boolean,
    back: () => Promise<O>,
    undone: (output: O) => string = () => t("Undone: {what}", { what: text }),
  ) => {
    if (!isUndone) return void showUndo(text, () => take(back));
    take(back, (output) => notifications.show({ role: "status", color: "teal", message: undone(output) }));
  };
}

/**
 * An act that has a way back. The key for that, pressed before the core has answered, is meant for
 * this act and not for an older one: `done` hears whether it was.
 */
export function useUndoable<I, O>(
  ask: (input: I) => Promise<O>,
  done: (output: O, isUndone: boolean) => void,
) {
  // Which of its calls the key was pressed for: the latest begun.
  const latest = useRef(0);
  const undone = useRef(new Set<number>());
  const act = useAct(
    async (input: I) => {
      latest.current += 1;
      const call = latest.current;
      try {
        return { call, output: await ask(input) };
      } catch (error) {
        // What was refused has no way back to be taken.
        undone.current.delete(call);
        throw error;
      }
    },
    ({ call, output }) => done(output, undone.current.delete(call)),
  );
  useUndoKey(() => undone.current.add(latest.current), act.isPending);
  return { ...act, data: act.data?.output };
}
