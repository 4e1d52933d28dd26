// What every screen knows of the clinic: its zone, its state, and the time now.

import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import type { Status } from "../bindings";
import { clinicNow, heardTime } from "../lib/clock";
import { isoDay, TICK_MS } from "../lib/format";
import { inWindow } from "../lib/transport";
import { SECOND_MS } from "../lib/units";
import { useStatus } from "../queries";

type Clinic = {
  timeZone: string;
  status: Status | undefined;
  /** When the program last answered, where it does not answer now, in milliseconds; else null. */
  lostSince: number | null;
};

/** What stays the same all day. */
type Day = { clinicName: string; today: string };

const Context = createContext<Clinic>({ timeZone: "UTC", status: undefined, lostSince: null });
const Now = createContext(clinicNow());
const OfDay = createContext<Day>({ clinicName: "", today: isoDay(clinicNow(), "UTC") });

export const useClinic = () => useContext(Context);

/** The time now. Whoever asks is drawn anew with every tick of the clock, and with what comes. */
export const useNow = () => useContext(Now);

/** The clinic and its day, for what there is much of: no tick of the clock draws it anew. */
export const useClinicDay = () => useContext(OfDay);

/** How long the program may be silent before what is shown is said to be old. */
const SILENCE_MS = 2_000;

/** The time now, looked at anew with whatever comes: news are never newer than the clock beside them. */
function useTicking(): number {
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
  const now = useTicking();
  // In the window nothing else says what the program's clock shows.
  useEffect(() => {
    if (inWindow && status) heardTime(status.now, dataUpdatedAt - SECOND_MS, dataUpdatedAt);
  }, [status, dataUpdatedAt]);
  const silent = failureCount > 0 || isError || isPaused;
  const lostSince = silent && Date.now() - dataUpdatedAt > SILENCE_MS ? dataUpdatedAt : null;
  const timeZone = status?.timeZone ?? "UTC";
  const clinic = useMemo(() => ({ timeZone, status, lostSince }), [timeZone, status, lostSince]);
  const clinicName = status?.clinicName ?? "";
  const today = isoDay(now, timeZone);
  const day = useMemo(() => ({ clinicName, today }), [clinicName, today]);
  return (
    <Context.Provider value={clinic}>
      <OfDay.Provider value={day}>
        <Now.Provider value={now}>{children}</Now.Provider>
      </OfDay.Provider>
    </Context.Provider>
  );
}
