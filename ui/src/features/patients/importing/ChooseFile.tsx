// The file: chosen or dropped, and how its text is written.

import { Alert, FileInput, NativeSelect, Paper, Stack } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { type DragEvent, useState } from "react";
import { useWords } from "../../../i18n/useWords";
import { IMPORT_ENCODINGS, namesOf } from "../../../labels";
import { MAX_IMPORT_MEGABYTES } from "../../../lib/limits";
import { isWorkbook, type TableOfPatients } from "./table";

const ACCEPTED = ".xlsx,.csv,.tsv,.txt,text/csv,text/plain,text/tab-separated-values";

type Props = { table: TableOfPatients; onChoose: (file: File | null) => void };

export function ChooseFile({ table, onChoose }: Props) {
  const { t } = useWords();
  const [isOver, setOver] = useState(false);
  const over = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onChoose(event.dataTransfer.files[0] ?? null);
  };
  return (
    <Paper
      withBorder
      p="sm"
      style={{ borderStyle: "dashed", ...(isOver && { borderColor: "var(--mantine-primary-color-filled)" }) }}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Stack gap="sm">
        <FileInput
          label={t("File")}
          description={t("Excel (.xlsx) or CSV, {n} MB at most. It can also be dropped here.", {
            n: MAX_IMPORT_MEGABYTES,
          })}
          placeholder={t("Choose a file")}
          accept={ACCEPTED}
          leftSection={<IconUpload size={18} aria-hidden />}
          clearable
          clearButtonProps={{ "aria-label": t("Clear") }}
          value={table.file}
          onChange={onChoose}
        />
        <Encoding table={table} />
        {table.trouble === "tooLarge" && (
          <Alert color="red">
            {t("The file is too large: it may have {n} MB at most.", { n: MAX_IMPORT_MEGABYTES })}
          </Alert>
        )}
        {table.trouble === "unreadable" && (
          <Alert color="red">{t("The file could not be read. Choose it once more.")}</Alert>
        )}
      </Stack>
    </Paper>
  );
}

/** Shown even where the table cannot be read: the wrong encoding may be the reason. */
function Encoding({ table: { base64, seen, choices, change } }: { table: TableOfPatients }) {
  const { t } = useWords();
  if (base64 === null || isWorkbook(base64)) return null;
  const taken = choices.encoding ?? seen?.encoding ?? "";
  const names = namesOf(IMPORT_ENCODINGS);
  const known = names.map((value) => ({ value, label: t(IMPORT_ENCODINGS[value]) }));
  const unknown = { value: "", label: t("Not known"), disabled: true };
  return (
    <NativeSelect
      label={t("Encoding of the text")}
      description={t("Choose another one where names look wrong.")}
      data={taken === "" ? [unknown, ...known] : known}
      value={taken}
      onChange={(event) => {
        const encoding = names.find((name) => name === event.currentTarget.value);
        // Headings read in another way are others.
        change({ ...choices, encoding, columns: {} });
      }}
    />
  );
}
