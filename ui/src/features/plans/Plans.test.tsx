import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { openApp, refuse } from "../../testing/app";
import { aProtocol, aProtocolSummary, aStatus, page } from "../../testing/fixtures";

test("the care plans as cards", async () => {
  await openApp("/plans", { listProtocols: () => page(aProtocolSummary) });
  const link = await screen.findByRole("link", { name: "After surgery" });
  expect(link).toHaveAttribute("href", "/plans/c1");
  const card = within(screen.getByRole("region", { name: "After surgery" }));
  expect(card.getByText("1 step")).toBeVisible();
  expect(card.getByText("Version 2")).toBeVisible();
});

test("the number of follow-ups that run on a plan leads to them", async () => {
  const unused = { ...aProtocolSummary, id: "c2", name: "Unused", activeAssignments: 0 };
  const { asked, address } = await openApp("/plans", {
    listProtocols: () => page(aProtocolSummary, unused),
    listAssignments: () => page(),
    countAssignments: () => ({ assigned: 1, active: 3, paused: 2, completed: 0, cancelled: 0 }),
  });
  const card = within(await screen.findByRole("region", { name: "Unused" }));
  expect(card.getByText("0 running follow-ups")).toBeVisible();
  expect(card.queryByRole("link", { name: "0 running follow-ups" })).toBeNull();
  await userEvent.click(screen.getByRole("link", { name: "3 running follow-ups" }));
  await waitFor(() => expect(address()).toBe("/follow-ups?plan=c1"));
  // The list opens with those that the plan counts: what runs.
  expect(await screen.findByRole("radio", { name: "Running 3" })).toBeChecked();
  expect(asked).toHaveBeenCalledWith(
    "listAssignments",
    expect.objectContaining({ protocolId: "c1", status: "active" }),
  );
});

test("a card offers a copy and a file, and to whom it may, the archive", async () => {
  const saved: [name: string, file: Blob][] = [];
  vi.spyOn(URL, "createObjectURL").mockImplementation((file) => {
    if (file instanceof Blob) saved.push(["", file]);
    return "blob:file";
  });
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    const last = saved.at(-1);
    if (last) last[0] = this.download;
  });
  const { asked } = await openApp("/plans", {
    listProtocols: () => page(aProtocolSummary),
    getProtocol: () => aProtocol,
    archiveProtocol: () => aProtocol,
  });
  const card = within(await screen.findByRole("region", { name: "After surgery" }));
  expect(card.getByRole("link", { name: "Duplicate" })).toHaveAttribute("href", "/plans/new?copy=c1");
  await userEvent.click(card.getByRole("button", { name: "Export" }));
  await waitFor(() => expect(saved).toHaveLength(1));
  const [[name, file] = []] = saved;
  expect(name).toBe("After surgery v2.json");
  expect(JSON.parse((await file?.text()) ?? "")).toMatchObject({ format: "clinicue-care-plan", version: 1 });
  await userEvent.click(card.getByRole("button", { name: "Archive" }));
  const dialog = await screen.findByRole("dialog", { name: "Archive After surgery" });
  expect(dialog).toHaveTextContent("3 follow-ups run with it");
  expect(within(dialog).getByRole("button", { name: "Close" })).toBeVisible();
  await userEvent.click(within(dialog).getByRole("button", { name: "Archive" }));
  await waitFor(() => expect(asked).toHaveBeenCalledWith("archiveProtocol", { id: "c1" }));
  vi.restoreAllMocks();
});

test("whoever only looks is offered the file alone", async () => {
  await openApp("/plans", {
    status: () => ({ ...aStatus, role: "viewer" }),
    listProtocols: () => page(aProtocolSummary),
  });
  const card = within(await screen.findByRole("region", { name: "After surgery" }));
  expect(card.getByRole("button", { name: "Export" })).toBeVisible();
  expect(card.queryByRole("button", { name: "Archive" })).toBeNull();
  expect(card.queryByRole("link", { name: "Duplicate" })).toBeNull();
});

test("what is archived stands apart, and the address says so", async () => {
  const old = { ...aProtocolSummary, id: "c2", name: "Old one", status: "archived" as const, actions: [] };
  const { address } = await openApp("/plans", { listProtocols: () => page(aProtocolSummary, old) });
  expect(await screen.findByRole("region", { name: "After surgery" })).toBeVisible();
  expect(screen.queryByRole("region", { name: "Old one" })).toBeNull();
  await userEvent.click(screen.getByRole("radio", { name: "Archived (1)" }));
  expect(await screen.findByRole("region", { name: "Old one" })).toBeVisible();
  expect(screen.queryByRole("region", { name: "After surgery" })).toBeNull();
  expect(address()).toBe("/plans?show=archived");
});

