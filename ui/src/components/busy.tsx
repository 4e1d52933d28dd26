// A button that first reads a part of the page, as what opens a dialog does. On a slow link it is busy
// until the part is there: the press is seen, and a second one does nothing.

import { Button, type ButtonProps } from "@mantine/core";
import { type ComponentProps, useEffect, useRef, useState } from "react";

type Act = () => unknown;

/** So long nothing is shown: what is there by then would only flicker. */
const UNSEEN_MS = 150;

/** Runs an act once at a time. `isBusy` while its promise lasts, if that is long enough to be seen. */
export function useBusy(act: Act): { isBusy: boolean; run: () => Promise<void> } {
  const [isBusy, setBusy] = useState(false);
  const isRunning = useRef(false);
  const timer = useRef<number>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const run = async () => {
    if (isRunning.current) return;
    isRunning.current = true;
    timer.current = window.setTimeout(() => setBusy(true), UNSEEN_MS);
    try {
      await act();
    } finally {
      isRunning.current = false;
      window.clearTimeout(timer.current);
      setBusy(false);
    }
  };
  return { isBusy, run };
}

type Props = ButtonProps & Omit<ComponentProps<"button">, keyof ButtonProps | "onClick"> & { onClick: Act };

export function BusyButton({ onClick, ...props }: Props) {
  const { isBusy, run } = useBusy(onClick);
  return <Button {...props} loading={isBusy} onClick={run} />;
}
