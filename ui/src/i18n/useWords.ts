import { useLingui } from "@lingui/react";
import { useCallback } from "react";
import type { Translate } from ".";

/**
 * The words of the chosen language, and which it is. `heard` is for what the core still says in
 * sentences: translated where there is a translation, else as it is.
 */
export function useWords(): { t: Translate; heard: (sentence: string) => string; locale: string } {
  const { i18n } = useLingui();
  const t = useCallback<Translate>((words, ...[values]) => i18n._(words, values), [i18n]);
  const heard = useCallback((sentence: string) => i18n._(sentence), [i18n]);
  return { t, heard, locale: i18n.locale };
}
