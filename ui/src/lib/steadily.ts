// A function that parts of a screen may hold on to.

import { useRef, useState } from "react";

/** The same function at all times, which does what the newest one given does. */
export function useSteadily<A extends unknown[], R>(act: (...args: A) => R): (...args: A) => R {
  const latest = useRef(act);
  latest.current = act;
  const [steady] = useState(
    () =>
      (...args: A) =>
        latest.current(...args),
  );
  return steady;
}
