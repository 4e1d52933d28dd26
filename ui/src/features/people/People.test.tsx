import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import type { PatientWords } from "../../bindings";
import { chooseLocale } from "../../i18n";
import { MINUTE_MS } from "../../lib/units";
import { openApp, Refusal, refuse } from "../../testing/app";
import { aFailure, aMessage, aPatient, aStatus, aStranger, aWorkItem, page } from "../../testing/fixtures";

const { IntersectionObserver: unwatched } = globalThis;
afterEach(() => vi.stubGlobal("IntersectionObserver", unwatched));

test("people who need a person, with what happened and why", async () => {
  await openApp("/worklist", { listWorklist: () => page(aWorkItem) });
  const entry = await screen.findByRole("listitem");
  expect(entry).toHaveTextContent("Somchai Jaidee");
  expect(entry).toHaveTextContent("Worrying answer");
  expect(entry).toHaveTextContent("I feel unwell");
});

test("what all parts fail with is said once, and tried again for each", async () => {
  const out = refuse("the database is being mended");
  const { asked } = await openApp("/worklist", {
    listWorklist: out,
    listStrangers: out,
    failedDeliveries: out,
    heldMessages: out,
  });
  expect(await screen.findByText("the database is being mended")).toBeVisible();
  const timesOf = (name: string) => asked.mock.calls.filter(([called]) => called === name).length;
  const parts = ["listWorklist", "listStrangers", "failedDeliveries", "heldMessages"];
  await waitFor(() => expect(screen.getAllByText("the database is being mended")).toHaveLength(1));
  expect(screen.queryByText("Messages that failed")).toBeNull();
  const before = Math.max(...parts.map(timesOf));
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => expect(Math.min(...parts.map(timesOf))).toBeGreaterThan(before));
});

test("whoever was not told whom to call in an emergency is to be called", async () => {
  await openApp("/worklist", {
    listWorklist: () => page({ ...aWorkItem, untold: true }),
    listStrangers: () => page({ ...aStranger, untold: true }, { ...aStranger, id: "x2" }),
  });
  await screen.findByText("Somchai Jaidee");
  expect(screen.getAllByText(/could not be sent on LINE/)).toHaveLength(2);
});

test("while someone unknown waits it is not said that nobody does", async () => {
  await openApp("/worklist", { listWorklist: () => page(), listStrangers: () => page(aStranger) });
  expect(await screen.findByText("Malee")).toBeVisible();
  expect(screen.queryByText("All clear. Nothing needs you.")).toBeNull();
});

test("nobody needs anybody", async () => {
  await openApp("/worklist", { listWorklist: () => page() });
  expect(await screen.findByText("All clear. Nothing needs you.")).toBeVisible();
});

test("what the core refuses is said", async () => {
  await openApp("/worklist", { listWorklist: refuse("the list is being mended") });
  expect(await screen.findByRole("alert")).toHaveTextContent("the list is being mended");
});

test("an entry is settled, and brought back by Undo", async () => {
  const { asked } = await openApp("/worklist", {
    listWorklist: () => page(aWorkItem),
    resolveWork: () => ({ ...aWorkItem, resolvedAt: aWorkItem.createdAt }),
    reopenWork: () => aWorkItem,
  });
  await userEvent.click(await screen.findByRole("button", { name: "Settle" }));
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  expect(asked).toHaveBeenCalledWith("resolveWork", { id: "w1" });
  expect(asked).toHaveBeenCalledWith("reopenWork", { id: "w1" });
});

test("the address says which entries, and keeps it", async () => {
  const { asked, address } = await openApp("/worklist?which=resolved&reason=missed&nonsense=1", {
    listWorklist: () => page(),
  });
  expect(await screen.findByRole("radio", { name: "Settled" })).toBeChecked();
  expect(screen.getByLabelText("Why")).toHaveValue("missed");
  const filter = { resolved: "true", snoozed: "false", reason: "missed", limit: "50" };
  expect(asked).toHaveBeenCalledWith("listWorklist", filter);
  await userEvent.click(screen.getByRole("radio", { name: "Open" }));
  expect(address()).toBe("/worklist?which=open&reason=missed");
});

