// Asks what `confirmFirst` is given.

import { ModalsProvider, modals } from "@mantine/modals";
import { useEffect } from "react";
import { questionsAsked, useQuestions } from "../components/confirm";

export function Questions() {
  return (
    <>
      <ModalsProvider>{null}</ModalsProvider>
      {/* Below the provider, whose listeners are there by then. */}
      <Ask />
    </>
  );
}

function Ask() {
  const waiting = useQuestions();
  useEffect(() => {
    if (waiting.length === 0) return;
    for (const question of waiting) modals.openConfirmModal(question);
    questionsAsked();
  }, [waiting]);
  return null;
}
