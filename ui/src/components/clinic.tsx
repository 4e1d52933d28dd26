// What every screen knows of the clinic: its zone, its state, and the time now. `app/ClinicProvider.tsx`
// asks for it.

import { createContext, type ReactNode, useContext } from "react";
import type { Status } from "../bindings";
import { clinicNow } from "../lib/clock";
import { isoDay } from "../lib/format";

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

/** Gives what is below it the clinic, its day and the time. */
export function ClinicContext(props: { clinic: Clinic; day: Day; now: number; children: ReactNode }) {
  return (
    <Context.Provider value={props.clinic}>
      <OfDay.Provider value={props.day}>
        <Now.Provider value={props.now}>{props.children}</Now.Provider>
      </OfDay.Provider>
    </Context.Provider>
  );
}
