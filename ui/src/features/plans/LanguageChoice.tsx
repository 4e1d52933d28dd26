import { NativeSelect } from "@mantine/core";
import type { Language } from "../../bindings";
import { LOCALES, nameOfLocale } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { namesOf } from "../../labels";
import type { Shown } from "./steps";

type Choice = { value: Shown; onChoose: (shown: Shown) => void; written: Language[]; only?: boolean };

/** Chooses in which language the messages of a step are shown; `only` those that have a text. */
export function LanguageChoice({ value, onChoose, written, only = false }: Choice) {
  const { t } = useWords();
  const isWritten = (language: Language) => written.includes(language);
  const languages = namesOf(LOCALES).filter((language) => !only || isWritten(language));
  return (
    <NativeSelect
      label={t("Language of the messages")}
      value={value}
      onChange={({ currentTarget }) =>
        onChoose(languages.find((language) => language === currentTarget.value) ?? "all")
      }
      data={[
        {
          value: "all",
          label: written.length > 0 ? t("All other languages") : t("The same for all languages"),
        },
        ...languages.map((language) => ({
          value: language,
          label: isWritten(language)
            ? nameOfLocale(language)
            : t("{language}: no text of its own", { language: nameOfLocale(language) }),
        })),
      ]}
    />
  );
}
