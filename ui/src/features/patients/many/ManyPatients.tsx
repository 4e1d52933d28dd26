// What is done with several patients at once: the bar with the acts, what each asks first, and what
// became of it. Whom it is about stands fast from the moment it was asked for.

import { Button, Text } from "@mantine/core";
import { type ReactNode, useRef, useState } from "react";
import type { PatientSummary } from "../../../bindings";
import { Dialog, readForDialog } from "../../../components/Dialog";
import { Problem } from "../../../components/kit";
import { useMay } from "../../../components/may";
import { Awaited, onDemand } from "../../../components/onDemand";
import { type ActOnMany, ActsOnMany, SelectionBar } from "../../../components/selection";
import { useWords } from "../../../i18n/useWords";
import type { Batch } from "../../../lib/batch";
import type { Operation } from "../../../lib/roles";
import { useBatchHere } from "../../../shared/BatchPanel";
import { MAX_EVERYONE, type PatientFilter, useChosen } from "./everyone";
import { LabelMany } from "./LabelMany";
import { SlipsMany, SlipsToPrint } from "./SlipsMany";
import type { OfMany } from "./WhoGetsIt";

// The two with much in them: they are read when one of them is asked for, before the dialog opens.
const MessageMany = onDemand(async () => (await import("./MessageMany")).MessageMany);
const StartMany = onDemand(async () => (await import("./StartMany")).StartMany);

type Act = "start" | "message" | "label" | "slips";

const ASKS: Record<Act, Operation[]> = {
  start: ["create_assignment", "start_assignment"],
  message: ["send_message"],
  label: ["update_patient"],
  slips: ["make_link_code"],
};

const READ = { start: StartMany, message: MessageMany };

type Asked = { act: Act; chosen: PatientSummary[] };

export function useManyPatients(rows: PatientSummary[], filter: PatientFilter, isMore: boolean) {
  const { t } = useWords();
  const isAllowed = useMay();
  const [asked, ask] = useState<Asked | null>(null);
  const [printed, print] = useState<PatientSummary[]>([]);
  const { start, panel, isRunning } = useBatchHere("patients");
  const { selection, chosen, everyone, read } = useChosen(rows, filter);
  const may = (act: Act) => ASKS[act].every(isAllowed);
  const begin = async (batch: Batch) => {
    ask(null);
    selection.setAll(false);
    await start(batch);
  };
  const askFor = async (act: Act) => {
    if (act === "start" || act === "message") await readForDialog(READ[act]);
    ask({ act, chosen });
  };
  const labels = useActLabels(chosen.length);
  const acts = (["start", "message", "label", "slips"] as const)
    .filter(may)
    .map((act): ActOnMany => ({ label: labels[act], n: chosen.length, onClick: () => askFor(act) }));
  return {
    selection: acts.length > 0 ? selection : undefined,
    shown: (
      <>
        {panel}
        {!isRunning && acts.length > 0 && (
          <SelectionBar
            selection={selection}
            said={everyone ? t("All {n} who match are selected", { n: everyone.rows.length }) : undefined}
          >
            <ActsOnMany acts={acts} />
            {isMore && !everyone && (
              <Button size="xs" variant="subtle" loading={read.isPending} onClick={() => read.mutate()}>
                {t("Select everyone who matches")}
              </Button>
            )}
            {everyone?.isMore && (
              <Text size="sm">{t("More than {n} match: these are the first.", { n: MAX_EVERYONE })}</Text>
            )}
            <Problem error={read.error} again={() => read.mutate()} />
          </SelectionBar>
        )}
        <Before asked={asked} onBack={() => ask(null)} begin={begin} print={print} />
        <SlipsToPrint rows={printed} onClose={() => print([])} />
      </>
    ),
  };
}

function useActLabels(n: number): Record<Act, string> {
  const { t } = useWords();
  return {
    start: t("Start a follow-up for {n}…", { n }),
    message: t("Write to {n}…", { n }),
    label: t("Label {n}…", { n }),
    slips: t("Print slips for {n}…", { n }),
  };
}

type Acts = Pick<OfMany, "begin" | "onBack"> & { print: (rows: PatientSummary[]) => void };

/**
 * What an act asks before it begins. Closed it keeps what was written, until that was begun: who
 * goes back to choose others, or closes it by mistake, writes nothing twice.
 */
function Before({ asked, onBack, print, ...acts }: Acts & { asked: Asked | null }) {
  const { t } = useWords();
  const [begun, setBegun] = useState(0);
  // While it closes it still says what it was about.
  const last = useRef(asked);
  if (asked) last.current = asked;
  if (!last.current) return null;
  const { act, chosen } = last.current;
  const n = chosen.length;
  const begin = (batch: Batch) => {
    setBegun(begun + 1);
    return acts.begin(batch);
  };
  const of = { chosen, begin, onBack };
  const shown: Record<Act, [title: string, ReactNode]> = {
    start: [
      t("Start a follow-up for {n, plural, one {# patient} other {# patients}}", { n }),
      <StartMany key={`start ${begun}`} {...of} />,
    ],
    message: [
      t("Write to {n, plural, one {# patient} other {# patients}}", { n }),
      <MessageMany key={`message ${begun}`} {...of} />,
    ],
    label: [
      t("Label {n, plural, one {# patient} other {# patients}}", { n }),
      <LabelMany key={`label ${begun}`} {...of} />,
    ],
    slips: [t("Slips with a code"), <SlipsMany key={`slips ${begun}`} {...of} print={print} />],
  };
  const [title, content] = shown[act];
  return (
    <Dialog
      opened={!!asked}
      onClose={onBack}
      title={title}
      size="lg"
      keepMounted
      closeButtonProps={{ "aria-label": t("Close") }}
    >
      <Awaited>{content}</Awaited>
    </Dialog>
  );
}
