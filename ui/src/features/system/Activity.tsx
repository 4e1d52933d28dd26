// Who did what: narrowed to an act, to somebody and to days, page by page or as a file.

import { Text } from "@mantine/core";
import { useSearch } from "@tanstack/react-router";
import type { AuditEntry } from "../../bindings";
import { Empty, Pages, Section, When } from "../../components/kit";
import { Cell, Row, StackedTable } from "../../components/StackedTable";
import { useWords } from "../../i18n/useWords";
import { ACTIVITIES, namesOf } from "../../labels";
import { useListAuditPages } from "../../queries";
import { whoIn } from "../../sayings";
import { ActivityExport } from "./ActivityExport";
import { ActivityFilters, ClearFilters } from "./ActivityFilters";
import { type ActivityFilter, changeOf } from "./activityFile";

const PAGE_ROWS = 30;

export function Activity() {
  const { t } = useWords();
  const { act, who: actor, from, to } = useSearch({ from: "/system" });
  const action = namesOf(ACTIVITIES).find((one) => one === act);
  const filter: ActivityFilter = { action, actor, from, to };
  const list = useListAuditPages({ ...filter, limit: PAGE_ROWS }, { keep: true });
  const rows = list.data?.rows ?? [];
  const isNarrowed = [action, actor, from, to].some((one) => one !== undefined);
  return (
    <Section
      title={t("Activity")}
      actions={rows.length > 0 && <ActivityExport key={JSON.stringify(filter)} filter={filter} />}
    >
      <ActivityFilters seen={rows.map((entry) => entry.actor)} isNarrowed={isNarrowed} />
      <Pages list={list} empty={<Nothing isNarrowed={isNarrowed} />}>
        {rows.length > 0 && <Entries rows={rows} />}
      </Pages>
    </Section>
  );
}

/** Why nothing is listed, and the way on. */
function Nothing({ isNarrowed }: { isNarrowed: boolean }) {
  const { t } = useWords();
  if (!isNarrowed) return <Empty text={t("Nothing was done yet.")} />;
  return <Empty text={t("Nothing that was done matches these filters.")} action={<ClearFilters />} />;
}

function Entries({ rows }: { rows: AuditEntry[] }) {
  const { t, tell } = useWords();
  return (
    <StackedTable
      label={t("Activity")}
      columns={[t("What was done"), t("Who"), t("What changed"), t("When")]}
      minWidth={640}
    >
      {rows.map((entry) => {
        const change = changeOf(entry, t, tell);
        return (
          <Row key={entry.id}>
            <Cell>{t(ACTIVITIES[entry.action])}</Cell>
            <Cell label={t("Who")}>{whoIn(entry.actor, t)}</Cell>
            <Cell label={t("What changed")} isEmpty={change === ""}>
              <Text size="sm" c="dimmed">
                {change}
              </Text>
            </Cell>
            <Cell label={t("When")}>
              <When at={entry.at} />
            </Cell>
          </Row>
        );
      })}
    </StackedTable>
  );
}
