import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { ComingUp, LookAtMessages, LookedAtMessages, Message } from "../../bindings";
import { type Core, openApp, refuse } from "../../testing/app";
import { aLook, aMessage, aStatus, page, theSettings } from "../../testing/fixtures";

const failed = (id: string, patientName: string): Message => ({
  ...aMessage,
  id,
  patientName,
  state: "failed",
  cause: "token_invalid",
  acceptedAt: null,
  outcome: null,
  actions: ["retry", "cancel"],
});
const three = [failed("m1", "Malee"), failed("m2", "Nok"), failed("m3", "Somchai")];

const looked = (input: LookAtMessages, more: Partial<LookedAtMessages> = {}): LookedAtMessages => ({
  ...aLook,
  matched: input.ids?.length ?? 0,
  ids: input.ids ?? [],
  outlook: [{ cause: null, until: null, count: input.ids?.length ?? 0 }],
  ...more,
});

/** The failed messages, all that are shown chosen, and the dialog of an act. */
async function ask(act: string, core: Core, rows = three, address = "/messages?stage=failed") {
  const app = await openApp(address, {
    listMessages: () => page(...rows),
    lookAtMessages: (input) => looked(input),
    getSettings: () => theSettings,
    ...core,
  });
  await userEvent.click(await screen.findByRole("checkbox", { name: `Select all ${rows.length} shown` }));
  await userEvent.click(screen.getByRole("button", { name: act }));
  return { ...app, dialog: within(await screen.findByRole("dialog")) };
}

const idsOf = ({ asked }: { asked: { mock: { calls: unknown[][] } } }, name: string) =>
  asked.mock.calls.filter(([called]) => called === name).map(([, input]) => (input as { id: string }).id);

test("the dialog parts the messages in words, and says of when it is and when they go", async () => {
  const { dialog, asked } = await ask("Retry 3…", {
    lookAtMessages: (input) =>
      looked(input, {
        ids: ["m1", "m2"],
        others: [
          {
            state: "failed",
            cause: "blocked",
            maybeSentLongAgo: false,
            followUpOver: false,
            repeats: false,
            count: 9,
          },
          {
            state: "cancelled",
            cause: null,
            maybeSentLongAgo: false,
            followUpOver: false,
            repeats: false,
            count: 3,
          },
          {
            state: "review",
            cause: "stale",
            maybeSentLongAgo: false,
            followUpOver: true,
            repeats: false,
            count: 1,
          },
        ],
        outlook: [
          { cause: null, until: null, count: 297 },
          { cause: "quiet_hours", until: "2026-11-26T01:00:00.000Z", count: 9 },
          { cause: "blocked", until: null, count: 1 },
        ],
      }),
  });
  expect(await dialog.findByText("2 messages can be retried.")).toBeVisible();
  expect(dialog.getByText("As of 09:10. What comes later is not among them.")).toBeVisible();
  expect(dialog.getByText("13 stay as they are:")).toBeVisible();
  expect(dialog.getByText("the patient blocked the clinic's LINE account: 9 messages")).toBeVisible();
  expect(dialog.getByText("Cancelled: 3 messages")).toBeVisible();
  expect(dialog.getByText("their follow-up was cancelled: 1 message")).toBeVisible();
  expect(dialog.getByText("297 go out at once, one after the other")).toBeVisible();
  expect(dialog.getByText(/^9 wait: quiet hours; the first goes out .*26 Nov.*08:00/)).toBeVisible();
  expect(dialog.getByText("1 waits: the patient blocked the clinic's LINE account")).toBeVisible();
  expect(asked).not.toHaveBeenCalledWith("retryMessage", expect.anything());
  expect(dialog.getByRole("button", { name: "Retry these 2" })).toBeEnabled();
});

test("what fails while the dialog is open is not swept in, even where the lists look again", async () => {
  let rows = three;
  let set = ["m1", "m2", "m3"];
  const app = await ask("Retry 3…", {
    listMessages: () => page(...rows),
    lookAtMessages: (input) => looked(input, { ids: set }),
    retryMessage: () => aMessage,
  });
  await app.dialog.findByText("3 messages can be retried.");
  rows = [...three, failed("m8", "Too late")];
  set = [...set, "m8"];
  app.said("messages");
  await screen.findByText("Too late");
  await userEvent.click(app.dialog.getByRole("button", { name: "Retry these 3" }));
  expect(await screen.findByText("3 messages are on their way again.")).toBeVisible();
  expect(idsOf(app, "retryMessage")).toEqual(["m1", "m2", "m3"]);
});

