import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Assignment, Upcoming } from "../bindings";
import { DAY_MS } from "../lib/units";
import { type Core, openApp, Refusal, refuse } from "../testing/app";
import { anAssignment, aProtocolSummary, aStatus, page, someCounts } from "../testing/fixtures";

// A start is refused that lies more than a year away.
const daysOn = (days: number) => new Date(Math.floor(Date.now() / DAY_MS + days) * DAY_MS).toISOString();

const running: Assignment = { ...anAssignment, startedAt: daysOn(0) };

const ahead = (stepOrder: number, stepName: string, dueAt: string): Upcoming => ({
  stepId: `s${stepOrder}`,
  stepOrder,
  stepName,
  dueAt,
  occurrence: 0,
});

const wound = ahead(2, "The wound", daysOn(1));
const stitches = ahead(3, "Stitches", daysOn(10));

/** The dialog; a start that is moved leaves the wound out. */
async function openDialog(core: Core = {}) {
  const app = await openApp("/follow-ups", {
    countAssignments: () => someCounts,
    listProtocols: () => page(aProtocolSummary),
    listAssignments: () => page(running),
    upcomingSteps: ({ startsAt }) =>
      startsAt
        ? { items: [ahead(3, "Stitches", daysOn(13))], leftOut: [wound] }
        : { items: [wound, stitches], leftOut: [] },
    ...core,
  });
  await userEvent.click(await screen.findByRole("button", { name: /^More acts/ }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Move the start…" }));
  const dialog = within(
    await screen.findByRole("dialog", { name: "Move the start of “After surgery” of Somchai Jaidee" }),
  );
  return { ...app, dialog };
}

test("a new start shows each step before and after, and what is left out", async () => {
  const { asked, dialog } = await openDialog();
  expect(dialog.getByRole("button", { name: "Move the start" })).toBeDisabled();
  await userEvent.click(dialog.getByRole("button", { name: "3 days later" }));
  const table = within(await dialog.findByRole("table", { name: "What is ahead" }));
  expect(
    table.getByRole("row", { name: /^The wound .*Not sent: its time would have passed$/ }),
  ).toBeVisible();
  const moved = within(table.getByRole("row", { name: /^Stitches/ })).getAllByRole("time");
  expect(moved.map((time) => time.getAttribute("datetime"))).toEqual([daysOn(10), daysOn(13)]);
  expect(dialog.getByText("1 step is left out with this start.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("upcomingSteps", { id: "a1", limit: "100", startsAt: daysOn(3) });
});

test("Undo moves the start back and brings back what was left out", async () => {
  const { asked, dialog } = await openDialog({
    moveStart: ({ startsAt }) => ({ ...running, startedAt: startsAt }),
    bringBackStep: () => running,
  });
  await userEvent.click(dialog.getByRole("button", { name: "7 days later" }));
  await dialog.findByRole("table", { name: "What is ahead" });
  await userEvent.click(dialog.getByRole("button", { name: "Move the start" }));
  expect(asked).toHaveBeenCalledWith("moveStart", { id: "a1", startsAt: daysOn(7) });
  expect(await screen.findByText(/^The start is .* now\.$/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(asked).toHaveBeenCalledWith("moveStart", { id: "a1", startsAt: daysOn(0) });
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith("bringBackStep", { id: "a1", stepId: "s2", occurrence: 0 }),
  );
});

/** Moves the start, undoes it, and is refused the step that was left out. */
async function undoRefused(code: "notLeftOut" | "notInThisStatus") {
  const { asked, dialog } = await openDialog({
    moveStart: ({ startsAt }) => ({ ...running, startedAt: startsAt }),
    bringBackStep: () => {
      const refusal = { code };
      throw new Refusal({ code: "conflict", status: 409, title: "", detail: "", refusal, errors: [] });
    },
  });
  await userEvent.click(dialog.getByRole("button", { name: "1 day later" }));
  await dialog.findByRole("table", { name: "What is ahead" });
  await userEvent.click(dialog.getByRole("button", { name: "Move the start" }));
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(asked).toHaveBeenCalledWith("bringBackStep", expect.anything()));
}

test("what is back in the plan already is no failure of Undo", async () => {
  await undoRefused("notLeftOut");
  expect(screen.queryByText(/^It could not be undone/)).toBeNull();
});

test("an Undo that is refused says so", async () => {
  await undoRefused("notInThisStatus");
  expect(await screen.findByText(/^It could not be undone: the follow-up has gone on/)).toBeVisible();
});

test("a refusal is said in the dialog, which stays", async () => {
  const { dialog } = await openDialog({ moveStart: refuse("the follow-up is paused") });
  await userEvent.click(dialog.getByRole("button", { name: "1 day later" }));
  await dialog.findByRole("table", { name: "What is ahead" });
  await userEvent.click(dialog.getByRole("button", { name: "Move the start" }));
  expect(await dialog.findByText("the follow-up is paused")).toBeVisible();
});

test("it is said where nothing would come any more, and then there is no Undo", async () => {
  const { dialog } = await openDialog({
    upcomingSteps: ({ startsAt }) => ({ items: startsAt ? [] : [wound], leftOut: startsAt ? [wound] : [] }),
    moveStart: () => ({ ...running, status: "completed", actions: [] }),
  });
  await userEvent.click(dialog.getByRole("button", { name: "1 day later" }));
  expect(await dialog.findByText(/^Nothing would come any more/)).toBeVisible();
  await userEvent.click(dialog.getByRole("button", { name: "Move the start" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
});

test("whoever only looks is offered no other start", async () => {
  await openApp("/follow-ups", {
    countAssignments: () => someCounts,
    listProtocols: () => page(aProtocolSummary),
    status: () => ({ ...aStatus, role: "viewer" }),
    listAssignments: () => page(running),
  });
  await screen.findByRole("row", { name: /Somchai/ });
  expect(screen.queryByRole("button", { name: /^More acts/ })).toBeNull();
});
