import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { FieldProblem, Protocol } from "../../bindings";
import { openApp, refuse } from "../../testing/app";
import { aProtocol } from "../../testing/fixtures";

const empty = (field: string): FieldProblem => ({ field, message: "must not be empty", code: "empty" });

/** The editor, after the core refused these fields. */
async function refused(steps: Partial<Protocol["steps"][number]>, fields: FieldProblem[]) {
  await openApp("/plans/c1/edit", {
    getProtocol: () => ({ ...aProtocol, steps: aProtocol.steps.map((step) => ({ ...step, ...steps })) }),
    updateProtocol: refuse("fields need another value", fields),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Save as new version" }));
  return within(await screen.findByRole("alert"));
}

const TWO = { furtherMessages: [{ messageType: "text" as const, content: { text: "" } }] };

test("what is refused is named in staff's words, each once, and leads to its field", async () => {
  const path = "steps[0].furtherMessages[0].content.text";
  const alert = await refused(TWO, [empty(path), empty(path), empty("sender.name")]);
  expect(alert.getAllByRole("listitem").map((item) => item.textContent)).toEqual([
    "Step 1, message 2: must not be empty",
    "Name of the sender: must not be empty",
  ]);
  await userEvent.click(alert.getByRole("button", { name: /message 2/ }));
  const message = screen.getByRole("group", { name: "Message 2" });
  expect(within(message).getByLabelText("Text")).toHaveFocus();
});

test("what is wrong in another language leads there, too", async () => {
  const ja = { messageType: "text" as const, content: { text: "" }, furtherMessages: [] };
  const alert = await refused({ translations: { ja } }, [empty("steps[0].translations.ja.content.text")]);
  await userEvent.click(alert.getByRole("button", { name: "Step 1, 日本語, message 1: must not be empty" }));
  expect(screen.getByLabelText("Language of the messages")).toHaveValue("ja");
  await waitFor(() => expect(screen.getByLabelText("Text")).toHaveFocus());
});

test("all that is wrong in a layout stands at its field, with the place in it", async () => {
  const layout = { messageType: "flex" as const, content: { altText: "Hi", contents: { type: "bubble" } } };
  await refused(layout, [
    empty("steps[0].content.contents.body"),
    { field: "steps[0].content.contents.size", message: "is missing", code: "missing" },
  ]);
  expect(await screen.findByText("line 1, body must not be empty; line 1, size is missing")).toBeVisible();
});

test("of a time of day the very field is marked", async () => {
  const trigger = { type: "scheduled" as const, value: "09:00", startDay: 0, days: 3 };
  const alert = await refused({ trigger }, [empty("steps[0].trigger.days")]);
  await userEvent.click(alert.getByRole("button", { name: "Step 1, When: must not be empty" }));
  expect(screen.getByLabelText("For days")).toHaveFocus();
});

test("a value that two buttons share is said at the button that can be mended", async () => {
  const button = { label: "Yes", value: "yes", action: "complete" as const };
  const step = { requiresFeedback: true, feedback: { question: "?", buttons: [button, button] } };
  const alert = await refused(step, [empty("steps[0].feedback.buttons[1].value")]);
  await userEvent.click(alert.getByRole("button", { name: "Step 1, Button 2: must not be empty" }));
  await waitFor(() => expect(screen.getByLabelText("Button 2")).toHaveFocus());
});
