// How many failed for a cause, and how many of them can be retried: by the rows where all of them are
// read, else by the core.

import type { FailedDelivery, MessageAction } from "../../bindings";
import { type Matching, useLook } from "../../lib/looked";

/** The rows of which the core offers an act. */
export const offering = (action: MessageAction, rows: FailedDelivery[]) =>
  rows.filter((row) => row.actions.includes(action));

export function useOfGroup(matching: Matching | null, rows: FailedDelivery[], isWhole: boolean) {
  const { data } = useLook("retry", isWhole || !matching ? null : { matching });
  return {
    count: data?.matched ?? rows.length,
    retryable: data?.ids.length ?? offering("retry", rows).length,
  };
}
