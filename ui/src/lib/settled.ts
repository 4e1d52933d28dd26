// Whether the parts of a screen have what they are first drawn with.

import { type Query, useIsFetching, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

/** Is asked for the first time; what was refused once waits for nobody. */
const isFirst = ({ state }: Query) => state.status === "pending" && state.fetchFailureCount === 0;

/** Nobody waits longer for one slow part to see the others. */
const PATIENCE_MS = 2_000;

/**
 * True from when all that is drawn below has its first answer, or patience is over, and for good:
 * until then nothing is shown that would be pushed down by what comes later.
 */
export function useSettled(): boolean {
  const client = useQueryClient();
  const open = useIsFetching({ predicate: isFirst });
  const [isSettled, setSettled] = useState(false);
  // Parts begin to ask in their effects, which run before this one.
  useEffect(() => {
    if (open === 0 && client.isFetching({ predicate: isFirst }) === 0) setSettled(true);
  }, [client, open]);
  useEffect(() => {
    const patience = setTimeout(() => setSettled(true), PATIENCE_MS);
    return () => clearTimeout(patience);
  }, []);
  return isSettled;
}
