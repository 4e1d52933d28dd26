// All patients that match the filter, though the list shows fewer: read once to the last page, and
// from then on those alone, whatever becomes of the list.

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { commands, LIMITS, type ListPatients, type PatientSummary } from "../../../bindings";
import { type Selection, useSelection } from "../../../components/selection";
import { readRows } from "../../../lib/readRows";
import type { ProblemError } from "../../../lib/transport";

/** Which patients a list shows. */
export type PatientFilter = Pick<ListPatients, "search" | "group" | "tag" | "sort">;

/** The most patients one act is done to: for more the list has to be narrowed first. */
export const MAX_EVERYONE = 5_000;

type Everyone = { filter: string; rows: PatientSummary[]; isMore: boolean };

async function readAll(filter: PatientFilter): Promise<Everyone> {
  const { maximum: limit } = LIMITS.ListPatients.limit;
  const ask = (cursor: string | null) => commands.listPatients({ ...filter, limit, cursor });
  const { rows, isMore } = await readRows(ask, MAX_EVERYONE);
  return { filter: JSON.stringify(filter), rows: rows.slice(0, MAX_EVERYONE), isMore };
}

/** The selection of the list, or everyone that matches; changing one tick leaves those that are shown. */
export function useChosen(shown: PatientSummary[], filter: PatientFilter) {
  const own = useSelection(shown.map(({ id }) => id));
  const [everyone, setEveryone] = useState<Everyone | null>(null);
  const read = useMutation<Everyone, ProblemError>({
    mutationFn: () => readAll(filter),
    onSuccess: setEveryone,
  });
  // "Everyone" belongs to the filter it was chosen with, and ends with it.
  const all = everyone?.filter === JSON.stringify(filter) ? everyone : null;
  const isIn = new Set(all?.rows.map(({ id }) => id));
  const selection: Selection = {
    ...own,
    selected: all ? own.all.filter((id) => isIn.has(id)) : own.selected,
    has: (id) => (all ? isIn.has(id) : own.has(id)),
    toggle: (id, range) => {
      if (all) own.choose(own.all.filter((one) => isIn.has(one) && one !== id));
      else own.toggle(id, range);
      setEveryone(null);
    },
    setAll: (to) => {
      setEveryone(null);
      own.setAll(to);
    },
  };
  return {
    selection,
    chosen: all?.rows ?? shown.filter(({ id }) => own.has(id)),
    everyone: all,
    read,
  };
}
