// The ways between the real clinic and the practice clinic beside it, which is at another port of
// the same machine.

import { inWindow } from "./transport";

/** Whether another port can be reached from here: behind a proxy it cannot. */
export const reachesOtherPorts = () => inWindow || location.protocol === "http:";

/** Where a link of the program to another of its ports leads from here: by the name one came by. */
export function fromHere(link: string): string {
  const url = new URL(link);
  if (!inWindow) url.hostname = location.hostname;
  return url.href;
}

/** Leaves this page. */
export const goTo = (address: string) => location.assign(address);
