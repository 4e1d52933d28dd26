import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { type Core, openApp, refuse } from "../../testing/app";
import { anAssignment, aProtocolSummary, aStatus, page, someCounts } from "../../testing/fixtures";

const core: Core = {
  countAssignments: () => someCounts,
  listProtocols: () => page(aProtocolSummary),
  listAssignments: () => page(anAssignment),
};

/** Chooses an act from the menu of the one row. */
async function choose(act: string) {
  await userEvent.click(
    await screen.findByRole("button", { name: "More acts: Somchai Jaidee: After surgery" }),
  );
  await userEvent.click(await screen.findByRole("menuitem", { name: act }));
}

test("the follow-ups that run, with the acts the core allows", async () => {
  const { asked } = await openApp("/follow-ups", {
    ...core,
    listAssignments: () => page(anAssignment),
  });
  const row = await screen.findByRole("row", { name: /Somchai Jaidee After surgery/ });
  expect(within(row).getByRole("button", { name: "Pause" })).toBeVisible();
  expect(within(row).getByText("Step 1 of 4")).toBeVisible();
  await userEvent.click(within(row).getByRole("button", { name: /^More acts/ }));
  const offered = await screen.findAllByRole("menuitem");
  expect(offered.map(({ textContent }) => textContent)).toEqual([
    "Move the start…",
    "Complete",
    "Cancel follow-up",
  ]);
  expect(asked).toHaveBeenCalledWith("listAssignments", { status: "active", limit: "100" });
});

test("none here", async () => {
  await openApp("/follow-ups", {
    ...core,
    listAssignments: () => page(),
  });
  expect(await screen.findByText("No follow-up here. Open a patient to start one.")).toBeVisible();
});

test("what the core refuses is said", async () => {
  await openApp("/follow-ups", {
    ...core,
    listAssignments: refuse("the list is being mended"),
  });
  expect(await screen.findByRole("alert")).toHaveTextContent("the list is being mended");
});

