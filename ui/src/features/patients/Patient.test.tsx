import { fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Cause } from "../../bindings";
import { DAY_MS } from "../../lib/units";
import { type Core, openApp, refuse } from "../../testing/app";
import {
  aMessage,
  anAssignment,
  answerStats,
  aPatient,
  aProtocol,
  aProtocolSummary,
  aSending,
  aStatus,
  aTemplate,
  aTimeline,
  noAnswers,
  page,
  someAnswers,
  theSettings,
} from "../../testing/fixtures";

/** What is sent by hand waits ten seconds. */
const held = { type: "delay", delayMs: 10_000 };

const core: Core = {
  getPatient: () => aPatient,
  listAssignments: () => page(anAssignment),
  listProtocols: () => page(aProtocolSummary),
  answerStats: () => answerStats(noAnswers),
  patientTimeline: () => aTimeline,
  listMessages: () => page(),
  getProtocol: () => aProtocol,
  previewProtocol: () => ({ items: [], timeZone: "Asia/Bangkok", more: false }),
};

test("who they are, what runs, and what was said", async () => {
  await openApp("/patients/p1", { ...core, answerStats: () => answerStats(someAnswers) });
  expect(await screen.findByRole("heading", { level: 1, name: "Somchai Jaidee" })).toBeVisible();
  expect(await screen.findByText("Step 1 of 4")).toBeVisible();
  const happened = await screen.findByRole("list", { name: "What happened" });
  expect(within(happened).getByText("Rest well today.")).toBeVisible();
  expect(await screen.findByRole("heading", { name: "Answers in the last 90 days" })).toBeVisible();
});

test("a button that was pressed is shown with what stood on it and what it said", async () => {
  const press = { label: "Another day", data: "visit=other", params: { date: "2026-12-01" } };
  const said = { ...aSending, kind: "postback", media: null, press };
  const items = aTimeline.items.map((item) => ({ ...item, id: "t9", message: null, said }));
  await openApp("/patients/p1", { ...core, patientTimeline: () => ({ ...aTimeline, items }) });
  expect(await screen.findByText("“Another day”")).toBeVisible();
  expect(screen.getByText("– Tue, 1 Dec 2026")).toBeVisible();
  expect(screen.getByText("visit=other")).toBeVisible();
});

test("a day that was chosen as an answer is read in the reader's calendar", async () => {
  const answer = {
    messageId: "m1",
    answer: {
      action: "complete" as const,
      value: "2026-12-01",
      label: "Choose a day",
      picked: "date" as const,
      counted: true,
      late: false,
      worrying: false,
      at: aPatient.createdAt,
    },
  };
  const items = aTimeline.items.map((item) => ({ ...item, id: "t9", message: null, answer }));
  await openApp("/patients/p1", {
    ...core,
    getMessage: () => aMessage,
    patientTimeline: () => ({ ...aTimeline, items }),
  });
  const happened = within(await screen.findByRole("list", { name: "What happened" }));
  expect(await happened.findByText(/Answered/)).toHaveTextContent(
    "Answered with “Choose a day” – Tue, 1 Dec 2026",
  );
});

test("an answer quotes the patient's words", async () => {
  const said = { ...aSending, kind: "text", text: "may I swim?", media: null, quoteToken: "q3Plxr4" };
  const items = aTimeline.items.map((item) => ({ ...item, id: "t9", message: null, said }));
  const { asked } = await openApp("/patients/p1", {
    ...core,
    patientTimeline: () => ({ ...aTimeline, items }),
    sendMessage: () => aMessage,
  });
  await userEvent.click(await screen.findByRole("button", { name: "Answer with a quote" }));
  const happened = within(screen.getByRole("list", { name: "What happened" }));
  await userEvent.type(happened.getByLabelText("Your message; it quotes these words"), "not yet");
  await userEvent.click(happened.getByRole("button", { name: "Send now" }));
  expect(asked).toHaveBeenCalledWith("sendMessage", {
    patientId: "p1",
    messageType: "text",
    content: { text: "not yet", quoteToken: "q3Plxr4" },
    schedule: held,
  });
});

test("a patient of whom nothing is known yet", async () => {
  await openApp("/patients/p1", {
    ...core,
    listAssignments: () => page(),
    patientTimeline: () => ({ ...aTimeline, items: [] }),
  });
  expect(await screen.findByText("No follow-up yet. Choose a care plan below.")).toBeVisible();
  expect(await screen.findByText("Nothing here yet.")).toBeVisible();
});

