// The days of the plan that is being written, each with what a patient would get on it.

import { Anchor, Button, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useDeferredValue, useState } from "react";
import { LIMITS, type Preview, type PreviewedTime } from "../../bindings";
import { DESCRIBED_BELOW } from "../../components/below";
import { useClinic, useNow } from "../../components/clinic";
import { useWords } from "../../i18n/useWords";
import { daysBetween, MORNING } from "../../lib/days";
import { clockTime, isoDay, longDay } from "../../lib/format";
import { instantOf } from "../../lib/zones";
import { dayInWords } from "./days";
import { ReaderChoice, useReader } from "./preview";
import type { Draft } from "./steps";
import { focusStep, type StepActs } from "./stepView";
import { isWhole, triggerOf } from "./triggers";
import { quietAt, useWhatGoesOut } from "./whatGoesOut";

type Props = { steps: Draft[]; acts: StepActs };

/** Times that are asked for at first, and that many more with each wish. */
const SHOWN = 30;
const MAX_TIMES = LIMITS.PreviewSteps.limit.maximum;

const timesOf = (steps: Props["steps"]) => ({
  triggers: steps.map((step) => triggerOf(step.way, step.triggers)),
  atNight: steps.map((step) => step.atNight || null),
});

/** For whom, from which day on, and what comes of it. */
export function DayByDay({ steps, acts }: Props) {
  const { t } = useWords();
  const { timeZone } = useClinic();
  const now = useNow();
  const { reader } = useReader();
  const today = isoDay(now, timeZone);
  const [from, setFrom] = useState(today);
  const [limit, setLimit] = useState(SHOWN);
  // Who types a step goes before who looks ahead.
  const later = useDeferredValue(steps);
  const { triggers, atNight } = timesOf(later);
  const startAt = from === today ? undefined : instantOf(`${from}T${MORNING}`, timeZone);
  const missing = triggers.findIndex((trigger) => !isWhole(trigger));
  const { preview, isOld, error } = useWhatGoesOut(
    missing === -1 && startAt !== null ? { triggers, atNight, startAt, patientId: reader?.id, limit } : null,
  );
  return (
    <>
      <Group align="flex-start">
        <ReaderChoice label={t("For whom")} />
        <TextInput
          type="date"
          label={t("Starts on")}
          value={from}
          onChange={({ currentTarget }) => setFrom(currentTarget.value)}
          description={from === today ? t("Today, now") : t("At {time}", { time: MORNING })}
          {...DESCRIBED_BELOW}
        />
      </Group>
      {missing !== -1 && (
        <Text size="sm" role="status">
          {t("It is not said yet when step {n} comes.", { n: missing + 1 })}
        </Text>
      )}
      {error && (
        <Text size="sm" c="dimmed" role="status">
          {t("The next dates are not known just now.")}
        </Text>
      )}
      {preview && !error && (
        <Days preview={preview} steps={later} acts={acts} isOld={isOld} start={startAt ? from : today} />
      )}
      {preview?.more && limit < MAX_TIMES && (
        <Button
          variant="default"
          w="fit-content"
          onClick={() => setLimit(Math.min(MAX_TIMES, limit + SHOWN))}
          loading={isOld}
        >
          {t("Show more")}
        </Button>
      )}
      {preview?.more && limit >= MAX_TIMES && (
        <Text size="sm" c="dimmed">
          {t("More comes after these.")}
        </Text>
      )}
    </>
  );
}

type DaysProps = Props & {
  preview: Preview;
  /** Whether it is what was asked before. */
  isOld: boolean;
  /** The day of the start, `2026-12-01`. */
  start: string;
};

function Days({ preview: { items, timeZone }, steps, acts, isOld, start }: DaysProps) {
  const { t, locale } = useWords();
  const dayOf = ({ goesAt }: PreviewedTime) => isoDay(Date.parse(goesAt), timeZone);
  // What waits for the morning goes after what is due before it.
  const sorted = items.toSorted((a, b) => Date.parse(a.goesAt) - Date.parse(b.goesAt));
  const days = [...new Set(sorted.map(dayOf))];
  if (items.length === 0) return <Text size="sm">{t("Nothing would go out.")}</Text>;
  return (
    <Stack gap="sm" aria-busy={isOld}>
      <Text size="sm" c="dimmed">
        {t("By the clock where the patient lives ({zone})", { zone: timeZone })}
      </Text>
      {days.map((day) => (
        <section key={day}>
          <Title order={3} size="h6">
            {t("{day} ({nth})", { day: longDay(day, locale), nth: dayInWords(daysBetween(start, day), t) })}
          </Title>
          <ul className="plain-list">
            {sorted
              .filter((item) => dayOf(item) === day)
              .map((item) => (
                <Row
                  key={`${item.step} ${item.dueAt}`}
                  item={item}
                  step={steps[item.step]}
                  acts={acts}
                  timeZone={timeZone}
                />
              ))}
          </ul>
        </section>
      ))}
    </Stack>
  );
}

type RowProps = {
  item: PreviewedTime;
  /** None where it was removed after the core was asked. */
  step: Draft | undefined;
  acts: StepActs;
  timeZone: string;
};

/** One time, the way to its step, and what the quiet hours do to it. */
function Row({ item, step, acts, timeZone }: RowProps) {
  const { t, locale } = useWords();
  if (!step) return null;
  const quiet = quietAt(item, timeZone);
  const n = item.step + 1;
  return (
    <Group component="li" gap="xs" align="baseline">
      <Text size="sm" fw={600} ff="monospace">
        {clockTime(item.goesAt, locale, timeZone)}
      </Text>
      <Anchor
        component="button"
        type="button"
        size="sm"
        ta="start"
        py={3}
        onClick={() => {
          acts.fold(step, false);
          focusStep(step);
        }}
      >
        {step.name.trim() ? t("{n}. {name}", { n, name: step.name }) : t("Step {n}", { n })}
      </Anchor>
      {quiet && (
        <Text size="sm" c="dimmed">
          {quiet.end === null
            ? t("Arrives without a sound")
            : t("due {time}, waits for the end of quiet hours", { time: quiet.time })}
        </Text>
      )}
    </Group>
  );
}
