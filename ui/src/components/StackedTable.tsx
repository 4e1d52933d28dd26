// A table whose rows stand below each other as cards where it is narrow: each value beside its
// name, and nothing sideways.

import { Table } from "@mantine/core";
import type { ReactNode } from "react";
import { DataTable } from "./DataTable";

/** `null` heads the column of the buttons. */
type Shown = { label: string; columns: (string | null)[]; minWidth?: number; children: ReactNode };

export function StackedTable(shown: Shown) {
  return <DataTable stacked verticalSpacing="sm" highlightOnHover {...shown} />;
}

/** A row; its first cell says whose it is. */
export function Row({ children }: { children: ReactNode }) {
  return <Table.Tr role="row">{children}</Table.Tr>;
}

type Said = {
  /** The name of its column; a cell without one has the whole width. */
  label?: string;
  /** Where there is nothing to say, a card is shorter without it. */
  isEmpty?: boolean;
  children: ReactNode;
};

export function Cell({ label, isEmpty = false, children }: Said) {
  return (
    <Table.Td role="cell" data-label={label} data-empty={isEmpty || undefined}>
      {children}
    </Table.Td>
  );
}
