// The days of a plan, one below the other, with the steps that begin on each.

import { Anchor, Box, Button, Group, Stack, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { memo } from "react";
import type { Translate } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { drawnFrom, type StepForm } from "./steady";
import type { Draft } from "./steps";
import { focusStep, type StepActs, type StepView } from "./stepView";
import { dayOf, triggerOf } from "./triggers";

/** The day on which a step first comes; those that hang on the weekday or the hour stand last. */
export const dayOfStep = (step: Draft) => dayOf(triggerOf(step.way, step.triggers));

const place = (day: number | null) => day ?? Number.POSITIVE_INFINITY;

export function dayInWords(day: number | null, t: Translate): string {
  if (day === null) return t("Again and again");
  return day === 0 ? t("Day 0, the start") : t("Day {n}", { n: day });
}

/** The steps in the order of their days; those of one day stay in theirs. */
export const byDay = (steps: Draft[]) =>
  steps.toSorted((a, b) => {
    const [one, other] = [place(dayOfStep(a)), place(dayOfStep(b))];
    return one === other ? 0 : one - other;
  });

/** Whether some step stands before one of an earlier day. */
export const isOutOfOrder = (steps: Draft[]) => byDay(steps).some((step, n) => step !== steps[n]);

type RulerProps = {
  steps: Draft[];
  /** What is to be mended in each of them. */
  wrong: StepForm["errors"][];
  view: StepView;
};

export function Ruler({ steps, wrong, view }: RulerProps) {
  const { t } = useWords();
  const days = [...new Set(byDay(steps).map(dayOfStep))];
  const areFolded = steps.every(view.isFolded);
  return (
    <Box component="nav" className="ruler" aria-label={t("Days of the plan")}>
      <ol>
        {days.map((day) => (
          <li key={day ?? "again"}>
            <Text size="sm" fw={650}>
              {dayInWords(day, t)}
            </Text>
            <Stack gap={0}>
              {steps.map(
                (step, n) =>
                  dayOfStep(step) === day && (
                    <Mark key={step.key} wrong={wrong[n]} acts={view.acts} step={step} n={n} />
                  ),
              )}
            </Stack>
          </li>
        ))}
      </ol>
      {steps.length > 1 && (
        <Button size="xs" variant="subtle" onClick={() => view.acts.foldAll(!areFolded)}>
          {areFolded ? t("Unfold all") : t("Fold all")}
        </Button>
      )}
    </Box>
  );
}

type MarkProps = { wrong: StepForm["errors"] | undefined; acts: StepActs; step: Draft; n: number };

/** One step on the ruler, and whether something in it is to be mended. */
const Mark = memo(function Mark({ wrong = {}, acts, step, n }: MarkProps) {
  const { t } = useWords();
  const isWrong = Object.values(wrong).some(Boolean);
  const title = t("Step {n}", { n: n + 1 });
  return (
    <Anchor
      component="button"
      type="button"
      size="sm"
      ta="start"
      c="inherit"
      py={3}
      onClick={() => {
        acts.fold(step, false);
        focusStep(step);
      }}
    >
      <Group gap={4} wrap="nowrap" align="flex-start">
        {isWrong && (
          <IconAlertCircle
            size={16}
            color="var(--mantine-color-error)"
            aria-label={t("To be mended")}
            role="img"
          />
        )}
        {step.name.trim() ? t("{n}. {name}", { n: n + 1, name: step.name }) : title}
      </Group>
    </Anchor>
  );
}, drawnFrom<MarkProps>("name"));
