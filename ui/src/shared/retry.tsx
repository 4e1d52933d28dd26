// A failed message once more: it waits ten seconds in the core first, so that it can be taken back.

import { type AtNight, commands } from "../bindings";
import { useClinic } from "../components/clinic";
import { SECOND_MS } from "../lib/units";
import { useAskObstacle } from "./obstacle";
import { holdFor, showLeaving } from "./sending";
import { useUndoable } from "./wayBack";

type Failed = { id: string; patientId: string; atNight?: AtNight | null };

export function useRetry() {
  const { timeZone } = useClinic();
  const askObstacle = useAskObstacle();
  const retry = async ({ id, patientId, atNight }: Failed) => {
    const obstacle = await askObstacle(patientId, atNight);
    const { holdMs, leavesAt } = holdFor(obstacle);
    const message = await commands.retryMessage({ id, holdSeconds: holdMs / SECOND_MS });
    const act = async () => {
      await commands.undoRetry({ id });
      return "asBefore" as const;
    };
    const undo = leavesAt === null ? null : { by: "cancel" as const, act };
    return { message, leavesAt, obstacle, timeZone, undo, name: message.patientName };
  };
  return useUndoable(retry, (leaving, isUndone) => showLeaving({ ...leaving, isUndone }));
}
