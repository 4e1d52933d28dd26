// How the last days went, in a line each.

import { Table } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useClinic, useNow } from "../../components/clinic";
import { DataTable } from "../../components/DataTable";
import { Problem, Section } from "../../components/kit";
import { useMay } from "../../components/may";
import { useWords } from "../../i18n/useWords";
import { isoDay, number, percent } from "../../lib/format";
import { DAY_MS } from "../../lib/units";
import { useDeliveryStats } from "../../queries";

export function Trends() {
  const { t } = useWords();
  if (!useMay()("answer_stats")) return null;
  return (
    <Section title={t("The last days")}>
      <DataTable
        label={t("The last days")}
        columns={[t("Span"), t("Accepted by LINE"), t("Failed"), t("Answered"), t("No answer in time")]}
      >
        <Span days={7} />
        <Span days={30} />
      </DataTable>
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
    <Table.Tr>
      <Table.Th scope="row">
        <Link to="/statistics" search={{ days: days === 7 ? "7" : "30" }} className="row-link">
          {t("{days, plural, one {# day} other {# days}}", { days })}
        </Link>
      </Table.Th>
      {error ? (
        <Table.Td colSpan={4}>
          <Problem error={error} />
        </Table.Td>
      ) : (
        <>
          <Table.Td>
            {n(data?.sent)}
            {share(data?.successRate)}
          </Table.Td>
          <Table.Td>{n(data?.failed)}</Table.Td>
          <Table.Td>
            {n(data?.responded)}
            {share(data?.responseRate)}
          </Table.Td>
          <Table.Td>{n(data?.missed)}</Table.Td>
        </>
      )}
    </Table.Tr>
  );
}
