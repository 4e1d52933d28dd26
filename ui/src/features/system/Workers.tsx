// What the workers do at this moment: which messages are on their way, and for how long.

import { Button, List, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Worker } from "../../bindings";
import { Loading, Problem } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { QUEUES } from "../../labels";
import { duration, number } from "../../lib/format";
import { useListWorkers } from "../../queries";

/** How often it looks again while it is open. */
const AGAIN_MS = 2_000;

export function Workers() {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        size="xs"
        variant="default"
        aria-expanded={open}
        onClick={() => setOpen((was) => !was)}
        style={{ alignSelf: "flex-start" }}
      >
        {open ? t("Close what is being sent") : t("Show what is being sent")}
      </Button>
      {open && <AtWork />}
    </>
  );
}

function AtWork() {
  const { t } = useWords();
  const { data, error, refetch } = useListWorkers({}, { refetchInterval: AGAIN_MS });
  return (
    <>
      <Problem error={error} again={refetch} />
      {!data && !error && <Loading rows={2} />}
      {data?.items.map((worker) => (
        <OneWorker key={worker.queue} of={t(QUEUES[worker.queue])} worker={worker} />
      ))}
    </>
  );
}

function OneWorker({ of, worker }: { of: string; worker: Worker }) {
  const { t, locale } = useWords();
  const { name, active, slots, claimed, workingOn } = worker;
  const busy = t("{busy} of {slots} places busy", {
    busy: number(active, locale),
    slots: number(slots, locale),
  });
  return (
    <Stack gap={4} role="group" aria-label={of}>
      <Text size="sm" component="div">
        <b>{of}</b>: {name ? busy : t("nobody is at work: it is being started again")}
        {claimed > 0 &&
          ` · ${t("{n, plural, one {# more is taken} other {# more are taken}}", { n: claimed })}`}
      </Text>
      {workingOn.length > 0 && (
        <List size="sm">
          {workingOn.map(({ messageId, patientId, patientName, runningMs }) => (
            <List.Item key={messageId}>
              <Link to="/patients/$id" params={{ id: patientId }} className="row-link">
                {patientName}
              </Link>{" "}
              <Text span c="dimmed" size="sm">
                {duration(runningMs, locale)}
              </Text>
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  );
}
