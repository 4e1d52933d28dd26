// What the menu of the tray says, in the reader's language, as sending begins and ends.

import { useEffect } from "react";
import { commands } from "../../bindings";
import { useClinic } from "../../components/clinic";
import { useWords } from "../../i18n/useWords";
import { ALERTS, SENDING } from "../../labels";

export function useTrayWords() {
  const { t } = useWords();
  const { status } = useClinic();
  const pauses = status?.sending !== "paused";
  const state = status && SENDING[status.sending];
  const sending =
    state?.goes && status?.alertCode ? t(ALERTS[status.alertCode]) : state ? t(state.label) : "Clinicue";
  const open = t("Open Clinicue");
  const act = pauses ? t("Pause all sending") : t("Send again");
  const quit = t("Quit Clinicue");
  useEffect(() => {
    // Without a tray there is nothing to be named.
    commands.trayWords({ open, sending, act, pauses, quit }).catch(() => undefined);
  }, [open, sending, act, pauses, quit]);
}
