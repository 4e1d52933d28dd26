import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { HeldGroup } from "../../bindings";
import { openApp, refuse } from "../../testing/app";
import { aFailure, aMessage, aPatient, aStatus, page } from "../../testing/fixtures";

const held: HeldGroup = {
  cause: "sending_paused",
  reason: "all sending is paused",
  count: 7,
  until: null,
  releasedBy: "staff",
};

test("what failed, by cause, with the remedy beside it", async () => {
  await openApp("/attention", {
    failedDeliveries: () => page(aFailure),
    heldMessages: () => ({ items: [] }),
  });
  const table = await screen.findByRole("table", { name: "the LINE access token is not valid" });
  expect(
    within(table).getByRole("row", { name: /Somchai Jaidee.*Failed.*Authentication failed/ }),
  ).toBeVisible();
  expect(screen.getByText("Enter a new access token in Settings, then retry.")).toBeVisible();
});

test("a message that LINE may have says so, and what LINE said in its own words alone", async () => {
  const lost = { ...aFailure, causeCode: "outcome_unknown" as const, lineWords: null, maybeSent: true };
  await openApp("/attention", {
    failedDeliveries: () => page({ ...lost, message: "no connection; it may have been sent" }),
    heldMessages: () => ({ items: [] }),
  });
  expect(await screen.findByText("The patient may have it all the same.")).toBeVisible();
  expect(screen.queryByText(/no connection/)).toBeNull();
});

test("what waits, until when, and what to do", async () => {
  await openApp("/attention", { failedDeliveries: () => page(), heldMessages: () => ({ items: [held] }) });
  const table = await screen.findByRole("table", { name: "Messages that wait" });
  expect(
    within(table).getByRole("row", { name: /all sending is paused 7 until somebody acts/ }),
  ).toBeVisible();
});

test("all is clear", async () => {
  await openApp("/attention", { failedDeliveries: () => page(), heldMessages: () => ({ items: [] }) });
  expect(await screen.findByText("All clear. Nothing needs you.")).toBeVisible();
});

test("what the core refuses is said", async () => {
  await openApp("/attention", {
    failedDeliveries: refuse("the list is being mended"),
    heldMessages: () => ({ items: [] }),
  });
  expect(await screen.findByRole("alert")).toHaveTextContent("the list is being mended");
});

test("one message is retried, or all that can be", async () => {
  const { asked } = await openApp("/attention", {
    failedDeliveries: () => page(aFailure, { ...aFailure, id: "m2", retryable: false, actions: ["cancel"] }),
    heldMessages: () => ({ items: [] }),
    retryMessage: () => aMessage,
    getPatient: () => aPatient,
    retryFailed: () => ({ retriedCount: 1 }),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Retry" }));
  expect(asked).toHaveBeenCalledWith("retryMessage", { id: "m1" });
  await userEvent.click(screen.getByRole("button", { name: "Retry these 1" }));
  expect(await screen.findByText("1 message is on its way again.")).toBeVisible();
});

test("while all sending is paused nothing is said to be on its way", async () => {
  await openApp("/attention", {
    status: () => ({ ...aStatus, sending: "paused" }),
    failedDeliveries: () => page(aFailure),
    heldMessages: () => ({ items: [] }),
    retryFailed: () => ({ retriedCount: 1 }),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Retry these 1" }));
  expect(await screen.findByText("1 message waits: all sending is paused.")).toBeVisible();
});

test("whoever only looks is offered no act on what failed", async () => {
  await openApp("/attention", {
    status: () => ({ ...aStatus, role: "viewer" }),
    failedDeliveries: () => page(aFailure),
    heldMessages: () => ({ items: [] }),
  });
  const row = await screen.findByRole("row", { name: /Somchai Jaidee.*Failed/ });
  expect(within(row).queryByRole("button")).toBeNull();
  expect(screen.queryByRole("button", { name: /^Retry these/ })).toBeNull();
});

test("where LINE gave no reason, that is said", async () => {
  await openApp("/attention", {
    failedDeliveries: () => page({ ...aFailure, httpStatus: 500, lineWords: null }),
    heldMessages: () => ({ items: [] }),
  });
  expect(await screen.findByText("LINE gave no reason (status 500)")).toBeVisible();
});
