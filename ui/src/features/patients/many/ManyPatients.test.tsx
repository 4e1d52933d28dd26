import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { PatientSummary } from "../../../bindings";
import { HOUR_MS } from "../../../lib/units";
import { type Core, openApp, refuse } from "../../../testing/app";
import { aMessage, anAssignment, aPatient, aProtocol, aStatus, page } from "../../../testing/fixtures";

const linked: PatientSummary = { ...aPatient, id: "p1", displayName: "Malee" };
const unlinked: PatientSummary = {
  ...aPatient,
  id: "p2",
  displayName: "Nok",
  lineUserId: null,
  obstacle: { cause: "not_linked", until: null, waits: true },
};
const archived: PatientSummary = {
  ...aPatient,
  id: "p3",
  displayName: "Somchai",
  status: "archived",
  obstacle: { cause: "patient_archived", until: null, waits: false },
};

const aPlan = { ...aProtocol, stepCount: 1 };

const aSlip = {
  code: "CQ-7KQ2-M9XD",
  expiresAt: "2099-01-01T00:00:00.000Z",
  url: null,
  qrSvg: "<svg/>",
  accountName: null,
  language: "en" as const,
};

/** Chooses the one care plan there is, once the dialog knows it. */
async function choosePlan(dialog: ReturnType<typeof within>) {
  const plan = await dialog.findByRole("option", { name: aProtocol.name });
  await userEvent.selectOptions(dialog.getByLabelText("Care plan"), plan);
}

/** The list with all three chosen, and the dialog of an act. */
async function ask(act: string, core: Core) {
  const app = await openApp("/patients", {
    listPatients: () => page(linked, unlinked, archived),
    getProtocol: () => aProtocol,
    previewProtocol: () => ({ items: [], timeZone: "Asia/Bangkok", more: false }),
    ...core,
  });
  await userEvent.click(await screen.findByRole("checkbox", { name: "Select all 3 shown" }));
  await userEvent.click(screen.getByRole("button", { name: act }));
  return { ...app, dialog: within(await screen.findByRole("dialog")) };
}

const followUps =
  (...ids: string[]): Core["listAssignments"] =>
  ({ status }) =>
    page(...(status === "active" ? ids.map((patientId) => ({ ...anAssignment, patientId })) : []));