test("a new entry shows when the core says that the worklist changed", async () => {
  let entries = page<typeof aWorkItem>();
  const { said } = await openApp("/worklist", { listWorklist: () => entries });
  await screen.findByText("All clear. Nothing needs you.");
  entries = page(aWorkItem);
  said("worklist");
  expect(await screen.findByText("Somchai Jaidee")).toBeVisible();
});

test("what the core refuses with a code is said in the reader's language", async () => {
  const refusal = { code: "lookedAfter", by: "Nok" } as const;
  const taken = {
    code: "conflict",
    status: 409,
    title: "",
    detail: "Nok looks after this already",
    refusal,
  } as const;
  await openApp("/worklist", {
    listWorklist: () => page(aWorkItem),
    takeWork: () => {
      throw new Refusal(taken);
    },
  });
  await userEvent.click(await screen.findByRole("button", { name: "I take it" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Nok looks after this already");
  await act(() => chooseLocale("zh-TW"));
  expect(screen.getByRole("alert")).toHaveTextContent("Nok 已在處理");
});

test("a stranger who was settled is brought back", async () => {
  const { asked } = await openApp("/worklist?which=resolved", {
    listWorklist: () => page(),
    listStrangers: () => page({ ...aStranger, resolvedAt: aWorkItem.createdAt, actions: ["link", "reopen"] }),
    reopenStranger: refuse("they were linked meanwhile"),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Reopen" }));
  expect(asked).toHaveBeenCalledWith("reopenStranger", { id: "x1" });
  expect(await screen.findByRole("alert")).toHaveTextContent("they were linked meanwhile");
});

test("a stranger who was settled is there again by Undo", async () => {
  const { asked } = await openApp("/worklist", {
    listStrangers: () => page({ ...aStranger, actions: ["link", "resolve"] }),
    resolveStranger: () => aStranger,
    reopenStranger: () => aStranger,
  });
  await userEvent.click(await screen.findByRole("button", { name: "Settle" }));
  expect(await screen.findByText("Settled.")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(asked).toHaveBeenCalledWith("reopenStranger", { id: "x1" }));
});

const many = ["Malee", "Nok", "Somchai"].map((patientName) => ({
  ...aWorkItem,
  id: patientName,
  patientName,
}));

test("the old address of what needs attention leads to the messages, with its filters", async () => {
  const { address } = await openApp("/attention", {});
  await waitFor(() => expect(address()).toBe("/worklist?part=messages"));
});

test("an old address with a filter keeps it", async () => {
  const { address } = await openApp("/attention?reason=failed", {});
  await waitFor(() => expect(address()).toBe("/worklist?reason=failed"));
});

test("the numbers at the top add up to that of the menu, and lead to their rows", async () => {
  const { address } = await openApp("/worklist", {
    status: () => ({ ...aStatus, worklistOpen: 4, needsAttention: 1, held: 2 }),
    listWorklist: () => page(...many),
    listStrangers: () => page(aStranger),
    failedDeliveries: () => page(aFailure),
  });
  const summary = within(await screen.findByRole("navigation", { name: "What needs you" }));
  await summary.findByRole("link", { name: "1 unknown person" });
  expect(summary.getAllByRole("link").map((link) => link.textContent)).toEqual([
    "All: 7 things to look at",
    "3 entries about patients",
    "1 unknown person",
    "1 message failed",
    "2 messages wait",
  ]);
  await userEvent.click(summary.getByRole("link", { name: "1 message failed" }));
  expect(address()).toBe("/worklist?part=failed");
  expect(screen.queryByText("Malee")).toBeNull();
  expect(screen.getByRole("heading", { name: "Messages that failed" })).toBeVisible();
});

test("several are settled one after the other, and all brought back by Undo", async () => {
  const { asked } = await openApp("/worklist", {
    listWorklist: () => page(...many),
    resolveWork: () => aWorkItem,
    reopenWork: () => aWorkItem,
  });
  await userEvent.click(await screen.findByRole("checkbox", { name: "Select Malee" }));
  await userEvent.click(screen.getByRole("checkbox", { name: "Select Somchai" }));
  const bar = within(screen.getByRole("group", { name: "2 selected" }));
  await userEvent.click(bar.getByRole("button", { name: "Settle 2" }));
  const over = within(
    (await screen.findByText("2 entries settled.")).closest("[role=status]") as HTMLElement,
  );
  await userEvent.click(over.getByRole("button", { name: "Undo" }));
  expect(await screen.findByText("2 entries are back.")).toBeVisible();
  const done = (act: string) => asked.mock.calls.filter(([name]) => name === act).map(([, { id }]) => id);
  expect(done("resolveWork")).toEqual(["Malee", "Somchai"]);
  expect(done("reopenWork")).toEqual(["Malee", "Somchai"]);
});

test("who settled the last ones can still undo it", async () => {
  let rows = many;
  await openApp("/worklist", {
    listWorklist: () => page(...rows),
    resolveWork: ({ id }) => {
      rows = rows.filter((row) => row.id !== id);
      return aWorkItem;
    },
    reopenWork: () => aWorkItem,
  });
  await userEvent.click(await screen.findByRole("checkbox", { name: "Select all 3 shown" }));
  await userEvent.click(screen.getByRole("button", { name: "Settle 3" }));
  expect(await screen.findByText("All clear. Nothing needs you.")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Undo" }));
  expect(await screen.findByText("3 entries are back.")).toBeVisible();
});

test("with Shift all between two are chosen, and an act counts those that offer it alone", async () => {
  const relink = {
    ...aWorkItem,
    id: "w9",
    patientName: "Niran",
    actions: ["link" as const, "take" as const],
  };
  await openApp("/worklist", { listWorklist: () => page(...many, relink) });
  await userEvent.click(await screen.findByRole("checkbox", { name: "Select Malee" }));
  const user = userEvent.setup();
  await user.keyboard("{Shift>}");
  await user.click(screen.getByRole("checkbox", { name: "Select Niran" }));
  await user.keyboard("{/Shift}");
  const bar = within(screen.getByRole("group", { name: "4 selected" }));
  expect(bar.getByRole("button", { name: "Settle 3" })).toBeVisible();
  expect(bar.getByRole("button", { name: "Take 4" })).toBeVisible();
});

test("a run shows how far it is, and stops when it is told to", async () => {
  let answer = () => {};
  const { asked } = await openApp("/worklist", {
    listWorklist: () => page(...many),
    takeWork: () => new Promise((resolve) => (answer = () => resolve(aWorkItem))) as never,
  });
  await userEvent.click(await screen.findByRole("checkbox", { name: "Select all 3 shown" }));
  await userEvent.click(screen.getByRole("button", { name: "Take 3" }));
  expect(await screen.findByText("Taking: 0 of 3")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Stop" }));
  answer();
  expect(await screen.findByText("You look after 1 entry. 2 were not touched.")).toBeVisible();
  expect(asked.mock.calls.filter(([name]) => name === "takeWork")).toHaveLength(1);
});

test("a patient is called or written to in place, and the number is asked for only then", async () => {
  const said = { ...aStranger.said[0], text: "May I eat?", quoteToken: "q1" } as PatientWords;
  const { asked } = await openApp("/worklist", {
    listWorklist: () => page({ ...aWorkItem, said: [said] }),
    getPatient: () => ({ ...aPatient, phone: "02-123 4567", phoneUri: "tel:021234567" }),
    sendMessage: () => aMessage,
    getMessage: () => aMessage,
  });
  const open = await screen.findByRole("button", { name: "Call or write" });
  expect(asked).not.toHaveBeenCalledWith("getPatient", expect.anything());
  await userEvent.click(open);
  const call = await screen.findByRole("link", { name: "Call 02-123 4567" });
  expect(call).toHaveAttribute("href", "tel:021234567");
  await userEvent.type(await screen.findByRole("textbox", { name: "Message" }), "Yes");
  await userEvent.click(screen.getByRole("checkbox", { name: "Quote what they said last" }));
  await userEvent.click(screen.getByRole("button", { name: "Send now" }));
  expect(await screen.findByText("LINE took the message.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("sendMessage", {
    patientId: "p1",
    messageType: "text",
    content: { text: "Yes", quoteToken: "q1" },
    schedule: { type: "delay", delayMs: 10_000 },
  });
});

test("of a patient without a number it is said that there is none", async () => {
  await openApp("/worklist", { listWorklist: () => page(aWorkItem), getPatient: () => aPatient });
  await userEvent.click(await screen.findByRole("button", { name: "Call or write" }));
  expect(await screen.findByText("No telephone number is noted.")).toBeVisible();
});

test("whoever only looks chooses nothing", async () => {
  await openApp("/worklist", {
    status: () => ({ ...aStatus, role: "viewer" }),
    listWorklist: () => page(...many),
  });
  await screen.findByText("Malee");
  expect(screen.queryByRole("checkbox")).toBeNull();
});

/** Someone scrolls below a mark, or back to it. */
function watchScrolling() {
  const heard: IntersectionObserverCallback[] = [];
  class Watched {
    constructor(private hear: IntersectionObserverCallback) {}
    observe(mark: Element) {
      if (mark.className === "list-head") heard.push(this.hear);
    }
    disconnect() {}
  }
  vi.stubGlobal("IntersectionObserver", Watched);
  return (isAway: boolean) =>
    act(() => {
      const at = { isIntersecting: !isAway, boundingClientRect: { top: isAway ? -500 : 100 } };
      for (const hear of heard) hear([at as IntersectionObserverEntry], {} as IntersectionObserver);
    });
}

const soon = () => new Date(Date.now() + MINUTE_MS).toISOString();

test("what arrives is marked for a while and said politely, not what was there before", async () => {
  let entries = page(...many);
  const { said } = await openApp("/worklist", { listWorklist: () => entries });
  await screen.findByText("Malee");
  expect(document.querySelector(".fresh")).toBeNull();
  entries = page({ ...aWorkItem, id: "new", patientName: "Preecha", createdAt: soon(), said: [] }, ...many);
  said("worklist");
  const entry = (await screen.findByText("Preecha")).closest("li");
  await waitFor(() => expect(entry).toHaveClass("fresh"));
  expect(document.querySelectorAll(".fresh")).toHaveLength(1);
  expect(screen.getByText("1 new").closest("[role=status]")).not.toBeNull();
});

test("while somebody reads further below, what arrives waits until it is asked for", async () => {
  const scroll = watchScrolling();
  let entries = page(...many);
  const { said } = await openApp("/worklist", { listWorklist: () => entries });
  await screen.findByText("Malee");
  scroll(true);
  entries = page({ ...aWorkItem, id: "new", patientName: "Preecha", createdAt: soon(), said: [] }, ...many);
  said("worklist");
  const show = await screen.findByRole("button", { name: "1 new" });
  expect(screen.queryByText("Preecha")).toBeNull();
  await userEvent.click(show);
  expect(await screen.findByText("Preecha")).toBeVisible();
  expect(screen.queryByRole("button", { name: "1 new" })).toBeNull();
});

test("where all is clear, who needed somebody last is said, and who saw to it", async () => {
  const settled = {
    patientId: "p1",
    patientName: "Malee",
    resolvedAt: "2026-11-24T07:02:00.000Z",
    resolvedBy: "Nok",
  };
  await openApp("/worklist", { lastSettled: () => ({ settled }) });
  await screen.findByText("All clear. Nothing needs you.");
  const last = await screen.findByText(/^Last:/);
  expect(within(last).getByRole("link", { name: "Malee" })).toHaveAttribute("href", "/patients/p1");
  expect(last).toHaveTextContent("settled by Nok");
});
