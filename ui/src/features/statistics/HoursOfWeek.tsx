// At which hours of the week messages go out, are answered and fail.

import { Box, Group, Skeleton, Table, Text } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { HourOfWeek } from "../../bindings";
import { Choice } from "../../components/Choice";
import { DataTable } from "../../components/DataTable";
import { Empty, Problem, Section } from "../../components/kit";
import type { Label } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { HOUR_KINDS } from "../../labels/filters";
import { number, percent, weekdayName, weekOf } from "../../lib/format";
import { isQuiet, quietPieces } from "../../lib/quiet";
import { useGetSettings, useHoursOfWeek } from "../../queries";
import { TwinSection } from "./ChartSection";
import { HeatMap, spanOf } from "./HeatMap";
import { type Block, blocksOf, type Kind, mostOf, type Sums, sumOfHours } from "./hours";
import type { Range } from "./range";

const KIND_LABELS: Record<Kind, Label> = {
  sent: "Sent",
  answered: "Share of answers",
  failed: "Failed",
};

/** What failed is tried again so often. */
const AGAIN_MS = 30_000;
/** From here on 24 hours have room beside each other, each with its number; else they go in threes. */
const WIDE_PX = 640;

export function HoursOfWeek({ range, plan }: { range: Range; plan: string }) {
  const { t, locale } = useWords();
  const { hours: kind = "sent" } = useSearch({ from: "/statistics" });
  const { ref, width } = useElementSize();
  const { data, error, refetch } = useHoursOfWeek(range, { refetchInterval: AGAIN_MS });
  const summary = useSummary(kind);
  const title = t("Hours of the week");
  const sum = data && sumOfHours(data.hours);
  if (sum && sum.sent + sum.failed === 0) {
    return (
      <Section title={title}>
        <Empty text={t("No message was sent in these days.")} />
      </Section>
    );
  }
  if (error && !data) {
    return (
      <Section title={title}>
        <Problem error={error} again={refetch} />
      </Section>
    );
  }
  const length = width >= WIDE_PX ? 1 : 3;
  const height = length === 1 ? 330 : 480;
  const single = data ? blocksOf(data.hours, weekOf(locale), 1) : [];
  return (
    <TwinSection
      id="hours"
      title={title}
      info={t(
        "Each message counts in the hour of the clinic's clock in which LINE first accepted or refused it. Share of answers: answered / accepted messages that asked, by the hour of the message, whenever the answer came. Quiet hours are those of now; they go by each patient's own time zone.",
      )}
      summary={sum ? summary(sum, single.flat()) : null}
      height={height}
      picture={
        <Box ref={ref}>
          <WhichKind kind={kind} />
          {data ? (
            <HeatMap key={length} title={title} kind={kind} rows={rowsOf(data.hours, locale, length)} />
          ) : (
            <Skeleton height={height} aria-busy="true" />
          )}
        </Box>
      }
      table={<AsTable title={title} rows={single.flat()} />}
    >
      {plan !== "" && (
        <Text size="sm" c="dimmed">
          {t("All care plans are counted here, whichever is chosen above.")}
        </Text>
      )}
    </TwinSection>
  );
}

const rowsOf = (hours: HourOfWeek[], locale: string, length: number) =>
  blocksOf(hours, weekOf(locale), length);

function WhichKind({ kind }: { kind: Kind }) {
  const { t } = useWords();
  const navigate = useNavigate({ from: "/statistics" });
  return (
    <Group mb="sm">
      <Choice
        size="xs"
        label={t("What the hours show")}
        value={kind}
        onChange={(hours) => navigate({ search: (was) => ({ ...was, hours }), resetScroll: false })}
        data={HOUR_KINDS.map((value) => ({ value, label: t(KIND_LABELS[value]) }))}
      />
    </Group>
  );
}

/** The sentence above the picture. */
function useSummary(kind: Kind) {
  const { t, locale } = useWords();
  return (sum: Sums, hours: Block[]): string => {
    if (kind === "answered")
      return t("{asked, plural, one {# question} other {# questions}}, {n} answered: {rate}.", {
        asked: sum.asked,
        n: number(sum.responded, locale),
        rate: percent(sum.asked > 0 ? sum.responded / sum.asked : null, locale),
      });
    const most = mostOf(kind, hours);
    if (!most)
      return kind === "sent"
        ? t("No message of these days was accepted by LINE.")
        : t("No message of these days failed.");
    const parts = {
      n: sum[kind],
      day: weekdayName(most.weekday, locale, "long"),
      hour: spanOf(most),
      most: number(most.sums[kind], locale),
    };
    return kind === "sent"
      ? t(
          "{n, plural, one {# message} other {# messages}} accepted by LINE, the most in one hour on {day}, {hour}: {most}.",
          parts,
        )
      : t(
          "{n, plural, one {# message} other {# messages}} failed, the most in one hour on {day}, {hour}: {most}.",
          parts,
        );
  };
}

/** Hour by hour, those that had messages; below them all together. */
function AsTable({ title, rows }: { title: string; rows: Block[] }) {
  const { t, locale } = useWords();
  const pieces = quietPieces(useGetSettings({}).data?.quietHours);
  const nameOf = (one: Block) => {
    const when = { day: weekdayName(one.weekday, locale, "long"), hour: spanOf(one) };
    return isQuiet(one, pieces) ? t("{day}, {hour} (quiet hours)", when) : t("{day}, {hour}", when);
  };
  const busy = rows.filter(({ sums }) => sums.sent + sums.failed > 0);
  return (
    <>
      <DataTable
        label={title}
        columns={[
          t("Hour"),
          t("Sent"),
          t("Failed"),
          t("Asked"),
          t("Answered"),
          t("Response rate"),
          t("No answer in time"),
        ]}
        numbers
        minWidth={720}
      >
        {busy.map((one) => (
          <HourRow key={`${one.weekday} ${one.from}`} sums={one.sums}>
            {nameOf(one)}
          </HourRow>
        ))}
        <HourRow sums={sumOfHours(rows.map(({ sums }) => sums))}>{t("All hours")}</HourRow>
      </DataTable>
      <Text size="sm" c="dimmed">
        {t("Hours without a message are left out.")}
      </Text>
    </>
  );
}

function HourRow({ sums, children }: { sums: Sums; children: React.ReactNode }) {
  const { locale } = useWords();
  const { sent, failed, asked, responded, missed } = sums;
  const cells = [
    number(sent, locale),
    number(failed, locale),
    number(asked, locale),
    number(responded, locale),
    percent(asked > 0 ? responded / asked : null, locale),
    number(missed, locale),
  ];
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        {children}
      </Table.Th>
      {cells.map((cell, n) => (
        // The columns never change places.
        <Table.Td key={n} ta="right">
          {cell}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}
