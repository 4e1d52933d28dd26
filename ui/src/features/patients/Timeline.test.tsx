import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { Message, QuickReply } from "../../bindings";
import { chooseLocale } from "../../i18n";
import { type Core, openApp, refuse } from "../../testing/app";
import {
  aMessage,
  anAssignment,
  answerStats,
  aPatient,
  aPlanned,
  aProtocolSummary,
  aStatus,
  aTimeline,
  noAnswers,
  page,
  theSettings,
} from "../../testing/fixtures";

const core: Core = {
  getPatient: () => aPatient,
  listAssignments: () => page(anAssignment),
  listProtocols: () => page(aProtocolSummary),
  answerStats: () => answerStats(noAnswers),
  listMessages: () => page(),
};

/** The timeline of a patient who got this one message. */
async function timelineOf(message: Message, more: Core = {}) {
  await openApp("/patients/p1", {
    ...core,
    ...more,
    patientTimeline: () => ({ ...aTimeline, items: aTimeline.items.map((item) => ({ ...item, message })) }),
  });
  return within(await screen.findByRole("list", { name: "What happened" }));
}

const AN_ADDRESS = "https://clinic.example/u/dkuyoyHYv1yAnzNDlspgEjOwBwFTTCMxi7QBKtNL9Cg/original.jpg";

test("the quick replies under a message are shown with it", async () => {
  const quickReplies: QuickReply[] = [
    { type: "message", label: "Yes, gladly" },
    { type: "camera", label: "Show the wound" },
  ];
  const timeline = await timelineOf({ ...aMessage, quickReplies });
  const chips = within(await timeline.findByRole("list", { name: "Quick replies" }));
  expect(chips.getByText("Yes, gladly")).toBeVisible();
  expect(chips.getByText("Show the wound")).toBeVisible();
});

test("a picture is shown as a picture, a video by its own, and neither by its address", async () => {
  const timeline = await timelineOf({
    ...aMessage,
    messageType: "image",
    content: { imageUrl: AN_ADDRESS },
    furtherMessages: [
      { messageType: "video", content: { videoUrl: AN_ADDRESS, previewImageUrl: AN_ADDRESS } },
    ],
  });
  expect((await timeline.findAllByRole("img", { name: "Picture" }))[0]).toHaveAttribute("src", AN_ADDRESS);
  expect(timeline.getByText("Video")).toBeVisible();
  expect(timeline.queryByText(/^https:/)).toBeNull();
  await chooseLocale("ja");
  expect(await timeline.findByText("動画")).toBeVisible();
});

test("a message that failed is tried again, and it is said that it waits", async () => {
  const failed: Message = { ...aMessage, state: "failed", actions: ["retry", "cancel"] };
  const held: Message = { ...failed, state: "held", cause: "blocked", actions: ["cancel"] };
  const timeline = await timelineOf(failed, {
    getPatient: () => ({ ...aPatient, obstacle: { cause: "blocked", until: null, waits: true } }),
    retryMessage: () => held,
    getMessage: () => held,
  });
  await userEvent.click(await timeline.findByRole("button", { name: "Retry" }));
  const sentence = "The message waits: the patient blocked the clinic's LINE account.";
  expect(await screen.findByText(sentence)).toBeVisible();
});

test("a message that waits is cancelled, and a refusal is said", async () => {
  await timelineOf(
    { ...aMessage, state: "held", actions: ["cancel"] },
    { cancelMessage: refuse("it is on its way") },
  );
  const timeline = within(await screen.findByRole("list", { name: "Coming up" }));
  await userEvent.click(await timeline.findByRole("button", { name: "Cancel" }));
  expect(await timeline.findByRole("alert")).toHaveTextContent("it is on its way");
});

test("a message that was sent is offered no act", async () => {
  const timeline = await timelineOf(aMessage);
  expect(await timeline.findByText("Rest well today.")).toBeVisible();
  expect(timeline.queryByRole("button")).toBeNull();
});

