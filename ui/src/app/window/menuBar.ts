// The menu bar, where the system has one (macOS): its words in the reader's language, and those of
// its entries that the page does.

import { useEffect, useRef } from "react";
import { commands, type MenuAct, type MenuWords } from "../../bindings";
import type { Label } from "../../i18n";
import { useWords } from "../../i18n/useWords";
import { namesOf } from "../../labels";
import { zoomBy } from "./windowKeys";

const WORDS: Record<keyof MenuWords, Label> = {
  about: "About Clinicue",
  hide: "Hide Clinicue",
  quit: "Quit Clinicue",
  edit: "Edit",
  undo: "Undo",
  redo: "Redo",
  cut: "Cut",
  copy: "Copy",
  paste: "Paste",
  selectAll: "Select all",
  view: "View",
  larger: "Draw everything larger",
  smaller: "Draw everything smaller",
  usual: "Draw everything in the usual size",
  fullscreen: "Full screen",
  window: "Window",
  minimize: "Minimise",
  close: "Close the window",
  help: "Help",
  keys: "Keys and privacy",
};

export function useMenuBar(showKeys: () => void) {
  const { t } = useWords();
  const show = useRef(showKeys);
  show.current = showKeys;
  const words = JSON.stringify(Object.fromEntries(namesOf(WORDS).map((name) => [name, t(WORDS[name])])));
  useEffect(() => {
    commands.menuWords(JSON.parse(words)).catch(() => undefined);
  }, [words]);
  useEffect(() => {
    const stop = import("@tauri-apps/api/event").then(({ listen }) =>
      listen<MenuAct>("menu", ({ payload }) => {
        if (payload === "keys") show.current();
        else void zoomBy(payload);
      }),
    );
    return () => void stop.then((end) => end());
  }, []);
}
