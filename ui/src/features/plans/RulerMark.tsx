// One step on the ruler: the way to its card, and the ways to another day.

import { ActionIcon, Anchor, Box, Group } from "@mantine/core";
import {
  IconAlertCircle,
  IconChevronDown,
  IconChevronUp,
  IconGripVertical,
  IconInfoCircle,
} from "@tabler/icons-react";
import { type KeyboardEvent, memo } from "react";
import { Tip } from "../../components/Tip";
import { useWords } from "../../i18n/useWords";
import { movesBy } from "../../lib/keys";
import { nameOfStep, type RulerGrip, type ToDay } from "./carry";
import { dayOfStep } from "./days";
import { drawnFrom, type StepForm } from "./steady";
import type { Draft } from "./steps";
import { focusStep, type StepActs } from "./stepView";
import { onDay, whyNoDay } from "./triggers";

type MarkProps = {
  /** What is to be mended in it. */
  wrong: StepForm["errors"] | undefined;
  acts: StepActs;
  step: Draft;
  n: number;
  toDay: ToDay;
  grip: RulerGrip;
  isCarried: boolean;
};

/** Moves a step; its mark is drawn anew on the other day, and the cursor goes with it. */
function moveBy(by: number, step: Draft, toDay: ToDay) {
  const had = document.activeElement?.getAttribute("data-by");
  toDay(step, (dayOfStep(step) ?? 0) + by);
  const mark = document.querySelector<HTMLElement>(`[data-mark="${step.key}"]`);
  const again = had && mark?.querySelector<HTMLButtonElement>(`[data-by="${had}"]:not(:disabled)`);
  (again || mark?.querySelector("button"))?.focus();
}

export const RulerMark = memo(
  function RulerMark(props: MarkProps) {
    const { wrong = {}, acts, step, n, toDay, grip, isCarried } = props;
    const { t } = useWords();
    const isWrong = Object.values(wrong).some(Boolean);
    const name = nameOfStep(step, n, t);
    const isFixed = whyNoDay(step.way, step.triggers) !== null;
    const onKeyDown = (event: KeyboardEvent) => {
      const by = movesBy(event);
      if (by === null) return;
      event.preventDefault();
      moveBy(by, step, toDay);
    };
    return (
      <Group
        gap={2}
        wrap="nowrap"
        data-mark={step.key}
        data-dragged={isCarried || undefined}
        onKeyDown={onKeyDown}
      >
        {!isFixed && (
          // For the pointer alone: the buttons beside it do the same for everybody.
          <Box component="span" className="grip" aria-hidden {...grip({ step, day: dayOfStep(step) ?? 0 })}>
            <IconGripVertical size={16} />
          </Box>
        )}
        <Anchor
          component="button"
          type="button"
          size="sm"
          ta="start"
          c="inherit"
          py={3}
          flex={1}
          miw={0}
          onClick={() => {
            acts.fold(step, false);
            focusStep(step);
          }}
        >
          <Group gap={4} wrap="nowrap" align="flex-start">
            {isWrong && <ToMend />}
            {name}
          </Group>
        </Anchor>
        {isFixed ? (
          <WhyFixed step={step} name={name} toDay={toDay} />
        ) : (
          <DayButtons step={step} name={name} toDay={toDay} />
        )}
      </Group>
    );
  },
  drawnFrom<MarkProps>("name", "way", "triggers"),
);

function ToMend() {
  const { t } = useWords();
  return (
    <IconAlertCircle size={16} color="var(--mantine-color-error)" aria-label={t("To be mended")} role="img" />
  );
}

type ActProps = Pick<MarkProps, "step" | "toDay"> & { name: string };

function DayButtons({ step, name, toDay }: ActProps) {
  const { t } = useWords();
  const at = dayOfStep(step) ?? 0;
  const isOff = (by: number) =>
    dayOfStep({ ...step, triggers: onDay(step.way, step.triggers, at + by) }) !== at + by;
  const ways = [
    { by: -1, label: t("{step}: a day earlier", { step: name }), Icon: IconChevronUp },
    { by: 1, label: t("{step}: a day later", { step: name }), Icon: IconChevronDown },
  ];
  return (
    <Group gap={0} wrap="nowrap">
      {ways.map(({ by, label, Icon }) => (
        <ActionIcon
          key={by}
          className="ruler-act"
          variant="subtle"
          color="gray"
          data-by={by}
          aria-label={label}
          title={label}
          disabled={isOff(by)}
          onClick={() => moveBy(by, step, toDay)}
        >
          <Icon size={16} aria-hidden />
        </ActionIcon>
      ))}
    </Group>
  );
}

/** Why a step is not moved: beside the pointer, and for a finger as a notice. */
function WhyFixed({ step, name, toDay }: ActProps) {
  const { t } = useWords();
  const why = whyNoDay(step.way, step.triggers);
  return (
    <Tip label={why ? t(why) : ""} maw={260}>
      <ActionIcon
        className="ruler-act"
        variant="subtle"
        color="gray"
        aria-label={t("{step}: why it is not moved to another day", { step: name })}
        onClick={() => toDay(step, 0)}
      >
        <IconInfoCircle size={16} aria-hidden />
      </ActionIcon>
    </Tip>
  );
}
