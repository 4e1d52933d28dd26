import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type {
  FailedDelivery,
  HeldGroup,
  LookAtMessages,
  LookedAtMessages,
  Message,
  Status,
} from "../../bindings";
import { type Core, openApp, Refusal, refuse } from "../../testing/app";
import { aFailure, aLook, aMessage, aPatient, aStatus, page, theSettings } from "../../testing/fixtures";

const held: HeldGroup = {
  cause: "sending_paused",
  reason: "all sending is paused",
  count: 7,
  until: null,
  releasedBy: "staff",
};

/** What the core sees of these messages that failed. */
function lookedAt(rows: FailedDelivery[], { act, ids, cause }: LookAtMessages): LookedAtMessages {
  const found = rows.filter((row) => (ids ? ids.includes(row.id) : !cause || row.causeCode === cause));
  const [taken, others] = [true, false].map((is) => found.filter((row) => row.actions.includes(act) === is));
  return {
    ...aLook,
    matched: found.length,
    ids: (taken ?? []).map(({ id }) => id),
    others: (others ?? []).map(({ state, causeCode }) => ({
      state,
      cause: causeCode,
      maybeSentLongAgo: false,
      followUpOver: false,
      repeats: false,
      count: 1,
    })),
    outlook: taken?.length ? [{ cause: null, until: null, count: taken.length }] : [],
  };
}

/** The screen with these messages that failed. */
const failedOf = (rows: FailedDelivery[], core: Core = {}, status: Partial<Status> = {}) =>
  openApp("/worklist?part=failed", {
    status: () => ({ ...aStatus, needsAttention: rows.length, ...status }),
    failedDeliveries: () => page(...rows),
    getSettings: () => theSettings,
    lookAtMessages: (input) => lookedAt(rows, input),
    ...core,
  });

const malee: FailedDelivery = { ...aFailure, id: "m2", patientId: "p2", patientName: "Malee" };
const invalid: FailedDelivery = {
  ...aFailure,
  id: "m3",
  patientName: "Nok",
  causeCode: "message_invalid",
  retryable: false,
  actions: ["cancel"],
};

test("what failed, by cause, with the remedy beside it", async () => {
  await failedOf([aFailure]);
  const group = await screen.findByRole("article", { name: "the LINE access token is not valid" });
  const row = within(group).getByRole("listitem");
  expect(row).toHaveTextContent(/Somchai Jaidee.*Failed.*4 tries/);
  expect(within(row).getByText("Authentication failed (401)")).not.toBeVisible();
  await userEvent.click(within(row).getByText("LINE's own words"));
  expect(within(row).getByText("Authentication failed (401)")).toBeVisible();
  expect(within(group).getByText("Enter a new access token in Settings, then retry.")).toBeVisible();
  expect(within(group).getByRole("link", { name: "Renew the token" })).toHaveAttribute("href", "/settings");
});

test("a patient who is not linked is linked on their page", async () => {
  await failedOf([{ ...malee, causeCode: "not_linked", httpStatus: null }]);
  expect(await screen.findByRole("link", { name: "Malee: Link now" })).toHaveAttribute(
    "href",
    "/patients/p2",
  );
});

test("a group says how many there are and when the first and the last of them failed", async () => {
  await failedOf([aFailure, { ...malee, lastAttemptAt: "2026-11-23T01:00:00.000Z" }]);
  const group = await screen.findByRole("article", { name: "the LINE access token is not valid" });
  expect(within(group).getByText("2")).toBeVisible();
  expect(group).toHaveTextContent(/first.*23 Nov.*08:00.*latest.*24 Nov.*09:10/);
});

