// What is to come, the farthest first: steps by their plans, and messages that wait.

import { Stack, Text, Title } from "@mantine/core";
import { useRef, useState } from "react";
import type { Message, Patient, PlannedMessage, Timeline } from "../../bindings";
import { ShowAll } from "../../components/ShowAll";
import { useWords } from "../../i18n/useWords";
import { OPEN } from "../../lib/states";
import { Planned } from "./Planned";
import { Row, RowTime } from "./Row";
import { Sent } from "./Sent";

type ToCome = { at: string; step: PlannedMessage } | { at: string | null; message: Message };

/**
 * Whether a message is still to come. Only the first page is asked: what waits since long before
 * stands where it was due.
 */
export const isToCome = (message: Message | null): message is Message =>
  message !== null && OPEN.has(message.state);

/** When it goes, where that is known; what hangs on somebody's act stands next to now. */
const goesAt = ({ state, dueAt, nextAttemptAt }: Message) =>
  nextAttemptAt ?? (state === "held" ? null : dueAt);

/** What is to come, the next first. */
export function toComeOf(first: Timeline | undefined): ToCome[] {
  const steps = (first?.planned ?? []).map((step): ToCome => ({ at: step.dueAt, step }));
  const messages = (first?.items ?? [])
    .flatMap(({ message }) => (isToCome(message) ? [message] : []))
    .map((message): ToCome => ({ at: goesAt(message), message }));
  return [...messages, ...steps].toSorted((a, b) => (a.at ?? "").localeCompare(b.at ?? ""));
}

const SHOWN = 3;

export function Coming({ rows, patient, zone }: { rows: ToCome[]; patient: Patient; zone?: string }) {
  const { t } = useWords();
  const [all, setAll] = useState(false);
  // Whoever left a step out by the keyboard goes on here, not at the top of the page.
  const title = useRef<HTMLHeadingElement>(null);
  const shown = all ? rows : rows.slice(0, SHOWN);
  return (
    <Stack gap="xs">
      <Title order={3} size="h5" ref={title} tabIndex={-1}>
        {t("Coming up")}
      </Title>
      {rows.length === 0 && <Text c="dimmed">{t("Nothing is planned.")}</Text>}
      {rows.length > SHOWN && <ShowAll n={rows.length} isOpen={all} toggle={() => setAll(!all)} />}
      <ol className="chat" aria-label={t("Coming up")}>
        {shown.toReversed().map((row) =>
          "step" in row ? (
            <Planned
              key={`${row.step.assignmentId} ${row.step.stepId} ${row.step.occurrence}`}
              step={row.step}
              patient={patient}
              zone={zone}
              onGone={() => title.current?.focus({ preventScroll: true })}
            />
          ) : (
            <Row key={row.message.id} id={row.message.id} side="clinic">
              <Sent
                message={row.message}
                lang={patient.language}
                time={<RowTime at={row.at ?? row.message.dueAt} zone={zone} />}
                zone={zone}
              />
            </Row>
          ),
        )}
      </ol>
    </Stack>
  );
}
