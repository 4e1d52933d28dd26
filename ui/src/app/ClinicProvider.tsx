// Asks for what every screen knows of the clinic, and keeps the time.

import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { ClinicContext } from "../components/clinic";
import { clinicNow, heardTime } from "../lib/clock";
import { isoDay, TICK_MS } from "../lib/format";
import { inWindow } from "../lib/transport";
import { SECOND_MS } from "../lib/units";
import { useStatus } from "../queries";

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
    <ClinicContext clinic={clinic} day={day} now={now}>
      {children}
    </ClinicContext>
  );
}
