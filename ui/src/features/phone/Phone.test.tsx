import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Chat, Phone } from "../../bindings";
import { type Core, openApp, refuse } from "../../testing/app";
import { aStatus } from "../../testing/fixtures";

const AT = "2026-11-24T02:10:00.000Z";

const phone: Phone = {
  lineUserId: "U1",
  displayName: "Somchai",
  following: true,
  blocked: false,
  unread: 0,
  lastMessageAt: null,
  menu: [],
};
const chat: Chat = {
  items: [
    {
      id: "1",
      from: "clinic",
      at: "2026-11-24T02:10:00.000Z",
      message: {
        type: "template",
        template: { text: "All well?", actions: [{ type: "postback", label: "Yes", data: "cq1 x" }] },
      },
    },
  ],
};
const core: Core = {
  phones: () => ({ items: [phone] }),
  phoneMessages: () => chat,
  getFault: () => ({ kind: "none" }),
};

test("what the patient sees, and a press of theirs", async () => {
  const { asked } = await openApp("/phone", { ...core, phoneTap: () => ({ ok: true }) });
  const log = await screen.findByRole("log", { name: "Chat" });
  await userEvent.click(await within(log).findByRole("button", { name: "Yes" }));
  expect(asked).toHaveBeenCalledWith("phoneTap", { lineUserId: "U1", data: "cq1 x" });
});

test("a message to another phone does not take this one out of the hand, nor what is half written", async () => {
  let arrived = false;
  const other: Phone = { ...phone, lineUserId: "U2", displayName: "Hana" };
  const { said } = await openApp("/phone", {
    ...core,
    phones: () => ({
      items: [phone, { ...other, lastMessageAt: arrived ? AT : null, unread: arrived ? 1 : 0 }],
    }),
  });
  const words = await screen.findByRole("textbox");
  await userEvent.type(words, "It hurts");
  arrived = true;
  said("phones");
  expect(await screen.findByRole("option", { name: "Hana (1)" })).toBeInTheDocument();
  expect(screen.getByRole("combobox", { name: "Whose phone" })).toHaveValue("U1");
  expect(words).toHaveValue("It hurts");
});

test("a day is chosen between those that are offered", async () => {
  const action = { type: "datetimepicker", label: "Choose a day", data: "cq1 y", mode: "date" };
  const offered = { ...action, initial: "2026-12-01", min: "2026-11-25", max: "2026-12-24" };
  const asks = { type: "template", template: { text: "When?", actions: [offered] } };
  const { asked } = await openApp("/phone", {
    ...core,
    phoneMessages: () => ({
      items: [{ id: "1", from: "clinic", at: "2026-11-24T02:10:00.000Z", message: asks }],
    }),
    phoneTap: () => ({ ok: true }),
  });
  const log = await screen.findByRole("log", { name: "Chat" });
  await userEvent.click(await within(log).findByRole("button", { name: "Choose a day" }));
  const field = await within(log).findByLabelText("Choose a day", { selector: "input" });
  expect(field).toHaveValue("2026-12-01");
  expect([field.getAttribute("min"), field.getAttribute("max")]).toEqual(["2026-11-25", "2026-12-24"]);
  await userEvent.clear(field);
  await userEvent.type(field, "2026-12-05");
  await userEvent.click(within(log).getByRole("button", { name: "Choose" }));
  expect(asked).toHaveBeenCalledWith("phoneTap", {
    lineUserId: "U1",
    data: "cq1 y",
    params: { date: "2026-12-05" },
  });
});

test("no practice phone yet", async () => {
  await openApp("/phone", { ...core, phones: () => ({ items: [] }) });
  expect(await screen.findByText(/^No practice phone yet/)).toBeVisible();
});

test("what the core refuses is said, and can be asked for again", async () => {
  const { asked } = await openApp("/phone", { ...core, phones: refuse("there is no practice LINE") });
  expect(await screen.findByRole("alert")).toHaveTextContent("there is no practice LINE");
  const times = () => asked.mock.calls.filter(([name]) => name === "phones").length;
  const before = times();
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await expect.poll(times).toBe(before + 1);
});

