// How long an answer is waited for, and what is known once nobody waits any more.

import { operations } from "../bindings";

/** A read that takes longer would leave a screen empty: it says so, and is asked anew. */
export const READ_MS = 20_000;

/**
 * The core itself gives an act up after 60 s (`API` in `http/mod.rs`); its word that it did comes
 * before this.
 */
const ACT_MS = 90_000;

const isOperation = (name: string): name is keyof typeof operations => name in operations;

/** Whether an operation only asks something although it has a body, and is answered this quickly. */
const asks = (name: string, answered: "atOnce" | "atLength") =>
  isOperation(name) && operations[name].asks === answered;

const isRead = (name: string) =>
  asks(name, "atOnce") || (isOperation(name) && operations[name].method === "GET");

/** Whether the operation may change something, so that a lost answer leaves open if it did. */
export const isAct = (name: string) => isOperation(name) && !isRead(name) && !asks(name, "atLength");

/** How long an operation may take; an act of the window lasts as long as it takes. */
export function patienceFor(name: string, inWindow: boolean): number | null {
  if (isRead(name)) return READ_MS;
  return inWindow ? null : ACT_MS;
}

/** Thrown where the answer did not come in time. */
export class TooLate extends Error {
  constructor(readonly ms: number) {
    super(`no answer within ${ms} ms`);
    this.name = "TooLate";
  }
}

/** Waits so long for an answer, whose request ends with the waiting; for ever where that is null. */
export async function within<T>(ms: number | null, ask: (ended: AbortSignal) => Promise<T>): Promise<T> {
  const ended = new AbortController();
  if (ms === null) return ask(ended.signal);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new TooLate(ms));
      ended.abort();
    }, ms);
  });
  try {
    // Tauri's calls cannot be ended: what they answer later is heard by nobody.
    return await Promise.race([ask(ended.signal), over]);
  } finally {
    clearTimeout(timer);
  }
}