test("a pause says how many messages wait", async () => {
  const { asked } = await openApp("/follow-ups", {
    ...core,
    listAssignments: () => page(anAssignment),
    pauseAssignment: () => ({ ...anAssignment, status: "paused", waitingMessages: 2 }),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Pause" }));
  expect(await screen.findByText(/Messages that wait: 2\./)).toBeVisible();
  expect(asked).toHaveBeenCalledWith("pauseAssignment", { id: "a1" });
});

test("an end is asked about first, with the number of messages it cancels", async () => {
  const { asked } = await openApp("/follow-ups", {
    ...core,
    listAssignments: () => page({ ...anAssignment, waitingMessages: 2 }),
    cancelAssignment: () => ({ ...anAssignment, status: "cancelled" }),
  });
  await choose("Cancel follow-up");
  const dialog = await screen.findByRole("dialog", { name: "Cancel follow-up" });
  expect(dialog).toHaveTextContent("Messages that wait and are cancelled by this: 2.");
  expect(asked).not.toHaveBeenCalledWith("cancelAssignment", { id: "a1" });
  await userEvent.click(within(dialog).getByRole("button", { name: "Cancel follow-up" }));
  expect(asked).toHaveBeenCalledWith("cancelAssignment", { id: "a1" });
});

test("the tab stands in the address", async () => {
  const { asked, address } = await openApp("/follow-ups?status=paused", {
    ...core,
    listAssignments: () => page(),
  });
  expect(await screen.findByRole("radio", { name: "Paused 3" })).toBeChecked();
  expect(asked).toHaveBeenCalledWith("listAssignments", { status: "paused", limit: "100" });
  await userEvent.click(screen.getByRole("radio", { name: "All 1,060" }));
  expect(address()).toBe("/follow-ups?status=all");
});

test("a follow-up that is paused goes on", async () => {
  const { asked } = await openApp("/follow-ups?status=paused", {
    ...core,
    listAssignments: () => page({ ...anAssignment, status: "paused", actions: ["resume"] }),
    resumeAssignment: () => anAssignment,
  });
  await userEvent.click(await screen.findByRole("button", { name: "Resume" }));
  expect(asked).toHaveBeenCalledWith("resumeAssignment", { id: "a1" });
});

test("a follow-up that was paused goes on by Undo and by its key", async () => {
  const { asked } = await openApp("/follow-ups", {
    ...core,
    pauseAssignment: () => ({ ...anAssignment, status: "paused" }),
    resumeAssignment: () => anAssignment,
  });
  await userEvent.click(await screen.findByRole("button", { name: "Pause" }));
  expect(await screen.findByText("The follow-up is paused.")).toBeVisible();
  await userEvent.keyboard("{Control>}z{/Control}");
  await waitFor(() => expect(asked).toHaveBeenCalledWith("resumeAssignment", { id: "a1" }));
});

const resumed = (waitingMessages: number) =>
  openApp("/follow-ups?status=paused", {
    ...core,
    listAssignments: () =>
      page({ ...anAssignment, status: "paused", actions: ["resume", "cancel"], waitingMessages }),
    resumeAssignment: () => anAssignment,
    pauseAssignment: () => ({ ...anAssignment, status: "paused" }),
  });

test("a follow-up that goes on is paused again by Undo", async () => {
  const { asked } = await resumed(0);
  await userEvent.click(await screen.findByRole("button", { name: "Resume" }));
  expect(await screen.findByText("The follow-up goes on.")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(asked).toHaveBeenCalledWith("pauseAssignment", { id: "a1" }));
});

test("where going on let messages go nothing offers to take that back", async () => {
  await resumed(2);
  await userEvent.click(await screen.findByRole("button", { name: "Resume" }));
  expect(await screen.findByText("The follow-up goes on.")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
});

test("a follow-up that was cancelled offers no Undo", async () => {
  const { asked } = await openApp("/follow-ups", {
    ...core,
    cancelAssignment: () => ({ ...anAssignment, status: "cancelled" }),
  });
  await choose("Cancel follow-up");
  const dialog = within(await screen.findByRole("dialog", { name: "Cancel follow-up" }));
  await userEvent.click(dialog.getByRole("button", { name: "Cancel follow-up" }));
  await waitFor(() => expect(asked).toHaveBeenCalledWith("cancelAssignment", { id: "a1" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
});

test("a follow-up is completed once it was said what that means, and a refusal is said", async () => {
  const { asked } = await openApp("/follow-ups", {
    ...core,
    listAssignments: () => page(anAssignment),
    completeAssignment: refuse("it has gone on to another status"),
  });
  await choose("Complete");
  const dialog = await screen.findByRole("dialog", { name: "Complete" });
  expect(dialog).toHaveTextContent("Nothing more is planned. This cannot be undone.");
  await userEvent.click(within(dialog).getByRole("button", { name: "Complete" }));
  expect(asked).toHaveBeenCalledWith("completeAssignment", { id: "a1" });
  expect(await screen.findByRole("alert")).toHaveTextContent("it has gone on to another status");
});

test("whoever only looks is offered no act on a follow-up", async () => {
  await openApp("/follow-ups", {
    ...core,
    status: () => ({ ...aStatus, role: "viewer" }),
    listAssignments: () => page(anAssignment),
  });
  const row = await screen.findByRole("row", { name: /Somchai Jaidee After surgery/ });
  expect(within(row).queryByRole("button")).toBeNull();
});

test("search and plan stand in the address, the tabs count what is found, and Back restores them", async () => {
  const { asked, address } = await openApp("/follow-ups?status=paused", core);
  await screen.findByRole("option", { name: "After surgery" });
  await userEvent.selectOptions(screen.getByLabelText("Care plan"), "After surgery");
  await userEvent.type(screen.getByLabelText("Search patients"), "สม");
  const found = { search: "สม", protocolId: "c1" };
  await waitFor(() => expect(asked).toHaveBeenCalledWith("countAssignments", found));
  expect(asked).toHaveBeenCalledWith("listAssignments", { ...found, status: "paused", limit: "100" });
  expect(new URLSearchParams(address().split("?")[1]).get("search")).toBe("สม");
  expect(address()).toMatch(/status=paused/);
  expect(address()).toMatch(/plan=c1/);
});

test("an empty list says what it was looked for with, and leads on", async () => {
  const { address } = await openApp("/follow-ups?search=xyz&plan=c1", {
    ...core,
    listAssignments: () => page(),
  });
  expect(await screen.findByText("No follow-up of a patient who matches “xyz” is here.")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Look among all states" }));
  expect(address()).toMatch(/status=all/);
  await userEvent.click(screen.getByRole("button", { name: "All care plans" }));
  expect(address()).not.toMatch(/plan=/);
  await userEvent.click(screen.getByRole("button", { name: "Clear the search" }));
  await waitFor(() => expect(address()).not.toMatch(/search=/));
});
