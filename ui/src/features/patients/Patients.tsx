import { Button, Chip, Group, Modal, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconSearch, IconUpload } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import type { PatientSummary } from "../../bindings";
import { DemoBadge, Empty, Page, Pages, When } from "../../components/kit";
import { May } from "../../components/may";
import { Awaited, onDemand } from "../../components/onDemand";
import { Cell, Row, StackedTable } from "../../components/StackedTable";
import { SelectAll, type Selection, SelectOne, useSelection } from "../../components/selection";
import { useWords } from "../../i18n/useWords";
import { namesOf, PATIENT_GROUPS } from "../../labels";
import { useTyped } from "../../lib/search";
import { useListPatientsPages } from "../../queries";
import { LinkBadge } from "./LinkBadge";
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
      <Button
        leftSection={<IconPlus size={18} aria-hidden />}
        onClick={() => AddPatient.preload().then(open)}
      >
        {t("Add patient")}
      </Button>
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
        onChange={(event) => look(event.currentTarget.value)}
      />
      <Groups />
      <Found empty={<Nobody add={add} clear={() => look("")} />} />
      <Modal
        opened={adding}
        onClose={close}
        title={t("Add patient")}
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        <Awaited>
          <AddPatient onAdded={(id) => navigate({ to: "/patients/$id", params: { id } })} />
        </Awaited>
      </Modal>
    </Page>
  );
}

/** The import, whose dialog is read with the first use and stays: it may be at work. */
function Importing() {
  const { t } = useWords();
  const [wasUsed, noteUse] = useState(false);
  const [isOpen, { open, close }] = useDisclosure();
  const use = async () => {
    await ImportPatients.preload();
    noteUse(true);
    open();
  };
  return (
    <May ask="import_patients">
      <Button variant="default" leftSection={<IconUpload size={18} aria-hidden />} onClick={use}>
        {t("Import")}
      </Button>
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
  const { search = "", group } = useSearch({ from: "/patients" });
  const list = useListPatientsPages(
    { search, group, limit: 100 },
    // What keeps messages from a patient ends by the clock, not by a change.
    { keep: true, refetchInterval: 60_000 },
  );
  const rows = list.data?.rows ?? [];
  const selection = useSelection(rows.map(({ id }) => id));
  const { mayChoose, shown } = useManyPatients(rows, selection);
  return (
    <>
      {shown}
      {mayChoose && <SelectAll selection={selection} />}
      <Pages list={list} empty={empty}>
        {rows.length > 0 && <Rows rows={rows} selection={mayChoose ? selection : undefined} />}
      </Pages>
    </>
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
  const { search, group } = useSearch({ from: "/patients" });
  const navigate = useNavigate({ from: "/patients" });
  if (!search && !group) return <Empty text={t("No patients yet.")} action={add} />;
  const name = group && t(PATIENT_GROUPS[group]);
  const both = search && name && t("No patient matches “{search}” among “{group}”.", { search, group: name });
  const one = search
    ? t("No patient matches “{search}”.", { search })
    : t("Nobody is in “{group}”.", { group: name ?? "" });
  return (
    <Empty
      text={both || one}
      action={
        <Group gap="xs">
          {search && (
            <Button variant="default" onClick={clear}>
              {t("Clear the search")}
            </Button>
          )}
          {group && (
            <Button variant="default" onClick={() => navigate({ search: { search } })}>
              {t("Look among all")}
            </Button>
          )}
        </Group>
      }
    />
  );
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
          <Cell label={t("Next message")} isEmpty={!p.nextDueAt}>
            <When at={p.nextDueAt} />
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