test("a note on a patient is kept, and what was written stays where it is refused", async () => {
  let kept = false;
  const { asked } = await openApp("/patients/p1", {
    ...core,
    patientTimeline: () => aTimeline,
    notePatient: ({ kind, text }) => {
      if (!kept) return refuse("the disk is full")();
      return { id: "n1", kind, text, author: "Nok", createdAt: aMessage.createdAt };
    },
  });
  const note = await screen.findByRole("textbox", { name: "Note" });
  await userEvent.type(note, "sleeps badly");
  await userEvent.click(screen.getByRole("button", { name: "Save note" }));
  expect(await screen.findByText("the disk is full")).toBeVisible();
  expect(note).toHaveValue("sleeps badly");
  kept = true;
  await userEvent.click(screen.getByRole("button", { name: "Save note" }));
  expect(asked).toHaveBeenCalledWith("notePatient", { id: "p1", kind: "call", text: "sleeps badly" });
  await waitFor(() => expect(note).toHaveValue(""));
});

test("times are the clinic's, and the patient's beside them where they live elsewhere", async () => {
  const timeline = await timelineOf(aMessage);
  expect(await timeline.findByText("09:10")).toBeVisible();
  expect(timeline.getByRole("heading", { name: /^Tuesday,? 24 November 2026 ?· .*2569$/ })).toBeVisible();
});

test("the time where the patient lives stands beside it", async () => {
  await openApp("/patients/p1", {
    ...core,
    patientTimeline: () => ({ ...aTimeline, timeZone: "Asia/Tokyo" }),
  });
  const timeline = within(await screen.findByRole("list", { name: "What happened" }));
  expect(await timeline.findByText(/11:10 where the patient lives/)).toBeVisible();
});

test("where LINE gave no reason none is put into its mouth", async () => {
  const failed: Message = {
    ...aMessage,
    state: "failed",
    cause: "line_unavailable",
    httpStatus: 500,
    errorText: null,
  };
  const timeline = await timelineOf(failed);
  expect(await timeline.findByText("LINE gave no reason (status 500)")).toBeVisible();
  expect(timeline.queryByText(/LINE.s own words/)).toBeNull();
});

const aQuestion: Message = {
  ...aMessage,
  id: "q1",
  feedback: {
    question: "How is the wound?",
    buttons: [
      { label: "All is well", value: "well", action: "complete" },
      { label: "It hurts", value: "hurts", action: "complete" },
    ],
  },
};

const aWorry = (label: string, value: string) => ({
  action: "complete" as const,
  value,
  label,
  picked: null,
  counted: true,
  late: false,
  worrying: true,
  at: aMessage.createdAt,
});

const itemOf = (n: number) => ({ ...aTimeline.items[0], at: aMessage.dueAt, id: `t${n}`, message: null });

const noted = (n: number) => ({
  ...itemOf(n),
  localTime: "2026-11-24 09:10",
  answer: null,
  said: null,
  event: null,
  completed: null,
  note: {
    id: `t${n}`,
    kind: "note" as const,
    text: `note ${n}`,
    author: "Nok",
    createdAt: aMessage.createdAt,
  },
});

test("an answer of which the core says that it worries is flagged, though its button means done", async () => {
  const answer = { messageId: "q1", answer: aWorry("It hurts", "hurts") };
  await openApp("/patients/p1", {
    ...core,
    getMessage: () => aQuestion,
    patientTimeline: () => ({ ...aTimeline, items: [{ ...noted(1), note: null, answer }] }),
  });
  const timeline = within(await screen.findByRole("list", { name: "What happened" }));
  expect(await timeline.findByText("Worrying answer")).toBeVisible();
  expect(timeline.getByText("How is the wound?")).toBeVisible();
});

