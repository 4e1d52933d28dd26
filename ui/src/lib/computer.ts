// What the program's own window is set to on this computer. A browser knows nothing of it.

import { commands } from "../bindings";
import { readOf } from "./live";
import { inWindow } from "./transport";

const useRead = readOf<object, Awaited<ReturnType<typeof commands.onThisComputer>>>(
  "onThisComputer",
  [],
  () => commands.onThisComputer(),
);

/** Nothing in a browser. */
export const useOnThisComputer = () => useRead({}, { enabled: inWindow, staleTime: 0 });
