import { Modal, type ModalProps } from "@mantine/core";
import { useEffect, useState } from "react";

/** The dialog itself. It gives the focus back only where it was there before it opened. */
export function DialogBox({ opened, ...props }: ModalProps) {
  const [isThere, setThere] = useState(false);
  useEffect(() => setThere(true), []);
  return <Modal opened={opened && isThere} {...props} />;
}
