import { screen, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { type Core, openApp, refuse } from "../../testing/app";
import { answerStats, aWeek, noAnswers, page, theSettings } from "../../testing/fixtures";

vi.mock("./charts/Bars", () => ({ default: () => null }));

const core: Core = {
  answerStats: () => answerStats(noAnswers),
  hoursOfWeek: () => aWeek(),
  getSettings: () => theSettings,
  listProtocols: () => page(),
};
const silent = {
  patientId: "p1",
  patientName: "Somchai",
  missedInARow: 3,
  since: "2026-11-20T02:00:00.000Z",
  lastAnsweredAt: null,
};

test("who stopped answering is named with how long, and leads to their page", async () => {
  await openApp("/statistics", {
    ...core,
    driftingPatients: () => ({ items: [silent], more: true, least: 2, days: 14 }),
  });
  const table = within(await screen.findByRole("table", { name: "Patients who stopped answering" }));
  expect(table.getByRole("link", { name: "Somchai" })).toHaveAttribute("href", "/patients/p1");
  expect(table.getByText("3 in a row")).toBeVisible();
  expect(table.getByText("never answered")).toBeVisible();
  expect(screen.getByText(/2 or more in a row.* within 14 days/)).toBeVisible();
  expect(screen.getByText(/there are more/)).toBeVisible();
});

test("that nobody did is said, and is not said while it is not known", async () => {
  await openApp("/statistics", core);
  expect(await screen.findByText("There is nobody of whom this is so.")).toBeVisible();
});

test("what the core refuses is said in its place", async () => {
  await openApp("/statistics", { ...core, driftingPatients: refuse("the log is being mended") });
  expect(await screen.findByText("the log is being mended")).toBeVisible();
  expect(screen.queryByText("There is nobody of whom this is so.")).toBeNull();
});