test("what is planned and what waits stands above the line of now", async () => {
  const waits: Message = { ...aMessage, id: "m2", state: "scheduled", dueAt: "2026-11-30T02:00:00.000Z" };
  await openApp("/patients/p1", {
    ...core,
    patientTimeline: () => ({
      ...aTimeline,
      items: [...aTimeline.items.map((item) => ({ ...item, id: "m2", message: waits })), ...aTimeline.items],
    }),
  });
  const coming = await screen.findByRole("list", { name: "Coming up" });
  expect(within(coming).getByText("Rest well today.")).toBeVisible();
  const line = screen.getByRole("heading", { name: /^Now: / });
  expect(coming.compareDocumentPosition(line)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  const happened = screen.getByRole("list", { name: "What happened" });
  expect(within(happened).getAllByText("Rest well today.")).toHaveLength(1);
});

test("a message that repeats is offered to stop, with all that would follow", async () => {
  await timelineOf(
    {
      ...aMessage,
      state: "scheduled",
      recurrenceId: "r1",
      repetition: { cron: "0 8,20 * * *", timeZone: "Asia/Tokyo" },
      actions: ["cancel"],
    },
    { cancelMessage: () => aMessage },
  );
  const timeline = within(await screen.findByRole("list", { name: "Coming up" }));
  const when = /^It repeats: Every day, at 08:00.+20:00 \(Asia\/Tokyo\)\./;
  expect(await timeline.findByText(when)).toBeVisible();
  expect(timeline.getByRole("button", { name: "Stop repeating" })).toBeVisible();
});

test("older entries are loaded below, and the keyboard goes on at the first of them", async () => {
  await openApp("/patients/p1", {
    ...core,
    patientTimeline: ({ cursor }) =>
      cursor ? { ...aTimeline, items: [noted(2)] } : { ...aTimeline, items: [noted(1)], nextCursor: "more" },
  });
  await userEvent.click(await screen.findByRole("button", { name: "Load older" }));
  const older = (await screen.findByText(/note 2/)).closest("li");
  await waitFor(() => expect(older).toHaveFocus());
  expect(screen.queryByRole("button", { name: "Load older" })).toBeNull();
});

test("whoever reads further below is told what is new, and nothing moves until they ask", async () => {
  let look = (_isAbove: boolean) => {};
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(tell: (entries: object[]) => void) {
        look = (isAbove) =>
          tell([{ isIntersecting: !isAbove, boundingClientRect: { top: isAbove ? -200 : 200 } }]);
      }
      observe() {}
      disconnect() {}
    },
  );
  let items = [noted(1)];
  const { said } = await openApp("/patients/p1", {
    ...core,
    patientTimeline: () => ({ ...aTimeline, items }),
  });
  expect(await screen.findByText(/note 1/)).toBeVisible();
  act(() => look(true));
  items = [noted(3), noted(2), noted(1)];
  said("patients");
  const news = await screen.findByRole("button", { name: "2 new" });
  expect(screen.queryByText(/note 3/)).toBeNull();
  await userEvent.click(news);
  expect(screen.getByText(/note 3/)).toBeVisible();
  expect(screen.queryByRole("button", { name: "2 new" })).toBeNull();
  vi.unstubAllGlobals();
});

test("answers are dots with words that lead to their rows, and a table says the same", async () => {
  const worry: Message = { ...aQuestion, outcome: "responded", answers: [aWorry("It hurts", "hurts")] };
  const missed: Message = { ...aQuestion, id: "q2", outcome: "missed" };
  const { address } = await openApp("/patients/p1", {
    ...core,
    answerStats: () => answerStats({ ...noAnswers, asked: 2, responded: 1, completed: 1, missed: 1 }),
    listMessages: () => page(missed, worry),
    patientTimeline: () => ({
      ...aTimeline,
      items: aTimeline.items.map((item) => ({ ...item, id: "q1", message: worry })),
    }),
  });
  const dots = within(
    await screen.findByRole("list", { name: "Answers to After surgery, the oldest first" }),
  );
  const [first, second] = dots.getAllByRole("link");
  expect(first).toHaveAccessibleName(/: Worrying answer: “It hurts”$/);
  expect(second).toHaveAccessibleName(/: No answer in time$/);
  expect(screen.getByText("Done 0")).toBeVisible();
  expect(screen.getByText("Worrying answer 1")).toBeVisible();
  await userEvent.click(dots.getAllByRole("link")[0] as HTMLElement);
  expect(address()).toBe("/patients/p1?row=q1");
  expect(screen.getByText("How is the wound?").closest("li")).toHaveFocus();
  await userEvent.click(screen.getByRole("radio", { name: "Table" }));
  const table = within(await screen.findByRole("table", { name: "After surgery" }));
  expect(table.getByText("Worrying answer: “It hurts”")).toBeVisible();
});

