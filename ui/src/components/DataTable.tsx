// The table of a screen, in a box that scrolls sideways.

import { Box, Table, type TableProps, VisuallyHidden } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useWords } from "../i18n/useWords";

/**
 * A table that scrolls sideways where it does not fit. `null` heads the column of the buttons,
 * `""` that of the rows' names; `numbers` stand to the right, all but the first column.
 * `StackedTable` sets `stacked`: CSS lays the rows out as cards, and browsers then take the roles of a
 * table away unless they are written down.
 */
export function DataTable({
  label,
  columns,
  numbers = false,
  minWidth = 640,
  stacked = false,
  verticalSpacing = "xs",
  highlightOnHover,
  children,
}: Pick<TableProps, "verticalSpacing" | "highlightOnHover"> & {
  label: string;
  columns: (string | null)[];
  numbers?: boolean;
  minWidth?: number;
  stacked?: boolean;
  children: ReactNode;
}) {
  const { t } = useWords();
  const role = (name: string) => (stacked ? { role: name } : {});
  return (
    <Sideways label={label}>
      <Table
        {...role("table")}
        className={stacked ? "stacked" : undefined}
        miw={stacked ? { base: 0, sm: minWidth } : minWidth}
        verticalSpacing={verticalSpacing}
        highlightOnHover={highlightOnHover}
        aria-label={label}
      >
        <Table.Thead {...role("rowgroup")}>
          <Table.Tr {...role("row")}>
            {columns.map((column, n) =>
              column === "" ? (
                <Table.Td key="names" />
              ) : (
                <Table.Th
                  key={column ?? "actions"}
                  {...role("columnheader")}
                  ta={numbers && n > 0 ? "right" : undefined}
                >
                  {column ?? <VisuallyHidden>{t("Actions")}</VisuallyHidden>}
                </Table.Th>
              ),
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody {...role("rowgroup")}>{children}</Table.Tbody>
      </Table>
    </Sideways>
  );
}

/** Whether something is wider than its room. */
function useOverflow() {
  const box = useRef<HTMLDivElement>(null);
  const [overflows, setOverflows] = useState(false);
  useEffect(() => {
    const { current } = box;
    if (!current) return;
    const look = () => setOverflows(current.scrollWidth > current.clientWidth);
    const sizes = new ResizeObserver(look);
    for (const one of [current, ...current.children]) sizes.observe(one);
    look();
    return () => sizes.disconnect();
  }, []);
  return [box, overflows] as const;
}

/** What scrolls sideways where it does not fit; the keyboard reaches it then. */
function Sideways({ label, children }: { label: string; children: ReactNode }) {
  const [box, overflows] = useOverflow();
  // Positioned: what is hidden but read aloud would else lie beside the box, and widen the page.
  const reached = overflows ? { role: "region", "aria-label": label, tabIndex: 0 } : {};
  return (
    <Box ref={box} maw="100%" pos="relative" style={{ overflowX: "auto" }} {...reached}>
      {children}
    </Box>
  );
}
