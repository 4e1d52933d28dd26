// The fields of words that alarm, a language each; they are read when their part is opened.

import { SimpleGrid, Stack, Text, Textarea, type TextareaProps } from "@mantine/core";
import { useEffect } from "react";
import { LIMITS } from "../../bindings";
import { focusField } from "../../components/focusField";
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
      <InEachLanguage
        of="alarm"
        label={(language) => t("Words: {language}", { language })}
        input={input}
        minRows={3}
        maxRows={12}
      />
      <Text size="sm">
        {t("Whoever wrote one reads that the clinic has it, and this: whom to call in an emergency.")}
      </Text>
      <InEachLanguage
        of="emergency"
        label={(language) => t("In an emergency: {language}", { language })}
        input={input}
        placeholder={t("Left out: to call the emergency number or the clinic.")}
        minRows={2}
        maxLength={MAX_TEXT}
      />
    </Stack>
  );
}

type Field = Omit<TextareaProps, "label"> & {
  of: "alarm" | "emergency";
  label: (language: string) => string;
  input: AlarmWordsProps["input"];
};

/** One field for each language, two side by side where there is room. */
function InEachLanguage({ of, label, input, ...field }: Field) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      {LANGUAGES.map((language) => (
        <Textarea
          key={language}
          lang={language}
          label={label(LOCALES[language])}
          autosize
          {...field}
          {...input(`${of}.${language}`)}
        />
      ))}
    </SimpleGrid>
  );
}
