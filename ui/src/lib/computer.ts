// What the program's own window is set to on this computer. A browser knows nothing of it.

import { useQueryClient } from "@tanstack/react-query";
import { commands } from "../bindings";
import { readOf } from "./live";
import { inWindow } from "./transport";

const NAME = "on_this_computer";

const useRead = readOf<object, Awaited<ReturnType<typeof commands.onThisComputer>>>(NAME, [], () =>
  commands.onThisComputer(),
);

/** Nothing in a browser. */
export const useOnThisComputer = () => useRead({}, { enabled: inWindow, staleTime: 0 });

/** Looks again, after something of it was set. */
export function useLookAgain() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: [NAME] });
}
