// Whatever a query keeps is found by its key. Keys are made here alone: the compiler takes no array
// for one, so that nobody types by hand what a read is kept under.

import type { commands } from "../bindings";

/** What is asked of the core bears the name of its operation; the others are the window's own. */
export type QueryName = keyof typeof commands | "batch" | "example" | "examples" | "media" | "slip" | "words";

const made = Symbol("made");

export type QueryKey = readonly [name: QueryName, ...of: unknown[]] & { readonly [made]: true };

declare module "@tanstack/react-query" {
  interface Register {
    queryKey: QueryKey;
  }
}

/** A name alone is the beginning of all keys with that name. */
export const queryKey = (name: QueryName, ...of: unknown[]): QueryKey =>
  Object.assign([name, ...of] as const, { [made]: true as const });