/** The planned step in its place above the line of now. */
async function planned(more: Core = {}) {
  const app = await openApp("/patients/p1", {
    ...core,
    getSettings: () => theSettings,
    patientTimeline: () => ({ ...aTimeline, planned: [aPlanned] }),
    ...more,
  });
  return { ...app, coming: within(await screen.findByRole("list", { name: "Coming up" })) };
}

const THE_STEP = { id: "a1", stepId: "s2", occurrence: 0 };

test("a planned step is shown in its words, with the patient's name filled in", async () => {
  const { coming } = await planned();
  expect(await coming.findByText("Somchai Jaidee, how is the wound?")).toBeVisible();
  expect(coming.getByText("The wound")).toBeVisible();
});

test("a planned step is left out, and Undo brings it back", async () => {
  const { asked, coming } = await planned({
    skipStep: () => anAssignment,
    bringBackStep: () => anAssignment,
  });
  await userEvent.click(await coming.findByRole("button", { name: "Skip" }));
  expect(asked).toHaveBeenCalledWith("skipStep", THE_STEP);
  expect(await screen.findByText("“The wound” is left out.")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(asked).toHaveBeenCalledWith("bringBackStep", THE_STEP);
});

test("a step that cannot be brought back is said", async () => {
  const { coming } = await planned({
    skipStep: () => anAssignment,
    bringBackStep: refuse("its time has passed"),
  });
  await userEvent.click(await coming.findByRole("button", { name: "Skip" }));
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  expect(await screen.findByText("It could not be undone: its time has passed")).toBeVisible();
});

test("the last step that is left out completes the follow-up, which has no way back", async () => {
  const { coming } = await planned({ skipStep: () => ({ ...anAssignment, status: "completed" }) });
  await userEvent.click(await coming.findByRole("button", { name: "Skip" }));
  expect(await screen.findByText(/Nothing more comes: the follow-up is completed\.$/)).toBeVisible();
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
});

test("a planned step goes at once, and a refusal is said where it stands", async () => {
  const { asked, coming } = await planned({ moveStep: refuse("the step came already") });
  await userEvent.click(await coming.findByRole("button", { name: "Send now" }));
  expect(await coming.findByRole("alert")).toHaveTextContent("the step came already");
  expect(asked).toHaveBeenCalledWith("moveStep", expect.objectContaining(THE_STEP));
});

test("a planned step is held back, and Undo releases its message", async () => {
  const { asked, coming } = await planned({
    holdStep: () => ({ ...aMessage, id: "m9", state: "held", cause: "held_by_staff" }),
    releaseMessage: () => aMessage,
  });
  await userEvent.click(await coming.findByRole("button", { name: "Hold" }));
  expect(asked).toHaveBeenCalledWith("holdStep", THE_STEP);
  expect(
    await screen.findByText("The message to Somchai Jaidee is held back until somebody releases it."),
  ).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(asked).toHaveBeenCalledWith("releaseMessage", { id: "m9" });
});

test("a planned step gets another time", async () => {
  const { asked, coming } = await planned({
    moveStep: ({ at }) => ({ ...aMessage, state: "scheduled", dueAt: at }),
  });
  await userEvent.click(await coming.findByRole("button", { name: "Another time…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Another time" }));
  fireEvent.change(dialog.getByLabelText("Goes out at"), { target: { value: "2099-11-27T10:00" } });
  await userEvent.click(dialog.getByRole("button", { name: "Move it" }));
  expect(asked).toHaveBeenCalledWith("moveStep", { ...THE_STEP, at: "2099-11-27T03:00:00.000Z" });
  expect(await screen.findByText(/^It is planned for .*10:00\.$/)).toBeVisible();
});

test("whoever only looks is offered nothing with a planned step", async () => {
  const { coming } = await planned({ status: () => ({ ...aStatus, role: "viewer" }) });
  expect(await coming.findByText("The wound")).toBeVisible();
  expect(coming.queryByRole("button")).toBeNull();
});
