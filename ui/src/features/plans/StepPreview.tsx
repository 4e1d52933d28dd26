// The step that is being written, as the phone of a patient will show it.

import { Box, Stack, Text } from "@mantine/core";
import { IconChevronLeft } from "@tabler/icons-react";
import { memo } from "react";
import { Bubble, messageOf, questionOf } from "../../components/Bubble";
import { useClinicDay } from "../../components/clinic";
import { QuickReplies } from "../../components/quickReplies";
import { nameOfLocale } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { useExample } from "../../shared/variables";
import { contentOf } from "./contents";
import { ReaderChoice, useReader } from "./preview";
import type { Draft, Shown } from "./steps";

type Props = { step: Draft; language: Shown; sender: string };

/** Whoever is chosen reads their own language, unless another one is being written. */
export const StepPreview = memo(function StepPreview({ step, language, sender }: Props) {
  const { t } = useWords();
  const { reader } = useReader();
  const { clinicName } = useClinicDay();
  const wished = language === "all" && reader ? reader.language : language;
  const shown: Shown = wished !== "all" && step.translations[wished] ? wished : "all";
  return (
    <Stack gap="xs" className="step-phone">
      <ReaderChoice />
      <Box role="group" className="line-frame" aria-label={t("As the phone shows it")}>
        <div className="line-head">
          <IconChevronLeft size={16} aria-hidden />
          {sender.trim() || clinicName}
        </div>
        <div className="phone" lang={shown === "all" ? undefined : shown}>
          <Said step={step} language={shown} />
        </div>
      </Box>
      <Text size="xs" c="dimmed">
        {shown === "all"
          ? t("The text for all who have none of their own.")
          : t("The text in {language}.", { language: nameOfLocale(shown) })}
      </Text>
    </Stack>
  );
});

function Said({ step, language }: { step: Draft; language: Shown }) {
  const { reader } = useReader();
  const example = useExample(reader ?? undefined);
  const words = language === "all" ? undefined : step.translations[language];
  const labelOf = ({ label, labels }: Draft["buttons"][number]) =>
    (words && language !== "all" && labels[language]) || label || "…";
  return (
    <>
      {(words ?? step).objects.map(({ key, messageType, contents }) => (
        <Bubble key={key} message={example(messageOf(messageType, contentOf(messageType, contents)))} />
      ))}
      {step.asks && (
        <Bubble
          message={example(
            questionOf({
              question: words?.question || step.question,
              buttons: step.buttons.map((b) => ({ label: labelOf(b), picks: b.picker.mode !== "" })),
            }),
          )}
        />
      )}
      <QuickReplies replies={example((words ?? step).quickReplies)} />
    </>
  );
}
