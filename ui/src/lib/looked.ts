// What an act on many messages would do, as the core sees it. The ids it answers with are the set
// as it stood then: what matches later is not swept in.

import { skipToken, type UseQueryOptions, useQuery } from "@tanstack/react-query";
import {
  commands,
  type LookAtMessages,
  type LookedAtMessages,
  type MessageAction,
  type NotActedOn,
  type Outlook,
} from "../bindings";
import { MAX_CHOSEN } from "./limits";
import { queryKey } from "./queryKey";
import type { ProblemError } from "./transport";

export type Matching = Omit<LookAtMessages, "act" | "ids">;

/** Those that are chosen, or all that match. */
export type Meant = { ids: string[] } | { matching: Matching };

export async function lookAt(act: MessageAction, meant: Meant): Promise<LookedAtMessages> {
  if ("matching" in meant) return commands.lookAtMessages({ act, ...meant.matching });
  const { ids } = meant;
  const part = (from: number) => commands.lookAtMessages({ act, ids: ids.slice(from, from + MAX_CHOSEN) });
  let all = await part(0);
  for (let from = MAX_CHOSEN; from < ids.length; from += MAX_CHOSEN) all = together(all, await part(from));
  return all;
}

const together = (one: LookedAtMessages, two: LookedAtMessages): LookedAtMessages => ({
  asOf: one.asOf,
  matched: one.matched + two.matched,
  more: one.more || two.more,
  ids: [...one.ids, ...two.ids],
  others: summed([...one.others, ...two.others], ({ count: _, ...kind }) => JSON.stringify(kind)),
  outlook: summed(soonest([...one.outlook, ...two.outlook]), ({ cause }) => cause ?? ""),
  repetitions: one.repetitions + two.repetitions,
});

/** Each cause with the first of its times. */
const soonest = (all: Outlook[]): Outlook[] =>
  all.map((one) => {
    const times = all.filter(({ cause }) => cause === one.cause).flatMap(({ until }) => until ?? []);
    return { ...one, until: times.sort()[0] ?? null };
  });

function summed<T extends NotActedOn | Outlook>(all: T[], kindOf: (one: T) => string): T[] {
  const kinds = new Map<string, T>();
  for (const one of all) {
    const kind = kindOf(one);
    kinds.set(kind, { ...one, count: one.count + (kinds.get(kind)?.count ?? 0) });
  }
  return [...kinds.values()].sort((a, b) => b.count - a.count);
}

type Options = Pick<
  UseQueryOptions<LookedAtMessages, ProblemError>,
  "enabled" | "staleTime" | "gcTime" | "meta" | "placeholderData"
>;

/** `nonce` tells one look from another at the same. */
export function useLook(act: MessageAction, meant: Meant | null, options: Options = {}, nonce = 0) {
  return useQuery<LookedAtMessages, ProblemError>({
    queryKey: queryKey("lookAtMessages", act, meant, nonce),
    queryFn: meant ? () => lookAt(act, meant) : skipToken,
    ...options,
  });
}
