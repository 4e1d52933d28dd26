// For whom the messages of a plan are shown while they are written: some patient, or a chosen one.

import { createContext, memo, type ReactNode, useContext, useMemo, useState } from "react";
import type { PatientSummary } from "../../bindings";
import { SearchChoice } from "../../components/SearchChoice";
import { nameOfLocale } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { usePatientSearch } from "../../shared/patientSearch";

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

/** Chooses the patient as whom the messages are read. */
export const ReaderChoice = memo(function ReaderChoice({ label }: { label?: string }) {
  const { t } = useWords();
  const { reader, choose } = useReader();
  const { field, isLooking, withId } = usePatientSearch({ chosen: reader, nameOf });
  return (
    <SearchChoice
      {...field}
      size="sm"
      label={label ?? t("As read by")}
      placeholder={t("some patient")}
      clearButtonProps={{ "aria-label": t("Some patient again") }}
      nothingFoundMessage={isLooking ? t("Looking…") : t("No patient is called so.")}
      onChange={(id) => choose(withId(id))}
    />
  );
});
