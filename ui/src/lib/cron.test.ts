import { expect, test } from "vitest";
import cases from "../../../tests/fixtures/rules/timetables.json";
import { readCron, type Timetable, timesOf } from "./cron";

/** Its times on a day, by the rule that one limited day is enough where both are. */
function timesOn(day: string, table: Timetable): string[] {
  const at = new Date(`${day}T00:00Z`);
  const ofMonth = table.days?.includes(at.getUTCDate());
  const ofWeek = table.weekdays?.includes(at.getUTCDay());
  const isDay = table.either ? ofMonth || ofWeek : ofMonth !== false && ofWeek !== false;
  const isMonth = table.months?.includes(at.getUTCMonth() + 1) ?? true;
  return isDay && isMonth ? timesOf(table) : [];
}

test.each(cases)("the timetable '$cron' on $day has the times $times, as the core has it", (one) => {
  const table = readCron(one.cron);
  expect(table && timesOn(one.day, table)).toEqual(one.times);
});