test("a follow-up is started for those in care, once it was said who waits and who is left out", async () => {
  const { asked, dialog } = await ask("Start a follow-up for 3…", {
    listProtocols: () => page(aPlan),
    listAssignments: followUps(),
    createAssignment: ({ patientId }) => ({ ...anAssignment, id: `of-${patientId}` }),
    startAssignment: () => anAssignment,
    cancelAssignment: () => anAssignment,
  });
  await choosePlan(dialog);
  expect(dialog.getByText("1 of them is archived and left out.")).toBeVisible();
  expect(await dialog.findByText("the patient has no LINE account linked: 1 patient")).toBeVisible();
  await userEvent.click(dialog.getByRole("button", { name: "Start 2 follow-ups" }));
  expect(await screen.findByText("2 follow-ups run.")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(await screen.findByText("2 follow-ups are cancelled.")).toBeVisible();
  const started = asked.mock.calls.filter(([name]) => name === "startAssignment").map(([, { id }]) => id);
  expect(started).toEqual(["of-p1", "of-p2"]);
  expect(asked).toHaveBeenCalledWith("cancelAssignment", { id: "of-p2" });
});

test("who follows the plan already is left out, unless it is wished", async () => {
  const { dialog } = await ask("Start a follow-up for 3…", {
    listProtocols: () => page(aPlan),
    listAssignments: followUps("p1"),
  });
  await choosePlan(dialog);
  const again = await dialog.findByLabelText("1 of them follows it already: start it once more");
  expect(dialog.getByRole("button", { name: "Start 1 follow-up" })).toBeEnabled();
  await userEvent.click(again);
  expect(dialog.getByRole("button", { name: "Start 2 follow-ups" })).toBeEnabled();
});

test("nothing is started while it is not known who follows the plan", async () => {
  const { dialog } = await ask("Start a follow-up for 3…", {
    listProtocols: () => page(aPlan),
    listAssignments: refuse("the list is being mended"),
  });
  await choosePlan(dialog);
  expect(await dialog.findByRole("alert")).toHaveTextContent("the list is being mended");
  expect(dialog.getByRole("button", { name: /^Start/ })).toBeDisabled();
});

test("who goes back to choose others finds what was written, until it was sent", async () => {
  const { dialog } = await ask("Write to 3…", { sendMessage: () => aMessage });
  await userEvent.type(dialog.getByLabelText("Message"), "Closed on Monday");
  await userEvent.click(dialog.getByRole("button", { name: "Back" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await userEvent.click(screen.getByRole("checkbox", { name: "Select Nok" }));
  await userEvent.click(screen.getByRole("button", { name: "Write to 2…" }));
  const again = within(await screen.findByRole("dialog"));
  expect(again.getByLabelText("Message")).toHaveValue("Closed on Monday");
  await userEvent.click(again.getByRole("button", { name: "Send to 1 patient" }));
  await screen.findByText("1 message goes out as soon as it may.");
  await userEvent.click(screen.getByRole("checkbox", { name: "Select Malee" }));
  await userEvent.click(screen.getByRole("button", { name: "Write to 1…" }));
  expect(within(await screen.findByRole("dialog")).getByLabelText("Message")).toHaveValue("");
});

test.each(["Start a follow-up for 3…", "Label 3…", "Print slips for 3…"])(
  "%s has a way back to the choice, which stands",
  async (act) => {
    const { dialog } = await ask(act, { listProtocols: () => page(aPlan) });
    await userEvent.click(await dialog.findByRole("button", { name: "Back" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(screen.getByRole("button", { name: act })).toBeVisible();
  },
);

test("a message goes to all but those who get none, each under a key of its own", async () => {
  const { asked, dialog } = await ask("Write to 3…", { sendMessage: () => aMessage });
  expect(dialog.getByText("1 of them gets no message:")).toBeVisible();
  expect(dialog.getByText("the patient is archived: 1 patient")).toBeVisible();
  expect(dialog.getByText("1 message goes out now.")).toBeVisible();
  await userEvent.type(dialog.getByLabelText("Message"), "Closed on Monday");
  await userEvent.click(dialog.getByRole("button", { name: "Send to 2 patients" }));
  expect(await screen.findByText("2 messages go out as soon as they may.")).toBeVisible();
  const sent = asked.mock.calls.filter(([name]) => name === "sendMessage").map(([, input]) => input);
  expect(sent.map(({ patientId }) => patientId)).toEqual(["p1", "p2"]);
  expect(sent[0]).toMatchObject({ content: { text: "Closed on Monday" }, schedule: { type: "immediate" } });
  expect(new Set(sent.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(2);
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
});

test("while all sending is paused it is not said that messages go out now", async () => {
  const { dialog } = await ask("Write to 3…", { status: () => ({ ...aStatus, sending: "paused" }) });
  expect(dialog.getByText(/A message will wait: all sending is paused/)).toBeVisible();
  expect(dialog.queryByText(/out now/)).toBeNull();
});

test("a message that goes later is taken back by Undo", async () => {
  const { asked, dialog } = await ask("Write to 3…", {
    sendMessage: ({ patientId }) => ({ ...aMessage, id: `to-${patientId}` }),
    cancelMessage: () => aMessage,
  });
  await userEvent.type(dialog.getByLabelText("Message"), "Closed on Monday");
  await userEvent.click(dialog.getByLabelText("Later"));
  await userEvent.click(dialog.getByRole("button", { name: "Send to 2 patients" }));
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  expect(await screen.findByText("2 messages will not be sent.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("cancelMessage", { id: "to-p2" });
});

test("a label is put beside those a patient has, and what was refused is said by name", async () => {
  const { asked, dialog } = await ask("Label 3…", {
    listPatients: () => page({ ...linked, tags: ["knee"] }, { ...unlinked, tags: ["old"] }, archived),
    getPatient: ({ id }) => ({ ...aPatient, id, tags: id === "p2" ? ["old"] : [] }),
    updatePatient: (input) => (input.id === "p3" ? refuse("somebody else was faster")() : aPatient),
  });
  await userEvent.type(dialog.getByLabelText("Label"), "knee");
  expect(dialog.getByText("1 of them has it already.")).toBeVisible();
  await userEvent.click(dialog.getByRole("button", { name: "Label 2 patients" }));
  expect(await screen.findByText("1 patient has the label now. 1 was refused.")).toBeVisible();
  expect(screen.getByText(/^Somchai: somebody else was faster/)).toBeVisible();
  expect(asked).toHaveBeenCalledWith("updatePatient", {
    id: "p2",
    unchangedSince: aPatient.updatedAt,
    tags: ["old", "knee"],
  });
});

test("slips are made for those who are not linked, a sheet for each, and keep their codes", async () => {
  const { asked, dialog } = await ask("Print slips for 3…", { makeLinkCode: () => aSlip });
  expect(dialog.getByText("1 of them is linked already and left out.")).toBeVisible();
  await userEvent.click(dialog.getByRole("button", { name: "Make 1 slip" }));
  const slips = within(await screen.findByRole("dialog", { name: "Slips with a code" }));
  expect(await slips.findByText("Nok: CQ-7KQ2-M9XD")).toBeVisible();
  expect(slips.getByRole("button", { name: "Print 1 sheet" })).toBeVisible();
  await waitFor(() => expect(document.querySelectorAll(".sheets > .slip")).toHaveLength(1));
  await userEvent.click(slips.getByRole("button", { name: "Close" }));
  await userEvent.click(await screen.findByRole("checkbox", { name: "Select Nok" }));
  await userEvent.click(screen.getByRole("button", { name: "Print slips for 1…" }));
  await userEvent.click(await screen.findByRole("button", { name: "Make 1 slip" }));
  expect(await screen.findByText("Nok: CQ-7KQ2-M9XD")).toBeVisible();
  expect(asked.mock.calls.filter(([name]) => name === "makeLinkCode")).toHaveLength(1);
});

test("whoever only looks chooses nobody", async () => {
  await openApp("/patients", {
    status: () => ({ ...aStatus, role: "viewer" }),
    listPatients: () => page(linked, unlinked),
  });
  await screen.findByRole("link", { name: "Nok" });
  expect(screen.queryByRole("checkbox")).toBeNull();
});

test("several start on the same day, which is shown before", async () => {
  const { asked, dialog } = await ask("Start a follow-up for 3…", {
    listProtocols: () => page(aPlan),
    listAssignments: followUps(),
    createAssignment: ({ patientId }) => ({ ...anAssignment, id: `of-${patientId}` }),
    startAssignment: () => anAssignment,
  });
  await choosePlan(dialog);
  await userEvent.click(await dialog.findByLabelText("Starts on a day"));
  await userEvent.click(dialog.getByRole("button", { name: "Start 2 follow-ups" }));
  expect(await screen.findByText("2 follow-ups run.")).toBeVisible();
  // Tomorrow at nine, by the clinic's clock.
  const inBangkok = new Date(Date.now() + 31 * HOUR_MS).toISOString().slice(0, 10);
  const startsAt = `${inBangkok}T02:00:00.000Z`;
  expect(asked).toHaveBeenCalledWith("previewProtocol", expect.objectContaining({ startAt: startsAt }));
  expect(asked).toHaveBeenCalledWith("startAssignment", { id: "of-p1", startsAt });
});

/** A list of which one is shown, and the others when they are asked for. */
const pageByPage: Core["listPatients"] = ({ cursor }) =>
  cursor ? page(unlinked, archived) : { ...page(linked), nextCursor: "further" };

test("everyone who matches is meant, also those who are not shown", async () => {
  const { asked } = await openApp("/patients?tag=knee", { listPatients: pageByPage });
  await userEvent.click(await screen.findByRole("checkbox", { name: "Select Malee" }));
  await userEvent.click(screen.getByRole("button", { name: "Select everyone who matches" }));
  expect(await screen.findByRole("group", { name: "All 3 who match are selected" })).toBeVisible();
  expect(asked).toHaveBeenCalledWith("listPatients", { tag: "knee", limit: "200", cursor: "further" });
  expect(screen.getByRole("button", { name: "Write to 3…" })).toBeVisible();
});

test("who unticks one of everyone has chosen what is shown", async () => {
  await openApp("/patients", {
    listPatients: ({ cursor }) => (cursor ? page(archived) : { ...page(linked, unlinked), nextCursor: "c" }),
  });
  await userEvent.click(await screen.findByRole("checkbox", { name: "Select Malee" }));
  await userEvent.click(screen.getByRole("button", { name: "Select everyone who matches" }));
  await screen.findByRole("group", { name: "All 3 who match are selected" });
  await userEvent.click(screen.getByRole("checkbox", { name: "Select Nok" }));
  expect(await screen.findByRole("group", { name: "1 selected" })).toBeVisible();
  expect(screen.getByRole("checkbox", { name: "Select Malee" })).toBeChecked();
});

test("what cannot be read to the end chooses nobody new, and may be tried again", async () => {
  let fails = true;
  await openApp("/patients", {
    listPatients: (input) =>
      input.cursor && fails ? refuse("the list is being mended")() : pageByPage(input),
  });
  await userEvent.click(await screen.findByRole("checkbox", { name: "Select Malee" }));
  await userEvent.click(screen.getByRole("button", { name: "Select everyone who matches" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("the list is being mended");
  expect(screen.getByRole("group", { name: "1 selected" })).toBeVisible();
  fails = false;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("group", { name: "All 3 who match are selected" })).toBeVisible();
});
