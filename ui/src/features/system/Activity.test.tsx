import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import type { AuditEntry, ListActivity } from "../../bindings";
import { type Core, openApp, refuse } from "../../testing/app";
import { aHealth, aJobsStats, anAuditEntry, page } from "../../testing/fixtures";
import { MAX_FILE_ROWS } from "./activityFile";

const { saveText } = vi.hoisted(() => ({ saveText: vi.fn() }));
vi.mock("../../lib/download", () => ({ saveText }));
beforeEach(() => saveText.mockClear());

const core: Core = {
  jobsHealth: () => aHealth,
  jobsStats: () => aJobsStats,
  deliveryStats: refuse("not now"),
  listBackups: refuse("not now"),
  lookAtCleanup: () => ({ completedJobs: 0, failedJobs: 0 }),
  listAudit: () => page(anAuditEntry),
};

const entries = (count: number): AuditEntry[] =>
  Array.from({ length: count }, (_, n) => ({ ...anAuditEntry, id: `e${n}`, actor: "Nok" }));

/** Pages for ever, each as long as was asked for. */
const endless = ({ limit }: ListActivity) => ({ items: entries(Number(limit)), nextCursor: "more" });

const theFile = (): string => saveText.mock.calls[0]?.[1] ?? "";

test("the activity is narrowed by the address, to an act, to somebody and to days", async () => {
  const { asked } = await openApp("/system?act=sending.pause&who=Nok&from=2026-11-01&to=2026-11-24", core);
  expect(await screen.findByLabelText("What was done")).toHaveDisplayValue("Sending paused");
  expect(screen.getByLabelText("Who")).toHaveDisplayValue("Nok");
  expect(screen.getByLabelText("From")).toHaveAccessibleDescription("Sunday, 1 November 2026");
  expect(asked).toHaveBeenCalledWith(
    "listAudit",
    expect.objectContaining({ action: "sending.pause", actor: "Nok", from: "2026-11-01", to: "2026-11-24" }),
  );
});

test("what is chosen stands in the address, and is cleared together", async () => {
  const { address } = await openApp("/system", core);
  await userEvent.selectOptions(await screen.findByLabelText("What was done"), "Sending paused");
  await userEvent.selectOptions(await screen.findByLabelText("Who"), "Clinicue by itself");
  fireEvent.change(screen.getByLabelText("Until"), { target: { value: "2569-11-24" } });
  await waitFor(() => expect(address()).toBe("/system?act=sending.pause&who=Clinicue&to=2026-11-24"));
  await userEvent.click(screen.getByRole("button", { name: "Clear filters" }));
  expect(address()).toBe("/system");
  expect(screen.queryByRole("button", { name: "Clear filters" })).toBeNull();
});

test("a day is taken back by emptying its field", async () => {
  const { address } = await openApp("/system?from=2026-11-01", core);
  fireEvent.change(await screen.findByLabelText("From"), { target: { value: "" } });
  await waitFor(() => expect(address()).toBe("/system"));
});

test("nothing that matches is said with the way back, and nothing at all without", async () => {
  await openApp("/system?who=Ploy", {
    ...core,
    listAudit: ({ actor }) => (actor ? page() : page(anAuditEntry)),
  });
  const said = await screen.findByText("Nothing that was done matches these filters.");
  expect(screen.queryByRole("table", { name: "Activity" })).toBeNull();
  expect(screen.queryByRole("button", { name: "Export" })).toBeNull();
  const clear = within(said.parentElement ?? document.body).getByRole("button", { name: "Clear filters" });
  await userEvent.click(clear);
  expect(await screen.findByRole("table", { name: "Activity" })).toBeVisible();
});

test("nothing was done yet", async () => {
  await openApp("/system", { ...core, listAudit: () => page() });
  expect(await screen.findByText("Nothing was done yet.")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Clear filters" })).toBeNull();
});

test("a log longer than what was looked through says whose names are offered", async () => {
  await openApp("/system", { ...core, listAudit: endless });
  expect(await screen.findByText("Names of the last 200 acts")).toBeVisible();
  expect(screen.getByRole("option", { name: "Nok" })).toBeInTheDocument();
});

test("all that matches is exported, page by page, as a file a spreadsheet reads", async () => {
  const first = { ...anAuditEntry, actor: "=Nok" };
  const listAudit = ({ cursor }: ListActivity) =>
    cursor ? page({ ...anAuditEntry, id: "e2", actor: "Clinicue" }) : { items: [first], nextCursor: "c2" };
  const { asked } = await openApp("/system?act=sending.pause", { ...core, listAudit });
  await userEvent.click(await screen.findByRole("button", { name: "Export" }));
  expect(await screen.findByText("2 rows exported.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith(
    "listAudit",
    expect.objectContaining({ action: "sending.pause", limit: "200", cursor: "c2" }),
  );
  expect(saveText).toHaveBeenCalledWith(expect.stringMatching(/^activity-.*\.csv$/), theFile(), "text/csv");
  const [head, one, other] = theFile().split("\r\n");
  expect(head).toBe("\uFEFFTime at the clinic,Time in UTC,Who,What was done,What changed,Id");
  expect(one).toMatch(/^2026-11-24 \d\d:\d\d,2026-11-24T.*,'=Nok,Sending paused,/);
  expect(other).toContain(",Clinicue by itself,");
});

test("a file of too many rows is cut, and says so", async () => {
  await openApp("/system", { ...core, listAudit: endless });
  await userEvent.click(await screen.findByRole("button", { name: "Export" }));
  expect(await screen.findByText(/^The file has the newest 10,000 rows alone/)).toBeVisible();
  expect(theFile().trimEnd().split("\r\n")).toHaveLength(1 + MAX_FILE_ROWS);
});

test("an export says how far it is, and stopped it makes no file", async () => {
  let goOn = () => {};
  const listAudit = async (input: ListActivity) => {
    if (input.cursor)
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
    return endless(input);
  };
  await openApp("/system", { ...core, listAudit: listAudit as unknown as Core["listAudit"] });
  await userEvent.click(await screen.findByRole("button", { name: "Export" }));
  expect(await screen.findByText("200 rows read so far.")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Stop" }));
  goOn();
  expect(await screen.findByText("Stopped: there is no file.")).toBeVisible();
  expect(saveText).not.toHaveBeenCalled();
});

test("an export that fails says why", async () => {
  const listAudit = ({ limit }: ListActivity) =>
    Number(limit) === 200 ? refuse("the log is being moved")() : page(anAuditEntry);
  await openApp("/system", { ...core, listAudit });
  await userEvent.click(await screen.findByRole("button", { name: "Export" }));
  expect(await screen.findByText("the log is being moved")).toBeVisible();
});
