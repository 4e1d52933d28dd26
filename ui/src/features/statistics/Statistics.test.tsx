import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { NoOpenings } from "../../bindings";
import { openApp, refuse } from "../../testing/app";
import { answerStats, aProtocolSummary, noAnswers, page, someAnswers } from "../../testing/fixtures";

const { takeExport } = vi.hoisted(() => ({ takeExport: vi.fn() }));
vi.mock("../../lib/download", () => ({ takeExport }));

const listProtocols = () => page(aProtocolSummary);

test("what was answered, all together and by step", async () => {
  await openApp("/statistics", { answerStats: () => answerStats(someAnswers), listProtocols });
  const values = await screen.findByRole("table", { name: "What was answered" });
  expect(within(values).getByRole("row", { name: "yes 3 100%" })).toBeVisible();
  const plan = screen.getByRole("table", { name: "After surgery" });
  expect(within(plan).getByRole("row", { name: /1\. First day 4 75%/ })).toBeVisible();
});

test("nothing was asked", async () => {
  await openApp("/statistics", { answerStats: () => answerStats(noAnswers), listProtocols });
  expect(await screen.findByText(/^Nothing was asked in these days/)).toBeVisible();
});

test("what the core refuses is said", async () => {
  await openApp("/statistics", { answerStats: refuse("the sums are being counted"), listProtocols });
  expect(await screen.findByRole("alert")).toHaveTextContent("the sums are being counted");
});

test("days and care plan stand in the address", async () => {
  const { asked, address } = await openApp("/statistics?days=7&plan=c1", {
    answerStats: () => answerStats(someAnswers),
    listProtocols,
  });
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
  await openApp("/statistics", { answerStats: () => answerStats(noAnswers), listProtocols });
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
    answerStats: () => answerStats(noAnswers),
    listProtocols,
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
