import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import type { Protocol, Trigger } from "../../bindings";
import { openApp } from "../../testing/app";
import { aProtocol } from "../../testing/fixtures";

const onDay = (startDay: number): Trigger => ({ type: "scheduled", value: "09:00", startDay, days: 1 });

const [first] = aProtocol.steps;
const step = (name: string, trigger: Trigger): Protocol["steps"] =>
  first ? [{ ...first, id: name, name, trigger }] : [];

async function open(...steps: Protocol["steps"]) {
  const app = await openApp("/plans/c1/edit", {
    getProtocol: () => ({ ...aProtocol, steps }),
    updateProtocol: () => aProtocol,
  });
  const ruler = within(await screen.findByRole("navigation", { name: "Days of the plan" }));
  const days = () => ruler.getAllByRole("listitem").map((day) => day.textContent);
  return { ...app, ruler, days };
}

const IN_ORDER = [...step("Hello", onDay(0)), ...step("Check", onDay(1)), ...step("Rest", onDay(3))];

test("the days of the plan are told in their order, with the steps of each", async () => {
  const { ruler, days } = await open(
    ...step("Hello", onDay(0)),
    ...step("Rest", onDay(3)),
    ...step("Check", onDay(1)),
  );
  expect(days()).toEqual(["Day 0, the start1. Hello", "Day 13. Check", "Day 32. Rest"]);
  await userEvent.click(ruler.getByRole("button", { name: "2. Rest" }));
  expect(screen.getByRole("region", { name: "Step 2" })).toHaveFocus();
});

test("a step is moved a day at a time by its buttons; the cursor and the order of the steps go with it", async () => {
  const { asked, ruler, days } = await open(...IN_ORDER);
  await userEvent.click(ruler.getByRole("button", { name: "2. Check: a day later" }));
  expect(days()).toEqual(["Day 0, the start1. Hello", "Day 22. Check", "Day 33. Rest"]);
  expect(ruler.getByRole("button", { name: "2. Check: a day later" })).toHaveFocus();
  await userEvent.keyboard("{Enter}");
  fireEvent.keyDown(document.activeElement ?? document.body, { key: "ArrowDown", altKey: true });
  expect(days()).toEqual(["Day 0, the start1. Hello", "Day 32. Rest", "Day 43. Check"]);
  expect(ruler.getByRole("button", { name: "1. Hello: a day earlier" })).toBeDisabled();
  await userEvent.click(screen.getByRole("button", { name: "Save as new version" }));
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith(
      "updateProtocol",
      expect.objectContaining({
        steps: [
          expect.objectContaining({ name: "Hello", trigger: onDay(0) }),
          expect.objectContaining({ name: "Rest", trigger: onDay(3) }),
          expect.objectContaining({ name: "Check", trigger: onDay(4) }),
        ],
      }),
    ),
  );
});

test("several days' moving is taken back at once, by Ctrl+Z, to the day and the place it had", async () => {
  const { ruler, days } = await open(...IN_ORDER);
  const before = days();
  for (let n = 0; n < 4; n += 1)
    await userEvent.click(ruler.getByRole("button", { name: /^\d\. Check: a day later$/ }));
  expect(days()).toEqual(["Day 0, the start1. Hello", "Day 32. Rest", "Day 53. Check"]);
  // A notice that goes is there until it has faded.
  await waitFor(() => expect(screen.getAllByRole("button", { name: "Undo" })).toHaveLength(1));
  expect(screen.getByText("3. Check moved to Day 5.")).toBeVisible();
  await userEvent.keyboard("{Control>}z{/Control}");
  expect(days()).toEqual(before);
});

/** Where nothing is laid out, each stretch of the ruler is 100 high. */
function layOut() {
  const parts = () => [...document.querySelectorAll("[data-from]")];
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockImplementation(function (this: HTMLElement) {
    return new DOMRect(0, parts().indexOf(this) * 100, 200, 100);
  });
}

const gripOf = (name: string) => {
  const grip = screen.getByRole("button", { name }).closest("[data-mark]")?.querySelector(".grip");
  if (!grip) throw new Error(`${name} has no grip`);
  return grip;
};

test("a step is carried along the ruler to a day on which nothing begins yet", async () => {
  const { days } = await open(...IN_ORDER);
  layOut();
  fireEvent.pointerDown(gripOf("2. Check"), { button: 0, clientY: 110 });
  // Days 0, 1, 2 and 3 stand above, a hundred each: half of days 4 to 29 is left behind.
  fireEvent.pointerUp(gripOf("2. Check"), { clientY: 450 });
  expect(days()).toEqual(["Day 0, the start1. Hello", "Day 32. Rest", "Day 173. Check"]);
  vi.restoreAllMocks();
});

test("Escape leaves a step that is carried where it was", async () => {
  const { days } = await open(...IN_ORDER);
  const before = days();
  layOut();
  fireEvent.pointerDown(gripOf("2. Check"), { button: 0, clientY: 110 });
  fireEvent.keyDown(window, { key: "Escape" });
  fireEvent.pointerUp(gripOf("2. Check"), { clientY: 450 });
  expect(days()).toEqual(before);
  vi.restoreAllMocks();
});

test("a delay keeps its hours on another day, and is never none", async () => {
  const { ruler, days } = await open(
    ...step("Short", { type: "delay", value: "1d12h" }),
    ...step("Long", { type: "delay", value: "2d" }),
  );
  await userEvent.click(ruler.getByRole("button", { name: "1. Short: a day earlier" }));
  await userEvent.click(ruler.getByRole("button", { name: "2. Long: a day earlier" }));
  expect(days()).toEqual(["Day 0, the start1. Short", "Day 12. Long"]);
  expect(screen.getByText("12 hours after the start")).toBeVisible();
  expect(ruler.getByRole("button", { name: "2. Long: a day earlier" })).toBeDisabled();
});

test("a step without a day is not moved, and says why", async () => {
  const { ruler, days } = await open(...step("Weekly", { type: "recurring", value: "0 9 * * 1" }));
  const before = days();
  expect(ruler.queryByRole("button", { name: "1. Weekly: a day later" })).toBeNull();
  await userEvent.click(ruler.getByRole("button", { name: "1. Weekly: why it is not moved to another day" }));
  const why = "This step comes on days of the week, so it has no day of the plan to be moved to.";
  expect((await screen.findAllByText(why)).length).toBeGreaterThan(0);
  expect(days()).toEqual(before);
});
