// Entries about patients: the urgent first, one by one or several at once.

import { Button } from "@mantine/core";
import { useState } from "react";
import { commands, type WorkAction, type WorkItem } from "../../bindings";
import { useNews } from "../../components/arrivals";
import { useMay } from "../../components/may";
import { News } from "../../components/News";
import { SelectAll, SelectionBar, useSelection } from "../../components/selection";
import { useWords } from "../../i18n/useWords";
import type { Batch, Member } from "../../lib/batch";
import { clinicIn } from "../../lib/clock";
import type { Operation } from "../../lib/roles";
import { useBatchHere } from "../../shared/BatchPanel";
import { reach } from "../../shared/Reach";
import { Later } from "../../shared/WorkActions";
import { NEWS_OF_WORK, WorkEntries } from "../../shared/WorkEntries";
import { Part } from "./Part";

/** What is done to several at once. */
type ForMany = Extract<WorkAction, "resolve" | "take" | "snooze">;

const ASKS: Record<ForMany, Operation> = {
  resolve: "resolve_work",
  take: "take_work",
  snooze: "snooze_work",
};

const bringBack = (id: string) => commands.reopenWork({ id });

const BATCHES: Record<Exclude<ForMany, "snooze">, Omit<Batch, "members">> = {
  resolve: {
    kind: "settle",
    act: (id) => commands.resolveWork({ id }),
    back: { kind: "bringBack", act: bringBack },
  },
  take: {
    kind: "take",
    act: (id) => commands.takeWork({ id }),
    back: { kind: "giveBack", act: (id) => commands.takeWork({ id, owner: null }) },
  },
};

const snoozed = (ms: number): Omit<Batch, "members"> => {
  const until = clinicIn(ms);
  return {
    kind: "snooze",
    act: (id) => commands.snoozeWork({ id, until }),
    back: { kind: "bringBack", act: bringBack },
  };
};

export function Entries({ rows: all, isWhole }: { rows: WorkItem[]; isWhole: boolean }) {
  const { t } = useWords();
  const isAllowed = useMay();
  const [mark, setMark] = useState<HTMLElement | null>(null);
  const { shown: rows, waiting, fresh, show } = useNews(all, NEWS_OF_WORK, mark);
  const selection = useSelection(rows.map(({ id }) => id));
  const { start, panel, isRunning } = useBatchHere("entries");
  /** The chosen entries for which the core offers the act. */
  const those = (action: ForMany): Member[] =>
    rows
      .filter((row) => selection.has(row.id) && row.actions.includes(action) && isAllowed(ASKS[action]))
      .map(({ id, patientName }) => ({ id, name: patientName }));
  const begin = (batch: Batch) => {
    selection.setAll(false);
    start(batch);
  };
  const [settle, take, later] = [those("resolve"), those("take"), those("snooze")];
  const mayAny = Object.values(ASKS).some(isAllowed);
  // What became of the last ones is told, and can be undone, when none is left.
  if (rows.length === 0) return panel;
  return (
    <Part
      title={t("Patients")}
      count={isWhole ? rows.length : undefined}
      hint={t("The urgent ones come first; what is settled leaves the list.")}
    >
      <div ref={setMark} className="list-head" />
      <News
        waiting={waiting}
        fresh={fresh.size}
        onShow={() => {
          show();
          mark?.scrollIntoView?.({ block: "start" });
        }}
      />
      {panel}
      {mayAny && <SelectAll selection={selection} />}
      {!isRunning && (
        <ForThose selection={selection} settle={settle} take={take} later={later} begin={begin} />
      )}
      <WorkEntries
        rows={rows}
        heading={3}
        selection={mayAny ? selection : undefined}
        reach={reach}
        fresh={fresh}
      />
    </Part>
  );
}

type OfThose = Record<"settle" | "take" | "later", Member[]> & {
  selection: ReturnType<typeof useSelection>;
  begin: (batch: Batch) => void;
};

/** What may be done to those that are chosen, with how many each is for. */
function ForThose({ selection, settle, take, later, begin }: OfThose) {
  const { t } = useWords();
  return (
    <SelectionBar selection={selection}>
      {settle.length > 0 && (
        <Button size="xs" onClick={() => begin({ ...BATCHES.resolve, members: settle })}>
          {t("Settle {n}", { n: settle.length })}
        </Button>
      )}
      {take.length > 0 && (
        <Button size="xs" variant="default" onClick={() => begin({ ...BATCHES.take, members: take })}>
          {t("Take {n}", { n: take.length })}
        </Button>
      )}
      {later.length > 0 && (
        <Later
          label={t("{n} later", { n: later.length })}
          isPending={false}
          onChoose={(ms) => begin({ ...snoozed(ms), members: later })}
        />
      )}
    </SelectionBar>
  );
}
