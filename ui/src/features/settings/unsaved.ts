// Who leaves a form with changes is asked first; another part of the same screen is no leaving.

import { useBlocker } from "@tanstack/react-router";
import { useWords } from "../../i18n/useWords";

export function useUnsaved(isDirty: boolean): void {
  const { t } = useWords();
  useBlocker({
    shouldBlockFn: ({ current, next }) =>
      isDirty && current.pathname !== next.pathname && !window.confirm(t("Leave without saving?")),
    enableBeforeUnload: () => isDirty,
  });
}
