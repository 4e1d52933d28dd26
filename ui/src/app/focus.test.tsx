import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { openApp } from "../testing/app";
import {
  anAssignment,
  answerStats,
  aPatient,
  aProtocol,
  aProtocolSummary,
  aTimeline,
  aWorkItem,
  noAnswers,
  page,
} from "../testing/fixtures";

/** Presses a button by the keyboard. */
async function press(button: HTMLElement) {
  button.focus();
  await userEvent.keyboard("{Enter}");
}

test("who removes a message goes on at what stands beside it", async () => {
  const further = { messageType: "text" as const, content: { text: "Second" } };
  const steps = aProtocol.steps.map((step) => ({ ...step, furtherMessages: [further, further] }));
  await openApp("/plans/c1/edit", { getProtocol: () => ({ ...aProtocol, steps }) });
  const second = within(await screen.findByRole("group", { name: "Message 2" }));
  await press(second.getByRole("button", { name: "Remove message" }));
  await waitFor(() => expect(screen.queryByRole("region", { name: "Message 3" })).toBeNull());
  const next = screen.getByRole("group", { name: "Message 2" });
  await waitFor(() => expect(next).toContainElement(document.activeElement as HTMLElement));
});

test("who takes the last quick reply away goes on in the form of quick replies", async () => {
  const quickReplies = [{ type: "message" as const, label: "Yes" }];
  const steps = aProtocol.steps.map((step) => ({ ...step, quickReplies }));
  await openApp("/plans/c1/edit", { getProtocol: () => ({ ...aProtocol, steps }) });
  const form = await screen.findByRole("group", { name: "Quick replies" });
  await press(within(form).getByRole("button", { name: "Remove the quick reply Yes" }));
  await waitFor(() => expect(within(form).queryByText("Yes")).toBeNull());
  await waitFor(() => expect(form).toContainElement(document.activeElement as HTMLElement));
});

test("who settles a line of the worklist goes on at the next one", async () => {
  let items = ["Malee", "Nok"].map((patientName) => ({ ...aWorkItem, id: patientName, patientName }));
  await openApp("/worklist", {
    listWorklist: () => page(...items),
    resolveWork: () => {
      items = items.filter(({ id }) => id !== "Malee");
      return aWorkItem;
    },
  });
  const first = within((await screen.findByText("Malee")).closest("li") as HTMLElement);
  await press(first.getByRole("button", { name: "Settle" }));
  await waitFor(() => expect(screen.queryByText("Malee")).toBeNull());
  await waitFor(() => expect(screen.getByRole("checkbox", { name: "Select Nok" })).toHaveFocus());
});

test("a dialog whose opener is gone gives the focus to what is there instead", async () => {
  let patient = { ...aPatient, lineUserId: null as string | null };
  const { said } = await openApp("/patients/p1", {
    getPatient: () => patient,
    listAssignments: () => page(),
    listProtocols: () => page(),
    answerStats: () => answerStats(noAnswers),
    patientTimeline: () => aTimeline,
    makeLinkCode: () => ({
      code: "CQ-2345-ABCD",
      expiresAt: "2026-12-01T00:00:00.000Z",
      url: null,
      qrSvg: null,
      accountName: null,
      language: "th",
    }),
  });
  await press(await screen.findByRole("button", { name: "Print a slip with a code" }));
  const dialog = await screen.findByRole("dialog");
  patient = aPatient;
  said("patients");
  await waitFor(() => expect(screen.queryByText("Not linked to LINE")).toBeNull());
  await press(within(dialog).getAllByRole("button", { name: "Close" })[0] as HTMLElement);
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await waitFor(() => {
    expect(document.activeElement).not.toBe(document.body);
    expect(screen.getByRole("main")).toContainElement(document.activeElement as HTMLElement);
  });
});

test("who closes a dialog that was opened by a key goes on where they were", async () => {
  await openApp("/plans", { listProtocols: () => page(aProtocolSummary) });
  const link = await screen.findByRole("link", { name: "New care plan" });
  link.focus();
  await userEvent.keyboard("?");
  const dialog = await screen.findByRole("dialog", { name: "Keys and privacy" });
  await waitFor(() => expect(dialog).toContainElement(document.activeElement as HTMLElement));
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await waitFor(() => expect(link).toHaveFocus());
});

test("who starts a follow-up goes on at the form that is empty again", async () => {
  await openApp("/patients/p1", {
    getPatient: () => aPatient,
    listAssignments: () => page(),
    listProtocols: () => page({ ...aProtocolSummary, actions: ["assign"] }),
    answerStats: () => answerStats(noAnswers),
    patientTimeline: () => aTimeline,
    createAssignment: () => anAssignment,
    startAssignment: () => anAssignment,
  });
  const title = await screen.findByRole("heading", { level: 2, name: "Follow-ups" });
  const form = within(title.closest("section") as HTMLElement);
  await userEvent.selectOptions(await form.findByLabelText("Care plan"), "c1");
  const start = await form.findByRole("button", { name: "Start follow-up" });
  await waitFor(() => expect(start).toBeEnabled());
  await press(start);
  await waitFor(() => expect(form.getByLabelText("Care plan")).toHaveValue(""));
  await waitFor(() => expect(form.getByLabelText("Care plan")).toHaveFocus());
});
