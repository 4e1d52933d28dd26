import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Assignment } from "../../bindings";
import { type Core, openApp, refuse } from "../../testing/app";
import { anAssignment, aProtocolSummary, aStatus, page, someCounts } from "../../testing/fixtures";

const running: Assignment = { ...anAssignment, id: "a1", patientName: "Malee", waitingMessages: 2 };
const another: Assignment = { ...anAssignment, id: "a2", patientName: "Nok", waitingMessages: 1 };
const over: Assignment = {
  ...anAssignment,
  id: "a3",
  patientName: "Somchai",
  status: "completed",
  actions: [],
};

const around: Core = { countAssignments: () => someCounts, listProtocols: () => page(aProtocolSummary) };

/** All of them chosen, and the dialog of an act. */
async function ask(act: string, core: Core) {
  const app = await openApp("/follow-ups?status=all", {
    ...around,
    listAssignments: () => page(running, another, over),
    ...core,
  });
  await userEvent.click(await screen.findByRole("checkbox", { name: "Select all 3 shown" }));
  await userEvent.click(screen.getByRole("button", { name: act }));
  return { ...app, dialog: within(await screen.findByRole("dialog")) };
}

test("several are paused once it was said how many messages wait, and resumed by Undo", async () => {
  const { asked, dialog } = await ask("Pause 2…", {
    pauseAssignment: () => running,
    resumeAssignment: () => running,
  });
  expect(dialog.getByText(/^Messages that wait: 3\. They go out when you resume/)).toBeVisible();
  expect(dialog.getByText(/^1 of them stays as it is/)).toBeVisible();
  expect(asked).not.toHaveBeenCalledWith("pauseAssignment", { id: "a1" });
  await userEvent.click(dialog.getByRole("button", { name: "Pause 2" }));
  expect(await screen.findByText("2 follow-ups are paused.")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(await screen.findByText("2 follow-ups run.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("resumeAssignment", { id: "a2" });
  expect(asked).not.toHaveBeenCalledWith("pauseAssignment", { id: "a3" });
});

test("what was cancelled cannot be undone, and what was refused is said by name", async () => {
  const { dialog } = await ask("Cancel 2…", {
    cancelAssignment: ({ id }) => (id === "a2" ? refuse("it is over already")() : running),
  });
  expect(dialog.getByText("Messages that wait and are cancelled by this: 3.")).toBeVisible();
  expect(dialog.getByText("Nothing more is planned. This cannot be undone.")).toBeVisible();
  await userEvent.click(dialog.getByRole("button", { name: "Cancel these 2" }));
  expect(await screen.findByText("1 follow-up is cancelled. 1 was refused.")).toBeVisible();
  expect(screen.getByText("Nok: it is over already")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
});

test("what the core offers of none of them is not offered", async () => {
  await openApp("/follow-ups?status=completed", {
    ...around,
    listAssignments: () => page(over),
  });
  await userEvent.click(await screen.findByRole("checkbox", { name: /^Select Somchai/ }));
  const bar = within(screen.getByRole("group", { name: "1 selected" }));
  expect(bar.getByText("Nothing can be done with these together.")).toBeVisible();
});

test("whoever only looks chooses none", async () => {
  await openApp("/follow-ups", {
    ...around,
    status: () => ({ ...aStatus, role: "viewer" }),
    listAssignments: () => page(running),
  });
  await screen.findByRole("link", { name: "Malee" });
  expect(screen.queryByRole("checkbox")).toBeNull();
});

test("of one that nobody answered it is not said that it was refused", async () => {
  const { dialog } = await ask("Pause 2…", {
    pauseAssignment: ({ id }) => {
      if (id === "a2") throw new Error("nobody answers");
      return running;
    },
  });
  await userEvent.click(dialog.getByRole("button", { name: "Pause 2" }));
  expect(await screen.findByText("1 follow-up is paused. Whether 1 was done is not known.")).toBeVisible();
  expect(screen.getByText(/: No answer came, so it is not known whether this was done/)).toBeVisible();
});