test("something goes wrong on purpose, and is mended", async () => {
  let kind: "none" | "latency" = "none";
  const { asked } = await openApp("/phone", {
    ...core,
    getFault: () => ({ kind }),
    setFault: (fault) => {
      kind = fault.kind === "latency" ? "latency" : "none";
      return { kind };
    },
  });
  await userEvent.selectOptions(await screen.findByLabelText("Let something go wrong"), "Answers come late");
  expect(asked).toHaveBeenCalledWith("setFault", { kind: "latency", latencyMs: 3000 });
  await userEvent.click(await screen.findByRole("button", { name: "Mend it" }));
  expect(asked).toHaveBeenCalledWith("setFault", { kind: "none" });
});

test("quick replies stand under the newest message of the clinic, and are tapped", async () => {
  const item = (action: object) => ({ type: "action", action });
  const items = [
    item({ type: "message", label: "Thanks", text: "Thank you" }),
    item({ type: "postback", label: "Call me", data: "call", displayText: "Call me" }),
    item({ type: "camera", label: "A picture" }),
    item({ type: "location", label: "Where I am" }),
  ];
  const said = { id: "1", from: "clinic" as const, at: "2026-11-24T02:10:00.000Z" };
  const messages = { items: [{ ...said, message: { type: "text", text: "Hi", quickReply: { items } } }] };
  const done = () => ({ ok: true });
  const { asked } = await openApp("/phone", {
    ...core,
    phoneMessages: () => messages,
    phoneText: done,
    phoneTap: done,
    phoneSend: done,
  });
  const replies = await screen.findByRole("group", { name: "Quick replies" });
  const tap = (name: string) => userEvent.click(within(replies).getByRole("button", { name }));
  await tap("Thanks");
  expect(asked).toHaveBeenCalledWith("phoneText", { lineUserId: "U1", text: "Thank you" });
  await tap("Call me");
  expect(asked).toHaveBeenCalledWith("phoneTap", { lineUserId: "U1", data: "call", displayText: "Call me" });
  await tap("A picture");
  await tap("Where I am");
  expect(asked).toHaveBeenCalledWith("phoneSend", { lineUserId: "U1", what: "picture" });
  expect(asked).toHaveBeenCalledWith("phoneSend", { lineUserId: "U1", what: "place" });
});

test("a picture of the wound and a place are sent without being asked for", async () => {
  const { asked } = await openApp("/phone", { ...core, phoneSend: () => ({ ok: true }) });
  await userEvent.click(await screen.findByRole("button", { name: "Send a picture" }));
  expect(asked).toHaveBeenCalledWith("phoneSend", { lineUserId: "U1", what: "picture" });
  await userEvent.click(screen.getByRole("button", { name: "Send a place" }));
  expect(asked).toHaveBeenCalledWith("phoneSend", { lineUserId: "U1", what: "place" });
});

test("quick replies are gone once the patient said something", async () => {
  const quickReply = {
    items: [{ type: "action", action: { type: "message", label: "Thanks", text: "Thanks" } }],
  };
  const at = "2026-11-24T02:10:00.000Z";
  await openApp("/phone", {
    ...core,
    phoneMessages: () => ({
      items: [
        { id: "1", from: "clinic", at, message: { type: "text", text: "Hi", quickReply } },
        { id: "2", from: "patient", at, message: { type: "text", text: "Thanks" } },
      ],
    }),
  });
  expect(await screen.findByText("Hi")).toBeVisible();
  expect(screen.queryByRole("group", { name: "Quick replies" })).toBeNull();
});

test("the clinic's menu is under the chat, and its buttons are pressed", async () => {
  const menu = [
    { label: "อาการแย่ลง", data: "cm1 worse" },
    { label: "โทรหาเรา", data: null },
  ];
  const { asked } = await openApp("/phone", {
    ...core,
    phones: () => ({ items: [{ ...phone, menu }] }),
    phoneTap: () => ({ ok: true }),
  });
  const buttons = within(await screen.findByRole("region", { name: "Menu in the chat" }));
  expect(buttons.getByRole("button", { name: "โทรหาเรา" })).toBeDisabled();
  await userEvent.click(buttons.getByRole("button", { name: "อาการแย่ลง" }));
  expect(asked).toHaveBeenCalledWith("phoneTap", {
    lineUserId: "U1",
    data: "cm1 worse",
    displayText: "อาการแย่ลง",
  });
});

