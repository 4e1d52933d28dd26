import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import type { Message } from "../bindings";
import { MINUTE_MS } from "../lib/units";
import { type Core, openApp, refuse } from "../testing/app";
import {
  aMessage,
  answerStats,
  aPatient,
  aStatus,
  aTimeline,
  noAnswers,
  page,
  theSettings,
} from "../testing/fixtures";

afterEach(() => {
  vi.useRealTimers();
});

const waits: Message = { ...aMessage, state: "scheduled", acceptedAt: null, actions: ["move", "cancel"] };

const core: Core = {
  getPatient: () => aPatient,
  getSettings: () => theSettings,
  listPatients: () => page(aPatient),
  listAssignments: () => page(),
  listProtocols: () => page(),
  answerStats: () => answerStats(noAnswers),
  patientTimeline: () => aTimeline,
  listMessages: () => page(),
  sendMessage: () => waits,
  getMessage: () => waits,
  cancelMessage: () => ({ ...waits, state: "cancelled", actions: [] }),
};

const box = () => screen.findByRole("textbox", { name: "Message" });
const notice = async () => {
  const text = await screen.findByText("Goes out in 10 s", { ignore: "[aria-hidden]" });
  return within(text.closest(".mantine-Notification-root") as HTMLElement);
};

async function sent(more: Core = {}) {
  const app = await openApp("/patients/p1", { ...core, ...more });
  await userEvent.type(await box(), "See you on Friday");
  await userEvent.click(screen.getByRole("button", { name: "Send now" }));
  return app;
}

