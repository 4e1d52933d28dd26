// A patient chosen from a list by their name: as the props of a `SearchChoice`.

import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { LIMITS, type ListPatients, type PatientSummary } from "../bindings";
import type { SearchChoiceProps } from "../components/SearchChoice";
import { useListPatients } from "../queries";

/** As many as one looks through; the others are found by their names. */
const SHOWN = 20;

/** Whoever types has come to a stop. */
const PAUSE_MS = 200;

const MAX_LENGTH = LIMITS.ListPatients.search.maxLength;

type Choice = {
  chosen: PatientSummary | null;
  nameOf: (patient: PatientSummary) => string;
  /** Who is shown and cannot be chosen. */
  isOut?: (patient: PatientSummary) => boolean;
  group?: ListPatients["group"];
};

export function usePatientSearch({ chosen, nameOf, isOut, group }: Choice) {
  const [search, setSearch] = useState("");
  const [isOpen, setOpen] = useState(false);
  // What was chosen may be longer than a search, and stands here for a moment after it was cleared.
  const [sought] = useDebouncedValue(search.trim().slice(0, MAX_LENGTH), PAUSE_MS);
  // The field says who is chosen: that is no search.
  const asks = sought !== "" && sought !== (chosen && nameOf(chosen).slice(0, MAX_LENGTH));
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
    maxLength: MAX_LENGTH,
    value: chosen?.id ?? null,
    data: shown.map((one) => ({ value: one.id, label: nameOf(one), disabled: isOut?.(one) ?? false })),
  } satisfies SearchChoiceProps;
  return {
    field,
    isLooking: patients.isFetching,
    withId: (id: string | null) => shown.find((one) => one.id === id) ?? null,
  };
}
