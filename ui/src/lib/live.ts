// Server state: a query knows the topics it shows (`queries.ts` has them from the core), and a
// change of a topic makes everything that shows it look again.

import {
  keepPreviousData,
  type MutationKey,
  QueryClient,
  type UseQueryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect, useId } from "react";
import type { Topic } from "../bindings";
import { type QueryKey, type QueryName, queryKey } from "./queryKey";
import { isOpen, ProblemError, subscribe } from "./transport";

declare module "@tanstack/react-query" {
  interface Register {
    queryMeta: { topics?: Topic[] };
  }
}

/**
 * Errors that are not tried again: a refusal, which would be the same, and an answer that did not come
 * in time, since trying again would make the reader wait three times as long.
 */
const isFinal = ({ problem }: ProblemError) =>
  problem.status < 500 || problem.refusal?.code === "noAnswerInTime";

export const queryClient = new QueryClient({
  defaultOptions: {
    // The program runs beside the window, or in the clinic's own network: it answers though the
    // browser takes itself for offline.
    mutations: { networkMode: "always" },
    queries: {
      networkMode: "always",
      staleTime: 30_000,
      retry: (failures, error) => failures < 2 && !(error instanceof ProblemError && isFinal(error)),
    },
  },
});

type Options<T> = Pick<
  UseQueryOptions<T, ProblemError>,
  "enabled" | "refetchInterval" | "staleTime" | "gcTime" | "placeholderData"
>;

/**
 * A hook that shows a read, and looks again whenever one of `topics` changes. Its `key` is the
 * beginning of all keys under which the read is kept.
 */
export function readOf<I extends object, O>(name: QueryName, topics: Topic[], ask: (input: I) => Promise<O>) {
  function useRead(input: I, options: Options<O> = {}) {
    return useQuery<O, ProblemError>({
      queryKey: queryKey(name, input),
      queryFn: () => ask(input),
      meta: { topics },
      ...options,
    });
  }
  return Object.assign(useRead, { key: queryKey(name) });
}

/** All rows of the pages that were read so far, and what the first page says beside its rows. */
type Rows<P extends Page> = { rows: P["items"][number][]; first: P | undefined };
type Page = { items: unknown[]; nextCursor: string | null };

/** A hook that shows a list page by page, and looks again whenever one of `topics` changes. */
export function pagesOf<I extends { cursor?: string | null }, P extends Page>(
  name: QueryName,
  topics: Topic[],
  ask: (input: I) => Promise<P>,
) {
  return function usePages(
    input: I,
    { keep = false, ...options }: { keep?: boolean; enabled?: boolean; refetchInterval?: number } = {},
  ) {
    return useInfiniteQuery<P, ProblemError, Rows<P>, QueryKey, string | null>({
      queryKey: queryKey(name, "pages", input),
      queryFn: ({ pageParam: cursor }) => ask({ ...input, cursor }),
      initialPageParam: null,
      getNextPageParam: (page) => page.nextCursor,
      select: ({ pages }) => ({ rows: pages.flatMap((page) => page.items), first: pages[0] }),
      meta: { topics },
      // Whether the rows before stay in sight until those of another filter are there.
      ...(keep ? { placeholderData: keepPreviousData } : {}),
      ...options,
    });
  };
}

type Paging = { hasNextPage: boolean; isFetching: boolean; isError: boolean; fetchNextPage: () => void };

/** A list to its last page, for those who choose from it; what failed waits to be tried again. */
export function useAllOf<L extends Paging>(list: L): L {
  const { hasNextPage, isFetching, isError, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  return list;
}

/** Listens to changes while the page is open. */
export function useChanges() {
  const client = useQueryClient();
  useEffect(
    () =>
      subscribe((changed) => {
        client.invalidateQueries({
          predicate: ({ meta }) => meta?.topics?.some((topic) => changed.includes(topic)) ?? false,
        });
      }),
    [client],
  );
}

/**
 * Does something, and looks again at everything when it is done, or may be. It is pending until what
 * `done` returns is there. By `mutationKey` other parts of the screen know that it is under way.
 */
export function useAct<I, O>(
  act: (input: I) => Promise<O>,
  done?: (output: O) => unknown,
  mutationKey: MutationKey = [],
) {
  const client = useQueryClient();
  return useMutation<O, ProblemError, I>({
    mutationKey,
    mutationFn: act,
    onSuccess: (output) => {
      client.invalidateQueries();
      return done?.(output);
    },
    onError: (error) => {
      if (isOpen(error)) client.invalidateQueries();
    },
  });
}

/**
 * Sets one thing that is shown as it `stands`: what is chosen is shown from the press on, so that
 * a second press is the opposite of the first; presses follow one another; and what is refused
 * falls back to what stands.
 */
export function useSetting<I>(act: (input: I) => Promise<unknown>, stands: I) {
  const client = useQueryClient();
  const id = useId();
  const isLast = () => client.isMutating({ predicate: ({ options }) => options.scope?.id === id }) === 1;
  const { mutate, isPending, variables, error, submittedAt } = useMutation<unknown, ProblemError, I>({
    mutationFn: act,
    scope: { id },
    // Awaited: until what stands was looked at again, what was chosen is shown. A press that waits
    // behind this one is not kept waiting for that.
    onSettled: () => (isLast() ? client.invalidateQueries() : undefined),
  });
  return { chosen: isPending ? variables : stands, choose: mutate, error, submittedAt };
}

type Tried = { error: ProblemError | null; submittedAt: number };

/** What the act that was tried last was refused for: an older refusal is no news any more. */
export const lastError = (first: Tried, ...others: Tried[]): ProblemError | null =>
  others.reduce((last, one) => (one.submittedAt > last.submittedAt ? one : last), first).error;
