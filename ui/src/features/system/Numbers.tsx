// How well messages went over the last 30 days, each number with how it is made.

import { Group, Skeleton, Stack, Text } from "@mantine/core";
import type { DeliveryStats } from "../../bindings";
import { Problem, Section } from "../../components/kit";
import type { Label } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { number, percent } from "../../lib/format";
import { numberFormat } from "../../lib/intl";
import { SECOND_MS } from "../../lib/units";
import { useDeliveryStats } from "../../queries";

type Tile = { label: Label; formula: Label; value: (stats: DeliveryStats, locale: string) => string };

const TILES: Tile[] = [
  {
    label: "Success rate",
    formula: "accepted / (accepted + failed)",
    value: ({ successRate }, locale) => percent(successRate, locale),
  },
  {
    label: "Average delivery time",
    formula: "from due to accepted by LINE",
    value: ({ averageDeliveryMs: ms }, locale) => seconds(ms, locale),
  },
  {
    label: "Response rate",
    formula: "answered / accepted messages that asked",
    value: ({ responseRate }, locale) => percent(responseRate, locale),
  },
  { label: "Messages", formula: "with an outcome", value: ({ total }, locale) => number(total, locale) },
];

export function Numbers() {
  const { t, locale } = useWords();
  const { data, error, isLoading, refetch } = useDeliveryStats({});
  return (
    <Section title={t("The last 30 days")}>
      <Problem error={error} again={refetch} />
      {(data || isLoading) && (
        <Group gap="xl">
          {TILES.map(({ label, formula, value }) => (
            <Stack key={label} gap={0}>
              <Text size="sm">{t(label)}</Text>
              <Text size="xl" fw={700} component="div">
                {data ? value(data, locale) : <Skeleton height="1lh" maw={96} aria-busy="true" />}
              </Text>
              <Text size="xs" c="dimmed">
                {t(formula)}
              </Text>
            </Stack>
          ))}
        </Group>
      )}
    </Section>
  );
}

function seconds(ms: number | null, locale: string): string {
  if (ms === null) return "–";
  const form = { style: "unit", unit: "second", unitDisplay: "short", maximumFractionDigits: 1 } as const;
  return numberFormat(locale, form).format(ms / SECOND_MS);
}