test("a video is watched to its end", async () => {
  const video = {
    type: "video",
    originalContentUrl: "https://example.com/v.mp4",
    previewImageUrl: "https://example.com/p.jpg",
    trackingId: "cv1.7",
  };
  const items = [{ id: "9", from: "clinic" as const, at: "2026-11-24T02:10:00.000Z", message: video }];
  const { asked } = await openApp("/phone", {
    ...core,
    phoneMessages: () => ({ items }),
    phoneWatch: () => ({ ok: true }),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Watch it to the end" }));
  expect(asked).toHaveBeenCalledWith("phoneWatch", { lineUserId: "U1", trackingId: "cv1.7" });
});

test("a place and a picture that the patient sent stand in the chat", async () => {
  const sent = (id: string, message: object) => ({ id, from: "patient" as const, at: AT, message });
  await openApp("/phone", {
    ...core,
    phoneMessages: () => ({
      items: [
        sent("1", { type: "location", title: "Lumphini Park", address: "Bangkok" }),
        sent("2", { type: "image", contentProvider: { type: "line" } }),
      ],
    }),
  });
  const log = within(await screen.findByRole("log", { name: "Chat" }));
  expect(await log.findByText(/Place\s+Lumphini Park\s+Bangkok/)).toBeVisible();
  expect(log.getByText("Picture")).toBeVisible();
});

test("a day that was chosen leaves its trace in the chat", async () => {
  const action = { type: "datetimepicker", label: "Choose a day", data: "cq1 y", mode: "date" };
  const asks = { type: "template", template: { text: "When?", actions: [action] } };
  await openApp("/phone", {
    ...core,
    phoneMessages: () => ({ items: [{ id: "1", from: "clinic", at: AT, message: asks }] }),
    phoneTap: () => ({ ok: true }),
  });
  const log = within(await screen.findByRole("log", { name: "Chat" }));
  await userEvent.click(await log.findByRole("button", { name: "Choose a day" }));
  await userEvent.type(await log.findByLabelText("Choose a day", { selector: "input" }), "2026-12-05");
  await userEvent.click(log.getByRole("button", { name: "Choose" }));
  expect(await log.findByText("Chosen: Sat, 5 Dec 2026")).toBeVisible();
});

test("whose phone it is stands in the address", async () => {
  const other = { ...phone, lineUserId: "U2", displayName: "Malee" };
  const { address, asked } = await openApp("/phone?phone=U2", {
    ...core,
    phones: () => ({ items: [phone, other] }),
  });
  expect(await screen.findByLabelText("Whose phone")).toHaveValue("U2");
  expect(asked).toHaveBeenCalledWith("phoneMessages", { lineUserId: "U2" });
  await userEvent.selectOptions(screen.getByLabelText("Whose phone"), "U1");
  expect(address()).toBe("/phone?phone=U1");
});

test("whoever only looks sees the phone and touches nothing", async () => {
  await openApp("/phone", { ...core, status: () => ({ ...aStatus, role: "viewer" }) });
  expect(await screen.findByRole("log", { name: "Chat" })).toBeVisible();
  expect(screen.queryByRole("textbox", { name: "Write as the patient" })).toBeNull();
  expect(screen.queryByLabelText("Let something go wrong")).toBeNull();
});

test("the clock of practice jumps to the next message and says what comes then", async () => {
  const jumpClock = () => ({
    now: "2026-11-25T02:00:00.000Z",
    aheadMs: 85_800_000,
    nextDueAt: "2026-11-26T02:00:00.000Z",
    arrived: true,
  });
  const { asked } = await openApp("/phone", {
    ...core,
    status: () => ({ ...aStatus, practiceAheadMs: 85_800_000 }),
    jumpClock,
  });
  const clock = await screen.findByRole("region", { name: "Clock of practice" });
  await userEvent.click(within(clock).getByRole("button", { name: "To the next message" }));
  expect(asked).toHaveBeenCalledWith("jumpClock", { to: "nextMessage" });
  expect(await within(clock).findByText(/The next message is due .*26.*9:00/)).toBeVisible();
  expect(within(clock).getByText(/Practice is 23 hrs? 50 mins? ahead of the real time/)).toBeVisible();
});

test("where nothing is planned the clock says so in words", async () => {
  await openApp("/phone", { ...core, jumpClock: refuse("no message is planned") });
  const clock = await screen.findByRole("region", { name: "Clock of practice" });
  await userEvent.click(within(clock).getByRole("button", { name: "To the next message" }));
  expect(await within(clock).findByText(/no message is planned/i)).toBeVisible();
});
