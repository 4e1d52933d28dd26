// What the editor holds of a trigger while it is written.

import type { Bound } from "../../components/clock";
import type { Translate } from "../../i18n";
import type { Weekly } from "../../lib/cron";
import type { Pace } from "./pace";

/** The reader's words. */
export type Words = { t: Translate; locale: string };

/** Binds a field by its name. */
export type Input = (name: string) => Bound;

/** What the form holds, for each way its own: who looks at another way loses nothing. */
export type TriggerDrafts = {
  immediate: { type: string };
  delay: { value: string };
  scheduled: {
    value: string;
    startDay: number | "";
    lasts: "one" | "some" | "on";
    days: number | "";
    pace: Pace;
    everyDays: number | "";
    /** Sunday is 0. */
    weekdays: number[];
  };
  /** `value` is the timetable it began as, which stays as it was written while it says the same. */
  weekdays: { value: string; days: Weekly["days"]; times: string };
  hourly: { value: string; hours: number; from: string };
  cron: { value: string };
};

/** Before anything is written. */
export const EMPTY_TRIGGERS: TriggerDrafts = {
  immediate: { type: "" },
  delay: { value: "" },
  scheduled: { value: "", startDay: 0, lasts: "one", days: "", pace: "each", everyDays: 2, weekdays: [] },
  weekdays: { value: "", days: [], times: "" },
  hourly: { value: "", hours: 4, from: "08:00" },
  cron: { value: "" },
};
