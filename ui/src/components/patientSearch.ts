// A patient chosen from a list by their name: as the props of a `SearchChoice`.

import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { LIMITS, type ListPatients, type PatientSummary } from "../bindings";
import { useListPatients } from "../queries";
import type { SearchChoiceProps } from "./SearchChoice";

/** As many as one looks through; the others are found by their names. */
const SHOWN = 20;

/** Whoever types has come to a stop. */
const PAUSE_MS = 200;

type Choice = {
  chosen: PatientSummary | null;
  nameOf: (patient: PatientSummary) => string;
  group?: ListPatients["group"];
};

export function usePatientSearch({ chosen, nameOf, group }: Choice) {
  const [search, setSearch] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [sought] = useDebouncedValue(search.trim(), PAUSE_MS);
  // The field says who is chosen: that is no search.
  const asks = sought !== "" && sought !== (chosen && nameOf(chosen));
  const patients = useListPatients(
    { ...(group && { group }), limit: SHOWN, ...(asks && { search: sought }) },
    { enabled: isOpen },
  );
  const found = patients.data?.items ?? [];
  const shown = chosen && !found.some(({ id }) => id === chosen.id) ? [chosen, ...found] : found;
  const field = {
    filter: ({ options }) => options,
    onSearchChange: setSearch,
    onDropdownOpen: () => setOpen(true),
    onDropdownClose: () => setOpen(false),
    clearable: true,
    maxLength: LIMITS.ListPatients.search.maxLength,
    value: chosen?.id ?? null,
    data: shown.map((one) => ({ value: one.id, label: nameOf(one) })),
  } satisfies SearchChoiceProps;
  return {
    field,
    isLooking: patients.isFetching,
    withId: (id: string | null) => shown.find((one) => one.id === id) ?? null,
  };
}
