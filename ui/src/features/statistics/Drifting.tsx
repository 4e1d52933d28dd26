// Patients whose last questions went unanswered: somebody may want to call them.

import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { DriftingPatient } from "../../bindings";
import { Empty, Loading, Problem, Section, When } from "../../components/kit";
import { Cell, Row, StackedTable } from "../../components/StackedTable";
import { useWords } from "../../i18n/useWords";
import { number } from "../../lib/format";
import { useDriftingPatients } from "../../queries";

export function Drifting() {
  const { t } = useWords();
  const { data, error, refetch } = useDriftingPatients({});
  return (
    <Section title={t("Patients who stopped answering")}>
      <Problem error={error} again={refetch} />
      {!data && !error && <Loading rows={2} />}
      {data && (
        <>
          <Text size="sm" c="dimmed">
            {t(
              "Their last questions, {least} or more in a row, went without an answer in time within {days} days.",
              {
                least: data.least,
                days: data.days,
              },
            )}
          </Text>
          {data.items.length === 0 ? (
            <Empty text={t("There is nobody of whom this is so.")} />
          ) : (
            <Rows rows={data.items} more={data.more} />
          )}
        </>
      )}
    </Section>
  );
}

function Rows({ rows, more }: { rows: DriftingPatient[]; more: boolean }) {
  const { t } = useWords();
  return (
    <>
      <StackedTable
        label={t("Patients who stopped answering")}
        columns={[t("Patient"), t("Questions without an answer"), t("Since"), t("Last answer")]}
      >
        {rows.map((row) => (
          <Silent key={row.patientId} row={row} />
        ))}
      </StackedTable>
      {more && (
        <Text size="sm" c="dimmed">
          {t("These are the {n} with the longest silence; there are more.", { n: rows.length })}
        </Text>
      )}
    </>
  );
}

function Silent({ row }: { row: DriftingPatient }) {
  const { t, locale } = useWords();
  return (
    <Row>
      <Cell>
        <Link to="/patients/$id" params={{ id: row.patientId }} className="row-link">
          {row.patientName}
        </Link>
      </Cell>
      <Cell label={t("Questions without an answer")}>
        {t("{n} in a row", { n: number(row.missedInARow, locale) })}
      </Cell>
      <Cell label={t("Since")}>
        <When at={row.since} />
      </Cell>
      <Cell label={t("Last answer")}>
        {row.lastAnsweredAt ? <When at={row.lastAnsweredAt} /> : t("never answered")}
      </Cell>
    </Row>
  );
}
