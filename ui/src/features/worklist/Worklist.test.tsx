import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { chooseLocale } from "../../i18n";
import { openApp, Refusal, refuse } from "../../testing/app";
import { aPatient, aStranger, aWorkItem, page } from "../../testing/fixtures";

test("people who need a person, with what happened and why", async () => {
  await openApp("/worklist", { listWorklist: () => page(aWorkItem) });
  const entry = await screen.findByRole("listitem");
  expect(entry).toHaveTextContent("Somchai Jaidee");
  expect(entry).toHaveTextContent("Worrying answer");
  expect(entry).toHaveTextContent("I feel unwell");
});

test("someone unknown who wrote is linked to a patient", async () => {
  const { asked } = await openApp("/worklist", {
    listWorklist: () => page(),
    listStrangers: () => page(aStranger),
    listPatients: () => page({ ...aPatient, lineUserId: null }),
    linkStranger: () => aPatient,
  });
  const entry = await screen.findByRole("listitem");
  expect(entry).toHaveTextContent("Malee");
  expect(entry).toHaveTextContent("is this the clinic?");
  await userEvent.click(screen.getByRole("button", { name: "Link to a patient" }));
  await userEvent.click(await screen.findByRole("combobox", { name: "Patient" }));
  await userEvent.click(await screen.findByRole("option", { name: /Somchai Jaidee/ }));
  await userEvent.click(screen.getByRole("button", { name: "Link" }));
  expect(await screen.findByText("Linked to Somchai Jaidee.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("linkStranger", { id: "x1", patientId: "p1" });
});

test("someone unknown who wrote is settled", async () => {
  const { asked } = await openApp("/worklist", {
    listWorklist: () => page(),
    listStrangers: () => page({ ...aStranger, displayName: null }),
    resolveStranger: () => aStranger,
  });
  expect(await screen.findByText("Someone on LINE")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Settle" }));
  expect(asked).toHaveBeenCalledWith("resolveStranger", { id: "x1" });
});

test("unknown people stand above the patients when they are urgent, and below when not", async () => {
  await openApp("/worklist", {
    listWorklist: () => page(aWorkItem),
    listStrangers: () => page({ ...aStranger, id: "x2", displayName: "Niran", urgent: true }, aStranger),
  });
  await screen.findByText("Malee");
  const names = screen.getAllByRole("heading", { level: 2 }).map((heading) => heading.textContent);
  expect(names).toEqual(["Niran", "Somchai Jaidee", "Malee"]);
});

test("whoever was not told whom to call in an emergency is to be called", async () => {
  await openApp("/worklist", {
    listWorklist: () => page({ ...aWorkItem, untold: true }),
    listStrangers: () => page({ ...aStranger, untold: true }, aStranger),
  });
  await screen.findByText("Somchai Jaidee");
  expect(screen.getAllByText(/could not be sent on LINE/)).toHaveLength(2);
});

test("while someone unknown waits it is not said that nobody does", async () => {
  await openApp("/worklist", { listWorklist: () => page(), listStrangers: () => page(aStranger) });
  expect(await screen.findByText("Malee")).toBeVisible();
  expect(screen.queryByText("Nobody needs you right now.")).toBeNull();
});

test("nobody needs anybody", async () => {
  await openApp("/worklist", { listWorklist: () => page() });
  expect(await screen.findByText("Nobody needs you right now.")).toBeVisible();
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
  await screen.findByText("Nobody needs you right now.");
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
