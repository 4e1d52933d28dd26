// What each column of the table is: as its heading says, or as staff choose.

import { NativeSelect, Stack, Text } from "@mantine/core";
import type { ImportPreview } from "../../../bindings";
import { Cell, Row, StackedTable } from "../../../components/StackedTable";
import { useWords } from "../../../i18n/useWords";
import { IMPORT_FIELDS, namesOf } from "../../../labels";
import { type TableOfPatients, withColumn } from "./table";

type Props = { seen: ImportPreview; table: TableOfPatients };

export function Columns({ seen, table: { choices, change } }: Props) {
  const { t } = useWords();
  const fields = namesOf(IMPORT_FIELDS);
  const kinds = [
    { value: "", label: t("Is left out") },
    ...fields.map((value) => ({ value, label: t(IMPORT_FIELDS[value]) })),
  ];
  const heads = { heading: t("Heading in the file"), example: t("Example"), kind: t("What it is") };
  return (
    <Stack gap={4}>
      <Text size="sm">
        {t("Several columns that are a name are put together, such as first and last name.")}
      </Text>
      <StackedTable label={t("Columns")} columns={[heads.heading, heads.example, heads.kind]} minWidth={520}>
        {seen.columns.map(({ heading, field, example }) => (
          <Row key={heading}>
            <Cell>
              <Text size="sm" fw={600}>
                {heading}
              </Text>
            </Cell>
            <Cell label={heads.example} isEmpty={example === null}>
              <Text size="sm" c="dimmed" lineClamp={2} style={{ overflowWrap: "anywhere" }}>
                {example}
              </Text>
            </Cell>
            <Cell label={heads.kind}>
              <NativeSelect
                aria-label={t("What {heading} is", { heading })}
                data={kinds}
                value={field ?? ""}
                onChange={(event) => {
                  const chosen = fields.find((name) => name === event.currentTarget.value) ?? null;
                  change(withColumn(seen, choices, heading, chosen));
                }}
              />
            </Cell>
          </Row>
        ))}
      </StackedTable>
    </Stack>
  );
}
