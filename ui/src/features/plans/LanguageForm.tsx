// What a step says: to all, or in a language of its own to those who are written to in it.

import { Button, Stack, Text } from "@mantine/core";
import { IconLanguage, IconTrash } from "@tabler/icons-react";
import type { Language } from "../../bindings";
import { nameOfLocale } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { QuickReplyForm } from "../../shared/QuickReplyForm";
import { LineWithVariables } from "../../shared/variables";
import { ObjectList } from "./ObjectsForm";
import { ButtonLabelLine, LockScreenLine } from "./questionFields";
import type { StepForm } from "./steady";
import { type Draft, maxObjects, translationOf } from "./steps";

type Part = { form: StepForm; path: string; step: Draft };

/** The text in one language, or the way to one. */
export function TranslationForm({ form, path, step, language }: Part & { language: Language }) {
  const { t } = useWords();
  const here = `${path}.translations.${language}`;
  const written = step.translations[language];
  const name = nameOfLocale(language);
  if (!written) {
    return (
      <Stack gap="xs" align="flex-start">
        <Text size="sm" c="dimmed">
          {t("Nothing is written in {language}: who reads it gets what all others get.", { language: name })}
        </Text>
        <Button
          size="xs"
          variant="light"
          leftSection={<IconLanguage size={16} aria-hidden />}
          onClick={() => form.setFieldValue(here, translationOf(step))}
        >
          {t("Write it in {language}", { language: name })}
        </Button>
      </Stack>
    );
  }
  const remove = () => {
    const { [language]: _, ...others } = step.translations;
    form.setFieldValue(`${path}.translations`, others);
    form.setFieldValue(
      `${path}.buttons`,
      step.buttons.map((button) => ({ ...button, labels: { ...button.labels, [language]: undefined } })),
    );
  };
  return (
    <Stack gap="sm">
      <ObjectList form={form} list={`${here}.objects`} objects={written.objects} most={maxObjects(step)} />
      <QuickReplyForm
        place="step"
        path={`${here}.quickReplies`}
        replies={written.quickReplies}
        onChange={(replies) => form.setFieldValue(`${here}.quickReplies`, replies)}
        error={form.errors[`${here}.quickReplies`]}
      />
      {step.asks && <QuestionWords form={form} path={path} step={step} language={language} />}
      <Button
        size="xs"
        variant="subtle"
        color="red"
        w="fit-content"
        leftSection={<IconTrash size={16} aria-hidden />}
        onClick={remove}
      >
        {t("Remove the text in {language}", { language: name })}
      </Button>
    </Stack>
  );
}

/** The words of the question in a language; what its buttons mean is the same in all. */
function QuestionWords({ form, path, step, language }: Part & { language: Language }) {
  const { t } = useWords();
  const here = `${path}.translations.${language}`;
  return (
    <Stack gap="xs">
      <LineWithVariables
        place="step"
        label={t("Question")}
        description={t("Without any words here it is asked as all others are asked.")}
        {...form.getInputProps(`${here}.question`)}
      />
      <LockScreenLine {...form.getInputProps(`${here}.questionAltText`)} />
      {step.buttons.map((button, b) => (
        <ButtonLabelLine
          // Buttons have no identity but their place.
          key={b}
          text={button.labels[language] ?? ""}
          label={button.label || t("Button {n}", { n: b + 1 })}
          {...form.getInputProps(`${path}.buttons.${b}.labels.${language}`)}
          value={button.labels[language] ?? ""}
        />
      ))}
    </Stack>
  );
}
