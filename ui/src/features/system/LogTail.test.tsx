import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { LogLine } from "../../bindings";
import { type Core, openApp, refuse } from "../../testing/app";
import { aHealth, aJobsStats, aStatus, page } from "../../testing/fixtures";

const aSystem: Core = {
  jobsHealth: () => aHealth,
  jobsStats: () => aJobsStats,
  deliveryStats: refuse("the sums are being counted"),
  listAudit: () => page(),
  listBackups: refuse("the folder is not there"),
};

const line: LogLine = {
  at: "2026-11-24T02:00:00.000Z",
  level: "warn",
  target: "clinicue::core",
  text: 'LINE refuses the channel cause="token_invalid"',
};

test("the log is read once somebody opens it, and narrowed to what weighs more", async () => {
  const { asked, address } = await openApp("/system", { ...aSystem, listLog: () => ({ items: [line] }) });
  const open = await screen.findByRole("button", { name: "Show the log" });
  expect(asked).not.toHaveBeenCalledWith("listLog", expect.anything());
  await userEvent.click(open);
  const lines = within(await screen.findByRole("list", { name: "Log of the program" }));
  expect(await lines.findByText(/LINE refuses the channel/)).toBeVisible();
  expect(lines.getByText("Warning")).toBeVisible();
  await userEvent.click(screen.getByRole("radio", { name: "Errors alone" }));
  expect(asked).toHaveBeenCalledWith("listLog", { level: "error", limit: "200" });
  expect(address()).toBe("/system?log=error");
  await userEvent.click(screen.getByRole("button", { name: "Close the log" }));
  expect(screen.queryByRole("list", { name: "Log of the program" })).toBeNull();
  expect(address()).toBe("/system");
});

test("that nothing was written is said", async () => {
  await openApp("/system", { ...aSystem, listLog: () => ({ items: [] }) });
  await userEvent.click(await screen.findByRole("button", { name: "Show the log" }));
  expect(await screen.findByText("There is no such line since the start.")).toBeVisible();
});

test("a log that cannot be read says why", async () => {
  await openApp("/system", { ...aSystem, listLog: refuse("the log is locked") });
  await userEvent.click(await screen.findByRole("button", { name: "Show the log" }));
  expect(await screen.findByText("the log is locked")).toBeVisible();
});

test("whoever is no administrator is not offered it", async () => {
  await openApp("/system", { ...aSystem, status: () => ({ ...aStatus, role: "operator" }) });
  expect(await screen.findByRole("heading", { name: "Health" })).toBeVisible();
  expect(screen.queryByRole("button", { name: "Show the log" })).toBeNull();
});
