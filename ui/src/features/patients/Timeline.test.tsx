import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Message, QuickReply } from "../../bindings";
import { chooseLocale } from "../../i18n";
import { type Core, openApp, refuse } from "../../testing/app";
import {
  aMessage,
  anAssignment,
  answerStats,
  aPatient,
  aProtocolSummary,
  aTimeline,
  noAnswers,
  page,
} from "../../testing/fixtures";

const core: Core = {
  getPatient: () => aPatient,
  listAssignments: () => page(anAssignment),
  listProtocols: () => page(aProtocolSummary),
  answerStats: () => answerStats(noAnswers),
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

test("a picture and a video are said in words, not by their addresses", async () => {
  const timeline = await timelineOf({
    ...aMessage,
    messageType: "image",
    content: { imageUrl: AN_ADDRESS },
    furtherMessages: [
      { messageType: "video", content: { videoUrl: AN_ADDRESS, previewImageUrl: AN_ADDRESS } },
    ],
  });
  expect(await timeline.findByText("Picture")).toBeVisible();
  expect(timeline.getByText("Video")).toBeVisible();
  expect(timeline.queryByText(/^https:/)).toBeNull();
  await chooseLocale("ja");
  expect(await timeline.findByText("動画")).toBeVisible();
});

test("a message that failed is tried again, and it is said that it waits", async () => {
  const failed: Message = { ...aMessage, state: "failed", actions: ["retry", "cancel"] };
  const timeline = await timelineOf(failed, {
    getPatient: () => ({ ...aPatient, obstacle: { cause: "blocked", until: null, waits: true } }),
    retryMessage: () => aMessage,
  });
  await userEvent.click(await timeline.findByRole("button", { name: "Retry" }));
  const sentence = "A message will wait: the patient blocked the clinic's LINE account.";
  expect(await within(await screen.findByRole("alert")).findByText(sentence)).toBeVisible();
});

test("a message that waits is cancelled, and a refusal is said", async () => {
  const timeline = await timelineOf(
    { ...aMessage, state: "held", actions: ["cancel"] },
    { cancelMessage: refuse("it is on its way") },
  );
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
  expect(await timeline.findByText(/^24 Nov 2026, 09:10$/)).toBeVisible();
});

test("the time where the patient lives stands beside it", async () => {
  await openApp("/patients/p1", {
    ...core,
    patientTimeline: () => ({ ...aTimeline, timeZone: "Asia/Tokyo" }),
  });
  const timeline = within(await screen.findByRole("list", { name: "What happened" }));
  expect(await timeline.findByText("11:10 where the patient lives")).toBeVisible();
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
  expect(timeline.queryByText(/LINE says/)).toBeNull();
});
