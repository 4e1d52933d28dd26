// The days of a plan, one below the other, with the steps that begin on each: steps are carried along
// it by the pointer, and moved a day at a time by buttons and keys.

import { Box, Button, Stack, Text } from "@mantine/core";
import { type RefObject, useLayoutEffect, useRef } from "react";
import { useWords } from "../../i18n/useWords";
import { heightOf, type ToDay, useCarry } from "./carry";
import { dayInWords, dayOfStep, rulerOf, type Stretch } from "./days";
import { RulerMark } from "./RulerMark";
import type { StepForm } from "./steady";
import type { Draft } from "./steps";
import type { StepView } from "./stepView";

type RulerProps = {
  steps: Draft[];
  /** What is to be mended in each of them. */
  wrong: StepForm["errors"][];
  view: StepView;
  toDay: ToDay;
};

export function Ruler({ steps, wrong, view, toDay }: RulerProps) {
  const { t } = useWords();
  const { ruler, carried, grip } = useCarry(toDay);
  const { stretches, end } = rulerOf(steps);
  const areFolded = steps.every(view.isFolded);
  const marksOf = (day: number | null) => (
    <Stack gap={0}>
      {steps.map(
        (step, n) =>
          dayOfStep(step) === day && (
            <RulerMark
              key={step.key}
              wrong={wrong[n]}
              acts={view.acts}
              step={step}
              n={n}
              toDay={toDay}
              grip={grip}
              isCarried={carried?.step.key === step.key}
            />
          ),
      )}
    </Stack>
  );
  return (
    <Box component="nav" className="ruler" aria-label={t("Days of the plan")}>
      <ol ref={ruler}>
        {stretches.map((stretch) =>
          stretch.isEmpty ? (
            <Gap key={stretch.from} {...stretch} />
          ) : (
            <li key={stretch.from} data-from={stretch.from} data-to={stretch.to}>
              <Text size="sm" fw={650}>
                {dayInWords(stretch.from, t)}
              </Text>
              {marksOf(stretch.from)}
            </li>
          ),
        )}
        <End day={end} />
        {steps.some((step) => dayOfStep(step) === null) && (
          <li>
            <Text size="sm" fw={650}>
              {dayInWords(null, t)}
            </Text>
            {marksOf(null)}
          </li>
        )}
        {carried && <Target day={carried.day} ruler={ruler} />}
      </ol>
      {steps.length > 1 && (
        <Button size="xs" variant="subtle" onClick={() => view.acts.foldAll(!areFolded)}>
          {areFolded ? t("Unfold all") : t("Fold all")}
        </Button>
      )}
    </Box>
  );
}

/** More lines than these would be a grey bar: then one stands for a week. */
const MAX_LINES = 15;

/** Days on which nothing begins, with a line for each. Many are drawn together closely. */
function Gap({ from, to }: Stretch) {
  const days = to - from + 1;
  const each = days > MAX_LINES ? 7 : 1;
  return (
    <li
      aria-hidden
      className="ruler-gap"
      data-from={from}
      data-to={to}
      style={{
        height: `min(${days} * var(--ruler-day), var(--ruler-most))`,
        backgroundSize: `8px calc(100% * ${each} / ${days})`,
      }}
    />
  );
}

/** Where the step that is carried would come to stand. */
function Target({ day, ruler }: { day: number; ruler: RefObject<HTMLElement | null> }) {
  const { t } = useWords();
  const line = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    if (line.current) line.current.style.top = `${heightOf(ruler.current, day)}px`;
  }, [day, ruler]);
  return (
    <li ref={line} aria-hidden className="ruler-target">
      {dayInWords(day, t)}
    </li>
  );
}

/** The last day to which a step may be carried. */
function End({ day }: { day: number }) {
  const { t } = useWords();
  return (
    <li aria-hidden className="ruler-end" data-from={day} data-to={day}>
      <Text size="sm" c="dimmed">
        {dayInWords(day, t)}
      </Text>
    </li>
  );
}
