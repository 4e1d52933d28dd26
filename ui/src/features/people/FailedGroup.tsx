// The messages that failed for one cause: how many, since when, and what helps.

import { Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { Cause, FailedDelivery, MessageAction } from "../../bindings";
import { StateBadge } from "../../components/badges";
import { BusyButton } from "../../components/busy";
import { When } from "../../components/kit";
import { LineWords } from "../../components/LineWords";
import { type Selection, SelectOne } from "../../components/selection";
import type { Label } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { CAUSES, MESSAGE_ACTIONS, NO_CAUSE } from "../../labels";
import { useMessageActions } from "../../shared/MessageActions";
import { CountOf } from "./CountOf";
import { useOfGroup } from "./ofGroup";
import { MendForAll, MendOfPatient } from "./Remedies";

/** How many of a group are shown before somebody asks for all. */
export const SHOWN = 5;

export function FailedGroup({
  cause,
  rows,
  isWhole,
  isUnfolded,
  onUnfold,
  selection,
  onRetry,
}: {
  cause: Cause | null;
  rows: FailedDelivery[];
  /** Whether all that failed are among them. */
  isWhole: boolean;
  isUnfolded: boolean;
  onUnfold: () => void;
  selection: Selection | undefined;
  onRetry: (() => unknown) | undefined;
}) {
  const { t } = useWords();
  const { label, failed } = cause ? CAUSES[cause] : NO_CAUSE;
  const { count, retryable } = useOfGroup(cause ? { stage: "failed", cause } : null, rows, isWhole);
  const shown = isUnfolded ? rows : rows.slice(0, SHOWN);
  return (
    <Card component="article" aria-label={t(label)}>
      <Stack gap="sm">
        <Group gap="xs">
          <Title order={3} size="h5" className="sentence">
            {t(label)}
          </Title>
          <CountOf n={count} stage="failed" cause={cause} color="red.8" />
        </Group>
        <Span rows={rows} />
        {failed && <Text size="sm">{t(failed)}</Text>}
        <Group gap="xs">
          {onRetry && retryable > 0 && (
            <BusyButton leftSection={<IconRefresh size={18} aria-hidden />} onClick={onRetry}>
              {t("Retry these {n}", { n: retryable })}
            </BusyButton>
          )}
          <MendForAll cause={cause} />
        </Group>
        <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: "none" }} aria-label={t(label)}>
          {shown.map((row) => (
            <Row key={row.id} row={row} selection={selection} />
          ))}
        </Stack>
        {shown.length < rows.length && (
          <Button variant="default" w="fit-content" onClick={onUnfold}>
            {t("Show all {n}", { n: rows.length })}
          </Button>
        )}
      </Stack>
    </Card>
  );
}

/** When the first and the last of them failed. */
function Span({ rows }: { rows: FailedDelivery[] }) {
  const { t } = useWords();
  const times = rows.map((row) => row.lastAttemptAt ?? row.dueAt).sort();
  const [first, last] = [times.at(0), times.at(-1)];
  return (
    <Text size="sm" c="dimmed" component="div">
      {first === last ? (
        <When at={first} />
      ) : (
        <>
          {t("first")} <When at={first} /> · {t("latest")} <When at={last} />
        </>
      )}
    </Text>
  );
}

/** What failed is let go rather than cancelled. */
const LET_GO: Record<MessageAction, Label> = { ...MESSAGE_ACTIONS, cancel: "Let it go" };

function Row({ row, selection }: { row: FailedDelivery; selection: Selection | undefined }) {
  const { buttons, problem } = useMessageActions(row, "xs", LET_GO);
  const { id, patientId, patientName, causeCode } = row;
  return (
    <li className="failed-row">
      {selection && <SelectOne id={id} name={patientName} selection={selection} />}
      <Stack gap={2} flex={1} miw={0}>
        <Group gap="xs">
          <Link to="/patients/$id" params={{ id: patientId }} className="row-link">
            {patientName}
          </Link>
          <StateBadge state={row.state} />
        </Group>
        <Facts row={row} />
        {problem}
      </Stack>
      <Group gap="xs" className="failed-acts">
        <MendOfPatient cause={causeCode} patientId={patientId} name={patientName} />
        {buttons}
      </Group>
    </li>
  );
}

function Facts({ row }: { row: FailedDelivery }) {
  const { t } = useWords();
  const noReason = t("LINE gave no reason (status {status})", { status: row.httpStatus ?? "" });
  return (
    <>
      <Text size="sm" c="dimmed" component="div">
        {t("Due")} <When at={row.dueAt} /> ·{" "}
        {t("{n, plural, one {# try} other {# tries}}", { n: row.attempts })}
      </Text>
      {row.httpStatus && !row.lineWords && <Text size="sm">{noReason}</Text>}
      {row.maybeSent && <Text size="sm">{t("The patient may have it all the same.")}</Text>}
      <LineWords words={row.lineWords} httpStatus={row.httpStatus} requestId={row.lineRequestId} />
    </>
  );
}
