// How far an act on several is, and what became of it: how many went, what was refused and why,
// and the way back.

import { Alert, Button, Group, List, Progress, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { skipToken, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Translate } from "../i18n";
import { useWords } from "../i18n/useWords";
import { BATCHES } from "../labels";
import { type Batch, type Run, triedOf, untriedOf, useBatch } from "../lib/batch";
import { queryKey } from "../lib/queryKey";
import { isOpen } from "../lib/transport";
import { refused } from "../sayings";

/** What became of those that were done, in other words than the usual ones. */
type Done = (run: Run) => string | undefined;

/** What is told of a run that is over, beside its own sentences. */
type After = (run: Run) => ReactNode;

/** An act on several at one place of the screens, and what is shown of it there. */
export function useBatchHere(place: string, done: Done = () => undefined, after: After = () => null) {
  const { t } = useWords();
  const { run, start, stop, close } = useBatch(place, (ended) =>
    notifications.show({ color: isWhole(ended) ? "teal" : "orange", message: told(ended, t, done) }),
  );
  const panel = run && (
    <Panel run={run} done={done} after={after} onStart={start} onStop={stop} onClose={close} />
  );
  return { start, panel, isRunning: !!run && run.state !== "over" };
}

const isWhole = (run: Run) => run.went.length === run.batch.members.length;

/** What became of it, in a sentence or two. */
function told(run: Run, t: Translate, done: Done): string {
  const n = run.went.length;
  const left = untriedOf(run).length;
  const open = run.refused.filter(({ error }) => isOpen(error)).length;
  const no = run.refused.length - open;
  return [
    done(run) ?? t(BATCHES[run.batch.kind].done, { n }),
    no > 0 && t("{n, plural, one {# was refused.} other {# were refused.}}", { n: no }),
    open > 0 &&
      t("{n, plural, one {Whether # was done is not known.} other {Whether # were done is not known.}}", {
        n: open,
      }),
    left > 0 && t("{n, plural, one {# was not touched.} other {# were not touched.}}", { n: left }),
  ]
    .filter(Boolean)
    .join(" ");
}

type Acts = { onStart: (batch: Batch) => void; onStop: () => void; onClose: () => void };

type Told = { run: Run; done: Done; after: After };

function Panel({ onStop, ...over }: Acts & Told) {
  const { run } = over;
  return run.state === "over" ? <Over {...over} /> : <Running run={run} onStop={onStop} />;
}

function Running({ run, onStop }: { run: Run; onStop: () => void }) {
  const { t } = useWords();
  const all = run.batch.members.length;
  const tried = triedOf(run);
  const words = t(BATCHES[run.batch.kind].doing, { done: tried, all });
  return (
    <Group gap="sm" wrap="nowrap" className="run" role="group" aria-label={words}>
      <Stack gap={4} flex={1} miw={0}>
        <Text size="sm" fw={600}>
          {words}
        </Text>
        <Progress value={(100 * tried) / all} aria-label={words} />
      </Stack>
      <Button variant="default" onClick={onStop} loading={run.state === "stopping"}>
        {t("Stop")}
      </Button>
    </Group>
  );
}

/** So many refusals are told one by one; the rows themselves are still in the list. */
const TOLD = 20;

function Over({ run, done, after, onStart, onClose }: Omit<Acts, "onStop"> & Told) {
  const { t } = useWords();
  const { batch, went } = run;
  const { back } = batch;
  const rest = untriedOf(run);
  return (
    <Alert color={isWhole(run) ? "teal" : "orange"} role="status" title={told(run, t, done)}>
      <Stack gap="xs" align="flex-start">
        {run.refused.length > 0 && (
          <List size="sm">
            {run.refused.slice(0, TOLD).map((one) => (
              <List.Item key={one.member.id}>
                <Refused {...one} nameOf={batch.nameOf} />
              </List.Item>
            ))}
          </List>
        )}
        {after(run)}
        <Group gap="xs">
          {back && went.length > 0 && (
            <Button size="xs" onClick={() => onStart({ ...back, members: went })}>
              {t("Undo")}
            </Button>
          )}
          {rest.length > 0 && (
            <Button size="xs" variant="default" onClick={() => onStart({ ...batch, members: rest })}>
              {t("Go on with the other {n}", { n: rest.length })}
            </Button>
          )}
          <Button size="xs" variant="default" onClick={onClose}>
            {t("Close")}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

type OneRefused = Run["refused"][number] & Pick<Batch, "nameOf">;

/** One that was refused, and why; its name is asked for where it is not known here. */
function Refused({ member: { id, name }, error, nameOf }: OneRefused) {
  const { t, tell } = useWords();
  const { data = "…" } = useQuery({
    queryKey: queryKey("batch", "name", id),
    queryFn: nameOf && !name ? () => nameOf(id) : skipToken,
    staleTime: "static",
  });
  return t("{place}: {words}", { place: name || data, words: refused(error.problem, t, tell) });
}
