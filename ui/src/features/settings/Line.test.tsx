import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { ChannelCheck, ChannelFinding, Point, PointState } from "../../bindings";
import { openApp } from "../../testing/app";
import { aMessage, aPatient, aStatus, page, theSettings } from "../../testing/fixtures";
import { guideOf } from "./guideSteps";

const point = (name: Point, state: PointState, finding: ChannelFinding) => ({
  point: name,
  state,
  found: "",
  finding,
  mend: null,
  advice: null,
});

const url = "https://clinic.example/webhook/line";

const checked = (at: string): ChannelCheck => ({
  canSend: true,
  canHear: true,
  points: [
    point("account", "ok", { code: "account", name: "Clinic", basicId: "@clinic" }),
    point("webhook", "ok", { code: "webhookEntered", url: at }),
  ],
  checkedAt: "",
});

const real = () => ({ ...aStatus, practice: false });
const settings = { ...theSettings, publicUrl: "https://clinic.example/" };
const line = async () =>
  within((await screen.findByRole("heading", { name: "LINE connection" })).closest("section") as HTMLElement);

test("a step of the guide is ticked only by what LINE said", () => {
  const nothing = { ...settings, lineTokenSet: false, lineSecretSet: false };
  expect(guideOf(nothing, false, undefined)).toEqual(["open", "open", "open", "open", "open"]);
  expect(guideOf(settings, false, undefined)).toEqual(Array(5).fill("unknown"));
  expect(guideOf(settings, false, checked(url))).toEqual(Array(5).fill("done"));
  expect(guideOf(settings, false, checked("https://other.example/webhook/line"))[3]).toBe("open");
});

test("the practice LINE ticks nothing of the way to the real one", () => {
  expect(guideOf(settings, true, checked(url))).toEqual(Array(5).fill("unknown"));
});

test("who has no channel yet is led there step by step", async () => {
  await openApp("/settings", {
    getSettings: () => ({ ...settings, lineTokenSet: false, lineSecretSet: false }),
    status: real,
  });
  const section = await line();
  expect(section.getByRole("button", { name: "Connect step by step (0 of 5 done)" })).toBeVisible();
  expect(section.getByText("1. Open the LINE Developers console")).toBeVisible();
  expect(section.getAllByText("Still to do")).toHaveLength(5);
});

test("an id and a secret are a token: the guide is not pressed on who has them", async () => {
  await openApp("/settings", {
    getSettings: () => ({ ...settings, lineTokenSet: false, lineChannelId: "1234567890" }),
    status: real,
  });
  const name = "Connect step by step (0 of 5 done, 5 not looked at yet)";
  expect((await line()).getByRole("button", { name })).toHaveAttribute("aria-expanded", "false");
});

test("what was entered and not looked at yet is not called undone", async () => {
  await openApp("/settings", { getSettings: () => settings, status: real });
  const name = "Connect step by step (0 of 5 done, 5 not looked at yet)";
  expect((await line()).getByRole("button", { name })).toBeVisible();
});

test("the webhook's address is copied, and LINE having another one is said", async () => {
  const user = userEvent.setup();
  await openApp("/settings", {
    getSettings: () => settings,
    status: real,
    checkChannel: () => checked("https://other.example/webhook/line"),
  });
  const section = await line();
  expect(section.getByText(url)).toBeVisible();
  await user.click(section.getByRole("button", { name: "Copy the webhook address" }));
  expect(await section.findByText("Copied.")).toBeVisible();
  expect(await navigator.clipboard.readText()).toBe(url);
  await user.click(section.getByRole("button", { name: "Check the whole set-up" }));
  expect(
    await section.findByText("LINE has another address: https://other.example/webhook/line"),
  ).toBeVisible();
});

test("without a public address the way to enter it is shown", async () => {
  await openApp("/settings", { getSettings: () => theSettings, status: real });
  const section = await line();
  expect(section.getByRole("link", { name: "Enter the public address" })).toHaveAttribute(
    "href",
    "/settings#clinic",
  );
});

test("a test message goes to a chosen patient, in their language, and its fate is shown", async () => {
  const { asked } = await openApp("/settings", {
    getSettings: () => theSettings,
    status: real,
    listPatients: () => page({ ...aPatient, language: "ja" as const }),
    sendMessage: () => aMessage,
    getMessage: () => aMessage,
  });
  const section = await line();
  expect(section.getByText(/counts as one of the month's messages/)).toBeVisible();
  const whom = section.getByRole("combobox", { name: "Who gets the test message" });
  expect(whom).toHaveAttribute("maxlength", "100");
  await userEvent.click(whom);
  await userEvent.click(await screen.findByRole("option", { name: "Somchai Jaidee" }));
  expect(asked).toHaveBeenCalledWith("listPatients", { group: "linked", limit: "20" });
  const send = await section.findByRole("button", { name: "Send a test message to Somchai Jaidee" });
  await userEvent.click(send);
  expect(await section.findByText("Accepted by LINE")).toBeVisible();
  const content = { text: expect.stringMatching(/^Suan Dok Clinicからのテストメッセージです/) };
  const schedule = { type: "delay", delayMs: 10_000 };
  expect(asked).toHaveBeenCalledWith("sendMessage", {
    patientId: "p1",
    messageType: "text",
    content,
    schedule,
  });
});
