import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { Protocol, Trigger } from "../../bindings";
import { openApp, refuse } from "../../testing/app";
import { aPatient, aProtocol, page } from "../../testing/fixtures";

const onDay = (startDay: number): Trigger => ({ type: "scheduled", value: "09:00", startDay, days: 1 });

const [first] = aProtocol.steps;
const step = (name: string, trigger: Trigger): Protocol["steps"] =>
  first ? [{ ...first, id: name, name, trigger }] : [];

const STEPS = [...step("Hello", onDay(0)), ...step("Rest", onDay(3)), ...step("Check", onDay(1))];

/** The editor with three steps, the last one of an earlier day than the second. */
async function open() {
  const app = await openApp("/plans/c1/edit", {
    getProtocol: () => ({ ...aProtocol, steps: STEPS }),
    updateProtocol: refuse("one field needs another value", [
      { field: "steps[2].content.text", message: "must not be empty", code: "empty" },
    ]),
  });
  // One step is drawn after the other.
  await waitFor(() => expect(document.querySelectorAll(".step-body")).toHaveLength(3));
  const names = () => screen.getAllByRole("heading", { level: 3 }).map((heading) => heading.textContent);
  const act = (n: number, name: string) =>
    within(screen.getByRole("region", { name: `Step ${n}` })).getByRole("button", { name });
  return { ...app, names, act };
}

test("a step is moved by its buttons and by the keyboard, and the cursor goes with it", async () => {
  const { names, act } = await open();
  await userEvent.click(act(3, "Move up"));
  expect(names()).toEqual(["1. Hello", "2. Check", "3. Rest"]);
  expect(act(2, "Move up")).toHaveFocus();
  fireEvent.keyDown(screen.getByRole("region", { name: "Step 2" }), { key: "ArrowUp", altKey: true });
  expect(names()).toEqual(["1. Check", "2. Hello", "3. Rest"]);
});

test("a step is dragged to another place by its grip", async () => {
  const { names } = await open();
  const regions = () => screen.getAllByRole("region", { name: /^Step \d/ });
  // Where nothing is laid out, each card is given a place of its own.
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockImplementation(function (this: HTMLElement) {
    const n = regions().indexOf(this);
    return new DOMRect(0, n * 100, 300, 100);
  });
  const grip = regions()[0]?.querySelector(".grip");
  if (!grip) throw new Error("there is no grip");
  fireEvent.pointerDown(grip, { button: 0, clientY: 10 });
  for (const field of screen.getAllByLabelText("Name of the step")) expect(field).not.toBeVisible();
  fireEvent.pointerUp(grip, { clientY: 290 });
  expect(names()).toEqual(["1. Rest", "2. Check", "3. Hello"]);
  for (const field of screen.getAllByLabelText("Name of the step")) expect(field).toBeVisible();
  vi.restoreAllMocks();
});

test("the steps are put in the order of their days", async () => {
  const { names } = await open();
  await userEvent.click(screen.getByRole("button", { name: "Put the steps in the order of their days" }));
  expect(names()).toEqual(["1. Hello", "2. Check", "3. Rest"]);
  expect(screen.queryByRole("button", { name: "Put the steps in the order of their days" })).toBeNull();
});

test("a step that is removed comes back by Undo, at its place and as it was", async () => {
  const { names, act } = await open();
  await userEvent.click(act(2, "Remove step"));
  expect(names()).toEqual(["1. Hello", "2. Check"]);
  await userEvent.click(await screen.findByRole("button", { name: "Undo" }));
  expect(names()).toEqual(["1. Hello", "2. Rest", "3. Check"]);
});

test("a copy of a step is one of its own", async () => {
  const { names, act } = await open();
  await userEvent.click(act(1, "Duplicate step"));
  expect(names()).toEqual(["1. Hello", "2. Hello", "3. Rest", "4. Check"]);
  const copy = screen.getByRole("region", { name: "Step 2" });
  expect(copy).toHaveFocus();
  fireEvent.change(within(copy).getByLabelText("Text"), { target: { value: "Another" } });
  const original = screen.getByRole("region", { name: "Step 1" });
  expect(within(original).getByLabelText("Text")).toHaveValue("Rest well today.");
});

test("a folded step says when it comes and what it says, and opens where something is to be mended", async () => {
  await open();
  await userEvent.click(screen.getByRole("button", { name: "Fold all" }));
  const third = screen.getByRole("region", { name: "Step 3" });
  expect(within(third).getByText("On day 1, at 09:00")).toBeVisible();
  expect(within(third).getByText("Rest well today.")).toBeVisible();
  expect(within(third).queryByLabelText("Text")).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Save as new version" }));
  await userEvent.click(await screen.findByRole("button", { name: "1 thing to mend" }));
  expect(within(third).getByLabelText("Text")).toHaveFocus();
  expect(screen.getByRole("img", { name: "To be mended" })).toBeVisible();
});

test("whether anything is unsaved is said beside the way to save it", async () => {
  await open();
  const bar = screen.getByRole("region", { name: "Saving" });
  expect(within(bar).getByText("No unsaved changes")).toBeVisible();
  fireEvent.change(screen.getByRole("textbox", { name: "Name of the care plan" }), {
    target: { value: "B" },
  });
  await waitFor(() => expect(within(bar).getByText("Unsaved changes")).toBeVisible());
});

test("the phone shows a step as a chosen patient reads it, in their language where it has a text", async () => {
  const th = {
    messageType: "text" as const,
    content: { text: "สวัสดี {{patient.name}}" },
    furtherMessages: [],
  };
  await openApp("/plans/c1/edit", {
    getProtocol: () => ({
      ...aProtocol,
      sender: { name: "Nurse Nok" },
      steps: aProtocol.steps.map((one) => ({
        ...one,
        content: { text: "Hi {{patient.name}}" },
        translations: { th },
      })),
    }),
    listPatients: () => page(aPatient),
    getSettings: refuse("no settings here"),
  });
  const phone = await screen.findByRole("group", { name: "As the phone shows it" });
  expect(within(phone).getByText("Hi Anna Miller")).toBeVisible();
  expect(within(phone).getByText("Nurse Nok")).toBeVisible();
  await userEvent.click(screen.getByRole("combobox", { name: "As read by" }));
  await userEvent.click(await screen.findByRole("option", { name: "Somchai Jaidee · ไทย" }));
  expect(within(phone).getByText("สวัสดี Somchai Jaidee")).toBeVisible();
  expect(screen.getByText("The text in ไทย.")).toBeVisible();
});
