import { useLingui } from "@lingui/react";
import { inWords, type Tell, type Translate } from ".";

const t: Translate = (words, ...[values]) => inWords(words, values);
const tell: Tell = (sayings, found) => inWords(sayings[found.code], { ...found });

/** The words of the chosen language, and which it is. */
export function useWords(): { t: Translate; tell: Tell; locale: string } {
  // Whoever asks is drawn anew when the language changes.
  const { i18n } = useLingui();
  return { t, tell, locale: i18n.locale };
}
