import { useLingui } from "@lingui/react";
import { useCallback } from "react";
import type { Translate } from "../lib/format";

/** The words of the chosen language, and which it is. */
export function useWords(): { t: Translate; locale: string } {
  const { i18n } = useLingui();
  const t = useCallback<Translate>((id, values) => i18n._(id, values), [i18n]);
  return { t, locale: i18n.locale };
}
