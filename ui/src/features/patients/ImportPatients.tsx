// Patients from a table: looked at first, imported only when staff say so.

import { Alert, Button, Checkbox, Group, Progress, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { commands, FILE_LIMITS, type ImportPreview, type Task } from "../../bindings";
import { Dialog } from "../../components/Dialog";
import { Problem } from "../../components/kit";
import { wrongIn } from "../../components/wrong";
import { useWords } from "../../i18n/useWords";
import { PROBLEMS } from "../../labels";
import { number } from "../../lib/format";
import { useAct } from "../../lib/live";
import type { ProblemError } from "../../lib/transport";
import { useGetTask } from "../../queries";
import { ChooseFile } from "./importing/ChooseFile";
import { Columns } from "./importing/Columns";
import { Counted, Errors, hasNames, otherErrors, Sample } from "./importing/Preview";
import { type TableOfPatients, useTable } from "./importing/table";
import { Years } from "./importing/Years";

export function ImportPatients({ opened, close }: { opened: boolean; close: () => void }) {
  const { t } = useWords();
  return (
    <Dialog
      opened={opened}
      onClose={close}
      size="xl"
      title={t("Import patients")}
      closeButtonProps={{ "aria-label": t("Close") }}
    >
      <Import close={close} />
    </Dialog>
  );
}

function useImport() {
  const start = useAct(commands.importPatients);
  const id = start.data?.id ?? "";
  const task = useGetTask({ id }, { enabled: id !== "", refetchInterval: 300 });
  return { start, task: task.data, isRunning: start.isPending || task.data?.state === "running" };
}

function Import({ close }: { close: () => void }) {
  const { t, locale } = useWords();
  const table = useTable();
  const [skipInvalid, setSkip] = useState(false);
  const { start, task, isRunning } = useImport();
  const choose = (file: File | null) => {
    start.reset();
    setSkip(false);
    table.choose(file);
  };
  if (task?.state === "done") return <Done total={task.total} close={close} />;
  const { seen, base64, choices } = table;
  return (
    <Stack>
      <Text size="sm">
        {t("A table with a line of headings. Only a name is needed. Up to {n} patients.", {
          n: number(FILE_LIMITS.patientRows, locale),
        })}
      </Text>
      <ChooseFile table={table} onChoose={choose} />
      <Refused error={table.look.error ?? start.error} />
      {table.look.isPending && seen === null && (
        <Progress value={100} animated aria-label={t("Reading the file")} />
      )}
      {seen && <Seen seen={seen} table={table} />}
      {seen && otherErrors(seen).length > 0 && hasNames(seen) && (
        <Checkbox
          label={t("Leave out the rows with errors")}
          checked={skipInvalid}
          onChange={(event) => setSkip(event.currentTarget.checked)}
        />
      )}
      <Running task={task} isRunning={isRunning} />
      {seen && base64 !== null && (
        <Group justify="flex-end">
          <Button
            loading={isRunning}
            disabled={!mayStart(seen, table, skipInvalid)}
            onClick={() => start.mutate({ file: base64, ...choices, skipInvalid })}
          >
            {t("Import {n, plural, one {# patient} other {# patients}}", { n: seen.valid })}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

/** What the core refuses, where staff find it: at the file, or at a column. */
function Refused({ error }: { error: ProblemError | null }) {
  const { t, tell } = useWords();
  const placeOf = (field: string) => ({
    field,
    place: field === "file" ? t("File") : field.replace(/^columns\./, ""),
  });
  return <Problem error={error} wrong={error ? wrongIn(error.problem.errors, placeOf, t, tell) : []} />;
}

/** Not while a question is open, or rows with errors are not left out. */
function mayStart(seen: ImportPreview, { look, choices }: TableOfPatients, skipInvalid: boolean): boolean {
  const isAsked = seen.yearQuestion !== null && choices.years == null;
  return !look.isPending && !isAsked && seen.valid > 0 && (seen.errors.length === 0 || skipInvalid);
}

function Seen({ seen, table }: { seen: ImportPreview; table: TableOfPatients }) {
  const { t } = useWords();
  return (
    <Stack gap="sm">
      <Counted seen={seen} />
      {seen.yearQuestion && (
        <Years
          question={seen.yearQuestion}
          chosen={table.choices.years}
          choose={(years) => table.change({ ...table.choices, years })}
        />
      )}
      <Errors seen={seen} />
      <Sample rows={seen.sample} />
      <Title order={3} size="h5">
        {t("Columns")}
      </Title>
      <Columns seen={seen} table={table} />
    </Stack>
  );
}

function Running({ task, isRunning }: { task: Task | undefined; isRunning: boolean }) {
  const { t } = useWords();
  if (task?.state === "failed") {
    return (
      <Alert color="red">
        {t("Nothing was imported.")} {task.problemCode && t(PROBLEMS[task.problemCode])}
      </Alert>
    );
  }
  if (!isRunning) return null;
  const share = task ? (task.done / Math.max(task.total, 1)) * 100 : 0;
  return <Progress value={share} aria-label={t("Import patients")} />;
}

function Done({ total, close }: { total: number; close: () => void }) {
  const { t } = useWords();
  return (
    <Stack>
      <Alert color="teal" role="status">
        {t("{n, plural, one {# patient} other {# patients}} imported.", { n: total })}
      </Alert>
      <Button onClick={close} w="fit-content">
        {t("Close")}
      </Button>
    </Stack>
  );
}
