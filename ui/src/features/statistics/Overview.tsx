// The answers of all the days together: in numbers that explain themselves, and what was answered.

import { Group, SimpleGrid, Stack, Table, Text } from "@mantine/core";
import type { Answers } from "../../bindings";
import { Empty, Section } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { chosen, duration, number, percent } from "../../lib/format";
import { Info } from "./Info";

export function Overview({ all }: { all: Answers }) {
  const { t } = useWords();
  return (
    <Section title={t("Answers")}>
      {all.asked === 0 ? (
        <Empty text={t("Nothing was asked in these days. Steps that ask show up here with their answers.")} />
      ) : (
        <>
          <Numbers all={all} />
          <Values all={all} />
        </>
      )}
    </Section>
  );
}

function Numbers({ all }: { all: Answers }) {
  const { t, locale } = useWords();
  const tiles: [label: string, value: string, hint: string][] = [
    [t("Asked"), number(all.asked, locale), t("accepted messages that asked something")],
    [t("Response rate"), percent(all.responseRate, locale), t("answered / accepted messages that asked")],
    [t("Median time to answer"), duration(all.medianAnswerMs, locale), t("half of the answers came sooner")],
    [t("Average time to answer"), duration(all.averageAnswerMs, locale), t("from sent to answered")],
    [t("No answer in time"), number(all.missed, locale), t("of the messages that asked")],
  ];
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, sm: 3, lg: 5 }}>
      {tiles.map(([label, value, hint]) => (
        <Stack key={label} gap={0}>
          <Group gap={2} wrap="nowrap">
            <Text size="sm" c="dimmed">
              {label}
            </Text>
            <Info of={label} text={hint} />
          </Group>
          <Text size="xl" fw={700}>
            {value}
          </Text>
        </Stack>
      ))}
    </SimpleGrid>
  );
}

/** So many different answers are shown; days and times that were chosen may be many more. */
const MAX_VALUES = 20;

function Values({ all }: { all: Answers }) {
  const { t, locale } = useWords();
  if (all.values.length === 0) return null;
  return (
    <Table verticalSpacing={4} maw={480} aria-label={t("What was answered")}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("Answer")}</Table.Th>
          <Table.Th ta="right">{t("How often")}</Table.Th>
          <Table.Th ta="right">{t("Share")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {all.values.slice(0, MAX_VALUES).map(({ value, count }) => (
          <Table.Tr key={value}>
            <Table.Td>{chosen(value, locale)}</Table.Td>
            <Table.Td ta="right">{number(count, locale)}</Table.Td>
            <Table.Td ta="right">{percent(count / all.responded, locale)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
