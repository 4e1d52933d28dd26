// Words that alarm, and what patients who wrote one read: by language, one word a line.

import { Accordion, SimpleGrid, Stack, Text, Textarea } from "@mantine/core";
import { type AlarmWords, type EmergencyText, LIMITS, type Settings } from "../../bindings";
import { LOCALES, type Locale } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { namesOf } from "../../labels";

type ByLanguage = Record<Locale, string>;
export type AlarmDraft = { alarm: ByLanguage; emergency: ByLanguage };

const LANGUAGES = namesOf(LOCALES);
const { maxLength: MAX_TEXT } = LIMITS.EmergencyText.en;

const byLanguage = <T,>(of: (language: Locale) => T): Record<Locale, T> => ({
  en: of("en"),
  th: of("th"),
  ja: of("ja"),
  "zh-TW": of("zh-TW"),
});

export const alarmDraftOf = (values: Settings): AlarmDraft => ({
  alarm: byLanguage((language) => values.alarmWords[language].join("\n")),
  emergency: { ...values.emergencyText },
});

export const alarmOf = (draft: AlarmDraft): { alarmWords: AlarmWords; emergencyText: EmergencyText } => ({
  alarmWords: byLanguage((language) =>
    draft.alarm[language]
      .split("\n")
      .map((word) => word.trim())
      .filter((word) => word !== ""),
  ),
  emergencyText: draft.emergency,
});

type Fields = {
  input: (path: string) => object;
  opened: string | null;
  onOpen: (opened: string | null) => void;
};

export function AlarmFields({ input, opened, onOpen }: Fields) {
  const { t } = useWords();
  return (
    <Accordion variant="contained" value={opened} onChange={onOpen}>
      <Accordion.Item value="alarm">
        <Accordion.Control>{t("Words that alarm")}</Accordion.Control>
        <Accordion.Panel>
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
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
