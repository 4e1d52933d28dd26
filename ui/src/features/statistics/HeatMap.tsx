// Seven days of 24 hours, or of eight blocks of three: each with its number, the darker the more.
// The keyboard moves through them by arrows, a finger or the pointer chooses one; what it says is
// written in full below.

import { Box, Group, Text } from "@mantine/core";
import { type KeyboardEvent, useRef, useState } from "react";
import { useWords } from "../../i18n/useWords";
import { clockFace, number, percent, weekdayName } from "../../lib/format";
import { numberFormat } from "../../lib/intl";
import { isQuiet, type Piece, quietPieces } from "../../lib/quiet";
import { useGetSettings } from "../../queries";
import { type Block, type Kind, levelOf, shownBy } from "./hours";
import "./hours.css";

type Place = { row: number; column: number };

/** `08:00–09:00`, the same in every language. */
export const spanOf = ({ from, to }: Pick<Block, "from" | "to">) => `${clockFace(from)}–${clockFace(to)}`;

export function HeatMap({ title, kind, rows }: { title: string; kind: Kind; rows: Block[][] }) {
  const { locale } = useWords();
  const quiet = useGetSettings({}).data?.quietHours;
  const pieces = quietPieces(quiet);
  const { place, go, onKeyDown, grid } = usePlace(rows);
  const [pointed, point] = useState<Block | null>(null);
  const sentence = useSentence(pieces);
  const most = Math.max(1, ...rows.flat().map(({ sums }) => shownBy(kind, sums) ?? 0));
  return (
    <>
      <table
        ref={grid}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its cells are moved through by arrows.
        role="grid"
        className="heat"
        data-kind={kind}
        data-blocks={(rows[0]?.length ?? 0) < 24 || undefined}
        aria-label={title}
        aria-describedby="hours-summary"
        onKeyDown={onKeyDown}
        onMouseLeave={() => point(null)}
      >
        <Head blocks={rows[0] ?? []} pieces={pieces} />
        <tbody>
          {rows.map((blocks, row) => (
            <tr key={blocks[0]?.weekday}>
              <th scope="row">{weekdayName(blocks[0]?.weekday ?? 0, locale, "short")}</th>
              {blocks.map((block, column) => (
                <Hour
                  key={block.from}
                  kind={kind}
                  block={block}
                  most={most}
                  says={sentence(block)}
                  isQuiet={isQuiet(block, pieces)}
                  isPlace={row === place.row && column === place.column}
                  choose={() => {
                    go({ row, column });
                    point(block);
                  }}
                  point={() => point(block)}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <Legend kind={kind} most={most} pieces={pieces} />
      <Said text={pointed && sentence(pointed)} isInBlocks={(rows[0]?.length ?? 0) < 24} />
    </>
  );
}

/** Where the keyboard is, and how it moves. */
function usePlace(rows: Block[][]) {
  const grid = useRef<HTMLTableElement>(null);
  const [place, go] = useState<Place>({ row: 0, column: 0 });
  const lastRow = rows.length - 1;
  const lastColumn = (rows[0]?.length ?? 1) - 1;
  const onKeyDown = (event: KeyboardEvent) => {
    const { row, column } = place;
    const moves: Partial<Record<string, Place>> = {
      ArrowUp: { row: Math.max(0, row - 1), column },
      ArrowDown: { row: Math.min(lastRow, row + 1), column },
      ArrowLeft: { row, column: Math.max(0, column - 1) },
      ArrowRight: { row, column: Math.min(lastColumn, column + 1) },
      Home: { row, column: 0 },
      End: { row, column: lastColumn },
    };
    const next = moves[event.key];
    if (!next) return;
    event.preventDefault();
    grid.current?.tBodies[0]?.rows[next.row]?.cells[next.column + 1]?.focus();
  };
  return { place, go, onKeyDown, grid };
}

/** The hours, and above them how much of the day is quiet, to the minute. */
function Head({ blocks, pieces }: { blocks: Block[]; pieces: Piece[] }) {
  return (
    <thead>
      {pieces.length > 0 && (
        <tr aria-hidden>
          <td />
          <td colSpan={blocks.length} className="heat-strip">
            {pieces.map(({ from, to }) => (
              <span
                key={from}
                className="heat-quiet"
                style={{ left: `${(from / 24) * 100}%`, width: `${((to - from) / 24) * 100}%` }}
              />
            ))}
          </td>
        </tr>
      )}
      <tr>
        <td />
        {blocks.map((block) => (
          <th key={block.from} scope="col" aria-label={spanOf(block)}>
            {block.from}
          </th>
        ))}
      </tr>
    </thead>
  );
}

type HourProps = {
  kind: Kind;
  block: Block;
  most: number;
  says: string;
  isQuiet: boolean;
  isPlace: boolean;
  choose: () => void;
  point: () => void;
};

function Hour({ kind, block, most, says, isQuiet, isPlace, choose, point }: HourProps) {
  const { locale } = useWords();
  const value = shownBy(kind, block.sums);
  return (
    <td
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a cell of the grid.
      role="gridcell"
      tabIndex={isPlace ? 0 : -1}
      aria-label={says}
      data-level={levelOf(kind, value, most)}
      data-quiet={isQuiet || undefined}
      onFocus={choose}
      onMouseEnter={point}
    >
      {value === null ? "" : shortOf(kind, value, locale)}
    </td>
  );
}

/** As it fits into its cell: a share without its sign, a large number in thousands. */
function shortOf(kind: Kind, value: number, locale: string): string {
  if (kind === "answered") return number(Math.round(value * 100), locale);
  if (value < 1_000) return number(value, locale);
  // English says thousands in one letter; Japanese and Chinese write four digits, which do not fit.
  const digits = value < 10_000 ? 1 : 0;
  return numberFormat("en", { notation: "compact", maximumFractionDigits: digits }).format(value);
}

/** All that is known of a block, in words. */
function useSentence(pieces: Piece[]) {
  const { t, locale } = useWords();
  const n = (value: number) => number(value, locale);
  const whatOf = ({ weekday, from, to, sums: { sent, failed, asked, responded } }: Block): string => {
    const when = { day: weekdayName(weekday, locale, "long"), hour: spanOf({ from, to }) };
    if (sent + failed === 0) return t("{day}, {hour}: no message.", when);
    const went = { ...when, sent: n(sent), failed: n(failed) };
    return asked === 0
      ? t("{day}, {hour}: {sent} sent, {failed} failed; none asked anything.", went)
      : t(
          "{day}, {hour}: {sent} sent, {failed} failed; {responded} of {asked} questions answered ({rate}).",
          {
            ...went,
            responded: n(responded),
            asked: n(asked),
            rate: percent(responded / asked, locale),
          },
        );
  };
  return (block: Block): string => {
    const what = whatOf(block);
    return isQuiet(block, pieces) ? `${what} ${t("Quiet hours.")}` : what;
  };
}

/** One line that is always there, so that nothing moves when it speaks. */
function Said({ text, isInBlocks }: { text: string | null; isInBlocks: boolean }) {
  const { t } = useWords();
  return (
    <Box mih={{ base: 72, sm: 27 }} mt="xs" aria-hidden={text !== null}>
      <Text size="sm" c={text ? undefined : "dimmed"}>
        {text ??
          (isInBlocks
            ? t("Each field is three hours, named by the first. Choose one to read its numbers.")
            : t("Choose an hour to read its numbers."))}
      </Text>
    </Box>
  );
}

function Legend({ kind, most, pieces }: { kind: Kind; most: number; pieces: Piece[] }) {
  const { t, locale } = useWords();
  const quiet = useGetSettings({}).data?.quietHours;
  const [least, largest] =
    kind === "answered"
      ? [percent(0, locale), percent(1, locale)]
      : [number(1, locale), number(most, locale)];
  return (
    <Group gap="md" mt="xs" className="heat" data-kind={kind}>
      <Group gap={6} wrap="nowrap">
        <Text size="sm">{least}</Text>
        {[1, 2, 3, 4, 5].map((level) => (
          <span key={level} className="heat-swatch" data-level={level} aria-hidden />
        ))}
        <Text size="sm">{largest}</Text>
      </Group>
      {quiet && pieces.length > 0 && (
        <Group gap={6} wrap="nowrap">
          <span className="heat-swatch heat-quiet" aria-hidden />
          <Text size="sm">{t("Quiet hours {start} to {end}", { start: quiet.start, end: quiet.end })}</Text>
        </Group>
      )}
    </Group>
  );
}
