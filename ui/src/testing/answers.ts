// What patients answered, as the statistics say it.

import type { AnswerStats, Answers } from "../bindings";

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
  medianAnswerMs: 60_000,
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
