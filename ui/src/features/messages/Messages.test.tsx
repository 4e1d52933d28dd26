import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { ComingUp, FailedTry, Message, Role } from "../../bindings";
import { type Core, openApp, refuse } from "../../testing/app";
import { aMessage, aStatus, page } from "../../testing/fixtures";

const aStep: ComingUp = {
  messageId: null,
  patientId: "p1",
  patientName: "Somchai Jaidee",
  assignmentId: "a1",
  protocolName: "After surgery",
  stepName: "Day 2",
  stepId: "s2",
  occurrence: 0,
  dueAt: "2026-11-25T02:00:00.000Z",
  state: null,
  cause: null,
  atNight: null,
  actions: [],
};
const waits: ComingUp = {
  ...aStep,
  messageId: "m2",
  patientName: "Malee",
  assignmentId: null,
  protocolName: "",
  stepName: "",
  stepId: null,
  occurrence: null,
  dueAt: "2026-11-26T02:00:00.000Z",
  state: "scheduled",
  actions: ["move", "cancel"],
};
const aTry: FailedTry = {
  attempt: 1,
  startedAt: "2026-11-24T05:00:01.000Z",
  finishedAt: "2026-11-24T05:00:02.000Z",
  cause: "line_unavailable",
  causeText: "LINE could not be reached",
  httpStatus: 500,
  errorText: "internal error",
};

test("what comes stands by day: steps of follow-ups, and messages that wait", async () => {
  await openApp("/messages", { comingUp: () => page(aStep, waits) });
  const first = await screen.findByRole("table", { name: /^Wednesday.*25/ });
  expect(
    within(first).getByRole("row", { name: /Somchai Jaidee After surgery · Day 2 Planned/ }),
  ).toBeVisible();
  const second = screen.getByRole("table", { name: /^Thursday.*26/ });
  expect(within(second).getByRole("row", { name: /Malee Single message Waiting/ })).toBeVisible();
});

test("a step of the list is held back, left out, sent now or moved before its message is made", async () => {
  const { asked } = await openApp("/messages", {
    comingUp: () => page(aStep),
    holdStep: () => ({ ...aMessage, state: "held", cause: "held_by_staff" }),
  });
  const more = { name: "More acts: Somchai Jaidee: After surgery · Day 2" };
  await userEvent.click(await screen.findByRole("button", more));
  const menu = within(screen.getByRole("menu"));
  expect(menu.getAllByRole("menuitem").map((item) => item.textContent)).toEqual([
    "Skip",
    "Send now",
    "Hold",
    "Another time…",
  ]);
  await userEvent.click(menu.getByRole("menuitem", { name: "Hold" }));
  expect(asked).toHaveBeenCalledWith("holdStep", { id: "a1", stepId: "s2", occurrence: 0 });
  expect(await screen.findByText(/is held back until somebody releases it\.$/)).toBeVisible();
});

