// The keys that work on every screen: which there are, and who hears them.

import { useLocalStorage } from "@mantine/hooks";
import { useEffect, useRef } from "react";
import type { Label } from "../i18n";
import { isKey, isTaken, isWriting } from "../lib/keys";

type Act = "find" | "list" | "hide";

/** What is listed under `?`; `single` keys can be switched off (WCAG 2.1.4). */
export const KEYS: { keys: string[]; label: Label; single?: boolean }[] = [
  { keys: ["Ctrl", "K"], label: "Search everything" },
  { keys: ["/"], label: "Search, in the list of patients among them", single: true },
  { keys: ["?"], label: "Show the keys", single: true },
  { keys: ["Ctrl", "Shift", "H"], label: "Hide what is known of patients, or show it again" },
  { keys: ["Ctrl", "Z"], label: "Undo what a notice offers to undo" },
  { keys: ["Ctrl", "A"], label: "Select all of a list that are shown" },
  { keys: ["Shift"], label: "With a click: select all rows between two" },
  { keys: ["Alt", "↑"], label: "Move a step of a care plan up" },
  { keys: ["Alt", "↓"], label: "Move a step of a care plan down" },
  { keys: ["Esc"], label: "Close a dialog" },
];

/** Whether keys without Ctrl do something; kept on this computer. */
export const useSingleKeys = () =>
  useLocalStorage({ key: "clinicue.singleKeys", defaultValue: true, getInitialValueInEffect: false });

function actOf(event: KeyboardEvent, single: boolean): Act | null {
  const { ctrlKey, metaKey, altKey, shiftKey, key } = event;
  if (event.isComposing || event.repeat || altKey) return null;
  if (ctrlKey || metaKey) {
    if (!shiftKey && isKey(event, "k", "KeyK")) return "find";
    return shiftKey && isKey(event, "h", "KeyH") ? "hide" : null;
  }
  if (!single || isWriting(event.target) || isTaken()) return null;
  if (key === "/" || (!shiftKey && isKey(event, "/", "Slash"))) return "find";
  return key === "?" || (shiftKey && isKey(event, "?", "Slash")) ? "list" : null;
}

/** Hears the keys; `/` goes to the search of the screen itself, where it has one. */
export function useKeys(does: Record<Act, () => void>) {
  const [single] = useSingleKeys();
  const latest = useRef(does);
  latest.current = does;
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      const act = actOf(event, single);
      if (!act) return;
      event.preventDefault();
      const own = event.ctrlKey || event.metaKey ? null : document.querySelector("main [data-search]");
      if (act === "find" && own instanceof HTMLElement) own.focus();
      else latest.current[act]();
    };
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, [single]);
}
