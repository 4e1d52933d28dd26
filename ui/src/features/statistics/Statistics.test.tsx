import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { LineQuota, NoOpenings, Protocol } from "../../bindings";
import { type Core, openApp, refuse } from "../../testing/app";
import {
  answerStats,
  aProtocol,
  aProtocolSummary,
  aStatus,
  aWeek,
  noAnswers,
  page,
  someAnswers,
  theSettings,
} from "../../testing/fixtures";

const { takeExport } = vi.hoisted(() => ({ takeExport: vi.fn() }));
vi.mock("../../lib/download", () => ({ takeExport }));
// Nothing has a size here, and the chart library says so each time; `Bars.test.tsx` draws.
vi.mock("./charts/Bars", () => ({ default: () => null }));

const button = (value: string, worrying: boolean) => ({
  label: value,
  value,
  action: "complete" as const,
  worrying,
});
const plan: Protocol = {
  ...aProtocol,
  steps: aProtocol.steps.map((one) => ({
    ...one,
    feedback: { question: "Are you well?", buttons: [button("yes", false), button("no", true)] },
  })),
};
const listProtocols = () => page(aProtocolSummary);
const getProtocol = () => plan;
/** A core that has counted what the fixtures say. */
const counted: Core = {
  answerStats: () => answerStats(someAnswers),
  hoursOfWeek: () => aWeek({ weekday: 1, hour: 9, sent: 4 }),
  getSettings: () => theSettings,
  listProtocols,
  getProtocol,
};

test("what was answered, all together and by step", async () => {
  await openApp("/statistics?tables=plan-c1", counted);
  const values = await screen.findByRole("table", { name: "What was answered" });
  expect(within(values).getByRole("row", { name: "yes 3 100%" })).toBeVisible();
  const plan = await screen.findByRole("table", { name: "After surgery" });
  expect(within(plan).getByRole("row", { name: /1\. First day 4 75%/ })).toBeVisible();
});

test("nothing was asked", async () => {
  await openApp("/statistics", { ...counted, answerStats: () => answerStats(noAnswers) });
  expect(await screen.findByText(/^Nothing was asked in these days/)).toBeVisible();
});

test("what the core refuses is said", async () => {
  await openApp("/statistics", { ...counted, answerStats: refuse("the sums are being counted") });
  expect(await screen.findByRole("alert")).toHaveTextContent("the sums are being counted");
});

test("days and care plan stand in the address", async () => {
  const { asked, address } = await openApp("/statistics?days=7&plan=c1", counted);
  expect(await screen.findByLabelText("Which days")).toHaveValue("7");
  expect(await screen.findByRole("option", { name: "After surgery", selected: true })).toBeInTheDocument();
  expect(asked).toHaveBeenCalledWith("answerStats", expect.objectContaining({ protocolId: "c1" }));
  await userEvent.selectOptions(screen.getByLabelText("Which days"), "The last 90 days");
  expect(address()).toBe("/statistics?days=90&plan=c1");
});

test("the log is exported under pseudonyms, with its progress", async () => {
  takeExport.mockImplementation(async (_input, progress) => {
    progress({ done: 12, total: 12 });
    return null;
  });
  await openApp("/statistics", { ...counted, answerStats: () => answerStats(noAnswers) });
  await userEvent.click(await screen.findByRole("button", { name: "Export" }));
  expect(await screen.findByText("12 rows exported.")).toBeVisible();
  expect(takeExport).toHaveBeenCalledWith(
    expect.objectContaining({ format: "csv", pseudonymise: true }),
    expect.anything(),
  );
});

test("who opened messages, or why there is no number, with LINE's limits", async () => {
  const of = (month: string, openedByAtLeast: number | null, why: NoOpenings | null) => ({
    protocolId: "c1",
    name: "After surgery",
    month,
    openedByAtLeast,
    why,
    askedAt: null,
    errorText: null,
  });
  const { asked } = await openApp("/statistics?plan=c1", {
    ...counted,
    answerStats: () => answerStats(noAnswers),
    openingStats: () => ({ items: [of("2026-12", null, "fewerThanTwenty"), of("2026-11", 40, null)] }),
  });
  const table = await screen.findByRole("table", { name: "How many opened messages" });
  expect(
    within(table).getByRole("row", { name: /December 2026 no number: LINE knows of fewer than 20/ }),
  ).toBeVisible();
  expect(within(table).getByRole("row", { name: /November 2026 at least 40 people/ })).toBeVisible();
  expect(screen.getByText(/each message for 14 days after it was sent/)).toBeVisible();
  expect(asked).toHaveBeenCalledWith("openingStats", { protocolId: "c1" });
});

test("the days' messages are a chart with its sentence, or a table in its place, as the address says", async () => {
  const { address } = await openApp("/statistics?days=7", counted);
  const chart = await screen.findByRole("img", { name: "Messages by day" });
  expect(chart).toHaveAccessibleDescription(
    "4 messages: 3 answered, 1 not answered in time, 0 not answered (yet), 0 failed.",
  );
  const which = screen.getByRole("radiogroup", { name: "Messages by day: chart or table" });
  await userEvent.click(within(which).getByRole("radio", { name: "Table" }));
  const table = await screen.findByRole("table", { name: "Messages by day" });
  expect(within(table).getAllByRole("row")).toHaveLength(1 + 7);
  expect(within(table).getAllByRole("row", { name: /2026 4 3 0 1 0$/ })).toHaveLength(7);
  expect(screen.queryByRole("img", { name: "Messages by day" })).toBeNull();
  expect(address()).toBe("/statistics?days=7&tables=messages");
});