test("a message that is held back is released, and Undo holds it again", async () => {
  const held: Message = {
    ...aMessage,
    state: "held",
    cause: "held_by_staff",
    dueAt: "2099-11-27T03:30:00.000Z",
    actions: ["move", "release", "cancel"],
  };
  const { asked } = await openApp("/messages?stage=held", {
    listMessages: () => page(held),
    releaseMessage: () => ({ ...held, state: "scheduled", cause: null }),
    holdMessage: () => held,
  });
  await userEvent.click(await screen.findByRole("button", { name: "Release" }));
  expect(asked).toHaveBeenCalledWith("releaseMessage", { id: held.id });
  expect(await screen.findByText(/^It is planned for .*10:30/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(asked).toHaveBeenCalledWith("holdMessage", { id: held.id });
});

test("a message that waits gets another time, of the clinic's clock", async () => {
  const { asked } = await openApp("/messages", {
    comingUp: () => page(waits),
    moveMessage: () => ({ ...aMessage, state: "scheduled", dueAt: "2027-11-27T03:30:00.000Z" }),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Another time…" }));
  const dialog = await screen.findByRole("dialog", { name: "Another time" });
  const field = within(dialog).getByLabelText("Goes out at");
  expect(field).toHaveValue("2026-11-26T09:00");
  await userEvent.clear(field);
  expect(within(dialog).getByRole("button", { name: "Move it" })).toBeDisabled();
  await userEvent.type(field, "2027-11-27T10:30");
  await userEvent.click(within(dialog).getByRole("button", { name: "Move it" }));
  expect(asked).toHaveBeenCalledWith("moveMessage", { id: "m2", at: "2027-11-27T03:30:00.000Z" });
  expect(await screen.findByText(/^It is planned for .*10:30/)).toBeVisible();
});

/** Gives it another time, in 2098; the core answers as it is told. */
async function moveTo2098(item: ComingUp, moveMessage: Core["moveMessage"]) {
  const app = await openApp("/messages", { comingUp: () => page(item), moveMessage });
  await userEvent.click(await screen.findByRole("button", { name: "Another time…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Another time" }));
  await userEvent.clear(dialog.getByLabelText("Goes out at"));
  await userEvent.type(dialog.getByLabelText("Goes out at"), "2098-11-27T10:30");
  await userEvent.click(dialog.getByRole("button", { name: "Move it" }));
  return app;
}

const in2098: Message = { ...aMessage, id: "m2", state: "scheduled", dueAt: "2098-11-27T03:30:00.000Z" };

test("a message that was moved has its old time again by Undo and by its key", async () => {
  const { asked } = await moveTo2098(waits, () => in2098);
  expect(await screen.findByRole("button", { name: "Undo" })).toBeVisible();
  await userEvent.keyboard("{Control>}z{/Control}");
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith("moveMessage", { id: "m2", at: "2026-11-26T02:00:00.000Z" }),
  );
});

test("a message that was held back and is moved is held back again by Undo", async () => {
  const heldBack: ComingUp = { ...waits, actions: ["move", "release"], state: "held" };
  const { asked } = await moveTo2098(heldBack, () => in2098);
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  const before = { id: "m2", at: "2026-11-26T02:00:00.000Z", held: true };
  await waitFor(() => expect(asked).toHaveBeenCalledWith("moveMessage", before));
});

test("an early Undo of another time says when the message goes again", async () => {
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const dueAt = "2099-11-26T02:00:00.000Z";
  const moving = await moveTo2098({ ...waits, dueAt }, (input) =>
    input.at === dueAt ? { ...in2098, dueAt } : answered.then(() => in2098),
  );
  await userEvent.keyboard("{Control>}z{/Control}");
  answer();
  expect(await screen.findByText(/^It is planned for .*26 Nov.*09:00\.$/)).toBeVisible();
  expect(moving.asked).toHaveBeenCalledWith("moveMessage", { id: "m2", at: dueAt });
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
});

test("what is moved into the past goes at once, and has no way back", async () => {
  await moveTo2098(waits, () => ({ ...in2098, state: "queued" }));
  expect(await screen.findByText("It goes out as soon as it may.")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
});

test("messages of a stage are listed by their days, which stand in the address", async () => {
  const { asked, address } = await openApp("/messages?stage=sent&from=2026-11-01", {
    listMessages: () => page(aMessage),
  });
  expect(await screen.findByRole("row", { name: /Somchai Jaidee/ })).toBeVisible();
  expect(asked).toHaveBeenCalledWith("listMessages", { stage: "sent", from: "2026-11-01", limit: "100" });
  await userEvent.click(screen.getByRole("radio", { name: "Failed" }));
  await waitFor(() => expect(address()).toBe("/messages?stage=failed&from=2026-11-01"));
});

/** The details of a message that LINE did not take, as somebody sees them. */
async function detailsAs(role: Role) {
  await openApp("/messages?stage=failed", {
    status: () => ({ ...aStatus, role }),
    listMessages: () =>
      page({ ...aMessage, state: "failed", cause: "line_unavailable", acceptedAt: null, outcome: null }),
    getMessage: () => ({
      ...aMessage,
      state: "failed",
      cause: "line_unavailable",
      acceptedAt: null,
      outcome: null,
    }),
    messageTries: () => ({ items: [aTry] }),
  });
  await userEvent.click(
    await screen.findByRole("button", { name: "Details of the message to Somchai Jaidee" }),
  );
  const drawer = await screen.findByRole("dialog", { name: "Message to Somchai Jaidee" });
  // Why it was, in the clinic's words, is for everybody.
  expect(await within(drawer).findByText("Try 1 failed: LINE had trouble (500)")).toBeVisible();
  expect(within(drawer).queryByText("LINE took it")).toBeNull();
  return within(drawer);
}

test("the details say what was tried, and in its own words what LINE said, once it is asked for", async () => {
  const drawer = await detailsAs("operator");
  expect(drawer.getByText("internal error (500)")).not.toBeVisible();
  await userEvent.click(drawer.getByText("LINE's own words"));
  expect(drawer.getByText("internal error (500)")).toBeVisible();
});

test("LINE's own words, which may name ids, are for those who can act on them", async () => {
  const drawer = await detailsAs("viewer");
  expect(drawer.queryByText("LINE's own words")).toBeNull();
  expect(drawer.queryByText(/internal error/)).toBeNull();
});

test("nothing is planned", async () => {
  await openApp("/messages", { comingUp: () => page() });
  expect(await screen.findByText("Nothing is planned.")).toBeVisible();
});

test("what the core refuses is said", async () => {
  await openApp("/messages", { comingUp: refuse("the list is being mended") });
  expect(await screen.findByRole("alert")).toHaveTextContent("the list is being mended");
});
