// How many people opened the messages of a plan, as LINE counts; or why there is no number.

import { Text } from "@mantine/core";
import type { PlanOpenings } from "../../bindings";
import { Problem, Section, When } from "../../components/kit";
import { LineWords } from "../../components/LineWords";
import { Cell, Row, StackedTable } from "../../components/StackedTable";
import { useWords } from "../../i18n/useWords";
import { NO_OPENINGS } from "../../labels";
import { monthOf, number } from "../../lib/format";
import { useOpeningStats } from "../../queries";

export function Openings({ plan }: { plan: string }) {
  const { t } = useWords();
  const openings = useOpeningStats({ protocolId: plan || null });
  const rows = openings.data?.items ?? [];
  if (!openings.error && rows.length === 0) return null;
  return (
    <Section title={t("How many opened messages")}>
      <Text size="sm" c="dimmed">
        {t(
          "LINE tells of no single patient. It counts how many people opened a message of a care plan in a month: each message for 14 days after it was sent, from the next day on, and never fewer than 20 people. Its numbers may be a little off.",
        )}
      </Text>
      <Problem error={openings.error} again={openings.refetch} />
      <StackedTable
        label={t("How many opened messages")}
        columns={[t("Care plan"), t("Month"), t("Opened by"), t("LINE was asked")]}
      >
        {rows.map((row) => (
          <OfMonth key={`${row.protocolId} ${row.month}`} row={row} />
        ))}
      </StackedTable>
    </Section>
  );
}

function OfMonth({ row }: { row: PlanOpenings }) {
  const { t, locale } = useWords();
  const { openedByAtLeast: n, why, errorText } = row;
  return (
    <Row>
      <Cell>{row.name}</Cell>
      <Cell label={t("Month")}>{monthOf(row.month, locale)}</Cell>
      <Cell label={t("Opened by")}>
        {n != null && t("at least {n} people", { n: number(n, locale) })}
        {why && (
          <Text size="sm" c="dimmed">
            {t(NO_OPENINGS[why])}
          </Text>
        )}
        <LineWords words={errorText} />
      </Cell>
      <Cell label={t("LINE was asked")} isEmpty={!row.askedAt}>
        {row.askedAt && <When at={row.askedAt} />}
      </Cell>
    </Row>
  );
}
