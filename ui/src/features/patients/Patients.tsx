import { Badge, Button, Group, Modal, Table, TextInput } from "@mantine/core";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { IconPlus, IconSearch, IconUpload } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useRef } from "react";
import type { PatientSummary, Reachability } from "../../bindings";
import { DataTable, DemoBadge, Empty, Page, Pages, When } from "../../components/kit";
import { May } from "../../components/may";
import { useWords } from "../../i18n/useWords";
import { NOT_LINKED, REACHABILITIES } from "../../labels";
import { useTyped } from "../../lib/search";
import { useListPatientsPages } from "../../queries";
import { ImportPatients } from "./ImportPatients";
import { AddPatient } from "./PatientForm";

/** The patients, found by name, number or LINE id. */
export function Patients() {
  const { t } = useWords();
  const { search = "" } = useSearch({ from: "/patients" });
  const navigate = useNavigate({ from: "/patients" });
  const [text, look] = useTyped(search, (search) =>
    navigate({ search: { search: search || undefined }, replace: true }),
  );
  const [adding, { open, close }] = useDisclosure();
  const [importing, { open: openImport, close: closeImport }] = useDisclosure();
  const box = useRef<HTMLInputElement>(null);
  useHotkeys([["/", () => box.current?.focus()]]);
  const list = useListPatientsPages({ search, limit: 100 }, { keep: true });
  const rows = list.data?.rows ?? [];
  const add = (
    <May ask="create_patient">
      <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={open}>
        {t("Add patient")}
      </Button>
    </May>
  );
  return (
    <Page
      title={t("Patients")}
      actions={
        <>
          <May ask="import_patients">
            <Button variant="default" leftSection={<IconUpload size={18} aria-hidden />} onClick={openImport}>
              {t("Import")}
            </Button>
          </May>
          {add}
        </>
      }
    >
      <TextInput
        ref={box}
        aria-label={t("Search patients")}
        placeholder={t("Name or number")}
        leftSection={<IconSearch size={18} aria-hidden />}
        value={text}
        onChange={(event) => look(event.currentTarget.value)}
      />
      <Pages
        list={list}
        empty={
          <Empty
            text={search ? t("No patient matches “{search}”.", { search }) : t("No patients yet.")}
            action={
              search ? (
                <Button variant="default" onClick={() => look("")}>
                  {t("Clear the search")}
                </Button>
              ) : (
                add
              )
            }
          />
        }
      >
        {rows.length > 0 && <Rows rows={rows} />}
      </Pages>
      <Modal
        opened={adding}
        onClose={close}
        title={t("Add patient")}
        closeButtonProps={{ "aria-label": t("Close") }}
      >
        <AddPatient onAdded={(id) => navigate({ to: "/patients/$id", params: { id } })} />
      </Modal>
      <ImportPatients opened={importing} close={closeImport} />
    </Page>
  );
}

export function LinkBadge({ reachability, linked }: { reachability: Reachability; linked: boolean }) {
  const { t } = useWords();
  const { label, color } = linked ? REACHABILITIES[reachability] : NOT_LINKED;
  return (
    <Badge variant="light" color={color} miw="max-content">
      {t(label)}
    </Badge>
  );
}

function Rows({ rows }: { rows: PatientSummary[] }) {
  const { t } = useWords();
  return (
    <DataTable
      label={t("Patients")}
      columns={[t("Name"), t("Number"), "LINE", t("Follow-ups"), t("Next message")]}
      verticalSpacing="sm"
      highlightOnHover
    >
      {rows.map((p) => (
        <Table.Tr key={p.id}>
          <Table.Td>
            <Group gap="xs">
              <Link
                to="/patients/$id"
                params={{ id: p.id }}
                className="row-link"
                lang={p.locale ?? undefined}
              >
                {p.displayName}
              </Link>
              <DemoBadge demo={p.demo} />
            </Group>
          </Table.Td>
          <Table.Td>{p.externalRef ?? "–"}</Table.Td>
          <Table.Td>
            <LinkBadge reachability={p.reachability} linked={p.lineUserId !== null} />
          </Table.Td>
          <Table.Td>{p.activeAssignments}</Table.Td>
          <Table.Td>
            <When at={p.nextDueAt} />
          </Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}
