// How many of the month's messages are used, and how long the rest lasts. LINE is asked when
// somebody wants to know: the program keeps no count of its own.

import { Button, Group, Table, Text } from "@mantine/core";
import { type LineQuota as Asked, commands } from "../../bindings";
import { DataTable } from "../../components/DataTable";
import { Problem, Section, When } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { longDay, number, percent } from "../../lib/format";
import { useAct } from "../../lib/live";
import { foundOfChannel } from "../../sayings";
import { ChartSection } from "./ChartSection";
import { type Quota, quotaOf } from "./numbers";
import { ToAttention } from "./rows";

export function LineQuota({ today }: { today: string }) {
  const { t } = useWords();
  const check = useAct(commands.lineQuota);
  const ask = (
    <Group>
      <Button variant="light" loading={check.isPending} onClick={() => check.mutate({})}>
        {t("Ask LINE now")}
      </Button>
      <Text size="sm" c="dimmed">
        {t("Asks LINE only; nothing is sent to patients.")}
      </Text>
    </Group>
  );
  const found = check.data?.finding;
  if (found?.code !== "quotaUsed") {
    return (
      <Section title={t("Messages this month")}>
        {ask}
        <Problem error={check.error} />
        {check.data && <Unlimited check={check.data} />}
      </Section>
    );
  }
  return (
    <Limited quota={quotaOf(found.used, found.limit, today)} at={check.data?.askedAt}>
      {ask}
      <Problem error={check.error} />
    </Limited>
  );
}

/** There is no limit, or LINE did not say. */
function Unlimited({ check }: { check: Asked }) {
  const { tell } = useWords();
  return (
    <Text role="status">
      {foundOfChannel(check.finding, tell)} <When at={check.askedAt} />
    </Text>
  );
}

function Limited(props: { quota: Quota; at: string | undefined; children: React.ReactNode }) {
  const { quota, at, children } = props;
  const { t, locale } = useWords();
  const { used, limit, expected } = quota;
  const title = t("Messages this month");
  const parts = { used: Math.min(used, limit), expected: Math.max(0, Math.min(expected, limit) - used) };
  const n = (value: number) => number(value, locale);
  return (
    <ChartSection
      id="quota"
      title={title}
      info={t(
        "Used and limit are LINE's own numbers, for all that was sent from the account this month. Pace: used / days of the month so far, today included. Early in a month it is rough.",
      )}
      summary={useForecast(quota)}
      chart={{
        height: 96,
        lying: true,
        series: [
          { key: "used", label: t("Used"), mark: "good" },
          { key: "expected", label: t("Expected until the end of the month"), mark: "later" },
          { key: "rest", label: t("Left"), mark: "open" },
        ],
        format: n,
        shares: true,
        bars: [
          {
            name: t("Messages this month"),
            note: t("{used} of {limit}", { used: n(used), limit: n(limit) }),
            parts: { ...parts, rest: limit - parts.used - parts.expected },
          },
        ],
      }}
      table={<AsTable title={title} quota={quota} />}
    >
      {at && (
        <Text size="sm" c="dimmed">
          {t("LINE was asked")}: <When at={at} />
        </Text>
      )}
      {children}
      {used >= limit && <ToAttention />}
    </ChartSection>
  );
}

/** What is used, and until when the rest lasts, in a sentence. */
function useForecast({ used, limit, runsOut }: Quota): string {
  const { t, locale } = useWords();
  const numbers = { used: number(used, locale), limit: number(limit, locale) };
  if (used >= limit) return t("All {limit} messages of this month are used.", { limit: numbers.limit });
  return runsOut
    ? t("{used} of {limit} messages are used. At the present pace the last one goes out on {day}.", {
        ...numbers,
        day: longDay(runsOut, locale),
      })
    : t(
        "{used} of {limit} messages are used. At the present pace they last until the end of the month.",
        numbers,
      );
}

function AsTable({ title, quota: { used, limit, expected, runsOut } }: { title: string; quota: Quota }) {
  const { t, locale } = useWords();
  const rows: [name: string, value: string][] = [
    [t("Used"), `${number(used, locale)} (${percent(used / limit, locale)})`],
    [t("Left"), number(Math.max(limit - used, 0), locale)],
    [t("Limit"), number(limit, locale)],
    [t("Expected for the whole month"), number(expected, locale)],
    [t("Used up on"), runsOut ? longDay(runsOut, locale) : t("not this month")],
  ];
  return (
    <DataTable label={title} columns={["", t("Messages")]} numbers minWidth={0}>
      {rows.map(([name, value]) => (
        <Table.Tr key={name}>
          <Table.Th scope="row" fw={400}>
            {name}
          </Table.Th>
          <Table.Td ta="right">{value}</Table.Td>
        </Table.Tr>
      ))}
    </DataTable>
  );
}
