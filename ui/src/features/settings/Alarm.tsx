// Words that alarm, and what patients who wrote one read: by language, one word a line.

import { Accordion } from "@mantine/core";
import { useState } from "react";
import type { EmergencyText, Settings, AlarmWords as Words } from "../../bindings";
import { Awaited, onDemand } from "../../components/onDemand";
import type { Locale } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import type { AlarmWordsProps } from "./AlarmWords";

type ByLanguage = Record<Locale, string>;
type AlarmDraft = { alarm: ByLanguage; emergency: ByLanguage };

const AlarmWords = onDemand(async () => (await import("./AlarmWords")).AlarmWords);

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

export const alarmOf = (draft: AlarmDraft): { alarmWords: Words; emergencyText: EmergencyText } => ({
  alarmWords: byLanguage((language) =>
    draft.alarm[language]
      .split("\n")
      .map((word) => word.trim())
      .filter((word) => word !== ""),
  ),
  emergencyText: draft.emergency,
});

export const isOfAlarm = (field: string) => /^(alarm|emergency)\./.test(field);

/** What is open of it, and the way to one of its fields, which are there once they are read and open. */
export function useAlarmPart() {
  const [opened, onOpen] = useState<string | null>(null);
  const [sought, seek] = useState<string | null>(null);
  const goTo = (field: string) => {
    AlarmWords.preload().then(() => {
      onOpen("alarm");
      seek(field);
    });
  };
  return { goTo, shown: { opened, onOpen, sought, onFound: () => seek(null) } };
}

type Fields = AlarmWordsProps & {
  opened: string | null;
  onOpen: (opened: string | null) => void;
};

export function AlarmFields({ opened, onOpen, ...words }: Fields) {
  const { t } = useWords();
  const [isRead, noteRead] = useState(false);
  if (opened && !isRead) noteRead(true);
  // It unfolds as high as its fields are: they are there before.
  const open = (part: string | null) => AlarmWords.preload().then(() => onOpen(part));
  return (
    <Accordion variant="contained" value={opened} onChange={open}>
      <Accordion.Item value="alarm">
        <Accordion.Control>{t("Words that alarm")}</Accordion.Control>
        <Accordion.Panel>
          {isRead && (
            <Awaited>
              <AlarmWords {...words} />
            </Awaited>
          )}
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
