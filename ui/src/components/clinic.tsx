// What every screen knows of the clinic: its zone, its state, and the time now.

import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import type { Status } from "../bindings";
import { useStatus } from "../queries";

type Clinic = { timeZone: string; now: number; status: Status | undefined };

const Context = createContext<Clinic>({ timeZone: "UTC", now: Date.now(), status: undefined });

export const useClinic = () => useContext(Context);

export function ClinicProvider({ children }: { children: ReactNode }) {
  // A full disk or a part that stopped is announced by nobody: the status is looked at anew.
  const { data: status } = useStatus({}, { refetchInterval: 15_000 });
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  return (
    <Context.Provider value={{ timeZone: status?.timeZone ?? "UTC", now, status }}>
      {children}
    </Context.Provider>
  );
}