test("all that match are more than what is shown, with their number on the buttons", async () => {
  const app = await openApp("/messages?stage=failed&cause=token_invalid&from=2026-11-01", {
    listMessages: () => ({ items: three, nextCursor: "more" }),
    lookAtMessages: (input) =>
      looked(input, { matched: 318, ids: Array.from({ length: 306 }, (_, n) => `m${n + 1}`) }),
    retryMessage: () => aMessage,
  });
  await userEvent.click(await screen.findByRole("checkbox", { name: /^Select Malee/ }));
  const bar = within(screen.getByRole("group", { name: "1 selected" }));
  await userEvent.click(bar.getByRole("button", { name: "Select all that match" }));
  expect(await screen.findByRole("group", { name: "All 318 that match are selected" })).toBeVisible();
  expect(screen.getByRole("checkbox", { name: /^Select Somchai/ })).toBeChecked();
  await userEvent.click(await screen.findByRole("button", { name: "Retry 306…" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Retry messages" }));
  expect(await dialog.findByRole("button", { name: "Retry these 306" })).toBeVisible();
  const looks = app.asked.mock.calls.filter(([name]) => name === "lookAtMessages").map(([, input]) => input);
  expect(looks.at(-1)).toEqual({
    act: "retry",
    stage: "failed",
    cause: "token_invalid",
    from: "2026-11-01",
  });
});

test("who unticks one of all that match has chosen what is shown", async () => {
  await openApp("/messages?stage=failed", {
    listMessages: () => ({ items: three, nextCursor: "more" }),
    lookAtMessages: (input) => looked(input, { matched: 318 }),
  });
  await userEvent.click(await screen.findByRole("checkbox", { name: /^Select Malee/ }));
  await userEvent.click(screen.getByRole("button", { name: "Select all that match" }));
  await screen.findByRole("group", { name: "All 318 that match are selected" });
  await userEvent.click(screen.getByRole("checkbox", { name: /^Select Nok/ }));
  expect(screen.getByRole("group", { name: "2 selected" })).toBeVisible();
});

test("more than the core looks at is said", async () => {
  const { dialog } = await ask("Cancel 3…", {
    lookAtMessages: (input) => looked(input, { more: true, matched: 5_000 }),
  });
  expect(await dialog.findByText(/^There are more than 5,?000: these are the ones due first/)).toBeVisible();
});

test("Ctrl+A chooses what is shown, but not while somebody writes; Shift chooses between two", async () => {
  await openApp("/messages?stage=failed", { listMessages: () => page(...three) });
  const first = await screen.findByRole("checkbox", { name: /^Select Malee/ });
  await userEvent.click(screen.getByLabelText("Due from"));
  await userEvent.keyboard("{Control>}a{/Control}");
  expect(first).not.toBeChecked();
  await userEvent.click(document.body);
  await userEvent.keyboard("{Control>}a{/Control}");
  expect(screen.getByRole("group", { name: "3 selected" })).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Select none" }));
  const user = userEvent.setup();
  await user.click(first);
  await user.keyboard("{Shift>}");
  await user.click(screen.getByRole("checkbox", { name: /^Select Somchai/ }));
  await user.keyboard("{/Shift}");
  expect(screen.getByRole("checkbox", { name: /^Select Nok/ })).toBeChecked();
});

test("a run is stopped, and says where those that went stand and where they are listed", async () => {
  let go = () => {};
  const app = await ask("Retry 3…", {
    lookAtMessages: (input) =>
      input.act === "move"
        ? looked(input, {
            ids: [],
            others: [
              {
                state: "sent",
                cause: null,
                maybeSentLongAgo: false,
                followUpOver: false,
                repeats: false,
                count: 1,
              },
              {
                state: "failed",
                cause: "blocked",
                maybeSentLongAgo: false,
                followUpOver: false,
                repeats: false,
                count: 1,
              },
            ],
          })
        : looked(input),
    // The core answers when it is let go.
    retryMessage: () =>
      new Promise((resolve) => {
        go = () => resolve(aMessage);
      }) as never,
  });
  await userEvent.click(await app.dialog.findByRole("button", { name: "Retry these 3" }));
  expect(await screen.findByText("Retrying: 0 of 3")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Stop" }));
  go();
  expect(await screen.findByText("1 message is on its way again. 2 were not touched.")).toBeVisible();
  expect(idsOf(app, "retryMessage")).toEqual(["m1"]);
  expect(
    await screen.findByRole("link", {
      name: "Failed: the patient blocked the clinic's LINE account: 1 message",
    }),
  ).toHaveAttribute("href", "/messages?stage=failed&cause=blocked");
  expect(screen.getByRole("link", { name: "Accepted by LINE: 1 message" })).toHaveAttribute(
    "href",
    "/messages?stage=sent",
  );
});

test("what was refused is said by name, also of one that the screen does not show", async () => {
  const { dialog } = await ask("Retry 3…", {
    lookAtMessages: (input) => looked(input, { ids: ["m1", "m9"] }),
    retryMessage: refuse("it is on its way"),
    getMessage: () => ({ ...aMessage, patientName: "Far away" }),
  });
  await userEvent.click(await dialog.findByRole("button", { name: "Retry these 2" }));
  expect(await screen.findByText("Malee: it is on its way")).toBeVisible();
  expect(await screen.findByText("Far away: it is on its way")).toBeVisible();
});

test("where the core cannot look nothing is done", async () => {
  const { dialog } = await ask("Retry 3…", { lookAtMessages: refuse("the list is being mended") });
  expect(await dialog.findByRole("alert")).toHaveTextContent("the list is being mended");
  expect(dialog.queryByRole("button", { name: /^Retry these/ })).toBeNull();
});

test("before several are cancelled it is said how many repetitions end, and that there is no way back", async () => {
  const { dialog } = await ask("Cancel 3…", {
    lookAtMessages: (input) => looked(input, { repetitions: 2, outlook: [] }),
    cancelMessage: () => aMessage,
  });
  expect(await dialog.findByText("2 repetitions end with it: nothing more of it is sent.")).toBeVisible();
  expect(dialog.getByText("This cannot be undone, and the patients are not told.")).toBeVisible();
  await userEvent.click(dialog.getByRole("button", { name: "Cancel these 3" }));
  expect(await screen.findByText("3 messages will not be sent.")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
});

const waits = (id: string, patientName: string): ComingUp => ({
  messageId: id,
  patientId: "p1",
  patientName,
  assignmentId: null,
  protocolName: "",
  stepName: "",
  stepId: null,
  occurrence: null,
  dueAt: "2027-11-26T02:00:00.000Z",
  state: "scheduled",
  atNight: null,
  cause: null,
  actions: ["move", "cancel"],
});
const aStep: ComingUp = { ...waits("", "Planned"), messageId: null, state: null, actions: [] };

/** What comes: a planned step and two messages, both chosen, and the dialog of an act. */
const askComing = (act: string, core: Core) =>
  ask(
    act,
    { comingUp: () => page(aStep, waits("m1", "Malee"), waits("m2", "Nok")), ...core },
    three.slice(0, 2),
    "/messages",
  );

test("several get one other time, and their old ones by Undo", async () => {
  const { dialog, asked } = await askComing("Another time for 2…", { moveMessage: () => aMessage });
  const go = await dialog.findByRole("button", { name: "Move these 2" });
  expect(go).toBeDisabled();
  await userEvent.type(dialog.getByLabelText("Goes out at"), "2020-01-01T10:00");
  expect(dialog.getByText("This time has passed.")).toBeVisible();
  expect(go).toBeDisabled();
  await userEvent.clear(dialog.getByLabelText("Goes out at"));
  await userEvent.type(dialog.getByLabelText("Goes out at"), "2027-11-28T10:00");
  await userEvent.click(go);
  expect(await screen.findByText("2 messages have another time now.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("moveMessage", { id: "m2", at: "2027-11-28T03:00:00.000Z" });
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(await screen.findByText("2 messages have the old time again.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("moveMessage", { id: "m2", at: "2027-11-26T02:00:00.000Z" });
});

test("what was held back is held back again when its other time is taken back", async () => {
  const held = (id: string): Message => ({
    ...failed(id, "Malee"),
    state: "held",
    cause: "held_by_staff",
    actions: ["move", "release", "cancel"],
  });
  const { dialog, asked } = await ask(
    "Another time for 2…",
    { moveMessage: () => aMessage },
    [held("m1"), held("m2")],
    "/messages?stage=held",
  );
  const go = await dialog.findByRole("button", { name: "Move these 2" });
  await userEvent.type(dialog.getByLabelText("Goes out at"), "2027-11-28T10:00");
  await userEvent.click(go);
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  expect(await screen.findByText("2 messages have the old time again.")).toBeVisible();
  for (const id of ["m1", "m2"])
    expect(asked).toHaveBeenCalledWith("moveMessage", { id, at: expect.any(String), held: true });
});

test("who goes back to choose others finds the other time again", async () => {
  const { dialog } = await askComing("Another time for 2…", { moveMessage: () => aMessage });
  await dialog.findByRole("button", { name: "Move these 2" });
  await userEvent.type(dialog.getByLabelText("Goes out at"), "2027-11-28T10:00");
  await userEvent.click(dialog.getByRole("button", { name: "Back" }));
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  await userEvent.click(screen.getByRole("button", { name: "Another time for 2…" }));
  const again = within(await screen.findByRole("dialog"));
  expect(await again.findByLabelText("Goes out at")).toHaveValue("2027-11-28T10:00");
  expect(again.getByRole("button", { name: "Move these 2" })).toBeEnabled();
});

test("while all sending is paused nothing is said to go out at once", async () => {
  const { dialog, asked } = await askComing("Send 2 now…", {
    status: () => ({ ...aStatus, sending: "paused" }),
    moveMessage: () => aMessage,
  });
  expect(await dialog.findByText("2 wait: all sending is paused")).toBeVisible();
  expect(dialog.queryByText(/at once/)).toBeNull();
  await userEvent.click(dialog.getByRole("button", { name: "Send these 2 now" }));
  expect(await screen.findByText("2 messages wait: all sending is paused.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("moveMessage", { id: "m1", at: aLook.asOf });
});

test("of what comes, all that wait for their time are chosen together; a planned step is none", async () => {
  const { asked } = await openApp("/messages", {
    comingUp: () => ({ items: [aStep, waits("m1", "Malee"), waits("m2", "Nok")], nextCursor: "more" }),
    lookAtMessages: (input) => looked(input, { matched: 40, ids: ["m1", "m2", "m3"] }),
  });
  expect(await screen.findByRole("checkbox", { name: /^Select Malee/ })).toBeVisible();
  expect(screen.queryByRole("checkbox", { name: /^Select Planned/ })).toBeNull();
  await userEvent.click(screen.getByRole("checkbox", { name: "Select all 2 shown" }));
  await userEvent.click(screen.getByRole("button", { name: "Select all that wait for their time" }));
  const said = "All 40 that wait for their time are selected";
  expect(await screen.findByRole("group", { name: said })).toBeVisible();
  expect(asked).toHaveBeenCalledWith("lookAtMessages", { act: "cancel", state: "scheduled" });
});

test("the cause stands in the address, and goes with the stage", async () => {
  const { asked, address } = await openApp("/messages?stage=held&cause=quiet_hours", {
    listMessages: () => page(),
  });
  expect(await screen.findByText("No message stands here for this cause.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("listMessages", {
    stage: "held",
    cause: "quiet_hours",
    limit: "100",
  });
  await userEvent.selectOptions(
    screen.getByLabelText("Why"),
    "the patient blocked the clinic's LINE account",
  );
  await waitFor(() => expect(address()).toBe("/messages?stage=held&cause=blocked"));
  await userEvent.click(screen.getByRole("radio", { name: "Sent" }));
  await waitFor(() => expect(address()).toBe("/messages?stage=sent"));
  expect(screen.queryByLabelText("Why")).toBeNull();
});

test("whoever only looks chooses none, and what LINE took is not chosen", async () => {
  await openApp("/messages?stage=failed", {
    status: () => ({ ...aStatus, role: "viewer" }),
    listMessages: () => page(...three),
  });
  await screen.findByText("Malee");
  expect(screen.queryByRole("checkbox")).toBeNull();
});
