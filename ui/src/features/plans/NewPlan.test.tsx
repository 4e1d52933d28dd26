import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { CheckedSteps } from "../../bindings";
import { type Core, openApp, refuse } from "../../testing/app";
import { aProtocol, aProtocolSummary, page } from "../../testing/fixtures";
import { fileOf } from "./planFile";

const checked: CheckedSteps = { lineCheckedAt: null };
const choose = (core: Core = {}) =>
  openApp("/plans/choose", { listProtocols: () => page(aProtocolSummary), ...core });
// By its label: to look through all roles of an editor of six steps takes seconds.
const name = () => screen.findByLabelText(/^Name of the care plan/);

// Six steps with their forms: the test's browser lays each text field out anew, which takes seconds.
const SIX_STEPS_MS = 120_000;

test(
  "an example opens in the language of the patients, and is saved as a draft",
  async () => {
    const { asked, address } = await choose({
      createProtocol: () => aProtocol,
      getProtocol: () => aProtocol,
    });
    expect(await screen.findByText("Examples: have a clinician check")).toBeVisible();
    await userEvent.selectOptions(screen.getByLabelText("Language of the messages"), "ja");
    const card = within(await screen.findByRole("region", { name: "歯の治療のあと" }));
    await userEvent.click(card.getByRole("link", { name: "Use this example" }));
    expect(await name()).toHaveValue("歯の治療のあと");
    expect(address()).toBe("/plans/new?example=dental&language=ja");
    expect(screen.getByText("Example: have a clinician check")).toBeVisible();
    expect(screen.getByText("Not saved yet")).toBeVisible();
    expect(asked).not.toHaveBeenCalledWith("createProtocol", expect.anything());
    await userEvent.click(screen.getByText("Save draft"));
    await waitFor(() =>
      expect(asked).toHaveBeenCalledWith(
        "createProtocol",
        expect.objectContaining({ name: "歯の治療のあと", description: expect.stringContaining("見本") }),
      ),
    );
  },
  SIX_STEPS_MS,
);

test("there are six examples to begin from, and a blank page", async () => {
  await choose();
  const links = await screen.findAllByRole("link", { name: "Use this example" });
  expect(links).toHaveLength(6);
  expect(screen.getByRole("link", { name: "Begin with one empty step" })).toHaveAttribute(
    "href",
    "/plans/new",
  );
});

test("a copy has the same steps and another name, and is saved as a plan of its own", async () => {
  const { asked } = await openApp("/plans/new?copy=c1", {
    getProtocol: () => aProtocol,
    createProtocol: () => ({ ...aProtocol, id: "c9" }),
  });
  expect(await name()).toHaveValue("Copy of After surgery");
  expect(screen.getByText("Not saved yet")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Save draft" }));
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith(
      "createProtocol",
      expect.objectContaining({
        name: "Copy of After surgery",
        description: "Three days of rest",
        steps: [expect.objectContaining({ name: "First day", content: { text: "Rest well today." } })],
      }),
    ),
  );
  expect(asked).not.toHaveBeenCalledWith("updateProtocol", expect.anything());
});

test("one of the plans is chosen to be duplicated", async () => {
  const other = { ...aProtocolSummary, id: "c2", name: "Teeth" };
  await choose({ listProtocols: () => page(aProtocolSummary, other) });
  await userEvent.selectOptions(await screen.findByLabelText("Care plan"), "Teeth");
  expect(screen.getByRole("link", { name: "Duplicate" })).toHaveAttribute("href", "/plans/new?copy=c2");
});

async function bring(text: string, core: Core = {}) {
  const app = await choose({ checkSteps: () => checked, ...core });
  await screen.findByRole("button", { name: "File of a care plan" });
  const input = document.querySelector<HTMLInputElement>('input[type="file"]');
  if (input) await userEvent.upload(input, new File([text], "plan.json", { type: "application/json" }));
  return app;
}

test("a file opens in the editor and is looked at by the core, and nothing is saved", async () => {
  const { asked, address } = await bring(fileOf(aProtocol), {
    checkSteps: refuse("one field needs another value", [
      { field: "steps[0].content.text", message: "must not be empty", code: "empty" },
    ]),
  });
  expect(await name()).toHaveValue("After surgery");
  expect(address()).toBe("/plans/new");
  expect(await screen.findByText("Step 1, message 1: must not be empty")).toBeVisible();
  expect(screen.getByText("Not saved yet")).toBeVisible();
  expect(asked).not.toHaveBeenCalledWith("createProtocol", expect.anything());
});

test("a file of the wrong form says where, and nothing is opened", async () => {
  const plan = JSON.parse(fileOf(aProtocol));
  plan.steps[0].trigger = { type: "soon" };
  plan.steps[0].colour = "red";
  const { address } = await bring(JSON.stringify(plan, null, 2));
  const alert = await screen.findByRole("alert", { name: "Nothing was imported" });
  expect(alert).toHaveTextContent(
    "Step 1, line 11, trigger.type: takes immediate, delay, scheduled, recurring",
  );
  expect(alert).toHaveTextContent("colour: has no place in the file of a care plan");
  expect(address()).toBe("/plans/choose");
});

test.each([
  ['{"format":"clinicue-care-plan",', "The file is damaged: line 1 cannot be read."],
  ["[]", "This is no file of a care plan."],
  ['{"format":"clinicue-care-plan","version":9}', "This file is from a newer Clinicue."],
])("a file that is none is told: %s", async (text, words) => {
  await bring(text);
  expect(await screen.findByText(words, { exact: false })).toBeVisible();
});
