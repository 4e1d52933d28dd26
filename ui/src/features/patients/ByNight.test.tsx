// What quiet hours make of a message whose step has a rule of its own.

import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { AtNight, Message, Patient } from "../../bindings";
import { openApp } from "../../testing/app";
import { aMessage, answerStats, aPatient, aTimeline, noAnswers, page } from "../../testing/fixtures";

const MORNING = "2026-11-25T01:00:00.000Z";

/** Presses "Retry" of a failed message on the page of its patient. */
async function retryOf(patient: Partial<Patient>, atNight: AtNight) {
  const waits: Message = { ...aMessage, state: "retrying", atNight, actions: ["cancel"] };
  const failed: Message = { ...waits, state: "failed", actions: ["retry", "cancel"] };
  const items = aTimeline.items.map((item) => ({ ...item, message: failed }));
  const { asked } = await openApp("/patients/p1", {
    getPatient: () => ({ ...aPatient, quietUntil: MORNING, ...patient }),
    listAssignments: () => page(),
    listProtocols: () => page(),
    answerStats: () => answerStats(noAnswers),
    patientTimeline: () => ({ ...aTimeline, items }),
    listMessages: () => page(),
    retryMessage: () => waits,
    getMessage: () => waits,
  });
  await userEvent.click(await screen.findByRole("button", { name: "Retry" }));
  return asked;
}

test("one that goes by night is held for its way back though quiet hours are now", async () => {
  const obstacle = { cause: "quiet_hours" as const, until: MORNING, waits: true };
  const asked = await retryOf({ obstacle }, "send");
  expect(await screen.findByRole("button", { name: "Undo" })).toBeVisible();
  expect(asked).toHaveBeenCalledWith("retryMessage", { id: "m1", holdSeconds: 10 });
});

test("one that waits by night says so though the clinic's others go without a sound", async () => {
  const asked = await retryOf({ obstacle: null }, "wait");
  expect(await screen.findByText(/quiet hours/)).toBeVisible();
  expect(asked).toHaveBeenCalledWith("retryMessage", { id: "m1", holdSeconds: 0 });
});
