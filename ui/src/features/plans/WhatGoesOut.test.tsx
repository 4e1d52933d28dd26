import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Preview, PreviewedTime, Protocol, Trigger } from "../../bindings";
import { DAY_MS } from "../../lib/units";
import { openApp, refuse } from "../../testing/app";
import { aPatient, aProtocol, page } from "../../testing/fixtures";

const onDay = (startDay: number, value: string): Trigger => ({ type: "scheduled", value, startDay, days: 1 });
const [first] = aProtocol.steps;
const step = (name: string, trigger: Trigger): Protocol["steps"] =>
  first ? [{ ...first, id: name, name, trigger }] : [];
const STEPS = [...step("Hello", onDay(0, "21:30")), ...step("Rest", onDay(2, "09:00"))];

/** 21:30 in Bangkok lies in the quiet hours there. */
const LATE: PreviewedTime = {
  step: 0,
  dueAt: "2026-11-24T14:30:00.000Z",
  goesAt: "2026-11-25T01:00:00.000Z",
  silently: false,
};
const THEN: PreviewedTime = {
  step: 1,
  dueAt: "2026-11-26T02:00:00.000Z",
  goesAt: "2026-11-26T02:00:00.000Z",
  silently: false,
};

const answer = (...items: PreviewedTime[]): Preview => ({ items, timeZone: "Asia/Bangkok", more: false });

const open = (previewProtocol: (input: { triggers: Trigger[] }) => Preview) =>
  openApp("/plans/c1/edit", {
    getProtocol: () => ({ ...aProtocol, steps: STEPS }),
    listPatients: () => page(aPatient),
    previewProtocol,
  });

const stepNamed = (name: string) => screen.findByRole("region", { name });

test("a trigger is told with the dates the core keeps, and what waits for the end of quiet hours", async () => {
  await open(({ triggers }) => (triggers.length === 1 ? answer(LATE) : answer()));
  const card = await stepNamed("Step 1");
  expect(
    await within(card).findByText("Next, for someone who starts now: Tue, 24 Nov 2026, 21:30"),
  ).toBeVisible();
  expect(within(card).getByText("21:30 lies in the quiet hours: it goes out at 08:00.")).toBeVisible();
});

test("what goes out without a sound is said to", async () => {
  await open(() => answer({ ...THEN, silently: true }));
  const card = await stepNamed("Step 1");
  expect(
    await within(card).findByText("09:00 lies in the quiet hours: it arrives without a sound."),
  ).toBeVisible();
});

test("nothing is asked of a trigger that does not say when, and its last dates go", async () => {
  const { asked } = await open(() => answer(THEN));
  const card = await stepNamed("Step 1");
  await within(card).findByText(/^Next, for someone who starts now/);
  fireEvent.change(within(card).getByLabelText("Time 1"), { target: { value: "" } });
  expect(within(card).queryByText(/^Next, for someone/)).toBeNull();
  await new Promise((rest) => setTimeout(rest, 600));
  const values = asked.mock.calls
    .filter(([name]) => name === "previewProtocol")
    .map(([, { triggers }]) => triggers[0].value);
  expect(new Set(values)).toEqual(new Set(["21:30", "09:00"]));
});

test("dates that are not known are told quietly, and nothing else is kept from being written", async () => {
  await open(refuse("not now"));
  const card = await stepNamed("Step 1");
  expect(await within(card).findByText("The next dates are not known just now.")).toBeVisible();
  expect(screen.queryByRole("alert")).toBeNull();
});

test("all that goes out stands day by day, at the time it goes, and leads to its step", async () => {
  await open(({ triggers }) => (triggers.length === 2 ? answer(LATE, THEN) : answer()));
  const panel = await screen.findByRole("region", { name: "What goes out when" });
  await userEvent.click(within(panel).getByRole("button", { name: "Show day by day" }));
  const day = await within(panel).findByRole("heading", { level: 3, name: /^Wednesday,? 25 November 2026/ });
  const rows = within(panel).getAllByRole("listitem");
  expect(rows.map((row) => row.textContent)).toEqual([
    "08:001. Hellodue 21:30, waits for the end of quiet hours",
    "09:002. Rest",
  ]);
  expect(day).toBeVisible();
  await userEvent.click(within(panel).getByRole("button", { name: "2. Rest" }));
  expect(screen.getByRole("region", { name: "Step 2" })).toHaveFocus();
});

test("the days are those from another start, for a chosen patient", async () => {
  const { asked } = await open(() => answer(THEN));
  const panel = await screen.findByRole("region", { name: "What goes out when" });
  await userEvent.click(within(panel).getByRole("button", { name: "Show day by day" }));
  // No day that stands there already: the start that is proposed goes with today.
  const day = new Date(Date.now() + 8 * DAY_MS).toISOString().slice(0, 10);
  fireEvent.change(await within(panel).findByLabelText("Starts on"), { target: { value: day } });
  await userEvent.click(within(panel).getByRole("combobox", { name: "For whom" }));
  await userEvent.click(await screen.findByRole("option", { name: /^Somchai Jaidee/ }));
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith(
      "previewProtocol",
      expect.objectContaining({
        triggers: STEPS.map(({ trigger }) => trigger),
        startAt: `${day}T02:00:00.000Z`,
        patientId: aPatient.id,
      }),
    ),
  );
});

test("days are not told before each step says when it comes", async () => {
  await open(() => answer(THEN));
  const panel = await screen.findByRole("region", { name: "What goes out when" });
  await userEvent.click(within(panel).getByRole("button", { name: "Show day by day" }));
  await within(panel).findByRole("listitem");
  const card = await stepNamed("Step 2");
  fireEvent.change(await within(card).findByLabelText("Time 1"), { target: { value: "" } });
  expect(await within(panel).findByText("It is not said yet when step 2 comes.")).toBeVisible();
  expect(within(panel).queryByRole("listitem")).toBeNull();
});