test("a message sent by hand waits ten seconds; Undo takes it back into the box", async () => {
  const { asked } = await sent();
  const { getByRole } = await notice();
  expect(asked).toHaveBeenCalledWith(
    "sendMessage",
    expect.objectContaining({ schedule: { type: "delay", delayMs: 10_000 } }),
  );
  expect(await box()).toHaveValue("");
  await userEvent.click(getByRole("button", { name: "Undo" }));
  expect(await screen.findByText("It was not sent. What you wrote is in the box again.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("cancelMessage", { id: "m1" });
  expect(await box()).toHaveValue("See you on Friday");
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
});

test("the key takes back, though not while something else is typed", async () => {
  const { asked } = await sent();
  await notice();
  await userEvent.type(await box(), "And");
  await userEvent.keyboard("{Control>}z{/Control}");
  expect(asked).not.toHaveBeenCalledWith("cancelMessage", expect.anything());
  await userEvent.click(screen.getByRole("heading", { level: 1 }));
  await userEvent.keyboard("{Control>}z{/Control}");
  await waitFor(() => expect(asked).toHaveBeenCalledWith("cancelMessage", { id: "m1" }));
  await waitFor(async () => expect(await box()).toHaveValue("See you on Friday\nAnd"));
});

test("right after sending the key takes back, though the cursor is in the emptied box", async () => {
  const { asked } = await sent();
  await notice();
  await userEvent.click(await box());
  await userEvent.keyboard("{Control>}z{/Control}");
  await waitFor(() => expect(asked).toHaveBeenCalledWith("cancelMessage", { id: "m1" }));
});

test("pressed before the core has answered, the key takes back what is on its way and nothing older", async () => {
  let answer = () => {};
  const late = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const ids = ["m1", "m2"];
  const sendMessage = () => {
    const message = { ...waits, id: ids.shift() ?? "" };
    return message.id === "m1" ? message : (late.then(() => message) as never);
  };
  const getMessage = ({ id }: { id: string }) => ({ ...waits, id });
  const { asked } = await sent({ sendMessage, getMessage });
  await notice();
  await userEvent.type(await box(), "See you on Monday");
  await userEvent.click(screen.getByRole("button", { name: "Send now" }));
  await waitFor(() => expect(ids).toEqual([]));
  await userEvent.keyboard("{Control>}z{/Control}");
  expect(asked).not.toHaveBeenCalledWith("cancelMessage", expect.anything());
  answer();
  expect(await screen.findByText("It was not sent. What you wrote is in the box again.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("cancelMessage", { id: "m2" });
  expect(asked).not.toHaveBeenCalledWith("cancelMessage", { id: "m1" });
  expect(await box()).toHaveValue("See you on Monday");
});

test("the seconds are seen and not read out, and then it is said what became of it", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  let message: Message = waits;
  const { said } = await sent({ getMessage: () => message });
  await notice();
  act(() => void vi.advanceTimersByTime(3_000));
  const count = await screen.findByText(/^Goes out in [67] s$/);
  expect(count).toHaveAttribute("aria-hidden", "true");
  message = { ...aMessage, state: "sent", actions: [] };
  act(() => void vi.advanceTimersByTime(8_000));
  said("messages");
  expect(await screen.findByText("LINE took the message.")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
  act(() => void vi.advanceTimersByTime(11_000));
  await waitFor(() => expect(screen.queryByText("LINE took the message.")).toBeNull());
});

test("the notice stays while it has the focus or the pointer", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  await sent();
  const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
  const undo = (await notice()).getByRole("button", { name: "Undo" });
  act(() => undo.focus());
  act(() => void vi.advanceTimersByTime(MINUTE_MS));
  expect(undo).toBeVisible();
  await user.hover(undo);
  const elsewhere = await box();
  act(() => elsewhere.focus());
  act(() => void vi.advanceTimersByTime(MINUTE_MS));
  expect(undo).toBeVisible();
  await user.hover(elsewhere);
  act(() => void vi.advanceTimersByTime(11_000));
  await waitFor(() => expect(screen.queryByRole("button", { name: "Undo" })).toBeNull());
});

test("what is taken back after the page was left waits on the page of the patient", async () => {
  await sent();
  const { getByRole } = await notice();
  await userEvent.click(screen.getByRole("link", { name: "Patients" }));
  const row = await screen.findByRole("link", { name: "Somchai Jaidee" });
  await userEvent.click(getByRole("button", { name: "Undo" }));
  expect(
    await screen.findByText("It was not sent. What you wrote is on the page of Somchai Jaidee."),
  ).toBeVisible();
  await userEvent.click(row);
  expect(await box()).toHaveValue("See you on Friday");
});

test("what cannot leave is not held for it, and can be taken back all the same", async () => {
  const obstacle = { cause: "sending_paused" as const, until: null, waits: true };
  const paused: Message = { ...waits, state: "held", cause: "sending_paused" };
  const { asked } = await sent({
    getPatient: () => ({ ...aPatient, obstacle }),
    sendMessage: () => paused,
    getMessage: () => paused,
  });
  expect(await screen.findByText("The message waits: all sending is paused.")).toBeVisible();
  const sends = asked.mock.calls.filter(([name]) => name === "sendMessage");
  expect(sends.map(([, { schedule }]) => schedule)).toEqual([undefined]);
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(asked).toHaveBeenCalledWith("cancelMessage", { id: "m1" });
});

test("while LINE does not answer no seconds are promised, and the message is held: it may answer at once", async () => {
  const { asked } = await sent({ status: () => ({ ...aStatus, sending: "line_unreachable" }) });
  expect(await screen.findByText(/^The message waits: LINE could not be reached/)).toBeVisible();
  expect(screen.queryByText(/^Goes out in/)).toBeNull();
  expect(asked).toHaveBeenCalledWith(
    "sendMessage",
    expect.objectContaining({ schedule: { type: "delay", delayMs: 10_000 } }),
  );
});

test("what is on its way already is not called taken back", async () => {
  await sent({ cancelMessage: refuse("it is on its way to LINE at this moment") });
  const { getByRole, findByText } = await notice();
  await userEvent.click(getByRole("button", { name: "Undo" }));
  expect(await findByText(/on its way to LINE/)).toBeVisible();
  expect(await box()).toHaveValue("");
});

test("a message that waits is sent now in ten seconds, and Undo gives it its old time", async () => {
  const dueAt = "2026-11-26T02:00:00.000Z";
  const item = { ...waits, dueAt };
  const { asked } = await openApp("/patients/p1", {
    ...core,
    patientTimeline: () => ({
      ...aTimeline,
      items: aTimeline.items.map((one) => ({ ...one, message: item })),
    }),
    getMessage: () => item,
    moveMessage: () => item,
  });
  await userEvent.click(await screen.findByRole("button", { name: "Another time…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Another time" }));
  await userEvent.click(dialog.getByRole("button", { name: "Send now" }));
  const { getByRole } = await notice();
  const [, moved] = asked.mock.calls.find(([name]) => name === "moveMessage") ?? [];
  expect(Math.abs(Date.parse(moved.at) - Date.now() - 10_000)).toBeLessThan(5_000);
  await userEvent.click(getByRole("button", { name: "Undo" }));
  expect(await screen.findByText(/^It is planned for .*09:00\.$/)).toBeVisible();
  expect(asked).toHaveBeenCalledWith("moveMessage", { id: "m1", at: dueAt });
});
