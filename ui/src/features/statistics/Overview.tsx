// The answers of all the days together: in numbers that explain themselves, and what was answered.

import { Group, SimpleGrid, Skeleton, Stack, Table, Text } from "@mantine/core";
import type { Answers } from "../../bindings";
import { DataTable } from "../../components/DataTable";
import { Empty, Section } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { chosen, duration, number, percent } from "../../lib/format";
import { Info } from "./Info";

export function Overview({ all }: { all: Answers | undefined }) {
  const { t } = useWords();
  return (
    <Section title={t("Answers")}>
      {all?.asked !== 0 && <Numbers all={all} />}
      {all?.asked === 0 && (
        <Empty text={t("Nothing was asked in these days. Steps that ask show up here with their answers.")} />
      )}
    </Section>
  );
}

/** Each in its place while it is awaited. */
function Numbers({ all }: { all: Answers | undefined }) {
  const { t, locale } = useWords();
  const n = (value: number) => number(value, locale);
  const tiles: [label: string, value: string | undefined, hint: string][] = [
    [t("Asked"), all && n(all.asked), t("accepted messages that asked something")],
    [
      t("Response rate"),
      all && percent(all.responseRate, locale),
      t("answered / accepted messages that asked"),
    ],
    [
      t("Median time to answer"),
      all && duration(all.medianAnswerMs, locale),
      t("half of the answers came sooner"),
    ],
    [t("Average time to answer"), all && duration(all.averageAnswerMs, locale), t("from sent to answered")],
    [t("No answer in time"), all && n(all.missed), t("of the messages that asked")],
  ];
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }}>
      {tiles.map(([label, value, hint]) => (
        <Stack key={label} gap={0} justify="space-between">
          <Group gap={2} wrap="nowrap">
            <Text size="sm" c="dimmed">
              {label}
            </Text>
            <Info of={label} text={hint} />
          </Group>
          <Text size="xl" fw={700} component="div">
            {value ?? <Skeleton height="1lh" maw={96} aria-busy="true" />}
          </Text>
        </Stack>
      ))}
    </SimpleGrid>
  );
}

/** So many different answers are shown; days and times that were chosen may be many more. */
const MAX_VALUES = 20;

/** How often each button was pressed. */
export function Values({ all }: { all: Answers }) {
  const { t, locale } = useWords();
  if (all.values.length === 0) return null;
  const title = t("What was answered");
  return (
    <Section title={title}>
      <DataTable label={title} columns={[t("Answer"), t("How often"), t("Share")]} numbers minWidth={0}>
        {all.values.slice(0, MAX_VALUES).map(({ value, count }) => (
          <Table.Tr key={value}>
            <Table.Td>{chosen(value, locale)}</Table.Td>
            <Table.Td ta="right">{number(count, locale)}</Table.Td>
            <Table.Td ta="right">{percent(count / all.responded, locale)}</Table.Td>
          </Table.Tr>
        ))}
      </DataTable>
    </Section>
  );
}
