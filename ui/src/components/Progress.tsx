// How far a follow-up has come: in words, and as a dot for each step where those are few.

import { Group, Text } from "@mantine/core";
import { useWords } from "../i18n/useWords";

/** More would be a line of dots that nobody counts. */
const MAX_DOTS = 12;

export function Progress({ current, all }: { current: number; all: number }) {
  const { t } = useWords();
  const steps = all <= MAX_DOTS ? Array.from({ length: all }, (_, n) => n + 1) : [];
  return (
    <Group gap={8}>
      <Text size="xs" c="dimmed">
        {t("Step {n} of {all}", { n: current, all })}
      </Text>
      {steps.length > 1 && (
        <span className="step-dots" aria-hidden>
          {steps.map((step) => (
            <span key={step} data-came={step <= current || undefined} />
          ))}
        </span>
      )}
    </Group>
  );
}
