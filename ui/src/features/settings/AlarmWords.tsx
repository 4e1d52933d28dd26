// The fields of words that alarm, a language each; they are read when their part is opened.

import { SimpleGrid, Stack, Text, Textarea } from "@mantine/core";
import { useEffect } from "react";
import { LIMITS } from "../../bindings";
import { focusField } from "../../components/wrong";
import { LOCALES } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { namesOf } from "../../labels";

const LANGUAGES = namesOf(LOCALES);
const { maxLength: MAX_TEXT } = LIMITS.EmergencyText.en;

export type AlarmWordsProps = {
  input: (path: string) => object;
  /** The field to which somebody goes; told when they are there. */
  sought: string | null;
  onFound: () => void;
};

export function AlarmWords({ input, sought, onFound }: AlarmWordsProps) {
  const { t } = useWords();
  // It runs once they are in sight: what is folded has no effects.
  useEffect(() => {
    if (sought === null) return;
    focusField(sought);
    onFound();
  }, [sought, onFound]);
  return (
    <Stack>
      <Text size="sm">
        {t(
          "A message that holds one of them is urgent, in whatever language it is written. One word a line.",
        )}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {LANGUAGES.map((language) => (
          <Textarea
            key={language}
            lang={language}
            label={t("Words: {language}", { language: LOCALES[language] })}
            autosize
            minRows={3}
            maxRows={12}
            {...input(`alarm.${language}`)}
          />
        ))}
      </SimpleGrid>
      <Text size="sm">
        {t("Whoever wrote one reads that the clinic has it, and this: whom to call in an emergency.")}
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {LANGUAGES.map((language) => (
          <Textarea
            key={language}
            lang={language}
            label={t("In an emergency: {language}", { language: LOCALES[language] })}
            placeholder={t("Left out: to call the emergency number or the clinic.")}
            autosize
            minRows={2}
            maxLength={MAX_TEXT}
            {...input(`emergency.${language}`)}
          />
        ))}
      </SimpleGrid>
    </Stack>
  );
}
