// What an import would do: how many rows, what stands against the others, the first ones as they
// were understood.

import { Alert, Text } from "@mantine/core";
import type { ImportedRow, ImportPreview } from "../../../bindings";
import { Cell, Row, StackedTable } from "../../../components/StackedTable";
import type { Label } from "../../../i18n";
import { useWords } from "../../../i18n/useWords";
import { IMPORT_FIELDS, namesOf } from "../../../labels";
import { birthday } from "../../../lib/birth";
import { number } from "../../../lib/format";
import { wrongWith } from "../../../wrong";

/** Rows that are shown, and errors. */
const SHOWN = 5;
const LISTED = 20;

export const hasNames = (seen: ImportPreview) => seen.columns.some(({ field }) => field === "displayName");

/** What stands against rows beside what the question of the years is about. */
export const otherErrors = (seen: ImportPreview) =>
  seen.errors.filter(({ code }) => code !== "otherCalendar");

export function Counted({ seen }: { seen: ImportPreview }) {
  const { t, locale } = useWords();
  return (
    <Text fw={600} role="status">
      {t("{valid} of {rows} rows can be imported. Nothing is imported yet.", {
        valid: number(seen.valid, locale),
        rows: number(seen.rows, locale),
      })}
    </Text>
  );
}

export function Errors({ seen }: { seen: ImportPreview }) {
  const { t, tell } = useWords();
  const errors = otherErrors(seen);
  if (!hasNames(seen)) {
    return <Alert color="orange">{t("Which column has the names? Choose “Name” for it below.")}</Alert>;
  }
  if (errors.length === 0) return null;
  return (
    <Alert color="orange" title={t("Rows with errors")}>
      <ul style={{ margin: 0, paddingInlineStart: 18 }}>
        {errors.slice(0, LISTED).map((e) => (
          <li key={`${e.line} ${e.field} ${e.code}`}>
            {t("Line {n}", { n: e.line })}: <b>{fieldName(e.field, t)}</b> {wrongWith(e, t, tell)}
          </li>
        ))}
      </ul>
      {errors.length > LISTED && t("and {n} more", { n: errors.length - LISTED })}
    </Alert>
  );
}

function fieldName(field: string, t: (label: Label) => string): string {
  const known = namesOf(IMPORT_FIELDS).find((name) => name === field);
  return known ? t(IMPORT_FIELDS[known]) : field;
}

type Shown = Exclude<keyof ImportedRow, "line" | "displayName">;
const SHOWN_FIELDS: Shown[] = [
  "nickname",
  "reading",
  "externalRef",
  "phone",
  "birthDate",
  "lineUserId",
  "locale",
  "timeZone",
];

/** Columns that are empty in all of them are not shown. */
export function Sample({ rows }: { rows: ImportedRow[] }) {
  const { t, locale } = useWords();
  const first = rows.slice(0, SHOWN);
  const fields = SHOWN_FIELDS.filter((field) => first.some((row) => row[field] !== null));
  if (first.length === 0) return null;
  const said = (row: ImportedRow, field: Shown) => {
    const value = row[field];
    if (value === null) return "–";
    if (field === "birthDate") return birthday(value, locale);
    return field === "lineUserId" ? t("Linked") : value;
  };
  const names = fields.map((field) => (field === "lineUserId" ? "LINE" : t(IMPORT_FIELDS[field])));
  return (
    <StackedTable label={t("The first rows")} columns={[t("Name"), ...names]} minWidth={480}>
      {first.map((row) => (
        <Row key={row.line}>
          <Cell>
            <Text size="sm" fw={600}>
              {row.displayName}
            </Text>
          </Cell>
          {fields.map((field, n) => (
            <Cell key={field} label={names[n]} isEmpty={row[field] === null}>
              {said(row, field)}
            </Cell>
          ))}
        </Row>
      ))}
    </StackedTable>
  );
}
