import { useLingui } from "@lingui/react";
import { useCallback } from "react";
import type { Tell, Translate } from ".";

/** The words of the chosen language, and which it is. */
export function useWords(): { t: Translate; tell: Tell; locale: string } {
  const { i18n } = useLingui();
  const t = useCallback<Translate>((words, ...[values]) => i18n._(words, values), [i18n]);
  const tell = useCallback<Tell>((sayings, found) => i18n._(sayings[found.code], { ...found }), [i18n]);
  return { t, tell, locale: i18n.locale };
}
