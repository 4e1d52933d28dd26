// A row of the chat: on whose side it stands, its time, and the place an address may lead to.

import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useClinic } from "../../components/clinic";
import { useWords } from "../../i18n/useWords";
import { clockTime, dayAndTime, isoDay } from "../../lib/format";

type Side = "clinic" | "patient" | "between";

const elementOf = (id: string) => document.getElementById(`row-${id}`);

/** Shows a row and takes the keyboard there; false where it is not on the page. */
export function goToRow(id: string): boolean {
  const row = elementOf(id);
  row?.scrollIntoView?.({ block: "center" });
  row?.focus({ preventScroll: true });
  return row !== null;
}

/** Takes the keyboard to a row that is in sight already. */
export const focusRow = (id: string) => elementOf(id)?.focus({ preventScroll: true });

export function Row({ id, side, children }: { id: string; side: Side; children: ReactNode }) {
  return (
    <li id={`row-${id}`} tabIndex={-1} className={`chat-row ${side}`}>
      {children}
    </li>
  );
}

type Timed = {
  at: string;
  /** The day that stands above, in the zone where the patient lives. */
  day?: string;
  zone?: string;
};

/** When it was or will be, in the clinic's zone; and where the patient lives, if that is another. */
export function RowTime({ at, day, zone }: Timed) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  const instant = Date.parse(at);
  const clinicDay = isoDay(instant, timeZone);
  const here = (clinicDay === day ? clockTime : dayAndTime)(at, locale, timeZone);
  const isElsewhere = zone !== undefined && dayAndTime(at, locale, zone) !== dayAndTime(at, locale, timeZone);
  const timeThere = isElsewhere && isoDay(instant, zone) === clinicDay ? clockTime : dayAndTime;
  return (
    <Text span size="xs" c="dimmed" className="chat-time">
      <time dateTime={at}>{here}</time>
      {isElsewhere && ` · ${t("{time} where the patient lives", { time: timeThere(at, locale, zone) })}`}
    </Text>
  );
}
