import { fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Preview } from "../../bindings";
import { DAY_MS } from "../../lib/units";
import { type Core, openApp } from "../../testing/app";
import {
  anAssignment,
  answerStats,
  aPatient,
  aProtocol,
  aProtocolSummary,
  aTimeline,
  noAnswers,
  page,
} from "../../testing/fixtures";

const at = (days: number, time: string) =>
  `${new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)}T${time}:00.000Z`;
const dayOn = (days: number) => at(days, "00:00").slice(0, 10);

const [first] = aProtocol.steps;

const core: Core = {
  getPatient: () => aPatient,
  listAssignments: () => page(),
  listProtocols: () => page(aProtocolSummary),
  answerStats: () => answerStats(noAnswers),
  patientTimeline: () => aTimeline,
  listMessages: () => page(),
  getProtocol: () => ({
    ...aProtocol,
    steps: first ? [first, { ...first, id: "s2", stepOrder: 2, name: "Evening" }] : [],
  }),
  previewProtocol: () => preview([0, at(1, "02:00"), at(1, "02:00")], [1, at(1, "15:00"), at(2, "01:00")]),
  createAssignment: () => ({ ...anAssignment, id: "a2" }),
  startAssignment: ({ startsAt }) => ({ ...anAssignment, startedAt: startsAt ?? at(0, "00:00") }),
};

const preview = (...times: [step: number, dueAt: string, goesAt: string][]): Preview => ({
  items: times.map(([step, dueAt, goesAt]) => ({ step, dueAt, goesAt, silently: false })),
  timeZone: "Asia/Bangkok",
  more: false,
});

/** The section of follow-ups with the plan chosen. */
async function choose(more: Core = {}) {
  const app = await openApp("/patients/p1", { ...core, ...more });
  await screen.findByRole("option", { name: "After surgery" });
  await userEvent.selectOptions(screen.getByLabelText("Care plan"), "After surgery");
  return app;
}

const startOn = async (days: number) => {
  await userEvent.click(await screen.findByLabelText("Starts on a day"));
  fireEvent.change(await screen.findByLabelText("Date"), { target: { value: dayOn(days) } });
  await new Promise((resolve) => setTimeout(resolve, 300));
};

test("every message is shown before the start, with quiet hours applied", async () => {
  const { asked } = await choose();
  const sends = within(await screen.findByRole("list", { name: "2 messages to come" }));
  expect(sends.getByText("First day")).toBeVisible();
  expect(sends.getByText(/^08:00/).closest("p")).toHaveTextContent(
    "08:00 Evening · due 22:00, waits for the end of quiet hours",
  );
  expect(asked).toHaveBeenCalledWith(
    "previewProtocol",
    expect.objectContaining({ patientId: "p1", triggers: [{ type: "immediate" }, { type: "immediate" }] }),
  );
});

test("a start on a day to come is previewed, sent along, and said", async () => {
  const { asked } = await choose();
  await startOn(3);
  const startsAt = at(3, "02:00");
  await screen.findByRole("list", { name: "2 messages to come" });
  expect(asked).toHaveBeenCalledWith("previewProtocol", expect.objectContaining({ startAt: startsAt }));
  await userEvent.click(screen.getByRole("button", { name: "Start follow-up" }));
  expect(await screen.findByText(/^The follow-up starts .*09:00\.$/)).toBeVisible();
  expect(asked).toHaveBeenCalledWith("startAssignment", { id: "a2", startsAt });
});

test("a start in the past says which steps are not sent", async () => {
  await choose({
    previewProtocol: ({ startAt }) =>
      startAt === at(-2, "02:00")
        ? preview([0, at(-2, "02:00"), at(-2, "02:00")], [1, at(1, "02:00"), at(1, "02:00")])
        : preview(),
  });
  await startOn(-2);
  const left = await screen.findByText("1 message is not sent: its time has passed.");
  expect(left.closest("[role=alert]")).toHaveTextContent("First day");
  const sends = within(screen.getByRole("list", { name: "1 message to come" }));
  expect(sends.getByText(/Evening/)).toBeVisible();
});

test("a day too far away is said, and nothing can be started with it", async () => {
  await choose();
  await startOn(600);
  expect(
    await screen.findByText("Choose a day and a time within a year before or after today."),
  ).toBeVisible();
  expect(screen.getByRole("button", { name: "Start follow-up" })).toBeDisabled();
});

test("a plan that runs for the patient already is said before it is started once more", async () => {
  await choose({ listAssignments: () => page(anAssignment) });
  expect(await screen.findByText("The patient follows this care plan already")).toBeVisible();
  expect(screen.getByRole("button", { name: "Start follow-up" })).toBeEnabled();
});

test("a plan that is over is no double", async () => {
  const over = { ...anAssignment, status: "completed" as const, endedAt: at(-1, "00:00") };
  await choose({ listAssignments: () => page(over) });
  await screen.findByRole("list", { name: "2 messages to come" });
  expect(screen.queryByText("The patient follows this care plan already")).toBeNull();
});
