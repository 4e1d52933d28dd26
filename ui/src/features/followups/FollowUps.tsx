import { Button, Table, Text } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { Assignment } from "../../bindings";
import { FollowUpActions } from "../../components/FollowUpActions";
import { Choice, DataTable, Empty, LifeBadge, Page, Pages, When } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { ASSIGNMENT_STATUSES, namesOf } from "../../labels";
import { useListAssignmentsPages } from "../../queries";

/** Follow-ups by where they stand. */
export function FollowUps() {
  const { t } = useWords();
  const { status: tab = "active" } = useSearch({ from: "/follow-ups" });
  const navigate = useNavigate({ from: "/follow-ups" });
  const status = tab === "all" ? null : tab;
  const list = useListAssignmentsPages({ status, limit: 100 });
  const rows = list.data?.rows ?? [];
  return (
    <Page title={t("Follow-ups")}>
      <Choice
        label={t("Which")}
        value={tab}
        onChange={(value) => navigate({ search: { status: value } })}
        data={[
          ...namesOf(ASSIGNMENT_STATUSES).map((value) => ({
            value,
            label: t(ASSIGNMENT_STATUSES[value].label),
          })),
          { value: "all" as const, label: t("All") },
        ]}
      />
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
        {rows.length > 0 && <Rows rows={rows} />}
      </Pages>
    </Page>
  );
}

function Rows({ rows }: { rows: Assignment[] }) {
  const { t } = useWords();
  return (
    <DataTable
      label={t("Follow-ups")}
      columns={[t("Patient"), t("Care plan"), t("State"), t("Next message"), null]}
      minWidth={720}
      verticalSpacing="sm"
    >
      {rows.map((row) => (
        <Table.Tr key={row.id}>
          <Table.Td>
            <Link to="/patients/$id" params={{ id: row.patientId }} className="row-link">
              {row.patientName}
            </Link>
          </Table.Td>
          <Table.Td>
            {row.protocolName}
            <Text size="xs" c="dimmed">
              {t("Step {n} of {all}", { n: row.currentStep, all: row.stepCount })}
            </Text>
          </Table.Td>
          <Table.Td>
            <LifeBadge status={row.status} />
          </Table.Td>
          <Table.Td>
            <When at={row.nextDueAt} />
          </Table.Td>
          <Table.Td>
            <FollowUpActions followUp={row} />
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}
