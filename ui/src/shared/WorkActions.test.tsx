import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { WorkItem } from "../bindings";
import { DAY_MS } from "../lib/units";
import { type Core, openApp, refuse } from "../testing/app";
import { aPatient, aStatus, aWorkItem, page } from "../testing/fixtures";

/** The worklist with this one entry. */
const workOf = (item: Partial<WorkItem>, core: Core) =>
  openApp("/worklist", { listWorklist: () => page({ ...aWorkItem, ...item }), ...core });

const aLink: Partial<WorkItem> = {
  reason: "relink",
  whatCode: "relink",
  detail: null,
  actions: ["link", "refuse_link", "note", "snooze", "take"],
};

test("a link is made, and where another patient has it, moved", async () => {
  const { asked } = await workOf({ ...aLink, linkedTo: "p2" }, { decideLink: () => aWorkItem });
  await userEvent.click(await screen.findByRole("button", { name: "Move the link here" }));
  expect(asked).toHaveBeenCalledWith("decideLink", { id: "w1", accept: true });
});

test("a link is not made", async () => {
  const { asked } = await workOf(aLink, { decideLink: () => aWorkItem });
  expect(await screen.findByRole("button", { name: "Link" })).toBeVisible();
  expect(screen.queryByRole("button", { name: "Settle" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Do not link" }));
  expect(asked).toHaveBeenCalledWith("decideLink", { id: "w1", accept: false });
});

test("a link that is refused says why", async () => {
  await workOf(aLink, { decideLink: refuse("this is settled already") });
  await userEvent.click(await screen.findByRole("button", { name: "Link" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("this is settled already");
});

test("an entry is put off until tomorrow, and a refusal is said", async () => {
  const { asked } = await workOf({}, { snoozeWork: refuse("this is settled already") });
  await userEvent.click(await screen.findByRole("button", { name: "Later" }));
  const before = Date.now() + DAY_MS;
  await userEvent.click(await screen.findByRole("menuitem", { name: "Tomorrow" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("this is settled already");
  const input: { id: string; until: string } = asked.mock.calls.find(([name]) => name === "snoozeWork")?.[1];
  expect(input.id).toBe("w1");
  expect(Date.parse(input.until)).toBeGreaterThanOrEqual(before);
});

test("an entry that was put off is there again by Undo and by its key", async () => {
  const { asked } = await workOf({}, { snoozeWork: () => aWorkItem, reopenWork: () => aWorkItem });
  await userEvent.click(await screen.findByRole("button", { name: "Later" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "In an hour" }));
  expect(await screen.findByText(/^Put off until .*\.$/)).toBeVisible();
  await userEvent.keyboard("{Control>}z{/Control}");
  await waitFor(() => expect(asked).toHaveBeenCalledWith("reopenWork", { id: "w1" }));
});

test("an entry that was put off already comes back at its old time by Undo", async () => {
  const snoozedUntil = "2099-01-02T03:00:00.000Z";
  const { asked } = await workOf({ snoozedUntil }, { snoozeWork: () => aWorkItem });
  await userEvent.click(await screen.findByRole("button", { name: "Later" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "In a week" }));
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  await waitFor(() => expect(asked).toHaveBeenCalledWith("snoozeWork", { id: "w1", until: snoozedUntil }));
});

test("a call is noted, and what was written stays where it is refused", async () => {
  let kept = false;
  const { asked } = await workOf({}, { noteWork: () => (kept ? aWorkItem : refuse("the disk is full")()) });
  await userEvent.click(await screen.findByRole("button", { name: "Note a call" }));
  const note = await screen.findByRole("textbox", { name: "Note" });
  await userEvent.type(note, "feels better");
  await userEvent.click(screen.getByRole("button", { name: "Save note" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("the disk is full");
  expect(note).toHaveValue("feels better");
  kept = true;
  await userEvent.click(screen.getByRole("button", { name: "Save note" }));
  await waitFor(() => expect(note).toHaveValue(""));
  expect(asked).toHaveBeenCalledWith("noteWork", { id: "w1", kind: "call", text: "feels better" });
});

const missed: Partial<WorkItem> = {
  reason: "missed",
  whatCode: "missed",
  actions: ["resolve", "send_again"],
};

test("a message goes once more, and it is said that it is on its way", async () => {
  const { asked } = await workOf(missed, { sendWorkAgain: () => aWorkItem, getPatient: () => aPatient });
  await userEvent.click(await screen.findByRole("button", { name: "Send once more" }));
  expect(await screen.findByText("It is on its way again.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("sendWorkAgain", { id: "w1" });
});

test("a message that goes once more waits while all sending is paused", async () => {
  await workOf(missed, {
    status: () => ({ ...aStatus, sending: "paused" }),
    sendWorkAgain: () => aWorkItem,
    getPatient: () => aPatient,
  });
  await userEvent.click(await screen.findByRole("button", { name: "Send once more" }));
  expect(await screen.findByText("A message will wait: all sending is paused.")).toBeVisible();
  expect(screen.queryByText("It is on its way again.")).toBeNull();
});

test("a message that cannot go once more says why", async () => {
  await workOf(missed, { sendWorkAgain: refuse("there is nothing to send again here") });
  await userEvent.click(await screen.findByRole("button", { name: "Send once more" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("there is nothing to send again here");
});

test("whoever looks after an entry lets go of it", async () => {
  const { asked } = await workOf({ owner: "Nok", actions: ["let_go"] }, { takeWork: () => aWorkItem });
  await userEvent.click(await screen.findByRole("button", { name: "Let go" }));
  expect(asked).toHaveBeenCalledWith("takeWork", { id: "w1", owner: null });
});

test("whoever only looks is offered no act", async () => {
  await workOf({}, { status: () => ({ ...aStatus, role: "viewer" }) });
  const entry = await screen.findByRole("listitem");
  expect(entry).toHaveTextContent("I feel unwell");
  expect(screen.queryByRole("button", { name: "Settle" })).toBeNull();
  expect(screen.queryByRole("button", { name: "I take it" })).toBeNull();
});

test("the key for Undo, pressed while an entry is being settled, opens that one again", async () => {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const { asked } = await openApp("/worklist", {
    listWorklist: () => page({ ...aWorkItem, id: "older" }, { ...aWorkItem, id: "newer", patientId: "p2" }),
    resolveWork: async ({ id }) => {
      if (id === "newer") await answered;
      return { ...aWorkItem, id };
    },
    reopenWork: () => aWorkItem,
  });
  const [older, newer] = await screen.findAllByRole("button", { name: "Settle" });
  if (!older || !newer) throw new Error("two entries");
  await userEvent.click(older);
  expect(await screen.findByRole("button", { name: "Undo" })).toBeVisible();
  await userEvent.click(newer);
  await userEvent.keyboard("{Control>}z{/Control}");
  answer();
  await waitFor(() => expect(asked).toHaveBeenCalledWith("reopenWork", { id: "newer" }));
  expect(asked).not.toHaveBeenCalledWith("reopenWork", { id: "older" });
  expect(screen.getAllByRole("button", { name: "Undo" })).toHaveLength(1);
  expect(await screen.findByText("Undone: Settled.")).toBeVisible();
});

test("the key for Undo is heard after another tab was chosen: there is no typing to take back", async () => {
  const { asked } = await workOf({}, { resolveWork: () => aWorkItem, reopenWork: () => aWorkItem });
  await userEvent.click(await screen.findByRole("button", { name: "Settle" }));
  expect(await screen.findByRole("button", { name: "Undo" })).toBeVisible();
  await userEvent.click(screen.getByRole("radio", { name: /^Settled/ }));
  await userEvent.keyboard("{Control>}z{/Control}");
  await waitFor(() => expect(asked).toHaveBeenCalledWith("reopenWork", { id: "w1" }));
  expect(screen.queryByText("Nothing to undo")).toBeNull();
});
