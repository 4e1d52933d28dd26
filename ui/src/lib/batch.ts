// An act on several, one after the other: the core has no such act on a chosen few. It goes on
// while another screen is open, and is still told when its own screen is opened again.

import { type QueryClient, skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import type { BatchKind } from "../labels";
import { queryKey } from "./queryKey";
import { ProblemError } from "./transport";

/** One of those an act is done to; without a name where only the id is known. */
export type Member = { id: string; name: string };

export type Batch = {
  kind: BatchKind;
  /** As they were when somebody chose them: what comes later is not among them. */
  members: Member[];
  act: (id: string) => Promise<unknown>;
  /** The name of one that has none here. */
  nameOf?: (id: string) => Promise<string>;
  /** What takes it back, where that can be done. */
  back?: Pick<Batch, "kind" | "act">;
};

export type Run = {
  batch: Batch;
  went: Member[];
  refused: { member: Member; error: ProblemError }[];
  state: "running" | "stopping" | "over";
};

const keyOf = (place: string) => queryKey("batch", place);

/** How many of a run were tried. */
export const triedOf = ({ went, refused }: Run) => went.length + refused.length;

/** Those of a run that were not tried. */
export const untriedOf = (run: Run): Member[] => run.batch.members.slice(triedOf(run));

/** The act at one place of the screens; another begins when it is over. */
export function useBatch(place: string, whenUnseen: (run: Run) => void) {
  const client = useQueryClient();
  const { data: run } = useQuery<Run | null>({
    queryKey: keyOf(place),
    queryFn: skipToken,
    initialData: null,
    gcTime: Number.POSITIVE_INFINITY,
  });
  const set = (next: Run | null) => client.setQueryData<Run | null>(keyOf(place), next);
  return {
    run,
    start: async (batch: Batch) => {
      if (!batch.members.length || (run && run.state !== "over")) return;
      const ended = await work(client, place, batch);
      client.invalidateQueries();
      if (!isSeen(client, place)) whenUnseen(ended);
    },
    stop: () => run && set({ ...run, state: "stopping" }),
    close: () => set(null),
  };
}

const isSeen = (client: QueryClient, place: string) =>
  (client
    .getQueryCache()
    .find({ queryKey: keyOf(place) })
    ?.getObserversCount() ?? 0) > 0;

/** Where nobody answers, or nobody may ask any more, the next would fare no better. */
const endsAll = ({ problem: { status } }: ProblemError) => status >= 500 || status === 401;

async function work(client: QueryClient, place: string, batch: Batch): Promise<Run> {
  let run: Run = { batch, went: [], refused: [], state: "running" };
  const set = (change: Partial<Run>) => {
    const now = client.getQueryData<Run | null>(keyOf(place));
    run = { ...run, state: now?.state === "stopping" ? "stopping" : "running", ...change };
    client.setQueryData<Run | null>(keyOf(place), run);
  };
  client.setQueryData<Run | null>(keyOf(place), run);
  for (const member of batch.members) {
    try {
      await batch.act(member.id);
      set({ went: [...run.went, member] });
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      set({ refused: [...run.refused, { member, error }] });
      if (endsAll(error)) break;
    }
    if (run.state === "stopping") break;
  }
  set({ state: "over" });
  return run;
}
