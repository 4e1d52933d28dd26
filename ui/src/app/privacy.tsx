// Hides names, numbers and messages of patients from whoever else sees the screen: by a key, a
// button, and by itself when nobody is at work.

import { Button, Stack, Text, Title } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";
import { useWords } from "../i18n/useWords";
import { MINUTE_MS } from "../lib/units";

/** After so many minutes without anybody it is hidden; 0 is never. */
export const IDLE_CHOICES = [0, 2, 5, 10];

export const useIdleMinutes = () =>
  useLocalStorage({ key: "clinicue.hideAfter", defaultValue: 0, getInitialValueInEffect: false });

/** Kept over a reload: that is no request to show what was hidden. */
const HIDDEN = "clinicue.hidden";

const SIGNS = ["pointermove", "pointerdown", "wheel", "keydown", "touchstart"] as const;
const LOOK_MS = 5_000;

/** Calls `onIdle` once nobody has been at work for so long. */
function useIdle(minutes: number, onIdle: () => void) {
  const latest = useRef(onIdle);
  latest.current = onIdle;
  useEffect(() => {
    if (minutes === 0) return;
    let last = Date.now();
    const look = () => {
      if (Date.now() - last >= minutes * MINUTE_MS) latest.current();
    };
    const active = () => {
      // After the computer slept the first touch must not count as activity before the time is looked at.
      look();
      last = Date.now();
    };
    const timer = setInterval(look, LOOK_MS);
    document.addEventListener("visibilitychange", look);
    for (const sign of SIGNS) document.addEventListener(sign, active, { capture: true, passive: true });
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
      for (const sign of SIGNS) document.removeEventListener(sign, active, { capture: true });
    };
  }, [minutes]);
}

export function usePrivacy() {
  const [hidden, setHidden] = useState(() => sessionStorage.getItem(HIDDEN) === "yes");
  const [minutes] = useIdleMinutes();
  useIdle(minutes, () => setHidden(true));
  useEffect(() => {
    sessionStorage.setItem(HIDDEN, hidden ? "yes" : "");
    // Dialogs, menus and notices lie beside the page: the style sheet knows them.
    document.body.toggleAttribute("data-hidden", hidden);
    return () => document.body.removeAttribute("data-hidden");
  }, [hidden]);
  return { hidden, setHidden };
}

/** Lies over what is hidden; the keys of a dialog under it do nothing. */
export function Cover({ show }: { show: () => void }) {
  const { t } = useWords();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    button.current?.focus();
    const keep = (event: KeyboardEvent) => {
      if (event.key === "Escape") event.stopPropagation();
    };
    window.addEventListener("keydown", keep, { capture: true });
    return () => {
      window.removeEventListener("keydown", keep, { capture: true });
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <Stack className="cover" role="dialog" aria-labelledby="cover-title" aria-describedby="cover-words">
      <Title order={1} size="h2" id="cover-title">
        {t("Hidden")}
      </Title>
      <Text ta="center" id="cover-words">
        {t("Names, numbers and messages of patients are hidden.")}
      </Text>
      <Button ref={button} onClick={show}>
        {t("Show again")}
      </Button>
    </Stack>
  );
}
