// What the core counted over the days, all together and part by part.

import { useThrottledCallback } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { type Answers, commands } from "../../bindings";
import { queryKey } from "../../lib/queryKey";
import type { ProblemError } from "../../lib/transport";
import { useAnswerStats } from "../../queries";
import { type Range, spansOf } from "./range";

/** What failed is tried again so often. */
const AGAIN_MS = 30_000;

/** Messages and answers over a range, of one plan or of all. */
export const useStatistics = (range: Range, plan: string) =>
  useAnswerStats({ ...range, protocolId: plan || null }, { refetchInterval: AGAIN_MS });

/** While messages go out, the parts are counted anew no more often than this. */
const PAUSE_MS = 2_000;

/**
 * The same part by part, each a question of its own. They are asked again when the sum of all has
 * changed, and not at every message that moves: thirty questions would be under way for ever.
 */
export function useParts(range: Range, plan: string, all: Answers | undefined) {
  const sums = all && [all.sent, all.failed, all.responded, all.missed].join();
  const { refetch, ...parts } = useQuery<Answers[], ProblemError>({
    queryKey: queryKey("answerStats", "byPart", range, plan),
    queryFn: () =>
      Promise.all(
        spansOf(range).spans.map(
          async (span) => (await commands.answerStats({ ...span, protocolId: plan || null })).all,
        ),
      ),
    enabled: !!all && all.sent + all.failed > 0,
    refetchInterval: ({ state }) => (state.error ? AGAIN_MS : false),
  });
  const again = useThrottledCallback(() => refetch({ cancelRefetch: false }), PAUSE_MS);
  useEffect(() => {
    if (sums && parts.data) again();
  }, [sums]);
  return { ...parts, refetch };
}
