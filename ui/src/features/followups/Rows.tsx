// Follow-ups, one a row: as compact as it can be, as cards where it is narrow.

import { Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Assignment } from "../../bindings";
import { LifeBadge } from "../../components/badges";
import { When } from "../../components/kit";
import { Progress } from "../../components/Progress";
import { Cell, Row, StackedTable } from "../../components/StackedTable";
import { type Selection, SelectOne } from "../../components/selection";
import { useWords } from "../../i18n/useWords";
import { FollowUpActions } from "../../shared/FollowUpActions";

export function Rows({ rows, selection }: { rows: Assignment[]; selection: Selection | undefined }) {
  const { t } = useWords();
  return (
    <StackedTable
      label={t("Follow-ups")}
      columns={[t("Patient"), t("Care plan"), t("State"), t("Next step"), null]}
      minWidth={720}
    >
      {rows.map((row) => (
        <Row key={row.id}>
          <Cell>
            <Group gap="xs" wrap="nowrap" align="flex-start">
              {selection && (
                <SelectOne
                  id={row.id}
                  name={t("{place}: {words}", { place: row.patientName, words: row.protocolName })}
                  selection={selection}
                />
              )}
              <Link to="/patients/$id" params={{ id: row.patientId }} className="row-link">
                {row.patientName}
              </Link>
            </Group>
          </Cell>
          <Cell label={t("Care plan")}>
            <div>
              <Text size="sm">{row.protocolName}</Text>
              <Progress current={row.currentStep} all={row.stepCount} />
            </div>
          </Cell>
          <Cell label={t("State")}>
            <LifeBadge status={row.status} />
          </Cell>
          <Cell label={t("Next step")} isEmpty={!row.nextDueAt}>
            <When at={row.nextDueAt} />
          </Cell>
          <Cell>
            <FollowUpActions followUp={row} />
          </Cell>
        </Row>
      ))}
    </StackedTable>
  );
}
