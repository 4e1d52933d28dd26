// The keys that work on every screen: what they do, and who hears them.

import { useLocalStorage } from "@mantine/hooks";
import { useEffect, useRef } from "react";
import { isKey, isTaken, isWriting } from "../lib/keys";

type Act = "find" | "list" | "hide" | "undo";

/** Whether keys without Ctrl do something; kept on this computer. */
export const useSingleKeys = () =>
  useLocalStorage({ key: "clinicue.singleKeys", defaultValue: true, getInitialValueInEffect: false });

function actOf(event: KeyboardEvent, single: boolean): Act | null {
  const { ctrlKey, metaKey, altKey, shiftKey, key } = event;
  if (event.isComposing || event.repeat || altKey) return null;
  if (ctrlKey || metaKey) {
    if (shiftKey) return isKey(event, "h", "KeyH") ? "hide" : null;
    if (isKey(event, "k", "KeyK")) return "find";
    // A text field takes back its own typing; and an offered way back has taken the key already.
    const isFree = !event.defaultPrevented && !isWriting(event.target);
    return isFree && isKey(event, "z", "KeyZ") ? "undo" : null;
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
    // After whoever hears it in the document.
    window.addEventListener("keydown", hear);
    return () => window.removeEventListener("keydown", hear);
  }, [single]);
}
