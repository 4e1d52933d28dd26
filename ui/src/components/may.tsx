// What the reader's role may not do is not offered.

import type { ReactNode } from "react";
import { may, type Operation } from "../lib/roles";
import { useClinic } from "./clinic";

/** Whether whoever reads may ask for an operation. */
export function useMay() {
  const { status } = useClinic();
  return (operation: Operation) => !!status && may(status.role, operation);
}

/** Its children, for those who may ask for the operation. */
export function May({ ask, children }: { ask: Operation; children: ReactNode }) {
  const isAllowed = useMay();
  return isAllowed(ask) ? children : null;
}
