// A dialog of a screen. Its box, what keeps the page still behind it and what holds the focus are 15 kB
// that most visits do without: they are read with the first that opens.

import type { ModalProps } from "@mantine/core";
import { useState } from "react";
import { Awaited, onDemand } from "./onDemand";

export const DialogBox = onDemand(async () => (await import("./DialogBox")).DialogBox);

/** Reads what a dialog is to show, and its box, so that it can open at once. */
export const readForDialog = (part: { preload: () => Promise<void> }) =>
  Promise.all([part.preload(), DialogBox.preload()]);

export function Dialog(props: ModalProps) {
  const { opened, onClose } = props;
  const [wasOpened, noteOpened] = useState(opened);
  if (opened && !wasOpened) noteOpened(true);
  if (!wasOpened) return null;
  const giveUp = () => {
    noteOpened(false);
    onClose();
  };
  return (
    <Awaited afloat onClose={giveUp}>
      <DialogBox {...props} />
    </Awaited>
  );
}
