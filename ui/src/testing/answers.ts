// What patients answered, as the statistics say it.

import type { AnswerStats, Answers, HourOfWeek, HoursOfWeek } from "../bindings";
import { MINUTE_MS } from "../lib/units";

const AT = "2026-11-24T02:10:00.000Z";

export const noAnswers: Answers = {
  sent: 0,
  failed: 0,
  asked: 0,
  responded: 0,
  missed: 0,
  completed: 0,
  postponed: 0,
  skipped: 0,
  responseRate: null,
  adherence: null,
  averageAnswerMs: null,
  medianAnswerMs: null,
  values: [],
};

export const someAnswers: Answers = {
  ...noAnswers,
  sent: 4,
  asked: 4,
  responded: 3,
  missed: 1,
  completed: 3,
  responseRate: 0.75,
  adherence: 0.75,
  averageAnswerMs: 90_000,
  medianAnswerMs: MINUTE_MS,
  values: [{ value: "yes", count: 3 }],
};

export const answerStats = (all: Answers): AnswerStats => ({
  from: AT,
  to: AT,
  all,
  protocols: [
    {
      protocolId: "c1",
      name: "After surgery",
      answers: all,
      steps: [{ stepOrder: 1, name: "First day", answers: all }],
    },
  ],
});

/** Hours of a week without messages, but for those that are given: by weekday, 1 for Monday, and hour. */
export const aWeek = (
  ...busy: (Pick<HourOfWeek, "weekday" | "hour"> & Partial<HourOfWeek>)[]
): HoursOfWeek => ({
  from: AT,
  to: AT,
  timeZone: "Asia/Bangkok",
  hours: Array.from({ length: 168 }, (_, n) => {
    const [weekday, hour] = [Math.floor(n / 24) + 1, n % 24];
    const given = busy.find((one) => one.weekday === weekday && one.hour === hour);
    return { weekday, hour, sent: 0, failed: 0, asked: 0, responded: 0, missed: 0, ...given };
  }),
});