test("a card in sight says how long its plan goes on", async () => {
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(readonly seen: (entries: object[]) => void) {}
      observe() {
        setTimeout(() => this.seen([{ isIntersecting: true }]));
      }
      disconnect() {}
    },
  );
  const [step] = aProtocol.steps;
  const trigger = { type: "scheduled" as const, value: "09:00", startDay: 3, days: 5 };
  await openApp("/plans", {
    listProtocols: () => page(aProtocolSummary),
    getProtocol: () => ({ ...aProtocol, steps: step ? [step, { ...step, id: "s2", trigger }] : [] }),
  });
  expect(await screen.findByText("Goes on until day 7")).toBeVisible();
  vi.unstubAllGlobals();
});

test("no care plan yet", async () => {
  await openApp("/plans", { listProtocols: () => page() });
  expect(await screen.findByText("No care plan yet.")).toBeVisible();
});

test("what the core refuses is said", async () => {
  await openApp("/plans", { listProtocols: refuse("the list is being mended") });
  expect(await screen.findByRole("alert")).toHaveTextContent("the list is being mended");
});

test("a plan shows its steps as patients see them, and is activated", async () => {
  const draft = {
    ...aProtocol,
    status: "draft" as const,
    actions: ["activate" as const],
    published: false,
  };
  const { asked } = await openApp("/plans/c1", {
    getProtocol: () => draft,
    activateProtocol: () => aProtocol,
  });
  expect(await screen.findByText("Rest well today.")).toBeVisible();
  expect(screen.getByText("As soon as the follow-up starts")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Activate" }));
  expect(await screen.findByText("The care plan can be used now.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("activateProtocol", { id: "c1" });
});

test("a plan that is not there", async () => {
  await openApp("/plans/c1", { getProtocol: refuse("there is no protocol c1") });
  expect(await screen.findByRole("alert")).toHaveTextContent("there is no protocol c1");
});

test("a plan shows its steps in each language that has a text of its own", async () => {
  const translations = {
    ja: { messageType: "text" as const, content: { text: "お大事に" }, furtherMessages: [] },
  };
  const plan = { ...aProtocol, steps: aProtocol.steps.map((step) => ({ ...step, translations })) };
  const { address } = await openApp("/plans/c1", { getProtocol: () => plan });
  const choice = await screen.findByLabelText("Language of the messages");
  expect([...choice.querySelectorAll("option")].map((o) => o.textContent)).toEqual([
    "All other languages",
    "日本語",
  ]);
  await userEvent.selectOptions(choice, "ja");
  expect(await screen.findByText("お大事に")).toBeVisible();
  expect(address()).toBe("/plans/c1?language=ja");
});

test("an archived plan is offered no act, and a draft can be put away", async () => {
  const draft = { ...aProtocol, status: "draft" as const, actions: ["activate", "archive"] as const };
  await openApp("/plans/c1", { getProtocol: () => ({ ...draft, actions: [...draft.actions] }) });
  expect(await screen.findByRole("button", { name: "Archive" })).toBeVisible();
  expect(screen.queryByRole("link", { name: "Edit" })).toBeNull();
});

test("a plan is archived once it was said what that means", async () => {
  const { asked } = await openApp("/plans/c1", {
    getProtocol: () => aProtocol,
    archiveProtocol: () => ({ ...aProtocol, status: "archived", actions: [] }),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Archive" }));
  const dialog = await screen.findByRole("dialog", { name: "Archive After surgery" });
  expect(dialog).toHaveTextContent("3 follow-ups run with it and go on to the end.");
  expect(dialog).toHaveTextContent("until it is brought back");
  expect(asked).not.toHaveBeenCalledWith("archiveProtocol", { id: "c1" });
  await userEvent.click(within(dialog).getByRole("button", { name: "Archive" }));
  expect(asked).toHaveBeenCalledWith("archiveProtocol", { id: "c1" });
  expect(await screen.findByText("After surgery is archived.")).toBeVisible();
});

test("a plan that cannot be archived says why", async () => {
  await openApp("/plans/c1", {
    getProtocol: () => aProtocol,
    archiveProtocol: refuse("it is being changed"),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Archive" }));
  const dialog = await screen.findByRole("dialog", { name: "Archive After surgery" });
  await userEvent.click(within(dialog).getByRole("button", { name: "Archive" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("it is being changed");
});

test("whoever only looks is offered no act on a plan", async () => {
  await openApp("/plans/c1", {
    status: () => ({ ...aStatus, role: "viewer" }),
    getProtocol: () => aProtocol,
  });
  expect(await screen.findByText("Rest well today.")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Archive" })).toBeNull();
  expect(screen.queryByRole("link", { name: "Edit" })).toBeNull();
});
