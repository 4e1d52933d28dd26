import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { openApp, refuse } from "../../testing/app";
import { aDay, aJobsStats, aStatus } from "../../testing/fixtures";

const jobsStats = () => aJobsStats;

test("the day in a sentence, what was sent, and the numbers of the queue", async () => {
  await openApp("/", { today: () => aDay, jobsStats });
  expect(await screen.findByText("39 messages today: 31 accepted, 8 to come, 3 need you.")).toBeVisible();
  const sent = screen.getByRole("table", { name: "Just sent" });
  expect(within(sent).getByRole("link", { name: "Somchai Jaidee" })).toHaveAttribute("href", "/patients/p1");
  expect(within(sent).getByText("Accepted by LINE")).toBeVisible();
});

test("a day without messages says when the next one goes out", async () => {
  const none = { ...aDay, accepted: 0, toCome: 0, recent: [] };
  await openApp("/", { today: () => none, jobsStats });
  expect(await screen.findByText(/^Nothing goes out today. Next: Tue,? 24 Nov,? 09:10\.$/)).toBeVisible();
  expect(screen.getByText("Nothing was sent yet today.")).toBeVisible();
});

test("what the core refuses is said", async () => {
  await openApp("/", { today: refuse("the day is being counted"), jobsStats });
  expect(await screen.findByRole("alert")).toHaveTextContent("the day is being counted");
});

test("the main act leads to the people who need somebody, else to the patients", async () => {
  const status = () => ({ ...aStatus, worklistOpen: 3 });
  await openApp("/", { today: () => aDay, jobsStats, status });
  expect(await screen.findByRole("link", { name: /^Worklist 3/ })).toHaveAttribute("href", "/worklist");
});

test("nobody needs anybody: the main act is a new follow-up", async () => {
  await openApp("/", { today: () => aDay, jobsStats });
  expect(await screen.findByRole("link", { name: "Start a follow-up" })).toHaveAttribute("href", "/patients");
});
