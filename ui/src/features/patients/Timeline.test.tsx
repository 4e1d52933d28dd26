import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Message, QuickReply } from "../../bindings";
import { chooseLocale } from "../../i18n";
import { openApp } from "../../testing/app";
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

/** The timeline of a patient who got this one message. */
async function timelineOf(message: Message) {
  await openApp("/patients/p1", {
    getPatient: () => aPatient,
    listAssignments: () => page(anAssignment),
    listProtocols: () => page(aProtocolSummary),
    answerStats: () => answerStats(noAnswers),
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
