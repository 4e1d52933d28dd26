// Server state: queries are keyed by the topic they show, and a change of a topic makes
// everything that shows it look again.

import {
  QueryClient,
  type UseQueryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect } from "react";
import type { Topic } from "../bindings";
import { ProblemError, subscribe } from "./transport";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ProblemError && error.problem.status < 500),
    },
  },
});

/** Shows `read`, again whenever one of `topics` changes. */
export function useLive<T>(
  topics: Topic[],
  name: string,
  input: object,
  read: () => Promise<T>,
  options: Pick<UseQueryOptions<T, ProblemError>, "enabled" | "refetchInterval"> = {},
) {
  return useQuery<T, ProblemError>({ queryKey: [name, input, topics], queryFn: read, ...options });
}

/** Listens to changes while the page is open. */
export function useChanges() {
  const client = useQueryClient();
  useEffect(
    () =>
      subscribe((changed) => {
        client.invalidateQueries({
          predicate: ({ queryKey }) => {
            const topics = queryKey[2];
            return Array.isArray(topics) && topics.some((topic) => changed.includes(topic));
          },
        });
      }),
    [client],
  );
}

/** Does something, and looks again at everything when it is done. */
export function useAct<I, O>(act: (input: I) => Promise<O>, done?: (output: O) => void) {
  const client = useQueryClient();
  return useMutation<O, ProblemError, I>({
    mutationFn: act,
    onSuccess: (output) => {
      client.invalidateQueries();
      done?.(output);
    },
  });
}