test("each number says how it is made", async () => {
  await openApp("/statistics", counted);
  await userEvent.click(await screen.findByRole("button", { name: "How this is counted: Response rate" }));
  expect(await screen.findByText("answered / accepted messages that asked")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "How this is counted: Time to answer" }));
  expect(await screen.findByText(/^From the moment LINE accepted the message/)).toBeVisible();
});

test("a worrying answer is neither done nor adherence, and leads to those that still need somebody", async () => {
  const values = [
    { value: "yes", count: 2 },
    { value: "no", count: 1 },
  ];
  const answerStatsOf = () => answerStats({ ...someAnswers, values });
  await openApp("/statistics?tables=plan-c1", { ...counted, answerStats: answerStatsOf });
  const table = await screen.findByRole("table", { name: "After surgery" });
  // Asked, rate, done, worrying, later, left out, missed, open, adherence.
  expect(within(table).getByRole("row", { name: /1\. First day 4 75% 2 1 0 0 1 0 50% / })).toBeVisible();
  expect(screen.getByText(/3 in time, 1 of them worrying, 1 not\.$/)).toBeVisible();
  expect(screen.getByRole("link", { name: "Worrying answers that still need you" })).toHaveAttribute(
    "href",
    "/worklist?reason=worrying",
  );
});

test("where nobody knows which answers worry, none is done and nothing is said of adherence", async () => {
  await openApp("/statistics?tables=plan-c1", { ...counted, getProtocol: refuse("there is no such plan") });
  const table = await screen.findByRole("table", { name: "After surgery" });
  expect(within(table).queryByRole("columnheader", { name: "Done" })).toBeNull();
  expect(within(table).getByRole("row", { name: /1\. First day 4 75% 3 1 0 – / })).toBeVisible();
});

test("numbers lead to the rows that still need somebody", async () => {
  await openApp("/statistics", counted);
  const link = await screen.findByRole("link", { name: "Who did not answer and still needs you" });
  expect(link).toHaveAttribute("href", "/worklist?reason=missed");
  expect(screen.getByRole("link", { name: "What failed and still needs you" })).toHaveAttribute(
    "href",
    "/attention",
  );
});

test("the days are chosen one by one, in the reader's years, and stand in the address", async () => {
  const { asked, address } = await openApp("/statistics?from=2026-10-01&to=2026-10-05", counted);
  expect(await screen.findByLabelText("Which days")).toHaveDisplayValue("From one day to another");
  expect(asked).toHaveBeenCalledWith(
    "answerStats",
    expect.objectContaining({ from: "2026-10-01", to: "2026-10-05" }),
  );
  const first = screen.getByLabelText("First day");
  expect(first).toHaveAccessibleDescription("Thursday, 1 October 2026");
  fireEvent.change(first, { target: { value: "2569-10-03" } });
  await waitFor(() => expect(address()).toBe("/statistics?from=2026-10-03&to=2026-10-05"));
  expect(first).toHaveValue("2026-10-03");
  await userEvent.selectOptions(screen.getByLabelText("Which days"), "The last 7 days");
  expect(address()).toBe("/statistics?days=7");
});

test("numbers that cannot be renewed stay, and say of when they are", async () => {
  let isGone = false;
  const { said } = await openApp("/statistics", {
    ...counted,
    answerStats: () => (isGone ? refuse("the sums are being counted")() : answerStats(someAnswers)),
  });
  expect(await screen.findByRole("table", { name: "What was answered" })).toBeVisible();
  isGone = true;
  said("messages");
  expect(await screen.findByText(/^As of \d\d:\d\d, trying again$/)).toBeVisible();
  expect(screen.getByRole("table", { name: "What was answered" })).toBeVisible();
});

const used = (used: number, limit: number): LineQuota => ({
  finding: { code: "quotaUsed", used, limit },
  askedAt: "2026-11-24T02:10:00.000Z",
});

test("LINE is asked how much of the month is used, and when it runs out is said", async () => {
  await openApp("/statistics?tables=quota", { ...counted, lineQuota: () => used(100, 100) });
  await userEvent.click(await screen.findByRole("button", { name: "Ask LINE now" }));
  expect(await screen.findByText("All 100 messages of this month are used.")).toBeVisible();
  const table = screen.getByRole("table", { name: "Messages this month" });
  expect(within(table).getByRole("row", { name: "Used 100 (100%)" })).toBeVisible();
});

test("whoever only looks asks LINE as well, and hears why it did not say", async () => {
  await openApp("/statistics", {
    ...counted,
    status: () => ({ ...aStatus, role: "viewer" }),
    lineQuota: () => ({ finding: { code: "tokenNotTaken" }, askedAt: "2026-11-24T02:10:00.000Z" }),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Ask LINE now" }));
  expect(await screen.findByText(/LINE does not take the channel access token/)).toBeVisible();
});
