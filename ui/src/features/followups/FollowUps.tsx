import { Button, Group, NativeSelect, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { LIMITS } from "../../bindings";
import { Choices } from "../../components/Choices";
import { Empty, Page, Pages, Problem } from "../../components/kit";
import { SelectAll, useSelection } from "../../components/selection";
import { useWords } from "../../i18n/useWords";
import { ASSIGNMENT_STATUSES, namesOf } from "../../labels";
import { PAGE_ROWS } from "../../lib/limits";
import { useTyped } from "../../lib/search";
import { useCountAssignments, useListAssignmentsPages } from "../../queries";
import { useAllProtocols } from "../../shared/choices";
import { useManyFollowUps } from "./ManyFollowUps";
import { Rows } from "./Rows";

const STATUSES = namesOf(ASSIGNMENT_STATUSES);

/** Follow-ups by where they stand, found by their patients and care plans. */
export function FollowUps() {
  const { t } = useWords();
  const { search = "" } = useSearch({ from: "/follow-ups" });
  const navigate = useNavigate({ from: "/follow-ups" });
  const [text, look] = useTyped(search, (search) =>
    navigate({ search: (before) => ({ ...before, search: search || undefined }), replace: true }),
  );
  return (
    <Page title={t("Follow-ups")}>
      <Group align="flex-end" gap="sm">
        <TextInput
          data-search
          flex="1 1 220px"
          label={t("Search patients")}
          placeholder={t("Name, number or telephone")}
          leftSection={<IconSearch size={18} aria-hidden />}
          value={text}
          maxLength={LIMITS.ListAssignments.search.maxLength}
          onChange={(event) => look(event.currentTarget.value)}
        />
        <PlanChoice />
      </Group>
      <Tabs />
      <Found clear={() => look("")} />
    </Page>
  );
}

function PlanChoice() {
  const { t } = useWords();
  const { plan = "" } = useSearch({ from: "/follow-ups" });
  const navigate = useNavigate({ from: "/follow-ups" });
  const plans = useAllProtocols();
  return (
    <>
      <NativeSelect
        flex="1 1 220px"
        label={t("Care plan")}
        value={plan}
        onChange={({ currentTarget: { value } }) =>
          navigate({ search: (before) => ({ ...before, plan: value || undefined }) })
        }
        data={[
          { value: "", label: t("All care plans") },
          ...(plans.data?.rows.map(({ id, name }) => ({ value: id, label: name })) ?? []),
        ]}
      />
      <Problem error={plans.error} again={plans.refetch} />
    </>
  );
}

/** Where they stand, with how many of those that are looked for stand there. */
function Tabs() {
  const { t } = useWords();
  const { status = "active", search, plan } = useSearch({ from: "/follow-ups" });
  const navigate = useNavigate({ from: "/follow-ups" });
  const { data: counts } = useCountAssignments({ search, protocolId: plan });
  const all = counts ? STATUSES.reduce((sum, one) => sum + counts[one], 0) : null;
  const tabs = STATUSES.map((one) => ({
    value: one,
    label: t(ASSIGNMENT_STATUSES[one].label),
    count: counts?.[one] ?? null,
  }));
  return (
    <Choices
      label={t("Which")}
      value={status}
      onChange={(chosen) => navigate({ search: (before) => ({ ...before, status: chosen }) })}
      data={[...tabs, { value: "all" as const, label: t("All"), count: all }]}
    />
  );
}

function Found({ clear }: { clear: () => void }) {
  const { status: tab = "active", search, plan } = useSearch({ from: "/follow-ups" });
  const status = tab === "all" ? null : tab;
  const list = useListAssignmentsPages(
    { status, search, protocolId: plan, limit: PAGE_ROWS },
    { keep: true },
  );
  const rows = list.data?.rows ?? [];
  const selection = useSelection(rows.map(({ id }) => id));
  const { mayChoose, shown } = useManyFollowUps(rows, selection);
  return (
    <>
      {shown}
      {mayChoose && <SelectAll selection={selection} />}
      <Pages list={list} empty={<None clear={clear} />}>
        {rows.length > 0 && <Rows rows={rows} selection={mayChoose ? selection : undefined} />}
      </Pages>
    </>
  );
}

/** Why the list is empty, and the way on. */
function None({ clear }: { clear: () => void }) {
  const { t } = useWords();
  const { status, search, plan } = useSearch({ from: "/follow-ups" });
  const navigate = useNavigate({ from: "/follow-ups" });
  if (!search && !plan)
    return (
      <Empty
        text={t("No follow-up here. Open a patient to start one.")}
        action={
          <Button component={Link} to="/patients" variant="light">
            {t("Patients")}
          </Button>
        }
      />
    );
  return (
    <Empty
      text={
        search
          ? t("No follow-up of a patient who matches “{search}” is here.", { search })
          : t("No follow-up of this care plan is here.")
      }
      action={
        <Group gap="xs">
          {search && (
            <Button variant="default" onClick={clear}>
              {t("Clear the search")}
            </Button>
          )}
          {plan && (
            <Button variant="default" onClick={() => navigate({ search: { status, search } })}>
              {t("All care plans")}
            </Button>
          )}
          {status !== "all" && (
            <Button
              variant="default"
              onClick={() => navigate({ search: (before) => ({ ...before, status: "all" }) })}
            >
              {t("Look among all states")}
            </Button>
          )}
        </Group>
      }
    />
  );
}
