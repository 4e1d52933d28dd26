import { Button, Chip, Group, Text } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { Assignment } from "../../bindings";
import { FollowUpActions } from "../../components/FollowUpActions";
import { Empty, LifeBadge, Page, Pages, When } from "../../components/kit";
import { Cell, Row, StackedTable } from "../../components/StackedTable";
import { SelectAll, type Selection, SelectOne, useSelection } from "../../components/selection";
import { useWords } from "../../i18n/useWords";
import { ASSIGNMENT_STATUSES, namesOf } from "../../labels";
import { useListAssignmentsPages } from "../../queries";
import { useManyFollowUps } from "./ManyFollowUps";

const TABS = [...namesOf(ASSIGNMENT_STATUSES), "all" as const];

/** Follow-ups by where they stand. */
export function FollowUps() {
  const { t } = useWords();
  const { status: tab = "active" } = useSearch({ from: "/follow-ups" });
  const navigate = useNavigate({ from: "/follow-ups" });
  const status = tab === "all" ? null : tab;
  const list = useListAssignmentsPages({ status, limit: 100 });
  const rows = list.data?.rows ?? [];
  const selection = useSelection(rows.map(({ id }) => id));
  const { mayChoose, shown } = useManyFollowUps(rows, selection);
  return (
    <Page title={t("Follow-ups")}>
      <Chip.Group
        value={tab}
        onChange={(chosen) => navigate({ search: { status: TABS.find((one) => one === chosen) } })}
      >
        <Group component="fieldset" gap="xs" bd="none" p={0} m={0} aria-label={t("Which")}>
          {TABS.map((one) => (
            <Chip key={one} value={one}>
              {one === "all" ? t("All") : t(ASSIGNMENT_STATUSES[one].label)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {shown}
      {mayChoose && <SelectAll selection={selection} />}
      <Pages
        list={list}
        empty={
          <Empty
            text={t("No follow-up here. Open a patient to start one.")}
            action={
              <Button component={Link} to="/patients" variant="light">
                {t("Patients")}
              </Button>
            }
          />
        }
      >
        {rows.length > 0 && <Rows rows={rows} selection={mayChoose ? selection : undefined} />}
      </Pages>
    </Page>
  );
}

function Rows({ rows, selection }: { rows: Assignment[]; selection: Selection | undefined }) {
  const { t } = useWords();
  return (
    <StackedTable
      label={t("Follow-ups")}
      columns={[t("Patient"), t("Care plan"), t("State"), t("Next message"), null]}
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
              {row.protocolName}
              <Text size="xs" c="dimmed">
                {t("Step {n} of {all}", { n: row.currentStep, all: row.stepCount })}
              </Text>
            </div>
          </Cell>
          <Cell label={t("State")}>
            <LifeBadge status={row.status} />
          </Cell>
          <Cell label={t("Next message")} isEmpty={!row.nextDueAt}>
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