test("a patient who is not there", async () => {
  await openApp("/patients/p1", { ...core, getPatient: refuse("there is no patient p1") });
  expect(await screen.findByRole("alert")).toHaveTextContent("there is no patient p1");
});

test("a video that was watched to its end says when, in the patient's zone", async () => {
  const message = { ...aMessage, watchedAt: "2026-11-24T03:41:00.000Z" };
  const items = aTimeline.items.map((item) => ({ ...item, message }));
  await openApp("/patients/p1", { ...core, patientTimeline: () => ({ ...aTimeline, items }) });
  expect(await screen.findByText(/^Watched .*10:41/)).toBeVisible();
});

const queued = { ...aMessage, state: "queued" as const, acceptedAt: null };

/** The page of this patient, on which a message is written and sent. */
async function written(more: Core) {
  const app = await openApp("/patients/p1", { ...core, sendMessage: () => queued, ...more });
  await userEvent.type(await screen.findByLabelText("Message"), "See you on Friday");
  await userEvent.click(screen.getByRole("button", { name: "Send now" }));
  return app;
}

const hindered = (cause: Cause) => ({
  getPatient: () => ({ ...aPatient, obstacle: { cause, until: null, waits: true } }),
});

test.each([
  ["all sending is paused", hindered("sending_paused")],
  ["the patient has no LINE account linked", hindered("not_linked")],
  ["quiet hours", hindered("quiet_hours")],
  ["LINE is not connected", { status: () => ({ ...aStatus, sending: "not_connected" as const }) }],
])("before and after it is sent a message says that it waits: %s", async (why, more: Core) => {
  await written(more);
  expect(screen.getByText(new RegExp(`^A message will wait: ${why}\\.`))).toBeVisible();
  expect(await screen.findByText(`The message waits: ${why}.`)).toBeVisible();
  expect(screen.queryByText("The message is on its way.")).toBeNull();
});

test("of a patient to whom no message goes that is said, and nothing of waiting", async () => {
  const obstacle = { cause: "patient_archived" as const, until: null, waits: false };
  await openApp("/patients/p1", { ...core, getPatient: () => ({ ...aPatient, obstacle }) });
  expect(await screen.findByText(/^A message will not be sent: the patient is archived\./)).toBeVisible();
});

test("what became of the message stands under the form, as the core says", async () => {
  await written({ getMessage: () => ({ ...queued, state: "held", cause: "patient_pace" }) });
  expect(await screen.findByText("the patient got another message just now")).toBeVisible();
});

test("a message is written", async () => {
  const { asked } = await written({ getMessage: () => queued });
  expect(await screen.findByText("The message is on its way.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("sendMessage", {
    patientId: "p1",
    messageType: "text",
    content: { text: "See you on Friday" },
    schedule: held,
  });
});

