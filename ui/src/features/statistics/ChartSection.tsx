// A chart with its twin: the same numbers as a table, in the same place. Which of them is shown
// stands in the address.

import { Group, Skeleton, Stack, Text } from "@mantine/core";
import { CatchBoundary, useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense } from "react";
import { Choice, Section } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import type { BarsProps } from "./charts/Bars";
import { Info } from "./Info";
import { Swatch } from "./marks";

const Bars = lazy(() => import("./charts/Bars"));

type Props = {
  /** Its name in the address. */
  id: string;
  title: string;
  /** How its numbers are made. */
  info: string;
  /** What it shows, in a sentence; null while that is not known. */
  summary: string | null;
  chart: BarsProps;
  table: ReactNode;
  children?: ReactNode;
};

export function ChartSection({ id, title, info, summary, chart, table, children }: Props) {
  const { t } = useWords();
  const [asTable, show] = useAsTable(id);
  return (
    <Section
      title={title}
      actions={
        <Group gap="xs">
          <Choice
            size="xs"
            label={t("{title}: chart or table", { title })}
            value={asTable ? "table" : "chart"}
            onChange={(value) => show(value === "table")}
            data={[
              { value: "chart", label: t("Chart") },
              { value: "table", label: t("Table") },
            ]}
          />
          <Info of={title} text={info} />
        </Group>
      }
    >
      {summary === null ? (
        <Waiting height={chart.height} />
      ) : (
        <>
          <Text id={`${id}-summary`}>{summary}</Text>
          {asTable ? table : <Picture id={id} title={title} chart={chart} table={table} />}
        </>
      )}
      {children}
    </Section>
  );
}

/** In the room of the sentence, the legend and the chart, so that nothing moves when they come. */
function Waiting({ height }: { height: number }) {
  return (
    <Stack gap="sm" aria-busy="true">
      <Skeleton height={26} />
      <Skeleton height={24} maw={480} />
      <Skeleton height={height} />
    </Stack>
  );
}

function Picture({ id, title, chart, table }: Pick<Props, "id" | "title" | "chart" | "table">) {
  const { t } = useWords();
  return (
    <CatchBoundary
      getResetKey={() => id}
      errorComponent={() => (
        <>
          <Text size="sm" role="status">
            {t("The chart could not be loaded. The table has its numbers.")}
          </Text>
          {table}
        </>
      )}
    >
      <Group gap="md" aria-hidden>
        {chart.series.map(({ key, label, mark }) => (
          <Group key={key} gap={6} wrap="nowrap">
            <Swatch mark={mark} />
            <Text size="sm">{label}</Text>
          </Group>
        ))}
      </Group>
      <div role="img" aria-label={title} aria-describedby={`${id}-summary`}>
        <Suspense fallback={<Skeleton height={chart.height} />}>
          <Bars {...chart} />
        </Suspense>
      </div>
    </CatchBoundary>
  );
}

/** Whether the table stands in the place of the chart; the address names those that do. */
function useAsTable(id: string) {
  const { tables = "" } = useSearch({ from: "/statistics" });
  const navigate = useNavigate({ from: "/statistics" });
  const shown = tables.split(",").filter(Boolean);
  const show = (asTable: boolean) => {
    const others = shown.filter((one) => one !== id);
    const next = (asTable ? [...others, id] : others).join(",");
    return navigate({ search: (was) => ({ ...was, tables: next || undefined }), resetScroll: false });
  };
  return [shown.includes(id), show] as const;
}
