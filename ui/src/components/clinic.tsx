// What every screen knows of the clinic: its zone, its state, and the time now.

import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import type { Status } from "../bindings";
import { clinicNow, heardTime } from "../lib/clock";
import { TICK_MS } from "../lib/format";
import { inWindow } from "../lib/transport";
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
  now: clinicNow(),
  status: undefined,
  lostSince: null,
});

export const useClinic = () => useContext(Context);

/** How long the program may be silent before what is shown is said to be old. */
const SILENCE_MS = 2_000;

/** The time now, looked at anew with whatever comes: news are never newer than the clock beside them. */
function useNow(): number {
  const client = useQueryClient();
  const [now, setNow] = useState(clinicNow);
  useEffect(() => {
    const look = () => setNow(clinicNow());
    const timer = setInterval(look, TICK_MS);
    // A page that nobody sees, or a computer asleep, does not tick.
    document.addEventListener("visibilitychange", look);
    const forget = client.getQueryCache().subscribe((event) => {
      if (event.type === "updated" && event.action.type === "success") look();
    });
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
      forget();
    };
  }, [client]);
  return now;
}

export function ClinicProvider({ children }: { children: ReactNode }) {
  // A full disk or a part that stopped is announced by nobody: the status is looked at anew.
  const {
    data: status,
    dataUpdatedAt,
    failureCount,
    isError,
    isPaused,
  } = useStatus({}, { refetchInterval: 15_000 });
  const now = useNow();
  // In the window nothing else says what the program's clock shows.
  useEffect(() => {
    if (inWindow && status) heardTime(status.now, dataUpdatedAt - 1_000, dataUpdatedAt);
  }, [status, dataUpdatedAt]);
  const silent = failureCount > 0 || isError || isPaused;
  const lostSince = silent && Date.now() - dataUpdatedAt > SILENCE_MS ? dataUpdatedAt : null;
  return (
    <Context.Provider value={{ timeZone: status?.timeZone ?? "UTC", now, status, lostSince }}>
      {children}
    </Context.Provider>
  );
}
