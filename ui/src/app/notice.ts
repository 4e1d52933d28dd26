// A notification on the desktop for new urgent entries of the worklist: without a name, since
// anybody may see the screen.

import { useEffect, useRef } from "react";
import { commands } from "../bindings";
import { useWords } from "../i18n/useWords";
import { WORK_REASONS } from "../labels";
import { inWindow } from "../lib/transport";
import { useListWorklist } from "../queries";

export function UrgentNotice() {
  const { t } = useWords();
  const list = useListWorklist({ limit: 20 });
  const seen = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (!list.data) return;
    const urgent = list.data.items.filter((item) => item.urgent);
    const fresh = seen.current ? urgent.filter((item) => !seen.current?.has(item.id)) : [];
    seen.current = new Set(urgent.map((item) => item.id));
    const first = fresh[0];
    if (first) raise(t("A patient needs a person"), t(WORK_REASONS[first.reason].label));
  }, [list.data, t]);
  return null;
}

function raise(title: string, body: string) {
  if (inWindow) {
    // A desktop without notifications still has the badge.
    commands.notifyDesktop({ title, body }).catch(() => undefined);
  } else if ("Notification" in globalThis && Notification.permission === "granted") {
    new Notification(title, { body, icon: "/icon.svg" });
  }
}
