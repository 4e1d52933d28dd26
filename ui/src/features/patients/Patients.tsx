import { Badge, Button, Group, Modal, Stack, Table, TextInput } from "@mantine/core";
import { type GetInputPropsReturnType, useForm } from "@mantine/form";
import { useDisclosure, useHotkeys } from "@mantine/hooks";
import { IconPlus, IconSearch, IconUpload } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useRef } from "react";
import { commands, type PatientSummary, type Reachability } from "../../bindings";
import { DataTable, DemoBadge, Empty, Page, Pages, Problem, When } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { NOT_LINKED, REACHABILITIES } from "../../labels";
import { useAct } from "../../lib/live";
import { useTyped } from "../../lib/search";
import { useListPatientsPages } from "../../queries";
import { wrongWith } from "../../sayings";
import { ImportPatients } from "./ImportPatients";

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
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={open}>
      {t("Add patient")}
    </Button>
  );
  return (
    <Page
      title={t("Patients")}
      actions={
        <>
          <Button variant="default" leftSection={<IconUpload size={18} aria-hidden />} onClick={openImport}>
            {t("Import")}
          </Button>
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
        <AddPatient />
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

function AddPatient() {
  const { t, tell } = useWords();
  const navigate = useNavigate();
  const form = useForm({
    mode: "uncontrolled",
    initialValues: {
      displayName: "",
      nickname: "",
      externalRef: "",
      lineUserId: "",
      timeZone: "",
      locale: "",
    },
    validate: { displayName: (name) => (name.trim() ? null : t("Write a name.")) },
  });
  const create = useAct(commands.createPatient, ({ id }) =>
    navigate({ to: "/patients/$id", params: { id } }),
  );
  const submit = form.onSubmit((values) =>
    create.mutate(
      {
        displayName: values.displayName.trim(),
        nickname: values.nickname.trim() || null,
        externalRef: values.externalRef.trim() || null,
        lineUserId: values.lineUserId.trim() || null,
        timeZone: values.timeZone.trim() || null,
        locale: values.locale.trim() || null,
      },
      {
        onError: ({ problem }) =>
          form.setErrors(
            Object.fromEntries((problem.errors ?? []).map((e) => [e.field, wrongWith(e, t, tell)])),
          ),
      },
    ),
  );
  return (
    <form onSubmit={submit}>
      <Stack>
        <PatientFields input={form.getInputProps} />
        <Problem error={create.error} />
        <Button type="submit" loading={create.isPending}>
          {t("Add patient")}
        </Button>
      </Stack>
    </form>
  );
}

function PatientFields({ input }: { input: (name: string) => GetInputPropsReturnType }) {
  const { t } = useWords();
  return (
    <>
      <TextInput label={t("Name")} withAsterisk data-autofocus {...input("displayName")} />
      <TextInput
        label={t("What they are called")}
        description={t("For messages that address them; their name where it is left out.")}
        {...input("nickname")}
      />
      <TextInput
        label={t("Number")}
        description={t("Your own number for them, such as HN.")}
        {...input("externalRef")}
      />
      <TextInput
        label={t("LINE user id")}
        description={t("U and 32 characters. You can link them later.")}
        {...input("lineUserId")}
      />
      <TextInput label={t("Time zone")} placeholder="Asia/Bangkok" {...input("timeZone")} />
      <TextInput label={t("Language")} placeholder="th" {...input("locale")} />
    </>
  );
}
