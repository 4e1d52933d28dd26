// For whom the messages of a plan are shown while they are written: some patient, or a chosen one.

import { useDebouncedValue } from "@mantine/hooks";
import { createContext, memo, type ReactNode, useContext, useMemo, useState } from "react";
import type { PatientSummary } from "../../bindings";
import { SearchChoice } from "../../components/SearchChoice";
import { nameOfLocale } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { useListPatients } from "../../queries";

type Chosen = { reader: PatientSummary | null; choose: (reader: PatientSummary | null) => void };

const Context = createContext<Chosen>({ reader: null, choose: () => {} });

/** Whoever was chosen last, for all steps of the editor. */
export function PreviewReader({ children }: { children: ReactNode }) {
  const [reader, choose] = useState<PatientSummary | null>(null);
  const chosen = useMemo(() => ({ reader, choose }), [reader]);
  return <Context.Provider value={chosen}>{children}</Context.Provider>;
}

export const useReader = () => useContext(Context);

const nameOf = (one: PatientSummary) => `${one.displayName} · ${nameOfLocale(one.language)}`;

/** As many as one looks through; the others are found by their names. */
const SHOWN = 20;

/** Chooses the patient as whom the messages are read. */
export const ReaderChoice = memo(function ReaderChoice({ label }: { label?: string }) {
  const { t } = useWords();
  const { reader, choose } = useReader();
  const [search, setSearch] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [sought] = useDebouncedValue(search.trim(), 200);
  // The field says who is chosen: that is no search.
  const asks = sought !== "" && sought !== (reader && nameOf(reader));
  const patients = useListPatients({ limit: SHOWN, ...(asks && { search: sought }) }, { enabled: isOpen });
  const found = patients.data?.items ?? [];
  const shown = reader && !found.some(({ id }) => id === reader.id) ? [reader, ...found] : found;
  return (
    <SearchChoice
      size="sm"
      label={label ?? t("As read by")}
      placeholder={t("some patient")}
      clearable
      clearButtonProps={{ "aria-label": t("Some patient again") }}
      nothingFoundMessage={patients.isFetching ? t("Looking…") : t("No patient is called so.")}
      onDropdownOpen={() => setOpen(true)}
      onDropdownClose={() => setOpen(false)}
      filter={({ options }) => options}
      onSearchChange={setSearch}
      value={reader?.id ?? null}
      onChange={(id) => choose(shown.find((one) => one.id === id) ?? null)}
      data={shown.map((one) => ({
        value: one.id,
        label: nameOf(one),
      }))}
    />
  );
});
