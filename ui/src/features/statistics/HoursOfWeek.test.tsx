import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { chooseLocale } from "../../i18n";
import { type Core, openApp, refuse } from "../../testing/app";
import { answerStats, aWeek, noAnswers, page, theSettings } from "../../testing/fixtures";

vi.mock("./charts/Bars", () => ({ default: () => null }));

const week = aWeek(
  { weekday: 1, hour: 9, sent: 12, failed: 1, asked: 10, responded: 8, missed: 1 },
  { weekday: 7, hour: 22, sent: 3, failed: 2 },
);
const core: Core = {
  answerStats: () => answerStats(noAnswers),
  listProtocols: () => page(),
  hoursOfWeek: () => week,
  getSettings: () => ({ ...theSettings, quietHours: { start: "20:30", end: "08:00" } }),
};

const grid = () => screen.findByRole("grid", { name: "Hours of the week" });

test("each block of hours has its number in it and says all of it in words", async () => {
  const { asked } = await openApp("/statistics?from=2026-11-01&to=2026-11-24", core);
  const cell = await screen.findByRole("gridcell", {
    name: "Monday, 09:00–12:00: 12 sent, 1 failed; 8 of 10 questions answered (80%).",
  });
  expect(cell).toHaveTextContent(/^12$/);
  expect(within(await grid()).getAllByRole("gridcell")).toHaveLength(7 * 8);
  expect(await grid()).toHaveAccessibleDescription(
    "15 messages accepted by LINE, the most in one hour on Monday, 09:00–10:00: 12.",
  );
  expect(asked).toHaveBeenCalledWith("hoursOfWeek", { from: "2026-11-01", to: "2026-11-24" });
});

test("quiet hours are said, by their times and at each block that lies in them", async () => {
  await openApp("/statistics", core);
  expect(await screen.findByText("Quiet hours 20:30 to 08:00")).toBeVisible();
  expect(
    screen.getByRole("gridcell", {
      name: "Sunday, 21:00–24:00: 3 sent, 2 failed; none asked anything. Quiet hours.",
    }),
  ).toBeVisible();
  // Only half an hour of it is quiet.
  expect(screen.getByRole("gridcell", { name: "Sunday, 18:00–21:00: no message." })).toBeVisible();
});

test("what is shown is switched, stands in the address, and an hour without questions has no share", async () => {
  const { address } = await openApp("/statistics", core);
  const which = await screen.findByRole("radiogroup", { name: "What the hours show" });
  await userEvent.click(within(which).getByRole("radio", { name: "Share of answers" }));
  expect(address()).toBe("/statistics?hours=answered");
  expect(screen.getByRole("gridcell", { name: /^Monday, 09:00/ })).toHaveTextContent(/^80$/);
  expect(screen.getByRole("gridcell", { name: /^Sunday, 21:00/ })).toHaveTextContent(/^$/);
  expect(screen.getByText("10 questions, 8 answered: 80%.")).toBeVisible();
  await userEvent.click(within(which).getByRole("radio", { name: "Failed" }));
  expect(screen.getByRole("gridcell", { name: /^Sunday, 21:00/ })).toHaveTextContent(/^2$/);
  expect(
    screen.getByText("3 messages failed, the most in one hour on Sunday, 22:00–23:00: 2."),
  ).toBeVisible();
});

test("a number too long for its field is in thousands there, and whole in words", async () => {
  await openApp("/statistics", { ...core, hoursOfWeek: () => aWeek({ weekday: 1, hour: 9, sent: 1380 }) });
  await grid();
  await chooseLocale("ja");
  const cell = await screen.findByRole("gridcell", { name: /^月曜日 09:00–12:00：送信済み1,380件/ });
  expect(cell).toHaveTextContent(/^1\.4K$/);
});

test("arrows move through the hours, and what is reached is written below", async () => {
  await openApp("/statistics", core);
  const cells = within(await grid()).getAllByRole("gridcell");
  expect(cells.filter((one) => one.tabIndex === 0)).toEqual([cells[0]]);
  cells[0]?.focus();
  await userEvent.keyboard("{ArrowRight}{ArrowRight}{ArrowRight}");
  expect(cells[3]).toHaveFocus();
  expect(screen.getByText(/^Monday, 09:00–12:00: 12 sent/)).toBeVisible();
  await userEvent.keyboard("{End}{ArrowRight}{ArrowDown}");
  expect(cells[15]).toHaveFocus();
  await userEvent.keyboard("{Home}{ArrowUp}{ArrowUp}{ArrowLeft}");
  expect(cells[0]).toHaveFocus();
});

test("the week begins on the reader's day", async () => {
  await openApp("/statistics", core);
  const days = () => screen.getAllByRole("rowheader").map((one) => one.textContent);
  await grid();
  expect(days()[0]).toBe("Mon");
  await chooseLocale("ja");
  expect(await screen.findByRole("grid", { name: "曜日と時間帯" })).toBeVisible();
  expect(days()[0]).toBe("日");
});

test("the table has every hour with messages, and their sum", async () => {
  await openApp("/statistics?tables=hours", core);
  const table = await screen.findByRole("table", { name: "Hours of the week" });
  // The quiet hours are read apart from the hours themselves.
  await within(table).findByRole("rowheader", { name: /quiet hours/ });
  const rows = within(table).getAllByRole("row").slice(1);
  expect(rows.map((one) => one.textContent)).toEqual([
    "Monday, 09:00–10:0012110880%1",
    "Sunday, 22:00–23:00 (quiet hours)3200–0",
    "All hours15310880%1",
  ]);
  expect(screen.queryByRole("grid")).toBeNull();
});

test("a care plan that is chosen above does not narrow the hours, and that is said", async () => {
  await openApp("/statistics?plan=c1", core);
  expect(await screen.findByText(/^All care plans are counted here/)).toBeVisible();
});

test("days without messages are said", async () => {
  await openApp("/statistics", { ...core, hoursOfWeek: () => aWeek() });
  // Once for the messages over time, once for the hours.
  await waitFor(() => expect(screen.getAllByText("No message was sent in these days.")).toHaveLength(2));
  expect(screen.queryByRole("grid")).toBeNull();
});

test("hours that cannot be counted say why", async () => {
  await openApp("/statistics", { ...core, hoursOfWeek: refuse("the sums are being counted") });
  expect(await screen.findByRole("alert")).toHaveTextContent("the sums are being counted");
});

test("how the hours are counted is said", async () => {
  await openApp("/statistics", core);
  await userEvent.click(
    await screen.findByRole("button", { name: "How this is counted: Hours of the week" }),
  );
  expect(await screen.findByText(/Share of answers: answered \/ accepted messages that asked/)).toBeVisible();
});
