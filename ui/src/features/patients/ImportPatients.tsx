// Patients from a table: looked at first, imported only when staff say so.

import {
  Alert,
  Button,
  Checkbox,
  FileInput,
  Group,
  Modal,
  Progress,
  Stack,
  Table,
  Text,
} from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import { commands, type ImportPreview } from "../../bindings";
import { DataTable, Problem } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { PROBLEMS } from "../../labels";
import { number } from "../../lib/format";
import { useAct } from "../../lib/live";
import { useGetTask } from "../../queries";
import { wrongWith } from "../../sayings";

export function ImportPatients({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useWords();
  return (
    <Modal
      opened={opened}
      onClose={close}
      size="xl"
      title={t("Import patients")}
      closeButtonProps={{ "aria-label": t("Close") }}
    >
      <Import close={close} />
    </Modal>
  );
}

function Import({ close }: { close: () => void }) {
  const { t } = useWords();
  const [csv, setCsv] = useState("");
  const [skipInvalid, setSkip] = useState(false);
  const look = useAct((text: string) => commands.previewImport({ csv: text }));
  const start = useAct(commands.importPatients);
  const taskId = start.data?.id ?? "";
  const task = useGetTask({ id: taskId }, { enabled: taskId !== "", refetchInterval: 300 });
  const choose = async (file: File | null) => {
    start.reset();
    look.reset();
    if (!file) return setCsv("");
    const text = await file.text();
    setCsv(text);
    look.mutate(text);
  };
  const running = start.isPending || task.data?.state === "running";
  const seen = look.data;
  if (task.data?.state === "done") {
    return (
      <Stack>
        <Alert color="teal" role="status">
          {t("{n, plural, one {# patient} other {# patients}} imported.", { n: task.data.total })}
        </Alert>
        <Button onClick={close} w="fit-content">
          {t("Close")}
        </Button>
      </Stack>
    );
  }
  return (
    <Stack>
      <Text size="sm">
        {t(
          "A CSV file with a line of headings: name, HN, lineUserId, locale, timeZone, note, tags. Only the name is needed. Up to 10,000 patients.",
        )}
      </Text>
      <FileInput
        label={t("File")}
        placeholder={t("Choose a CSV file")}
        accept=".csv,text/csv,text/plain"
        leftSection={<IconUpload size={18} aria-hidden />}
        clearable
        clearButtonProps={{ "aria-label": t("Clear") }}
        onChange={choose}
      />
      <Problem error={look.error ?? start.error} />
      {seen && <Preview seen={seen} />}
      {seen && seen.errors.length > 0 && (
        <Checkbox
          label={t("Leave out the rows with errors")}
          checked={skipInvalid}
          onChange={(event) => setSkip(event.currentTarget.checked)}
        />
      )}
      {task.data?.state === "failed" && (
        <Alert color="red">
          {t("Nothing was imported.")} {task.data.problemCode && t(PROBLEMS[task.data.problemCode])}
        </Alert>
      )}
      {running && (
        <Progress
          value={task.data ? (task.data.done / Math.max(task.data.total, 1)) * 100 : 0}
          aria-label={t("Import patients")}
        />
      )}
      {seen && (
        <Group justify="flex-end">
          <Button
            loading={running}
            disabled={seen.valid === 0 || (seen.errors.length > 0 && !skipInvalid)}
            onClick={() => start.mutate({ csv, skipInvalid })}
          >
            {t("Import {n, plural, one {# patient} other {# patients}}", { n: seen.valid })}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Preview({ seen }: { seen: ImportPreview }) {
  const { t, tell, locale } = useWords();
  return (
    <Stack gap="xs">
      <Text fw={600} role="status">
        {t("{valid} of {rows} rows can be imported. Nothing is imported yet.", {
          valid: number(seen.valid, locale),
          rows: number(seen.rows, locale),
        })}
      </Text>
      {seen.unknownColumns.length > 0 && (
        <Text size="sm">
          {t("Columns that are left out:")} {seen.unknownColumns.join(", ")}
        </Text>
      )}
      {seen.errors.length > 0 && (
        <Alert color="orange" title={t("Rows with errors")}>
          <ul style={{ margin: 0, paddingInlineStart: 18 }}>
            {seen.errors.slice(0, 20).map((e) => (
              <li key={`${e.line} ${e.field}`}>
                {t("Line {n}", { n: e.line })}: <b>{e.field}</b> {wrongWith(e, t, tell)}
              </li>
            ))}
          </ul>
          {seen.errors.length > 20 && t("and {n} more", { n: seen.errors.length - 20 })}
        </Alert>
      )}
      {seen.sample.length > 0 && (
        <DataTable
          label={t("The first rows")}
          columns={[t("Name"), t("Number"), "LINE", t("Language"), t("Time zone")]}
          minWidth={560}
          verticalSpacing={4}
        >
          {seen.sample.slice(0, 5).map((row) => (
            <Table.Tr key={row.line}>
              <Table.Td>{row.displayName}</Table.Td>
              <Table.Td>{row.externalRef ?? "–"}</Table.Td>
              <Table.Td>{row.lineUserId ? t("Linked") : t("Not linked")}</Table.Td>
              <Table.Td>{row.locale ?? "–"}</Table.Td>
              <Table.Td>{row.timeZone ?? "–"}</Table.Td>
            </Table.Tr>
          ))}
        </DataTable>
      )}
    </Stack>
  );
}
