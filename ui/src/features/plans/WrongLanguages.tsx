import { Text } from "@mantine/core";
import { LOCALES, nameOfLocale } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { namesOf } from "../../labels";
import type { StepForm } from "./steady";

/** The languages in which something is to be mended, which may not be the one on the screen. */
export function WrongLanguages({ form, path }: { form: StepForm; path: string }) {
  const { t } = useWords();
  const fields = Object.keys(form.errors).filter((field) => field.startsWith(`${path}.`));
  const wrong = namesOf(LOCALES).filter((language) =>
    fields.some(
      (field) =>
        field.startsWith(`${path}.translations.${language}`) || field.endsWith(`.labels.${language}`),
    ),
  );
  if (wrong.length === 0) return null;
  return (
    <Text size="xs" c="var(--mantine-color-error)">
      {t("To be mended in: {languages}", { languages: wrong.map(nameOfLocale).join(", ") })}
    </Text>
  );
}
