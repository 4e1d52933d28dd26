// How long an answer is waited for, and what is known once nobody waits any more.

import { operations } from "../bindings";

/** A read that takes longer would leave a screen empty: it says so, and is asked anew. */
export const READ_MS = 20_000;

/**
 * The core itself gives an act up after 60 s (`API` in `http/mod.rs`); its word that it did comes
 * before this.
 */
export const ACT_MS = 90_000;

/** Some operations; the compiler knows each. */
const namesOf = (...names: (keyof typeof operations)[]) => new Set<string>(names);

/** What is asked with a body and changes nothing. */
const QUESTIONS = namesOf("look_at_messages", "preview_protocol", "media_ticket");

/** The same, where LINE is asked or a file is read on the way. */
const LONG_QUESTIONS = namesOf("check_steps", "check_channel", "test_line", "line_quota", "preview_import");

const isOperation = (name: string): name is keyof typeof operations => name in operations;

const isRead = (name: string) =>
  QUESTIONS.has(name) || (isOperation(name) && operations[name].method === "GET");

/** Whether it may have changed something, though nobody said that it did. */
export const isAct = (name: string) => isOperation(name) && !isRead(name) && !LONG_QUESTIONS.has(name);

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
