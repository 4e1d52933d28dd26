// What every screen knows of the clinic: its zone, its state, and the time now.

import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import type { Status } from "../bindings";
import { useStatus } from "../queries";

type Clinic = {
  timeZone: string;
  now: number;
  status: Status | undefined;
  /** When the program last answered, where it does not answer now, in milliseconds; else null. */
  lostSince: number | null;
};

const Context = createContext<Clinic>({
  timeZone: "UTC",
  now: Date.now(),
  status: undefined,
  lostSince: null,
});

export const useClinic = () => useContext(Context);

/** How long the program may be silent before what is shown is said to be old. */
const SILENCE_MS = 2_000;

export function ClinicProvider({ children }: { children: ReactNode }) {
  // A full disk or a part that stopped is announced by nobody: the status is looked at anew.
  const {
    data: status,
    dataUpdatedAt,
    failureCount,
    isError,
    isPaused,
  } = useStatus({}, { refetchInterval: 15_000 });
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  const silent = failureCount > 0 || isError || isPaused;
  const lostSince = silent && Date.now() - dataUpdatedAt > SILENCE_MS ? dataUpdatedAt : null;
  return (
    <Context.Provider value={{ timeZone: status?.timeZone ?? "UTC", now, status, lostSince }}>
      {children}
    </Context.Provider>
  );
}
