import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { openApp } from "../testing/app";
import {
  aMessage,
  answerStats,
  aPatient,
  aProtocol,
  aTimeline,
  noAnswers,
  page,
  theSettings,
} from "../testing/fixtures";
import { anUpload, catchUploads } from "../testing/uploading";

const getSettings = () => ({ ...theSettings, publicUrl: "https://clinic.example" });
const aFile = (name: string, type: string) => new File(["bytes"], name, { type });

/** The form of a new plan whose only step has a message of this kind. */
async function newStep(kind: string) {
  const app = await openApp("/plans/new", { getSettings, createProtocol: () => aProtocol });
  const step = within(await screen.findByRole("region", { name: "Step 1" }));
  await userEvent.selectOptions(step.getByLabelText("Kind of message"), kind);
  return { ...app, step };
}

/** Chooses a file by the button; the field for files itself is hidden. */
async function choose(button: HTMLElement, file: File) {
  const input = button.parentElement?.querySelector("input[type=file]");
  await userEvent.upload(input as HTMLInputElement, file);
}

test("a picture is uploaded from the step, and its addresses stand in the message", async () => {
  const uploads = catchUploads();
  const { asked, step } = await newStep("Picture");
  await choose(
    await step.findByRole("button", { name: "Upload a picture" }),
    aFile("wound.jpg", "image/jpeg"),
  );
  expect(uploads.sent[0]?.url).toBe("/api/uploads?fileName=wound.jpg");
  await uploads.progress(50, 200);
  expect(step.getByRole("progressbar", { name: "Uploaded so far" })).toHaveAttribute("aria-valuenow", "25");
  await uploads.answer(anUpload);
  await waitFor(() => expect(step.getByLabelText("Address of the picture")).toHaveValue(anUpload.url));
  expect(step.queryByRole("progressbar")).toBeNull();
  await userEvent.type(screen.getByRole("textbox", { name: "Name of the care plan" }), "Care");
  await userEvent.click(screen.getByRole("button", { name: "Save draft" }));
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith(
      "createProtocol",
      expect.objectContaining({
        steps: [
          expect.objectContaining({
            messageType: "image",
            content: { imageUrl: anUpload.url, previewImageUrl: anUpload.previewUrl },
          }),
        ],
      }),
    ),
  );
});

test("another address takes the small picture of the upload away", async () => {
  const uploads = catchUploads();
  const { asked, step } = await newStep("Picture");
  await choose(
    await step.findByRole("button", { name: "Upload a picture" }),
    aFile("wound.jpg", "image/jpeg"),
  );
  await uploads.answer(anUpload);
  const address = step.getByLabelText("Address of the picture");
  await waitFor(() => expect(address).toHaveValue(anUpload.url));
  await userEvent.clear(address);
  await userEvent.type(address, "https://example.com/a.png");
  await userEvent.type(screen.getByRole("textbox", { name: "Name of the care plan" }), "Care");
  await userEvent.click(screen.getByRole("button", { name: "Save draft" }));
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith(
      "createProtocol",
      expect.objectContaining({
        steps: [expect.objectContaining({ content: { imageUrl: "https://example.com/a.png" } })],
      }),
    ),
  );
});

test("what the core refuses is said at the field in plain words", async () => {
  const uploads = catchUploads();
  const { step } = await newStep("Video");
  await choose(await step.findByRole("button", { name: "Upload a video" }), aFile("a.mp4", "video/mp4"));
  await uploads.refuse({
    code: "unsupported_media_type",
    status: 415,
    title: "",
    detail: "only JPEG and PNG pictures and MP4 videos are taken, whatever a file is called",
    refusal: { code: "notAPicture" },
  });
  expect(await step.findByRole("alert")).toHaveTextContent(
    "only JPEG and PNG pictures and MP4 videos are taken",
  );
  await choose(step.getByRole("button", { name: "Upload a video" }), aFile("b.mp4", "video/mp4"));
  await uploads.breakOff();
  expect(await step.findByRole("alert")).toHaveTextContent("Clinicue does not answer.");
});

test("a video brings the picture that is shown before it plays", async () => {
  const uploads = catchUploads();
  const { step } = await newStep("Video");
  await choose(await step.findByRole("button", { name: "Upload a video" }), aFile("a.mp4", "video/mp4"));
  await uploads.answer({ ...anUpload, kind: "video", url: "https://clinic.example/u/v/original.mp4" });
  await waitFor(() =>
    expect(step.getByLabelText("Address of the video")).toHaveValue(
      "https://clinic.example/u/v/original.mp4",
    ),
  );
  expect(step.getByLabelText("Address of the picture that is shown before it plays")).toHaveValue(
    anUpload.previewUrl,
  );
});

test("a clinic without a public address is told so, and enters an address", async () => {
  await openApp("/plans/new", { getSettings: () => theSettings });
  const step = within(await screen.findByRole("region", { name: "Step 1" }));
  await userEvent.selectOptions(step.getByLabelText("Kind of message"), "Picture");
  expect(await step.findByText(/enter the clinic's public address in Settings/)).toBeVisible();
  const way = step.getByRole("link", { name: "Enter the public address" });
  expect(way).toHaveAttribute("href", "/settings#clinic");
  expect(step.queryByRole("button", { name: "Upload a picture" })).toBeNull();
  expect(step.getByLabelText("Address of the picture")).toBeEnabled();
});

test("a picture goes with the words to one patient, and can be left out again", async () => {
  const uploads = catchUploads();
  const { asked } = await openApp("/patients/p1", {
    getSettings,
    getPatient: () => aPatient,
    listAssignments: () => page(),
    listProtocols: () => page(),
    answerStats: () => answerStats(noAnswers),
    patientTimeline: () => aTimeline,
    sendMessage: () => aMessage,
  });
  const add = () => screen.findByRole("button", { name: "Add a picture or video" });
  await choose(await add(), aFile("wound.jpg", "image/jpeg"));
  await uploads.answer(anUpload);
  await userEvent.click(await screen.findByRole("button", { name: "Leave wound.jpg out" }));
  expect(screen.getByRole("button", { name: "Send now" })).toBeDisabled();
  await choose(await add(), aFile("wound.jpg", "image/jpeg"));
  await uploads.answer(anUpload);
  await userEvent.type(await screen.findByLabelText("Message"), "Like this");
  await userEvent.click(screen.getByRole("button", { name: "Send now" }));
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith("sendMessage", {
      patientId: "p1",
      messageType: "text",
      content: { text: "Like this" },
      furtherMessages: [
        { messageType: "image", content: { imageUrl: anUpload.url, previewImageUrl: anUpload.previewUrl } },
      ],
      schedule: { type: "delay", delayMs: 10_000 },
    }),
  );
});
