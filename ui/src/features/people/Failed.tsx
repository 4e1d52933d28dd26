// Messages that failed, by cause in staff words, with the remedy beside each.

import { Stack } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { type Cause, type FailedDelivery, LIMITS } from "../../bindings";
import { BusyButton } from "../../components/busy";
import { Pages } from "../../components/kit";
import { MANY } from "../../components/manyActs";
import {
  type ActOnMany,
  ActsOnMany,
  SelectAll,
  SelectionBar,
  useSelection,
} from "../../components/selection";
import { useWords } from "../../i18n/useWords";
import { useAllOf } from "../../lib/live";
import type { Meant } from "../../lib/looked";
import { useFailedDeliveriesPages } from "../../queries";
import { useManyMessages } from "../../shared/ManyMessages";
import { FailedGroup, SHOWN } from "./FailedGroup";
import { offering, useOfGroup } from "./ofGroup";
import { Part } from "./Part";

/** So many are read by themselves, so that the numbers of the groups are whole. */
const READ = 1_000;

export function useFailed() {
  const list = useFailedDeliveriesPages({ limit: LIMITS.ListFailed.limit.maximum });
  const rows = list.data?.rows ?? [];
  useAllOf({ ...list, hasNextPage: list.hasNextPage && rows.length < READ });
  return { list, rows };
}

function byCause(rows: FailedDelivery[]): Map<Cause | null, FailedDelivery[]> {
  const groups = new Map<Cause | null, FailedDelivery[]>();
  for (const row of rows) groups.set(row.causeCode, [...(groups.get(row.causeCode) ?? []), row]);
  return groups;
}

/** Which messages are meant: all of a cause, or, where the core finds none by it, those that are here. */
const meantOf = (cause: Cause | null, rows: FailedDelivery[]): Meant =>
  cause ? { matching: { stage: "failed", cause } } : { ids: rows.map(({ id }) => id) };

export function Failed({ failed: { list, rows } }: { failed: ReturnType<typeof useFailed> }) {
  const { t } = useWords();
  const [unfolded, unfold] = useState<ReadonlySet<Cause | null>>(new Set());
  const groups = [...byCause(rows)];
  const inSight = groups.flatMap(([cause, of]) => (unfolded.has(cause) ? of : of.slice(0, SHOWN)));
  const selection = useSelection(inSight.map(({ id }) => id));
  const many = useManyMessages("failed", rows);
  const { ask, panel, isRunning } = many;
  const mayChoose = many.may("retry");
  const mayRetry = !isRunning && mayChoose;
  const areMany = groups.filter(([, of]) => offering("retry", of).length > 0).length > 1;
  const isWhole = list.data !== undefined && !list.hasNextPage;
  const isEmpty = list.data ? rows.length === 0 : !list.isLoading && !list.error;
  if (isEmpty && !panel) return null;
  return (
    <Part
      title={t("Messages that failed")}
      count={isWhole ? rows.length : undefined}
      hint={isWhole || !list.data ? undefined : t("The {n} latest are shown.", { n: rows.length })}
      actions={
        areMany &&
        mayRetry && (
          <RetryAll
            rows={rows}
            isWhole={isWhole}
            onAsk={() => ask("retry", { matching: { stage: "failed" } })}
          />
        )
      }
    >
      {panel}
      {mayChoose && <SelectAll selection={selection} />}
      {!isRunning && (
        <SelectionBar selection={selection}>
          <ForChosen rows={inSight.filter(({ id }) => selection.has(id))} many={many} />
        </SelectionBar>
      )}
      <Pages list={list}>
        <Stack gap="lg">
          {groups.map(([cause, of]) => (
            <FailedGroup
              key={cause}
              cause={cause}
              rows={of}
              isWhole={isWhole}
              isUnfolded={unfolded.has(cause)}
              onUnfold={() => unfold(new Set([...unfolded, cause]))}
              selection={mayChoose ? selection : undefined}
              onRetry={mayRetry ? () => ask("retry", meantOf(cause, of)) : undefined}
            />
          ))}
        </Stack>
      </Pages>
      {many.dialog(() => selection.setAll(false))}
    </Part>
  );
}

type ForAll = { rows: FailedDelivery[]; isWhole: boolean; onAsk: () => unknown };

function RetryAll({ rows, isWhole, onAsk }: ForAll) {
  const { t } = useWords();
  const { retryable } = useOfGroup({ stage: "failed" }, rows, isWhole);
  if (retryable === 0) return null;
  return (
    <BusyButton variant="default" leftSection={<IconRefresh size={18} aria-hidden />} onClick={onAsk}>
      {t("Retry all {n}", { n: retryable })}
    </BusyButton>
  );
}

type Chosen = { rows: FailedDelivery[]; many: ReturnType<typeof useManyMessages> };

function ForChosen({ rows, many: { may, ask } }: Chosen) {
  const { t } = useWords();
  const meant = { ids: rows.map(({ id }) => id) };
  const acts = (["retry", "letGo"] as const).filter(may).map((act): ActOnMany => {
    const { action, go } = MANY[act];
    const n = offering(action, rows).length;
    return { label: t(go, { n }), n, onClick: () => ask(act, meant) };
  });
  return <ActsOnMany acts={acts} />;
}
