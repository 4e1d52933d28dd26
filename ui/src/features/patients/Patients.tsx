import { Button, Chip, Group, NativeSelect, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconSearch, IconUpload } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { LIMITS, type PatientSummary } from "../../bindings";
import { BusyButton } from "../../components/busy";
import { Dialog, readForDialog } from "../../components/Dialog";
import { DemoBadge, Empty, Page, Pages, When } from "../../components/kit";
import { May } from "../../components/may";
import { Awaited, onDemand } from "../../components/onDemand";
import { Cell, Row, StackedTable } from "../../components/StackedTable";
import { SelectAll, type Selection, SelectOne } from "../../components/selection";
import { useWords } from "../../i18n/useWords";
import { namesOf, PATIENT_GROUPS, PATIENT_SORTS } from "../../labels";
import { PAGE_ROWS } from "../../lib/limits";
import { useTyped } from "../../lib/search";
import { MINUTE_MS } from "../../lib/units";
import { useListPatientsPages, useListTags } from "../../queries";
import { LinkBadge } from "./LinkBadge";
import type { PatientFilter } from "./many/everyone";
import { useManyPatients } from "./many/ManyPatients";

// A dialog opens once its content is there: the focus goes into it, not to where it will be.
const AddPatient = onDemand(async () => (await import("./PatientForm")).AddPatient);
const ImportPatients = onDemand(async () => (await import("./ImportPatients")).ImportPatients);

/** The patients, found by name, number or LINE id. */
export function Patients() {
  const { t } = useWords();
  const { search = "" } = useSearch({ from: "/patients" });
  const navigate = useNavigate({ from: "/patients" });
  const [text, look] = useTyped(search, (search) =>
    navigate({ search: (before) => ({ ...before, search: search || undefined }), replace: true }),
  );
  const [adding, { open, close }] = useDisclosure();
  const add = (
    <May ask="create_patient">
      <BusyButton
        leftSection={<IconPlus size={18} aria-hidden />}
        onClick={() => readForDialog(AddPatient).then(open)}
      >
        {t("Add patient")}
      </BusyButton>
    </May>
  );
  return (
    <Page
      title={t("Patients")}
      actions={
        <>
          <Importing />
          {add}
        </>
      }
    >
      <TextInput
        data-search
        aria-label={t("Search patients")}
        placeholder={t("Name, number or telephone")}
        leftSection={<IconSearch size={18} aria-hidden />}
        value={text}
        maxLength={LIMITS.ListPatients.search.maxLength}
        onChange={(event) => look(event.currentTarget.value)}
      />
      <Groups />
      <Narrowed />
      <Found empty={<Nobody add={add} clear={() => look("")} />} />
      <Dialog
        opened={adding}
        onClose={close}
        title={t("Add patient")}
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        <Awaited>
          <AddPatient onAdded={(id) => navigate({ to: "/patients/$id", params: { id } })} />
        </Awaited>
      </Dialog>
    </Page>
  );
}

/** The import, whose dialog is read with the first use and stays: it may be at work. */
function Importing() {
  const { t } = useWords();
  const [wasUsed, noteUse] = useState(false);
  const [isOpen, { open, close }] = useDisclosure();
  const use = async () => {
    await readForDialog(ImportPatients);
    noteUse(true);
    open();
  };
  return (
    <May ask="import_patients">
      <BusyButton variant="default" leftSection={<IconUpload size={18} aria-hidden />} onClick={use}>
        {t("Import")}
      </BusyButton>
      {wasUsed && (
        <Awaited afloat onClose={close}>
          <ImportPatients opened={isOpen} close={close} />
        </Awaited>
      )}
    </May>
  );
}

/** Those who were found, one by one or several at once. */
function Found({ empty }: { empty: ReactNode }) {
  const filter = useFilter();
  const list = useListPatientsPages(
    { ...filter, limit: PAGE_ROWS },
    // What keeps messages from a patient ends by the clock, not by a change.
    { keep: true, refetchInterval: MINUTE_MS },
  );
  const rows = list.data?.rows ?? [];
  const { selection, shown } = useManyPatients(rows, filter, list.hasNextPage);
  return (
    <>
      {shown}
      {selection && <SelectAll selection={selection} />}
      <Pages list={list} empty={empty}>
        {rows.length > 0 && <Rows rows={rows} selection={selection} />}
      </Pages>
    </>
  );
}

/** Who is listed, and in which order, as the address has it. */
function useFilter(): PatientFilter {
  const { search = "", group, tag, sort } = useSearch({ from: "/patients" });
  return { search, group, tag, sort };
}