test("a follow-up is started with an active care plan", async () => {
  const { asked } = await openApp("/patients/p1", {
    ...core,
    createAssignment: () => ({ ...anAssignment, id: "a2" }),
    startAssignment: () => anAssignment,
  });
  await screen.findByRole("option", { name: "After surgery" });
  await userEvent.selectOptions(screen.getByLabelText("Care plan"), "After surgery");
  await screen.findByText("Nothing comes any more with this start.");
  await userEvent.click(screen.getByRole("button", { name: "Start follow-up" }));
  expect(await screen.findByText("The follow-up runs.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("startAssignment", { id: "a2" });
});

test("who is not linked gets a slip with a code", async () => {
  await openApp("/patients/p1", {
    ...core,
    getPatient: () => ({ ...aPatient, lineUserId: null }),
    makeLinkCode: () => ({
      code: "CQ-2345-ABCD",
      expiresAt: "2026-12-01T00:00:00.000Z",
      url: null,
      qrSvg: null,
      accountName: null,
      language: "th" as const,
    }),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Print a slip with a code" }));
  expect(await screen.findByText("CQ-2345-ABCD")).toBeVisible();
  // The slip speaks the patient's language.
  expect(screen.getByText(/^สแกน/)).toBeVisible();
});

test("a message that waits says why, and is taken back", async () => {
  const waiting = {
    ...aMessage,
    state: "held" as const,
    cause: "blocked" as const,
    acceptedAt: null,
    actions: ["cancel" as const],
  };
  const { asked, address } = await openApp("/patients/p1?timeline=messages", {
    ...core,
    patientTimeline: () => ({
      ...aTimeline,
      items: aTimeline.items.map((i) => ({ ...i, message: waiting })),
    }),
    cancelMessage: () => ({ ...waiting, state: "cancelled" }),
  });
  const happened = await screen.findByRole("list", { name: "Coming up" });
  expect(await within(happened).findByText(/the patient blocked the clinic's LINE account/)).toBeVisible();
  await userEvent.click(within(happened).getByRole("button", { name: "Cancel" }));
  expect(asked).toHaveBeenCalledWith("cancelMessage", { id: "m1" });
  await userEvent.click(screen.getByRole("radio", { name: "Everything" }));
  expect(address()).toBe("/patients/p1?timeline=all");
});

test("a template of words is inserted into a message, to be written on", async () => {
  const { asked } = await openApp("/patients/p1", {
    ...core,
    listMessageTemplates: () => page(aTemplate),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Insert a template" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Welcome (ไทย)" }));
  expect(screen.getByRole("textbox", { name: "Message" })).toHaveValue("Hi {{patient.nickname}}");
  expect(screen.getByText("As the patient reads it: Hi Somchai Jaidee")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("listMessageTemplates", { limit: "200" });
});

test("a follow-up that is started says that its messages wait", async () => {
  await openApp("/patients/p1", {
    ...core,
    getPatient: () => ({ ...aPatient, obstacle: { cause: "no_consent", until: null, waits: true } }),
    createAssignment: () => anAssignment,
    startAssignment: () => anAssignment,
  });
  await screen.findByRole("option", { name: "After surgery" });
  await userEvent.selectOptions(screen.getByLabelText("Care plan"), "After surgery");
  await screen.findByText("Nothing comes any more with this start.");
  await userEvent.click(screen.getByRole("button", { name: "Start follow-up" }));
  expect(await screen.findByText(/^The follow-up runs\. A message will wait: /)).toBeVisible();
});

test("a care plan beyond the first page of them is offered, an archived one is not", async () => {
  const second = { ...aProtocolSummary, id: "c2", name: "Physiotherapy" };
  const archived = { ...aProtocolSummary, id: "c3", name: "Old plan", actions: [] };
  await openApp("/patients/p1", {
    ...core,
    listProtocols: ({ cursor }) =>
      cursor ? page(second) : { items: [aProtocolSummary, archived], nextCursor: "more" },
  });
  expect(await screen.findByRole("option", { name: "Physiotherapy" })).toBeInTheDocument();
  expect(screen.queryByRole("option", { name: "Old plan" })).toBeNull();
});

test("whoever only looks is offered nothing that changes the patient", async () => {
  await openApp("/patients/p1", { ...core, status: () => ({ ...aStatus, role: "viewer" }) });
  expect(await screen.findByText("Step 1 of 4")).toBeVisible();
  for (const name of ["Edit patient", "Start follow-up", "Send now", "Save note", "Pause"])
    expect(screen.queryByRole("button", { name })).toBeNull();
});

const anErasure = { followUps: 0, waiting: 0, messages: 12, answers: 1, words: 3, files: 2, notes: 0 };

test("a patient's data are deleted once what goes is shown and the name is typed", async () => {
  const { asked } = await openApp("/patients/p1", {
    ...core,
    patientErasure: () => anErasure,
    erasePatient: () => anErasure,
    listPatients: () => page(),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Delete the data…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Delete the data of Somchai Jaidee" }));
  expect(await dialog.findByText("the words of 12 messages")).toBeVisible();
  expect(dialog.getByText("the words of 1 answer")).toBeVisible();
  expect(dialog.getByText("2 pictures and files")).toBeVisible();
  expect(dialog.queryByText(/notes and entries/)).toBeNull();
  const erase = dialog.getByRole("button", { name: "Delete for good" });
  const name = dialog.getByLabelText("Type the patient's name to delete the data");
  await userEvent.type(name, "Somchai");
  expect(erase).toBeDisabled();
  await userEvent.type(name, " Jaidee");
  await userEvent.click(erase);
  expect(asked).toHaveBeenCalledWith("erasePatient", { id: "p1", confirmName: "Somchai Jaidee" });
  expect(await screen.findByText("The data were deleted.")).toBeVisible();
  expect(await screen.findByRole("heading", { level: 1, name: "Patients" })).toBeVisible();
});

test("whoever is still cared for is not deleted, and why is said", async () => {
  await openApp("/patients/p1", {
    ...core,
    patientErasure: () => ({ ...anErasure, followUps: 1, waiting: 2 }),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Delete the data…" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(
    await dialog.findByText("Follow-ups that run: 1. Messages that wait: 2. End and cancel them first."),
  ).toBeVisible();
  expect(dialog.queryByRole("button", { name: "Delete for good" })).toBeNull();
});

test("only an administrator may delete a patient's data", async () => {
  await openApp("/patients/p1", { ...core, status: () => ({ ...aStatus, role: "operator" }) });
  expect(await screen.findByRole("heading", { level: 1, name: "Somchai Jaidee" })).toBeVisible();
  expect(screen.queryByRole("button", { name: "Delete the data…" })).toBeNull();
});

test("a message is written for another time, said in the clinic's zone", async () => {
  const at = new Date(Date.now() + 3 * DAY_MS).toISOString().slice(0, 10);
  const later = { ...queued, state: "scheduled" as const, dueAt: `${at}T15:00:00.000Z` };
  const { asked } = await openApp("/patients/p1", {
    ...core,
    getSettings: () => theSettings,
    sendMessage: () => later,
    getMessage: () => later,
  });
  await userEvent.type(await screen.findByLabelText("Message"), "See you on Friday");
  await userEvent.click(screen.getByRole("radio", { name: "Later" }));
  expect(screen.getByRole("button", { name: "Send later" })).toBeDisabled();
  fireEvent.change(screen.getByLabelText("Goes out at"), { target: { value: `${at}T22:00` } });
  expect(await screen.findByText("22:00 lies in the quiet hours: it goes out at 08:00.")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Send later" }));
  expect(asked).toHaveBeenCalledWith("sendMessage", {
    patientId: "p1",
    messageType: "text",
    content: { text: "See you on Friday" },
    schedule: { type: "at", at: `${at}T15:00:00.000Z` },
  });
  expect(await screen.findByText(/^It goes out .*22:00\.$/)).toBeVisible();
});

test("a message repeats on chosen weekdays, with its next five times where the patient lives", async () => {
  const { asked } = await openApp("/patients/p1", {
    ...core,
    getPatient: () => ({ ...aPatient, timeZone: "Asia/Tokyo" }),
    getSettings: () => theSettings,
    sendMessage: () => queued,
    getMessage: () => queued,
    nextTimes: () => ({
      timeZone: "Asia/Tokyo",
      items: ["2026-11-30", "2026-12-07"].map((day) => `${day}T00:00:00.000Z`),
    }),
  });
  await userEvent.type(await screen.findByLabelText("Message"), "Your walk?");
  await userEvent.click(screen.getByRole("radio", { name: "Again and again" }));
  await userEvent.click(screen.getByRole("checkbox", { name: "Mon" }));
  const next = within(screen.getByRole("list", { name: "The next five times" }));
  expect(await next.findByText(/^Mon, .*30.* 09:00$/)).toBeVisible();
  expect(next.getAllByText(/^Mon, .* 09:00$/)).toHaveLength(2);
  const byTheirClock = expect.objectContaining({ cron: "0 9 * * 1", timeZone: "Asia/Tokyo" });
  expect(asked).toHaveBeenCalledWith("nextTimes", byTheirClock);
  expect(screen.getByText("By the clock where the patient lives (Asia/Tokyo)")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Start repeating" }));
  expect(asked).toHaveBeenCalledWith("sendMessage", {
    patientId: "p1",
    messageType: "text",
    content: { text: "Your walk?" },
    schedule: { type: "recurring", cron: "0 9 * * 1" },
  });
});

test("quiet hours say when a message goes out that is sent now", async () => {
  const obstacle = { cause: "quiet_hours" as const, until: "2026-11-25T01:00:00.000Z", waits: true };
  await openApp("/patients/p1", { ...core, getPatient: () => ({ ...aPatient, obstacle }) });
  expect(await screen.findByText(/^A message will wait: quiet hours\. It goes out .*08:00\.$/)).toBeVisible();
});
