// Whether a step asks, and what: the fields for that are read where a step does.

import { Checkbox, Stack } from "@mantine/core";
import { memo } from "react";
import { Loading } from "../../components/kit";
import { Awaited, onDemand } from "../../components/onDemand";
import { useWords } from "../../i18n/useWords";
import { drawnFrom, type StepForm } from "./steady";
import type { Draft } from "./steps";

const AskedFields = onDemand(async () => (await import("./AskedFields")).AskedFields);

/** The parts of a step that have a field here. */
const SHOWN = [
  "asks",
  "question",
  "questionAltText",
  "buttons",
  "postponeMinutes",
  "maxPostpones",
  "answerWindowHours",
] as const;

export type Question = { form: StepForm; path: string; step: Pick<Draft, (typeof SHOWN)[number]> };

export const QuestionForm = memo(
  function QuestionForm({ form, path, step }: Question) {
    const { t } = useWords();
    return (
      <Stack gap="xs">
        <Checkbox
          label={t("Ask for an answer")}
          {...form.getInputProps(`${path}.asks`, { type: "checkbox" })}
        />
        {step.asks && (
          // About as high as its fields.
          <Awaited waiting={<Loading rows={7 + 4 * step.buttons.length} />}>
            <AskedFields form={form} path={path} step={step} />
          </Awaited>
        )}
      </Stack>
    );
  },
  drawnFrom<Question>(...SHOWN),
);
