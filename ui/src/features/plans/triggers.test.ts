import { expect, it } from "vitest";
import type { Trigger } from "../../bindings";
import { type Locale, wordsOf } from "../../i18n";
import { cronOf, readCron, sameCron } from "../../lib/cron";
import {
  dayOf,
  EMPTY_TRIGGERS,
  isWhole,
  lastDayOf,
  triggerDraftsOf,
  triggerInWords,
  triggerOf,
  wrongTrigger,
} from "./triggers";

const said = async (trigger: Trigger, locale: Locale) =>
  triggerInWords(trigger, { t: await wordsOf(locale), locale });

const scheduled = (startDay: number, days?: number): Trigger => ({
  type: "scheduled",
  value: "09:00,14:30",
  startDay,
  days,
});
const cron = (value: string): Trigger => ({ type: "recurring", value });

it("day 0 is the day of the start in each language, and day 3 lies three days after it", async () => {
  const both = async (locale: Locale) => [
    await said(scheduled(0, 1), locale),
    await said(scheduled(3, 1), locale),
  ];
  expect(await both("en")).toEqual(["On the day of the start, at 09:00, 14:30", "On day 3, at 09:00, 14:30"]);
  expect(await both("ja")).toEqual(["開始日の09:00、14:30", "開始日の3日後の09:00、14:30"]);
  expect(await both("zh-TW")).toEqual(["開始當天 09:00、14:30", "開始日的 3 天後，09:00、14:30"]);
  expect(await both("th")).toEqual(["ในวันที่เริ่ม เวลา 09:00, 14:30", "3 วันหลังวันที่เริ่ม เวลา 09:00, 14:30"]);
});

it("several days and days without an end are said as such", async () => {
  expect(await said(scheduled(1, 3), "en")).toBe("On 3 days from day 1, at 09:00, 14:30");
  expect(await said(scheduled(0, 3), "en")).toBe("On 3 days from the day of the start, at 09:00, 14:30");
  expect(await said(scheduled(1), "ja")).toBe("開始日の1日後から毎日09:00、14:30");
  expect(await said(scheduled(0), "en")).toBe("Every day from the day of the start, at 09:00, 14:30");
});

it("days of the week and every so many days are said with their span", async () => {
  const on = (days: object): Trigger => ({ type: "scheduled", value: "08:00", ...days });
  const weekly = on({ weekdays: ["thu", "mon"] });
  const third = on({ everyDays: 3, startDay: 2, days: 10 });
  expect(await said(weekly, "en")).toBe("Every Monday, Thursday, at 08:00");
  expect(await said(on({ weekdays: ["mon"], startDay: 1 }), "en")).toBe("Every Monday from day 1, at 08:00");
  expect(await said(third, "en")).toBe("Every 3 days from day 2 to day 11, at 08:00");
  expect(await said(on({ everyDays: 2 }), "en")).toBe("Every 2 days from the day of the start, at 08:00");
  expect(await said(third, "ja")).toBe("開始日の2日後から11日後まで、3日ごとの08:00");
  expect(await said(weekly, "th")).toBe("ทุกวันจันทร์, วันพฤหัสบดี เวลา 08:00");
  expect(await said(third, "zh-TW")).toBe("從開始日的 2 天後到 11 天後，每 3 天 08:00");
  expect([dayOf(weekly), lastDayOf(weekly)]).toEqual([null, null]);
  expect([dayOf(third), lastDayOf(third)]).toEqual([2, 11]);
  expect(lastDayOf(on({ everyDays: 4, days: 10 }))).toBe(8);
});

it("a delay is said with its units in the reader's language", async () => {
  const delay: Trigger = { type: "delay", value: "1d12h" };
  expect(await said(delay, "en")).toBe("1 day 12 hours after the start");
  expect(await said(delay, "ja")).toBe("開始から1日12時間後");
  expect(await said({ type: "delay", value: "1m" }, "ja")).toBe("開始から1分後");
  expect(await said(delay, "zh-TW")).toBe("開始後 1 天 12 小時");
  expect(await said(delay, "th")).toBe("1 วัน 12 ชั่วโมง หลังเริ่ม");
});

