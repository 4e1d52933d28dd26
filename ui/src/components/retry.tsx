// A failed message once more: it waits ten seconds in the core first, so that it can be taken back.

import { commands } from "../bindings";
import { useClinic } from "./clinic";
import { obstacleOf } from "./obstacle";
import { HOLD_MS, showLeaving } from "./sending";
import { useUndoable } from "./wayBack";

export function useRetry() {
  const { status, timeZone } = useClinic();
  const retry = async ({ id, patientId }: { id: string; patientId: string }) => {
    // Whatever keeps this from being known, the message goes all the same.
    const patient = await commands.getPatient({ id: patientId }).catch(() => null);
    const obstacle = obstacleOf(patient, status);
    const holdSeconds = obstacle?.holds ? 0 : HOLD_MS / 1_000;
    const leavesAt = holdSeconds > 0 ? Date.now() + HOLD_MS : null;
    const message = await commands.retryMessage({ id, holdSeconds });
    const act = async () => {
      await commands.undoRetry({ id });
      return "asBefore" as const;
    };
    const undo = leavesAt === null ? null : { by: "cancel" as const, act };
    return { message, leavesAt, obstacle, timeZone, undo, name: message.patientName };
  };
  return useUndoable(retry, (leaving, isUndone) => showLeaving({ ...leaving, isUndone }));
}
