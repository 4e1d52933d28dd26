// A file of patients and what staff say of it; the core reads it anew after each change.

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { commands, type ImportField, type ImportPatients, type ImportPreview } from "../../../bindings";
import { MAX_IMPORT_MEGABYTES } from "../../../lib/limits";
import type { ProblemError } from "../../../lib/transport";

type Choices = Pick<ImportPatients, "encoding" | "columns" | "years">;

/** The bytes of a file as base64. */
function base64Of(file: File): Promise<string> {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result).replace(/^[^,]*,?/, ""));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });
}

/** Whether it is packed as .xlsx: such a file says by itself how its text is written. */
export const isWorkbook = (base64: string) => base64.startsWith("UEsD");

/** Says what a column is. Only a name may be made of several columns: for anything else the column that
 *  was it before is left out. */
export function withColumn(
  seen: ImportPreview,
  choices: Choices,
  heading: string,
  field: ImportField | null,
) {
  const columns = { ...choices.columns };
  for (const other of seen.columns) {
    if (field !== null && field !== "displayName" && other.field === field) columns[other.heading] = null;
  }
  return { ...choices, columns: { ...columns, [heading]: field } };
}

/** What stands in the way before a file is sent. */
type Trouble = "tooLarge" | "unreadable";

/** The file that is looked at, and what the core says of it. */
export function useTable() {
  const [file, setFile] = useState<File | null>(null);
  const [base64, setBase64] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [choices, setChoices] = useState<Choices>({});
  // What was seen last stays in sight while it is looked at anew.
  const [seen, setSeen] = useState<ImportPreview | null>(null);
  // Looking changes nothing, so no list has to be loaded anew.
  const look = useMutation<ImportPreview, ProblemError, ImportPatients>({
    mutationFn: commands.previewImport,
  });
  const lookAt = (bytes: string, said: Choices) => {
    setChoices(said);
    look.mutate({ file: bytes, ...said }, { onSuccess: setSeen, onError: () => setSeen(null) });
  };
  const choose = async (chosen: File | null) => {
    look.reset();
    setFile(chosen);
    setBase64(null);
    setSeen(null);
    setTrouble(null);
    setChoices({});
    if (!chosen) return;
    if (chosen.size > MAX_IMPORT_MEGABYTES * 1024 * 1024) return setTrouble("tooLarge");
    try {
      const bytes = await base64Of(chosen);
      setBase64(bytes);
      lookAt(bytes, {});
    } catch {
      // Moved, renamed or locked by another program since it was chosen.
      setTrouble("unreadable");
    }
  };
  const change = (said: Choices) => base64 !== null && lookAt(base64, said);
  return { file, base64, trouble, choices, seen, look, choose, change };
}

export type TableOfPatients = ReturnType<typeof useTable>;
