import { Button, SegmentedControl, Table, Text, VisuallyHidden } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { Assignment } from "../../bindings";
import { FollowUpActions } from "../../components/FollowUpActions";
import { Empty, LifeBadge, Loading, Page, Problem, When } from "../../components/kit";
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
      <SegmentedControl
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
      <Problem error={list.error} again={list.refetch} />
      {list.isLoading && <Loading />}
      {list.data && rows.length === 0 && (
        <Empty
          text={t("No follow-up here. Open a patient to start one.")}
          action={
            <Button component={Link} to="/patients" variant="light">
              {t("Patients")}
            </Button>
          }
        />
      )}
      {rows.length > 0 && <Rows rows={rows} />}
      {list.hasNextPage && (
        <Button variant="default" onClick={() => list.fetchNextPage()} loading={list.isFetchingNextPage}>
          {t("Show more")}
        </Button>
      )}
    </Page>
  );
}

function Rows({ rows }: { rows: Assignment[] }) {
  const { t } = useWords();
  return (
    <Table.ScrollContainer minWidth={720}>
      <Table verticalSpacing="sm" aria-label={t("Follow-ups")}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("Patient")}</Table.Th>
            <Table.Th>{t("Care plan")}</Table.Th>
            <Table.Th>{t("State")}</Table.Th>
            <Table.Th>{t("Next message")}</Table.Th>
            <Table.Th>
              <VisuallyHidden>{t("Actions")}</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
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
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