/** The label the list is narrowed to, where there are any, and its order. */
function Narrowed() {
  const { t } = useWords();
  const { tag = "", sort = "newest" } = useSearch({ from: "/patients" });
  const navigate = useNavigate({ from: "/patients" });
  const tags = useListTags({}).data?.items ?? [];
  const known = tags.some((one) => one.tag === tag) || !tag ? tags : [{ tag, patients: 0 }, ...tags];
  return (
    <Group gap="xs">
      {known.length > 0 && (
        <NativeSelect
          aria-label={t("Label")}
          value={tag}
          onChange={({ currentTarget: { value } }) =>
            navigate({ search: (before) => ({ ...before, tag: value || undefined }) })
          }
          data={[
            { value: "", label: t("Every label") },
            ...known.map(({ tag, patients }) => ({ value: tag, label: `${tag} (${patients})` })),
          ]}
        />
      )}
      <NativeSelect
        aria-label={t("Order")}
        value={sort}
        onChange={({ currentTarget: { value } }) => {
          const order = namesOf(PATIENT_SORTS).find((one) => one === value);
          navigate({ search: (before) => ({ ...before, sort: order === "newest" ? undefined : order }) });
        }}
        data={namesOf(PATIENT_SORTS).map((value) => ({ value, label: t(PATIENT_SORTS[value]) }))}
      />
    </Group>
  );
}

/** The groups the list is narrowed to. */
function Groups() {
  const { t } = useWords();
  const { group } = useSearch({ from: "/patients" });
  const navigate = useNavigate({ from: "/patients" });
  return (
    <Chip.Group
      value={group ?? "all"}
      onChange={(chosen) => {
        const only = namesOf(PATIENT_GROUPS).find((one) => one === chosen);
        navigate({ search: (before) => ({ ...before, group: only }) });
      }}
    >
      <Group component="fieldset" gap="xs" bd="none" p={0} m={0} aria-label={t("Which")}>
        <Chip value="all">{t("All")}</Chip>
        {namesOf(PATIENT_GROUPS).map((one) => (
          <Chip key={one} value={one}>
            {t(PATIENT_GROUPS[one])}
          </Chip>
        ))}
      </Group>
    </Chip.Group>
  );
}

/** Why the list is empty, and the way on. */
function Nobody({ add, clear }: { add: ReactNode; clear: () => void }) {
  const { t } = useWords();
  const { search, group, tag } = useSearch({ from: "/patients" });
  const navigate = useNavigate({ from: "/patients" });
  const why = useWhyEmpty();
  if (!why) return <Empty text={t("No patients yet.")} action={add} />;
  return (
    <Empty
      text={why}
      action={
        <Group gap="xs">
          {search && (
            <Button variant="default" onClick={clear}>
              {t("Clear the search")}
            </Button>
          )}
          {(group || tag) && (
            <Button
              variant="default"
              onClick={() => navigate({ search: ({ search, sort }) => ({ search, sort }) })}
            >
              {t("Look among all")}
            </Button>
          )}
        </Group>
      }
    />
  );
}

/** By what nobody was found; nothing where nothing was asked for. */
function useWhyEmpty() {
  const { t } = useWords();
  const { search = "", group, tag = "" } = useSearch({ from: "/patients" });
  const name = group ? t(PATIENT_GROUPS[group]) : "";
  if (tag && !search && !group) return t("Nobody has the label “{tag}”.", { tag });
  if (tag) {
    const among = [search, name].filter(Boolean).join(" · ");
    return t("Nobody with the label “{tag}” matches “{among}”.", { tag, among });
  }
  if (search && group) return t("No patient matches “{search}” among “{group}”.", { search, group: name });
  if (search) return t("No patient matches “{search}”.", { search });
  return group && t("Nobody is in “{group}”.", { group: name });
}

function Rows({ rows, selection }: { rows: PatientSummary[]; selection: Selection | undefined }) {
  const { t } = useWords();
  return (
    <StackedTable
      label={t("Patients")}
      columns={[t("Name"), t("Number"), "LINE", t("Follow-ups"), t("Next message"), t("Last answer")]}
    >
      {rows.map((p) => (
        <Row key={p.id}>
          <Cell>
            <Name patient={p} selection={selection} />
          </Cell>
          <Cell label={t("Number")} isEmpty={!p.externalRef}>
            {p.externalRef ?? "–"}
          </Cell>
          <Cell label="LINE">
            <LinkBadge reachability={p.reachability} linked={p.lineUserId !== null} />
          </Cell>
          <Cell label={t("Follow-ups")} isEmpty={p.activeAssignments === 0}>
            {p.activeAssignments}
          </Cell>
          <Cell label={t("Next message")} isEmpty={!p.nextMessageAt}>
            <When at={p.nextMessageAt} />
          </Cell>
          <Cell label={t("Last answer")} isEmpty={!p.lastAnswerAt}>
            <When at={p.lastAnswerAt} />
          </Cell>
        </Row>
      ))}
    </StackedTable>
  );
}

/** Who it is, with the checkbox where several may be chosen. */
function Name({ patient: p, selection }: { patient: PatientSummary; selection: Selection | undefined }) {
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      {selection && <SelectOne id={p.id} name={p.displayName} selection={selection} />}
      <div>
        <Group gap="xs">
          <Link to="/patients/$id" params={{ id: p.id }} className="row-link" lang={p.locale ?? undefined}>
            {p.displayName}
          </Link>
          <DemoBadge demo={p.demo} />
        </Group>
        {p.tags.length > 0 && (
          <Text size="sm" c="dimmed">
            {p.tags.join(" · ")}
          </Text>
        )}
      </div>
    </Group>
  );
}
