// Questions and answers in numbers, each with its formula.

import { Group, SimpleGrid, Stack, Text } from "@mantine/core";
import type { Answers } from "../bindings";
import { useWords } from "../i18n/useWords";
import { REPLIES, type Reply } from "../labels";
import { duration, number, percent } from "../lib/format";
import { Tip } from "./Tip";

export function AnswerNumbers({ answers }: { answers: Answers }) {
  const { t, locale } = useWords();
  const n = (value: number) => number(value, locale);
  const tiles: [label: string, value: string, hint: string][] = [
    [t("Asked"), n(answers.asked), t("accepted messages that asked something")],
    [t("Response rate"), percent(answers.responseRate, locale), t("answered / accepted messages that asked")],
    [
      t("Median time to answer"),
      duration(answers.medianAnswerMs, locale),
      t("half of the answers came sooner"),
    ],
    [t("Average time to answer"), duration(answers.averageAnswerMs, locale), t("from sent to answered")],
    [t("No answer in time"), n(answers.missed), t("of the messages that asked")],
  ];
  return (
    <SimpleGrid cols={2}>
      {tiles.map(([label, value, hint]) => (
        <Tip key={label} label={hint} maw={260}>
          <Stack gap={0} tabIndex={0}>
            <Text size="sm" c="dimmed">
              {label}
            </Text>
            <Text size="xl" fw={700} style={{ wordBreak: "keep-all" }}>
              {value}
            </Text>
          </Stack>
        </Tip>
      ))}
    </SimpleGrid>
  );
}

/** How many answers of each meaning are worrying: a worrying answer does not count as "done". */
export type Worrying = Pick<Answers, "completed" | "postponed" | "skipped">;

/** What the answers mean, as one bar with its numbers in words beside it. */
export function AnswerBar({ answers, worrying }: { answers: Answers; worrying: Worrying }) {
  const { t, locale } = useWords();
  // The core counts a worrying answer by what its button means.
  const worry = (name: keyof Worrying) => Math.min(worrying[name], answers[name]);
  const [done, later, leftOut] = [worry("completed"), worry("postponed"), worry("skipped")];
  const open = Math.max(answers.asked - answers.responded - answers.missed, 0);
  const parts: [reply: Reply, count: number, color: string][] = [
    ["well", answers.completed - done, "var(--mantine-color-teal-6)"],
    ["worrying", done + later + leftOut, "var(--mantine-color-red-7)"],
    ["later", answers.postponed - later, "var(--mantine-color-blue-5)"],
    ["skipped", answers.skipped - leftOut, "var(--mantine-color-yellow-6)"],
    ["missed", answers.missed, "var(--mantine-color-orange-6)"],
    ["open", open, "var(--mantine-color-gray-5)"],
  ];
  const all = parts.reduce((sum, [, count]) => sum + count, 0);
  if (all === 0) return null;
  return (
    <Stack gap={6}>
      <div aria-hidden style={{ display: "flex", height: 14, borderRadius: 7, overflow: "hidden" }}>
        {parts.map(([reply, count, color]) => (
          <div key={reply} style={{ width: `${(count / all) * 100}%`, background: color }} />
        ))}
      </div>
      <Group gap="md">
        {parts.map(([reply, count, color]) => (
          <Group key={reply} gap={6}>
            <span aria-hidden style={{ width: 10, height: 10, borderRadius: 3, background: color }} />
            <Text size="sm">
              {t(REPLIES[reply])} {number(count, locale)}
            </Text>
          </Group>
        ))}
      </Group>
    </Stack>
  );
}
