// How the last days went, in a line each.

import { Table } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useClinic, useNow } from "../../components/clinic";
import { Problem, Section } from "../../components/kit";
import { useMay } from "../../components/may";
import { Cell, Row, StackedTable } from "../../components/StackedTable";
import { useWords } from "../../i18n/useWords";
import { isoDay, number, percent } from "../../lib/format";
import { DAY_MS } from "../../lib/units";
import { useDeliveryStats } from "../../queries";

export function Trends() {
  const { t } = useWords();
  if (!useMay()("answer_stats")) return null;
  return (
    <Section title={t("The last days")}>
      <StackedTable
        label={t("The last days")}
        columns={[t("Span"), t("Accepted by LINE"), t("Failed"), t("Answered"), t("No answer in time")]}
      >
        <Span days={7} />
        <Span days={30} />
      </StackedTable>
    </Section>
  );
}

function Span({ days }: { days: 7 | 30 }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const now = useNow();
  const range = { from: isoDay(now - (days - 1) * DAY_MS, timeZone), to: isoDay(now, timeZone) };
  const { data, error } = useDeliveryStats(range);
  const n = (value: number | undefined) => (value === undefined ? "…" : number(value, locale));
  const share = (value: number | null | undefined) => (value == null ? "" : ` (${percent(value, locale)})`);
  return (
    <Row>
      <Cell>
        <Link to="/statistics" search={{ days: days === 7 ? "7" : "30" }} className="row-link">
          {t("{days, plural, one {# day} other {# days}}", { days })}
        </Link>
      </Cell>
      {error ? (
        <Table.Td role="cell" colSpan={4}>
          <Problem error={error} />
        </Table.Td>
      ) : (
        <>
          <Cell label={t("Accepted by LINE")}>
            {n(data?.sent)}
            {share(data?.successRate)}
          </Cell>
          <Cell label={t("Failed")}>{n(data?.failed)}</Cell>
          <Cell label={t("Answered")}>
            {n(data?.responded)}
            {share(data?.responseRate)}
          </Cell>
          <Cell label={t("No answer in time")}>{n(data?.missed)}</Cell>
        </>
      )}
    </Row>
  );
}