test("a large group shows its first ones, and all at a click", async () => {
  const rows = Array.from({ length: 8 }, (_, n) => ({
    ...aFailure,
    id: `m${n}`,
    patientName: `Patient ${n}`,
  }));
  await failedOf(rows);
  expect(await screen.findByText("Patient 4")).toBeVisible();
  expect(screen.queryByText("Patient 5")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Show all 8" }));
  expect(screen.getByText("Patient 7")).toBeVisible();
});

test("a message that LINE may have says so, and what LINE said in its own words alone", async () => {
  const lost = { ...aFailure, causeCode: "outcome_unknown" as const, lineWords: null, maybeSent: true };
  await failedOf([{ ...lost, message: "no connection; it may have been sent" }]);
  expect(await screen.findByText("The patient may have it all the same.")).toBeVisible();
  expect(screen.queryByText(/no connection/)).toBeNull();
});

test("where LINE gave no reason, that is said", async () => {
  await failedOf([{ ...aFailure, httpStatus: 500, lineWords: null }]);
  expect(await screen.findByText("LINE gave no reason (status 500)")).toBeVisible();
});

test("what waits, until when, and what to do", async () => {
  await openApp("/attention", { heldMessages: () => ({ items: [held] }) });
  const list = await screen.findByRole("list", { name: "Messages that wait" });
  const group = within(list).getByRole("listitem");
  expect(group).toHaveTextContent(/all sending is paused ?7 ?until somebody acts/);
  expect(group).toHaveTextContent("Send again with the button at the top");
});

test("which messages wait for a cause is asked for when somebody wants to know", async () => {
  const waits: Message = { ...aMessage, state: "held", cause: "sending_paused" };
  const { asked } = await openApp("/worklist?part=waiting", {
    heldMessages: () => ({ items: [{ ...held, count: 1 }] }),
    listMessages: () => page(waits, { ...waits, id: "m9", patientName: "Malee", cause: "blocked" }),
  });
  const open = await screen.findByRole("button", { name: "Which message" });
  expect(asked).not.toHaveBeenCalledWith("listMessages", expect.anything());
  await userEvent.click(open);
  expect(await screen.findByRole("link", { name: "Somchai Jaidee" })).toBeVisible();
  expect(screen.queryByText("Malee")).toBeNull();
});

test("what goes out by itself needs nobody", async () => {
  const quiet: HeldGroup = { ...held, cause: "quiet_hours", releasedBy: "time", count: 3 };
  await openApp("/worklist", { heldMessages: () => ({ items: [quiet] }) });
  expect(await screen.findByText("All clear. Nothing needs you.")).toBeVisible();
  expect(screen.getByRole("list", { name: "Messages that go out by themselves" })).toBeVisible();
});

test("what the core refuses is said", async () => {
  await openApp("/attention", { failedDeliveries: refuse("the list is being mended") });
  expect(await screen.findByRole("alert")).toHaveTextContent("the list is being mended");
  const part = screen.getByRole("region", { name: "Messages that failed" });
  expect(within(part).queryByText("0")).toBeNull();
});

test("one message is retried at a click, and can be taken back before it goes", async () => {
  const waits: Message = { ...aMessage, state: "retrying", acceptedAt: null, actions: ["cancel"] };
  const { asked } = await failedOf([aFailure], {
    retryMessage: () => waits,
    getMessage: () => waits,
    getPatient: () => aPatient,
    undoRetry: () => ({ ...waits, state: "review", actions: ["retry", "cancel"] }),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Retry" }));
  expect(await screen.findAllByText(/^Goes out in \d+ s$/)).not.toHaveLength(0);
  expect(asked).toHaveBeenCalledWith("retryMessage", { id: "m1", holdSeconds: 10 });
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(await screen.findByText("It was not sent; it is as it was before.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("undoRetry", { id: "m1" });
});

test("before several are retried it is said which can be, which not and why, and when they go", async () => {
  const { asked } = await failedOf([aFailure, malee, invalid], { retryMessage: () => aMessage });
  await screen.findByText("Nok");
  await userEvent.click(screen.getByRole("checkbox", { name: "Select all 3 shown" }));
  const bar = screen.getByRole("group", { name: "3 selected" });
  await userEvent.click(within(bar).getByRole("button", { name: "Retry these 2" }));
  const dialog = await screen.findByRole("dialog", { name: "Retry messages" });
  await within(dialog).findByText("2 messages can be retried.");
  expect(dialog).toHaveTextContent("1 stays as it is:");
  expect(dialog).toHaveTextContent(
    "LINE refuses this message; the step needs mending: 1 messageMend the step",
  );
  expect(dialog).toHaveTextContent("2 go out at once, one after the other");
  expect(asked).not.toHaveBeenCalledWith("retryMessage", expect.anything());
  await userEvent.click(await within(dialog).findByRole("button", { name: "Retry these 2" }));
  expect(await screen.findByText("2 messages are on their way again.")).toBeVisible();
  const retried = asked.mock.calls.filter(([name]) => name === "retryMessage").map(([, input]) => input.id);
  expect(retried).toEqual(["m1", "m2"]);
});

test("a group is retried as a whole by its cause, with the core's number where not all is read", async () => {
  const ids = Array.from({ length: 1_200 }, (_, n) => `m${n}`);
  const { asked } = await failedOf([], {
    failedDeliveries: () => ({
      items: Array.from({ length: 1_000 }, (_, n) => ({ ...aFailure, id: `m${n}` })),
      nextCursor: "more",
    }),
    lookAtMessages: () => ({ ...aLook, matched: 1_210, ids }),
  });
  const group = within(await screen.findByRole("article", { name: "the LINE access token is not valid" }));
  expect(await group.findByRole("link", { name: /^1,?210 messages: see them/ })).toHaveAttribute(
    "href",
    "/messages?stage=failed&cause=token_invalid",
  );
  await userEvent.click(await group.findByRole("button", { name: "Retry these 1200" }));
  expect(await screen.findByText("1,200 messages can be retried.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("lookAtMessages", {
    act: "retry",
    stage: "failed",
    cause: "token_invalid",
  });
});

test("a message that fails while the dialog is open is not swept in", async () => {
  let rows = [aFailure, malee];
  const { asked, said } = await failedOf([], {
    failedDeliveries: () => page(...rows),
    lookAtMessages: (input) => lookedAt(rows, input),
    retryMessage: () => aMessage,
  });
  await userEvent.click(await screen.findByRole("button", { name: "Retry these 2" }));
  const dialog = within(await screen.findByRole("dialog"));
  await dialog.findByText("2 messages can be retried.");
  rows = [...rows, { ...aFailure, id: "m8", patientName: "Too late" }];
  said("messages");
  expect(await screen.findByText("Too late")).toBeInTheDocument();
  await userEvent.click(dialog.getByRole("button", { name: "Retry these 2" }));
  await screen.findByText("2 messages are on their way again.");
  expect(asked).not.toHaveBeenCalledWith("retryMessage", { id: "m8" });
});

test("while all sending is paused nothing is said to be on its way", async () => {
  await failedOf([aFailure], { retryMessage: () => aMessage }, { sending: "paused" });
  await userEvent.click(await screen.findByRole("button", { name: "Retry these 1" }));
  const dialog = await screen.findByRole("dialog");
  expect(await within(dialog).findByText("1 waits: all sending is paused")).toBeVisible();
  await userEvent.click(await within(dialog).findByRole("button", { name: "Retry these 1" }));
  expect(await screen.findByText("1 message waits: all sending is paused.")).toBeVisible();
});

test("what was refused is said by name, and the others go", async () => {
  await failedOf([aFailure, malee], {
    retryMessage: ({ id }) => (id === "m1" ? refuse("it is on its way")() : aMessage),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Retry these 2" }));
  await userEvent.click(
    await within(await screen.findByRole("dialog")).findByRole("button", { name: "Retry these 2" }),
  );
  const over = await screen.findByText("1 message is on its way again. 1 was refused.");
  expect(over.closest("[role=status]")).toHaveTextContent("Somchai Jaidee: it is on its way");
});

test("when nobody answers the run ends, and goes on with the others", async () => {
  let gone = true;
  const down = { code: "unavailable", status: 503, title: "", detail: "restarting" } as const;
  const { asked } = await failedOf([aFailure, malee], {
    retryMessage: () => {
      if (gone) throw new Refusal(down);
      return aMessage;
    },
  });
  await userEvent.click(await screen.findByRole("button", { name: "Retry these 2" }));
  await userEvent.click(
    await within(await screen.findByRole("dialog")).findByRole("button", { name: "Retry these 2" }),
  );
  expect(await screen.findByText(/1 was refused. 1 was not touched./)).toBeVisible();
  expect(asked).not.toHaveBeenCalledWith("retryMessage", { id: "m2" });
  gone = false;
  await userEvent.click(screen.getByRole("button", { name: "Go on with the other 1" }));
  await waitFor(() => expect(asked).toHaveBeenCalledWith("retryMessage", { id: "m2" }));
});

test("several are let go after it was said that this cannot be undone", async () => {
  const { asked } = await failedOf([aFailure, invalid], { cancelMessage: () => aMessage });
  await userEvent.click(await screen.findByRole("checkbox", { name: "Select all 2 shown" }));
  await userEvent.click(screen.getByRole("button", { name: "Let these 2 go" }));
  const dialog = await screen.findByRole("dialog", { name: "Let messages go" });
  expect(await within(dialog).findByText(/^This cannot be undone/)).toBeVisible();
  await userEvent.click(await within(dialog).findByRole("button", { name: "Let these 2 go" }));
  expect(await screen.findByText("2 messages will not be sent.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("cancelMessage", { id: "m3" });
  expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
});

test("whoever only looks is offered no act on what failed", async () => {
  await failedOf([aFailure, malee], {}, { role: "viewer" });
  const row = await screen.findByText("Malee");
  expect(within(row.closest("li") as HTMLElement).queryByRole("button")).toBeNull();
  expect(screen.queryByRole("button", { name: /^Retry/ })).toBeNull();
  expect(screen.queryByRole("checkbox")).toBeNull();
});
