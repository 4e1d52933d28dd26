// A question before something that cannot be undone. The dialog is read when the first is asked.

import type { modals } from "@mantine/modals";
import { useSyncExternalStore } from "react";

type Question = Parameters<typeof modals.openConfirmModal>[0];

let waiting: readonly Question[] = [];
const listeners = new Set<() => void>();

function set(questions: readonly Question[]) {
  waiting = questions;
  for (const tell of listeners) tell();
}

const subscribe = (tell: () => void) => {
  listeners.add(tell);
  return () => listeners.delete(tell);
};

export const confirmFirst = (question: Question) => set([...waiting, question]);

/** What is to be asked, and a way to say that it was. */
export const useQuestions = () => useSyncExternalStore(subscribe, () => waiting);

export const questionsAsked = () => set([]);
