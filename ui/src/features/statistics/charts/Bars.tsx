// Bars of the chart library. Loaded when a chart is first shown, and by no other screen.

import "@mantine/charts/styles.css";
import { BarChart } from "@mantine/charts";
import { Group, Paper, Stack, Text, useMatches } from "@mantine/core";
import { fillOf, type Mark, Swatch } from "../marks";

export type Series = { key: string; label: string; mark: Mark };
/** A bar: what it is called, a line about it where there is one, and the length of each part. */
type Bar = { name: string; note?: string; parts: Record<string, number> };

export type BarsProps = {
  bars: Bar[];
  series: Series[];
  height: number;
  /** How a number is written in the box at a bar. */
  format: (value: number) => string;
  /** Lying on top of each other, named at the left. */
  lying?: boolean;
  /** Every bar as long as the whole. */
  shares?: boolean;
  /** Where the axis of the numbers has its marks, where the library would choose odd ones. */
  ticks?: number[];
};

/** The marks of the axis where bars show shares. */
const SHARES = [0, 0.25, 0.5, 0.75, 1];

/** A chart is a picture; who does not see it reads the sentence above it, or the table. */
export default function Bars({ bars, series, height, format, lying, shares, ticks }: BarsProps) {
  const data = bars.map(({ name, note, parts }, n) => ({ id: String(n), name, note, ...parts }));
  const nameOf = (id: unknown) => data[Number(id)]?.name ?? "";
  const named = { tickFormatter: nameOf };
  const nameWidth = useMatches({ base: 112, sm: 220 });
  const marks = shares ? SHARES : ticks;
  const numbers = marks ? { ticks: marks, domain: [0, marks.at(-1) ?? 0] } : { allowDecimals: false };
  return (
    <BarChart
      h={height}
      data={data}
      dataKey="id"
      type={shares ? "percent" : "stacked"}
      orientation={lying ? "vertical" : "horizontal"}
      gridAxis={lying ? "y" : "x"}
      tickLine="none"
      maxBarWidth={lying ? 22 : 44}
      series={series.map(({ key, label, mark }) => ({ name: key, label, color: fillOf(mark) }))}
      valueFormatter={format}
      accessibilityLayer={false}
      xAxisProps={lying ? numbers : { ...named, minTickGap: 12 }}
      yAxisProps={
        lying
          ? { width: nameWidth, interval: 0, tick: <Name bars={bars} width={nameWidth} /> }
          : { ...numbers, width: 44 }
      }
      tooltipProps={{
        content: ({ label, active }) => {
          const bar = bars[Number(label)];
          return active && bar ? <Box bar={bar} series={series} format={format} /> : null;
        },
      }}
    />
  );
}

type TickProps = { bars: Bar[]; width: number; x?: number; y?: number; payload?: { value: string } };

/** The name of a lying bar in two lines at most; what does not fit stands in the table. */
function Name({ bars, width, x = 0, y = 0, payload }: TickProps) {
  const bar = bars[Number(payload?.value)];
  return (
    <foreignObject x={x - width + 8} y={y - 20} width={width - 12} height={40}>
      <div className="bar-name">
        <span>{bar?.name}</span>
        {bar?.note && <span className="bar-note">{bar.note}</span>}
      </div>
    </foreignObject>
  );
}

/** The numbers of the bar under the pointer. */
function Box({ bar, series, format }: { bar: Bar } & Pick<BarsProps, "series" | "format">) {
  return (
    <Paper withBorder shadow="md" p="xs" maw={280}>
      <Stack gap={4}>
        <Text size="sm" fw={600}>
          {bar.name}
        </Text>
        {series.map(({ key, label, mark }) => (
          <Group key={key} gap={6} wrap="nowrap">
            <Swatch mark={mark} />
            <Text size="sm" flex={1}>
              {label}
            </Text>
            <Text size="sm">{format(bar.parts[key] ?? 0)}</Text>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
