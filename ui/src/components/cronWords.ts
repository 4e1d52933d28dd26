// A timetable in words: when it comes, without a sign of cron.

import { MAX_TIMES_OF_DAY } from "../bindings";
import type { Translate } from "../i18n";
import { hourlyOf, readCron, type Timetable, timesOf } from "../lib/cron";
import { listed, monthName, weekdayName } from "../lib/format";

type Words = { t: Translate; locale: string };

function daysInWords({ days, weekdays, either }: Timetable, { t, locale }: Words): string {
  const names = listed(weekdays?.map((day) => weekdayName(day, locale, "long")) ?? [], locale);
  const numbers = listed(days?.map(String) ?? [], locale);
  if (days && weekdays && either)
    return t("On day {numbers} of the month, and every {names}", { numbers, names });
  if (days && weekdays) return t("On {names} that are day {numbers} of the month", { numbers, names });
  if (days) return t("On day {numbers} of the month", { numbers });
  if (weekdays && weekdays.length < 7) return t("Every {names}", { names });
  return t("Every day");
}

function whenInWords(table: Timetable, words: Words): string {
  const { t, locale } = words;
  const [days, times] = [daysInWords(table, words), timesOf(table)];
  if (times.length <= MAX_TIMES_OF_DAY)
    return t("{days}, at {times}", { days, times: listed(times, locale) });
  const [first = "", last = ""] = [times[0], times.at(-1)];
  return t("{days}, {n} times from {first} to {last}", { days, n: times.length, first, last });
}

/** At least this many hours apart there are at most four times a day, few enough to name each. */
const MANY_A_DAY = 6;

/** A timetable in a sentence; where the core would refuse it, that. */
export function cronInWords(cron: string, words: Words): string {
  const { t, locale } = words;
  const table = readCron(cron);
  if (!table) return cron.trim() === "" ? "…" : t("No timetable that can be read: {cron}", { cron });
  const hourly = hourlyOf(table);
  // A few times a day are clearer by their names.
  if (hourly && hourly.hours < MANY_A_DAY)
    return t("{n, plural, one {Every hour} other {Every # hours}}, among others at {from}", {
      n: hourly.hours,
      from: hourly.from,
    });
  const when = whenInWords(table, words);
  if (!table.months) return when;
  const months = listed(
    table.months.map((month) => monthName(month, locale)),
    locale,
  );
  return t("{when} (only in {months})", { when, months });
}
