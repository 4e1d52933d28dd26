// Pausing all sending, or beginning again: which it is now, and who may.

import { Button } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useIsMutating, useQueryClient } from "@tanstack/react-query";
import { commands } from "../bindings";
import { useClinic } from "../components/clinic";
import { May } from "../components/may";
import { useSayRefused } from "../components/sayRefused";
import { useWords } from "../i18n/useWords";
import { useAct } from "../lib/live";
import type { Operation } from "../lib/roles";
import { useStatus } from "../queries";

export type PauseAll = ReturnType<typeof usePauseAll>;

/** The header, the search and System offer the same act: by this each knows when another has begun it. */
const SENDING = { mutationKey: ["sending"] };

export function usePauseAll() {
  const { status } = useClinic();
  // A refusal is said in a notice: beside the pill of the header there is no room for it.
  const onError = useSayRefused();
  const client = useQueryClient();
  // Waits until the state was read again: before that the button would repeat what it has just done.
  const readAgain = () => client.refetchQueries({ queryKey: useStatus.key });
  const pause = useAct(commands.pauseSending, readAgain, SENDING.mutationKey);
  const resume = useAct(commands.resumeSending, readAgain, SENDING.mutationKey);
  const paused = status?.sending === "paused";
  const ask: Operation = paused ? "resume_sending" : "pause_sending";
  const isPending = useIsMutating(SENDING) > 0;
  const act = () => {
    if (client.isMutating(SENDING) === 0) (paused ? resume : pause).mutate({}, { onError });
  };
  return { paused, ask, act, isPending };
}

/** The same in words, where there is room for them. */
export function PauseAllButton() {
  const { t } = useWords();
  const { status, lostSince } = useClinic();
  const { paused, ask, act, isPending } = usePauseAll();
  const Icon = paused ? IconPlayerPlay : IconPlayerPause;
  // Without a connection nobody knows which of the two it would be.
  if (!status || lostSince !== null) return null;
  return (
    <May ask={ask}>
      <Button
        variant="default"
        leftSection={<Icon size={18} aria-hidden />}
        loading={isPending}
        onClick={act}
      >
        {paused ? t("Send again") : t("Pause all sending")}
      </Button>
    </May>
  );
}
