// Whether the parts of a screen have what they are first drawn with.

import { type Query, useIsFetching, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";

/** Asked for the first time and not answered yet. What failed once is not waited for again. */
const isFirst = ({ state }: Query) => state.status === "pending" && state.fetchFailureCount === 0;

/** The longest that one slow part keeps the others from being shown. */
const PATIENCE_MS = 2_000;

/** Still under way without an answer: it will be drawn later than what stands by then. */
const isToCome = ({ state }: Query) => state.data === undefined && state.fetchStatus !== "idle";

/**
 * Null until all that is drawn below has its first answer, or patience is over: until then nothing
 * is shown that would be pushed down by what comes later. From then on, for good, the names of the
 * reads that were still to come; what is made of them has no place above what stands.
 */
export function useSettled(): ReadonlySet<unknown> | null {
  const client = useQueryClient();
  const open = useIsFetching({ predicate: isFirst });
  const [late, setLate] = useState<ReadonlySet<unknown> | null>(null);
  const settle = useCallback(() => {
    const toCome = client.getQueryCache().findAll({ predicate: isToCome });
    setLate((before) => before ?? new Set(toCome.map(({ queryKey: [name] }) => name)));
  }, [client]);
  // Parts begin to ask in their effects, which run before this one.
  useEffect(() => {
    if (open === 0 && client.isFetching({ predicate: isFirst }) === 0) settle();
  }, [client, open, settle]);
  useEffect(() => {
    const patience = setTimeout(settle, PATIENCE_MS);
    return () => clearTimeout(patience);
  }, [settle]);
  return late;
}