it("a timetable is said without a sign of cron", async () => {
  expect(await said(cron("0 9 * * 1,5"), "en")).toBe("Every Monday, Friday, at 09:00");
  expect(await said(cron("0 9,14 * * 1-5"), "ja")).toBe(
    "毎週月曜日、火曜日、水曜日、木曜日、金曜日の09:00、14:00",
  );
  expect(await said(cron("30 8 1,15 * *"), "en")).toBe("On day 1, 15 of the month, at 08:30");
  expect(await said(cron("0 9 1 jan *"), "en")).toBe("On day 1 of the month, at 09:00 (only in January)");
  expect(await said(cron("0 9 13 * 5"), "en")).toBe("On day 13 of the month, and every Friday, at 09:00");
  expect(await said(cron("*/5 * * * *"), "en")).toBe("Every day, 288 times from 00:00 to 23:55");
  expect(await said(cron("61 * * * *"), "en")).toBe("No timetable that can be read: 61 * * * *");
});

it("a timetable opens as chips where chips can say it, else as it was written", () => {
  const open = (value: string) => {
    const { way, triggers } = triggerDraftsOf(cron(value));
    return way === "weekdays" ? triggers.weekdays : way === "hourly" ? triggers.hourly : way;
  };
  expect(open("0 9,14 * * 1-5")).toMatchObject({ days: [1, 2, 3, 4, 5], times: "09:00,14:00" });
  expect(open("0 9 * * fri-mon")).toMatchObject({ days: [0, 1, 5, 6], times: "09:00" });
  expect(open("0 9 * * *")).toMatchObject({ days: [0, 1, 2, 3, 4, 5, 6] });
  expect(open("30 */6 * * *")).toMatchObject({ hours: 6, from: "00:30" });
  expect(open("0 9 1 * *")).toBe("cron");
  expect(open("*/5 * * * *")).toBe("cron");
});

it("chips are written as times on days of the week, and a timetable that was written stays one", () => {
  expect(cronOf({ days: [5, 1], times: ["14:00", "09:00"] })).toBe("0 9,14 * * 1,5");
  expect(cronOf({ days: [1], times: ["09:00", "14:30"] })).toBeNull();
  const of = (value: string, times: string) =>
    triggerOf("weekdays", { ...EMPTY_TRIGGERS, weekdays: { value, days: [1, 4], times } });
  const onDays: Trigger = { type: "scheduled", value: "09:00,14:30", weekdays: ["mon", "thu"] };
  expect(of("", "09:00,14:30")).toEqual(onDays);
  expect(of("0 9 * * thu,mon", "09:00")).toEqual(cron("0 9 * * thu,mon"));
  expect(of("0 9 * * thu,mon", "09:00,14:30")).toEqual(onDays);
  expect(triggerDraftsOf(onDays)).toMatchObject({
    way: "weekdays",
    triggers: { weekdays: { days: [1, 4], times: "09:00,14:30" } },
  });
  expect(wrongTrigger("weekdays", EMPTY_TRIGGERS)).toEqual({
    days: "Choose a day of the week.",
    times: "Choose a time.",
  });
  const hourly = { ...EMPTY_TRIGGERS, hourly: { value: "", hours: 8, from: "07:30" } };
  expect(triggerOf("hourly", hourly)).toEqual(cron("30 7,15,23 * * *"));
});

it("what is no timetable is not read", () => {
  const wrong = [
    "",
    "* * * *",
    "0 * * * * *",
    "@daily",
    "0 0 L * *",
    "61 * * * *",
    "a b c d e",
    "0 9 * * 8",
    "5-1 * * * *",
  ];
  for (const text of wrong) expect(readCron(text), text).toBeNull();
  expect(sameCron("0 9 * * 7", "0 9 * * sun")).toBe(true);
});

it("a trigger that is still being written, or would be refused, does not say when", () => {
  const says: Trigger[] = [
    { type: "immediate" },
    { type: "delay", value: "366d" },
    scheduled(3650, 3650),
    scheduled(0),
    cron("0 9 * * 1"),
  ];
  const doesNot: Trigger[] = [
    { type: "delay", value: "" },
    { type: "delay", value: "0d" },
    { type: "delay", value: "367d" },
    { type: "scheduled", value: "" },
    { type: "scheduled", value: "09:00," },
    scheduled(3651),
    scheduled(0, 0),
    { type: "scheduled", value: "09:00", everyDays: 0 },
    { type: "scheduled", value: "09:00", weekdays: [] },
    cron(""),
    cron("61 * * * *"),
  ];
  for (const trigger of says) expect(isWhole(trigger), JSON.stringify(trigger)).toBe(true);
  for (const trigger of doesNot) expect(isWhole(trigger), JSON.stringify(trigger)).toBe(false);
});

it("a step has the day on which it first comes", () => {
  expect(dayOf({ type: "immediate" })).toBe(0);
  expect(dayOf({ type: "delay", value: "36h" })).toBe(1);
  expect(dayOf(scheduled(4))).toBe(4);
  expect(dayOf(cron("0 9 * * 1"))).toBeNull();
});
