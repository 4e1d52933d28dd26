import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { openApp, refuse } from "../../testing/app";
import { anAssignment, aStatus, page } from "../../testing/fixtures";

test("the follow-ups that run, with the acts the core allows", async () => {
  const { asked } = await openApp("/follow-ups", { listAssignments: () => page(anAssignment) });
  const row = await screen.findByRole("row", { name: /Somchai Jaidee After surgery/ });
  expect(
    within(row)
      .getAllByRole("button")
      .map((button) => button.textContent),
  ).toEqual(["Pause", "Complete", "Cancel follow-up"]);
  expect(asked).toHaveBeenCalledWith("listAssignments", { status: "active", limit: "100" });
});

test("none here", async () => {
  await openApp("/follow-ups", { listAssignments: () => page() });
  expect(await screen.findByText("No follow-up here. Open a patient to start one.")).toBeVisible();
});

test("what the core refuses is said", async () => {
  await openApp("/follow-ups", { listAssignments: refuse("the list is being mended") });
  expect(await screen.findByRole("alert")).toHaveTextContent("the list is being mended");
});

test("a pause says how many messages wait", async () => {
  const { asked } = await openApp("/follow-ups", {
    listAssignments: () => page(anAssignment),
    pauseAssignment: () => ({ ...anAssignment, status: "paused", waitingMessages: 2 }),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Pause" }));
  expect(await screen.findByText(/^Messages that wait: 2\./)).toBeVisible();
  expect(asked).toHaveBeenCalledWith("pauseAssignment", { id: "a1" });
});

test("an end is asked about first, with the number of messages it cancels", async () => {
  const { asked } = await openApp("/follow-ups", {
    listAssignments: () => page({ ...anAssignment, waitingMessages: 2 }),
    cancelAssignment: () => ({ ...anAssignment, status: "cancelled" }),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Cancel follow-up" }));
  const dialog = await screen.findByRole("dialog", { name: "Cancel follow-up" });
  expect(dialog).toHaveTextContent("Messages that wait and are cancelled by this: 2.");
  expect(asked).not.toHaveBeenCalledWith("cancelAssignment", { id: "a1" });
  await userEvent.click(within(dialog).getByRole("button", { name: "Cancel follow-up" }));
  expect(asked).toHaveBeenCalledWith("cancelAssignment", { id: "a1" });
});

test("the tab stands in the address", async () => {
  const { asked, address } = await openApp("/follow-ups?status=paused", { listAssignments: () => page() });
  expect(await screen.findByRole("radio", { name: "Paused" })).toBeChecked();
  expect(asked).toHaveBeenCalledWith("listAssignments", { status: "paused", limit: "100" });
  await userEvent.click(screen.getByRole("radio", { name: "All" }));
  expect(address()).toBe("/follow-ups?status=all");
});

test("a follow-up that is paused goes on", async () => {
  const { asked } = await openApp("/follow-ups?status=paused", {
    listAssignments: () => page({ ...anAssignment, status: "paused", actions: ["resume"] }),
    resumeAssignment: () => anAssignment,
  });
  await userEvent.click(await screen.findByRole("button", { name: "Resume" }));
  expect(asked).toHaveBeenCalledWith("resumeAssignment", { id: "a1" });
});

test("a follow-up is completed once it was said what that means, and a refusal is said", async () => {
  const { asked } = await openApp("/follow-ups", {
    listAssignments: () => page(anAssignment),
    completeAssignment: refuse("it has gone on to another status"),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Complete" }));
  const dialog = await screen.findByRole("dialog", { name: "Complete" });
  expect(dialog).toHaveTextContent("Nothing more is planned. This cannot be undone.");
  await userEvent.click(within(dialog).getByRole("button", { name: "Complete" }));
  expect(asked).toHaveBeenCalledWith("completeAssignment", { id: "a1" });
  expect(await screen.findByRole("alert")).toHaveTextContent("it has gone on to another status");
});

test("whoever only looks is offered no act on a follow-up", async () => {
  await openApp("/follow-ups", {
    status: () => ({ ...aStatus, role: "viewer" }),
    listAssignments: () => page(anAssignment),
  });
  const row = await screen.findByRole("row", { name: /Somchai Jaidee After surgery/ });
  expect(within(row).queryByRole("button")).toBeNull();
});
