// Messages that failed, by cause in staff words, with the remedy beside each.

import { Button, Group, Stack } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { type Cause, commands, type FailedDelivery, LIMITS } from "../../bindings";
import { useBatchHere } from "../../components/BatchPanel";
import { Pages } from "../../components/kit";
import { useMay } from "../../components/may";
import { useObstacleForAll } from "../../components/obstacle";
import { SelectAll, SelectionBar, useSelection } from "../../components/selection";
import { useWords } from "../../i18n/useWords";
import type { Batch } from "../../lib/batch";
import { useAllOf } from "../../lib/live";
import type { Operation } from "../../lib/roles";
import { useFailedDeliveriesPages } from "../../queries";
import { type Act, BeforeMany } from "./BeforeMany";
import { FailedGroup, SHOWN } from "./FailedGroup";
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

/** What is about to be done, and to which: as they stood when it was asked for. */
type Asked = { action: Act; rows: FailedDelivery[] };

const BATCHES: Record<Act, Omit<Batch, "members">> = {
  retry: { kind: "retry", act: (id) => commands.retryMessage({ id }) },
  cancel: { kind: "letGo", act: (id) => commands.cancelMessage({ id }) },
};

const ASKS: Record<Act, Operation> = { retry: "retry_message", cancel: "cancel_message" };

/** The rows of which the core offers an act. */
const offering = (action: Act, rows: FailedDelivery[]) => rows.filter((row) => row.actions.includes(action));

export function Failed({ failed: { list, rows } }: { failed: ReturnType<typeof useFailed> }) {
  const { t } = useWords();
  const [unfolded, unfold] = useState<ReadonlySet<Cause | null>>(new Set());
  const [asked, ask] = useState<Asked | null>(null);
  const isAllowed = useMay();
  const groups = [...byCause(rows)];
  const inSight = groups.flatMap(([cause, of]) => (unfolded.has(cause) ? of : of.slice(0, SHOWN)));
  const selection = useSelection(inSight.map(({ id }) => id));
  const chosen = inSight.filter(({ id }) => selection.has(id));
  const { start, panel, isRunning } = useMessageBatch();
  const may = (action: Act) => !isRunning && isAllowed(ASKS[action]);
  const areMany = groups.filter(([, of]) => offering("retry", of).length > 0).length > 1;
  const begin = ({ action, rows }: Asked) => {
    selection.setAll(false);
    start({
      ...BATCHES[action],
      members: offering(action, rows).map(({ id, patientName }) => ({ id, name: patientName })),
    });
  };
  if (list.data && rows.length === 0 && !panel) return null;
  return (
    <Part
      title={t("Messages that failed")}
      count={list.hasNextPage ? undefined : rows.length}
      hint={list.hasNextPage ? t("The {n} latest are shown.", { n: rows.length }) : undefined}
      actions={areMany && may("retry") && <RetryAll rows={rows} onAsk={ask} />}
    >
      {panel}
      {isAllowed("retry_message") && <SelectAll selection={selection} />}
      {!isRunning && (
        <SelectionBar selection={selection}>
          <ForChosen rows={chosen} may={may} onAsk={ask} />
        </SelectionBar>
      )}
      <Pages list={list}>
        <Stack gap="lg">
          {groups.map(([cause, of]) => (
            <FailedGroup
              key={cause}
              cause={cause}
              rows={of}
              isUnfolded={unfolded.has(cause)}
              onUnfold={() => unfold(new Set([...unfolded, cause]))}
              selection={isAllowed("retry_message") ? selection : undefined}
              onRetry={may("retry") ? () => ask({ action: "retry", rows: of }) : undefined}
            />
          ))}
        </Stack>
      </Pages>
      <BeforeMany asked={asked} onClose={() => ask(null)} onGo={begin} />
    </Part>
  );
}

function RetryAll({ rows, onAsk }: { rows: FailedDelivery[]; onAsk: (asked: Asked) => void }) {
  const { t } = useWords();
  return (
    <Button
      variant="default"
      leftSection={<IconRefresh size={18} aria-hidden />}
      onClick={() => onAsk({ action: "retry", rows })}
    >
      {t("Retry all {n}", { n: offering("retry", rows).length })}
    </Button>
  );
}

/** A run over messages; of a retry while nothing goes out it is said that they wait. */
function useMessageBatch() {
  const { t } = useWords();
  const obstacle = useObstacleForAll();
  return useBatchHere("failed", (run) =>
    run.batch.kind === "retry" && obstacle
      ? t("{n, plural, one {# message waits} other {# messages wait}}: {why}.", {
          n: run.went.length,
          why: t(obstacle.label),
        })
      : undefined,
  );
}

function ForChosen({
  rows,
  may,
  onAsk,
}: {
  rows: FailedDelivery[];
  may: (action: Act) => boolean;
  onAsk: (asked: Asked) => void;
}) {
  const { t } = useWords();
  const [retry, cancel] = [offering("retry", rows).length, offering("cancel", rows).length];
  return (
    <Group gap="xs">
      {retry > 0 && may("retry") && (
        <Button size="xs" onClick={() => onAsk({ action: "retry", rows })}>
          {t("Retry these {n}", { n: retry })}
        </Button>
      )}
      {cancel > 0 && may("cancel") && (
        <Button size="xs" variant="default" onClick={() => onAsk({ action: "cancel", rows })}>
          {t("Let these {n} go", { n: cancel })}
        </Button>
      )}
    </Group>
  );
}
