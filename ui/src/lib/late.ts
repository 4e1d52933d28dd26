// What is read when somebody asks for it, so that the screen stands without waiting for it.

import { type ComponentType, useState } from "react";

/**
 * The content of a dialog that opens once the content is there: the focus goes into a form, not to
 * where the form will be.
 */
export function useLate<P>(read: () => Promise<ComponentType<P>>) {
  const [Late, setLate] = useState<ComponentType<P> | null>(null);
  const load = async () => {
    const found = await read();
    setLate(() => found);
  };
  return [Late, load] as const;
}
