// A chart with its twin: the same numbers as a table, in the same place. Which of them is shown
// stands in the address.

import { Box, Group, Skeleton, Text } from "@mantine/core";
import { CatchBoundary, useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Choice } from "../../components/Choice";
import { Section } from "../../components/kit";
import { Awaited, onDemand } from "../../components/onDemand";
import { useWords } from "../../i18n/useWords";
import type { BarsProps } from "./charts/Bars";
import { Info } from "./Info";
import { Swatch } from "./marks";

const Bars = onDemand(async () => (await import("./charts/Bars")).default);

type Twin = {
  /** Its name in the address. */
  id: string;
  title: string;
  /** How its numbers are made. */
  info: string;
  /** What it shows, in a sentence; null while that is not known. */
  summary: string | null;
  /** How high the picture is, for what stands there meanwhile. */
  height: number;
  table: ReactNode;
  children?: ReactNode;
};

type Props = Omit<Twin, "height"> & { chart: BarsProps };

export function ChartSection({ chart, ...twin }: Props) {
  const { id, title, summary, table } = twin;
  return (
    <TwinSection
      {...twin}
      height={chart.height}
      picture={<Picture id={id} title={title} chart={chart} table={table} isKnown={summary !== null} />}
    />
  );
}

/** A picture of any kind and its table. */
export function TwinSection({
  id,
  title,
  info,
  summary,
  height,
  picture,
  table,
  children,
}: Twin & { picture: ReactNode }) {
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
      {/* As high while it is awaited, so that nothing moves when it comes: three lines on a phone. */}
      <Box mih={{ base: 80, sm: 27 }}>
        {summary === null ? (
          <Skeleton height={26} aria-busy="true" />
        ) : (
          <Text id={`${id}-summary`}>{summary}</Text>
        )}
      </Box>
      {!asTable && picture}
      {asTable && (summary === null ? <Skeleton height={height} /> : table)}
      {children}
    </Section>
  );
}

type PictureProps = Pick<Props, "id" | "title" | "chart" | "table"> & { isKnown: boolean };

function Picture({ id, title, chart, table, isKnown }: PictureProps) {
  const { t } = useWords();
  const waiting = <Skeleton height={chart.height} />;
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
      <Legend series={chart.series} />
      {isKnown ? (
        <Awaited
          waiting={waiting}
          words={t("The chart could not be loaded. The table has its numbers.")}
          instead={table}
        >
          <div role="img" aria-label={title} aria-describedby={`${id}-summary`}>
            <Bars {...chart} />
          </div>
        </Awaited>
      ) : (
        waiting
      )}
    </CatchBoundary>
  );
}

function Legend({ series }: Pick<BarsProps, "series">) {
  return (
    <Group gap="md" aria-hidden>
      {series.map(({ key, label, mark }) => (
        <Group key={key} gap={6} wrap="nowrap">
          <Swatch mark={mark} />
          <Text size="sm">{label}</Text>
        </Group>
      ))}
    </Group>
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
