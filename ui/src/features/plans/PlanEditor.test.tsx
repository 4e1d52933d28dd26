import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { openApp, refuse } from "../../testing/app";
import { aProtocol } from "../../testing/fixtures";

test("a new plan begins with one step, and is saved as a draft", async () => {
  const { asked, address } = await openApp("/plans/new", {
    createProtocol: () => aProtocol,
    getProtocol: () => aProtocol,
  });
  await userEvent.type(
    await screen.findByRole("textbox", { name: "Name of the care plan" }),
    "After surgery",
  );
  const step = screen.getByRole("region", { name: "Step 1" });
  await userEvent.click(within(step).getByRole("radio", { name: "Some time after the start" }));
  await userEvent.type(await within(step).findByLabelText("How long after the start"), "2");
  await userEvent.type(within(step).getByLabelText("Text"), "Rest well.");
  expect(within(step).getByText("2 days after the start")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Save draft" }));
  await waitFor(() => expect(address()).toBe("/plans/c1"));
  expect(asked).toHaveBeenCalledWith(
    "createProtocol",
    expect.objectContaining({
      name: "After surgery",
      steps: [
        expect.objectContaining({ trigger: { type: "delay", value: "2d" }, content: { text: "Rest well." } }),
      ],
    }),
  );
});

test("a step asks by buttons, as the phone beside it shows", async () => {
  await openApp("/plans/new", {});
  const step = await screen.findByRole("region", { name: "Step 1" });
  await userEvent.click(within(step).getByLabelText("Ask for an answer"));
  await userEvent.type(await within(step).findByLabelText("Button 1"), "All is well");
  expect(within(step).getByRole("button", { name: "All is well" })).toBeVisible();
  const meanings = within(within(step).getByLabelText("What the press means")).getAllByRole("option");
  expect(meanings.map((option) => option.textContent)).toEqual(["Done", "Ask later", "Skip"]);
});

test("a button lets the patient choose a day, and only what goes with it is saved", async () => {
  const { asked } = await openApp("/plans/new", { createProtocol: () => aProtocol });
  const step = await screen.findByRole("region", { name: "Step 1" });
  await userEvent.type(screen.getByRole("textbox", { name: "Name of the care plan" }), "Visits");
  await userEvent.click(within(step).getByLabelText("Ask for an answer"));
  await userEvent.type(await within(step).findByLabelText("Button 1"), "Choose a day");
  await userEvent.selectOptions(within(step).getByLabelText("The patient chooses"), "a day and a time");
  await userEvent.type(within(step).getByLabelText("From time"), "09:00");
  await userEvent.selectOptions(within(step).getByLabelText("The patient chooses"), "a day");
  await userEvent.type(within(step).getByLabelText("From day"), "1");
  await userEvent.type(within(step).getByLabelText("Until day"), "30");
  await userEvent.click(screen.getByRole("button", { name: "Save draft" }));
  const button = {
    label: "Choose a day",
    value: "Choose a day",
    action: "complete",
    picker: { mode: "date", minDays: 1, maxDays: 30 },
  };
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith(
      "createProtocol",
      expect.objectContaining({
        steps: [expect.objectContaining({ feedback: expect.objectContaining({ buttons: [button] }) })],
      }),
    ),
  );
});

test("a press in a message with buttons of its own may call staff", async () => {
  const { asked } = await openApp("/plans/new", { createProtocol: () => aProtocol });
  const step = await screen.findByRole("region", { name: "Step 1" });
  const calls = "A press of a button in this message calls staff";
  expect(within(step).queryByLabelText(calls)).toBeNull();
  await userEvent.selectOptions(within(step).getByLabelText("Kind of message"), "Buttons, or cards to swipe");
  await userEvent.click(await within(step).findByLabelText(calls));
  await userEvent.type(screen.getByRole("textbox", { name: "Name of the care plan" }), "Visits");
  await userEvent.click(screen.getByRole("button", { name: "Save draft" }));
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith(
      "createProtocol",
      expect.objectContaining({ steps: [expect.objectContaining({ pressCallsStaff: true })] }),
    ),
  );
});

test("a published plan is saved as a new version over what was seen", async () => {
  const { asked } = await openApp("/plans/c1/edit", {
    getProtocol: () => aProtocol,
    updateProtocol: refuse("somebody changed it meanwhile"),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Save as new version" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("somebody changed it meanwhile");
  expect(asked).toHaveBeenCalledWith(
    "updateProtocol",
    expect.objectContaining({ id: "c1", unchangedSince: aProtocol.updatedAt }),
  );
});

test("a plan that is not there", async () => {
  await openApp("/plans/c1/edit", { getProtocol: refuse("there is no protocol c1") });
  expect(await screen.findByRole("alert")).toHaveTextContent("there is no protocol c1");
});

test("what LINE would refuse stands at its field, in LINE's words", async () => {
  const { asked } = await openApp("/plans/new", {
    checkSteps: refuse("one field needs another value", [
      { field: "steps[0].content.text", message: "May not be empty", code: "refusedByLine" },
    ]),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Check with LINE" }));
  const step = screen.getByRole("region", { name: "Step 1" });
  expect(await within(step).findByText("LINE says: May not be empty")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("checkSteps", {
    steps: [expect.objectContaining({ messageType: "text" })],
  });
});

test("nobody reads that LINE has looked where it could not be asked", async () => {
  await openApp("/plans/new", { checkSteps: () => ({ lineCheckedAt: null }) });
  await userEvent.click(await screen.findByRole("button", { name: "Check with LINE" }));
  expect(await screen.findByText(/LINE could not be asked/)).toBeVisible();
});

test("what came of a check is not said of what was changed after it", async () => {
  await openApp("/plans/new", { checkSteps: () => ({ lineCheckedAt: aProtocol.updatedAt }) });
  await userEvent.click(await screen.findByRole("button", { name: "Check with LINE" }));
  expect(await screen.findByText("LINE would take every message.")).toBeVisible();
  fireEvent.change(screen.getByLabelText("Text"), { target: { value: "Another" } });
  await waitFor(() => expect(screen.queryByText("LINE would take every message.")).toBeNull());
});

test("a variable is written where the cursor stands, and the phone shows it filled in", async () => {
  const { asked } = await openApp("/plans/new", { createProtocol: () => aProtocol });
  const step = await screen.findByRole("region", { name: "Step 1" });
  const text = within(step).getByLabelText<HTMLTextAreaElement>("Text");
  await userEvent.type(text, "Hi !");
  text.setSelectionRange(3, 3);
  const [insert] = within(step).getAllByRole("button", { name: "Insert a variable" });
  await userEvent.click(insert as HTMLElement);
  await userEvent.click(await screen.findByRole("menuitem", { name: "Name of the patient" }));
  expect(text).toHaveValue("Hi {{patient.name}}!");
  expect(within(step).getByText("Hi Anna Miller!")).toBeVisible();
  await userEvent.type(screen.getByRole("textbox", { name: "Name of the care plan" }), "Rest");
  await userEvent.click(screen.getByRole("button", { name: "Save draft" }));
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith(
      "createProtocol",
      expect.objectContaining({
        steps: [expect.objectContaining({ content: { text: "Hi {{patient.name}}!" } })],
      }),
    ),
  );
});

test("the lock screen is offered no variable that says who the patient is", async () => {
  await openApp("/plans/new", {});
  const step = await screen.findByRole("region", { name: "Step 1" });
  await userEvent.selectOptions(within(step).getByLabelText("Kind of message"), "Buttons, or cards to swipe");
  await within(step).findByLabelText("Text for the lock screen");
  const [lockScreen] = within(step).getAllByRole("button", { name: "Insert a variable" });
  await userEvent.click(lockScreen as HTMLElement);
  expect(await screen.findByRole("menuitem", { name: "Name of the clinic" })).toBeVisible();
  expect(screen.queryByRole("menuitem", { name: "Name of the patient" })).toBeNull();
});

test("a step sends several messages in the order staff give them", async () => {
  const { asked } = await openApp("/plans/new", { createProtocol: () => aProtocol });
  const step = await screen.findByRole("region", { name: "Step 1" });
  await userEvent.type(within(step).getByLabelText("Text"), "first");
  await userEvent.click(within(step).getByRole("button", { name: "Add a message to it" }));
  const second = within(step).getByRole("group", { name: "Message 2" });
  await userEvent.type(within(second).getByLabelText("Text"), "second");
  expect(within(step).getByText("They go together and count as one of the month's messages.")).toBeVisible();
  await userEvent.click(within(second).getByRole("button", { name: "Message up" }));
  await userEvent.type(screen.getByRole("textbox", { name: "Name of the care plan" }), "Two");
  await userEvent.click(screen.getByRole("button", { name: "Save draft" }));
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith(
      "createProtocol",
      expect.objectContaining({
        steps: [
          expect.objectContaining({
            content: { text: "second" },
            furtherMessages: [{ messageType: "text", content: { text: "first" } }],
          }),
        ],
      }),
    ),
  );
});

test("a step has a text per language, which begins as a copy and can be removed", async () => {
  const { asked } = await openApp("/plans/new", { createProtocol: () => aProtocol });
  const step = await screen.findByRole("region", { name: "Step 1" });
  const write = (label: string, value: string) =>
    fireEvent.change(within(step).getByLabelText(label), { target: { value } });
  write("Text", "Rest well.");
  await userEvent.click(within(step).getByLabelText("Ask for an answer"));
  await within(step).findByLabelText("Question");
  write("Question", "All well?");
  write("Button 1", "Yes");
  const language = within(step).getByLabelText("Language of the messages");
  await userEvent.selectOptions(language, "ja");
  expect(await within(step).findByText(/^Nothing is written in 日本語/)).toBeVisible();
  await userEvent.click(within(step).getByRole("button", { name: "Write it in 日本語" }));
  expect(within(step).getByLabelText("Text")).toHaveValue("Rest well.");
  write("Text", "お大事に");
  write("Question", "大丈夫ですか");
  write("Yes", "はい");
  expect(within(step).getByRole("button", { name: "はい" })).toBeVisible();
  await userEvent.selectOptions(language, "th");
  await userEvent.click(within(step).getByRole("button", { name: "Write it in ไทย" }));
  await userEvent.click(within(step).getByRole("button", { name: "Remove the text in ไทย" }));
  expect(within(step).getByText(/^Nothing is written in ไทย/)).toBeVisible();
  await userEvent.selectOptions(language, "All other languages");
  expect(within(step).getByLabelText("Text")).toHaveValue("Rest well.");
  fireEvent.change(screen.getByRole("textbox", { name: "Name of the care plan" }), {
    target: { value: "Rest" },
  });
  await userEvent.click(screen.getByRole("button", { name: "Save draft" }));
  const ja = {
    messageType: "text",
    content: { text: "お大事に" },
    furtherMessages: [],
    quickReplies: [],
    feedback: { question: "大丈夫ですか", buttons: [{ value: "Yes", label: "はい" }] },
  };
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith(
      "createProtocol",
      expect.objectContaining({ steps: [expect.objectContaining({ translations: { ja } })] }),
    ),
  );
});

test("what is wrong in a language that is not on the screen is told beside the choice", async () => {
  await openApp("/plans/c1/edit", {
    getProtocol: () => ({
      ...aProtocol,
      steps: aProtocol.steps.map((step) => ({
        ...step,
        translations: { ja: { messageType: "text", content: { text: "" }, furtherMessages: [] } },
      })),
    }),
    updateProtocol: refuse("one field needs another value", [
      { field: "steps[0].translations.ja.content.text", message: "must not be empty", code: "empty" },
    ]),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Save as new version" }));
  const step = screen.getByRole("region", { name: "Step 1" });
  expect(await within(step).findByText("To be mended in: 日本語")).toBeVisible();
  await userEvent.selectOptions(within(step).getByLabelText("Language of the messages"), "ja");
  expect(await within(step).findByText("must not be empty")).toBeVisible();
});

test("quick replies are added as chips, shown on the phone beside the question, and taken away", async () => {
  const { asked } = await openApp("/plans/new", { createProtocol: () => aProtocol });
  const step = await screen.findByRole("region", { name: "Step 1" });
  const editor = within(step).getByRole("group", { name: "Quick replies" });
  const label = within(editor).getByLabelText("What stands on the quick reply");
  const add = async (what: string, text: string) => {
    await userEvent.selectOptions(within(editor).getByLabelText("What the patient does with it"), what);
    fireEvent.change(label, { target: { value: text } });
    await userEvent.click(within(editor).getByRole("button", { name: "Add quick reply" }));
  };
  fireEvent.change(label, { target: { value: "A label of more than twenty" } });
  expect(within(editor).getByText("At most 20 characters.")).toBeVisible();
  expect(within(editor).getByRole("button", { name: "Add quick reply" })).toBeDisabled();
  await add("says it", "I am fine");
  await add("takes a picture", "A picture");
  await add("chooses a day", "Another day");
  await userEvent.click(within(editor).getByRole("button", { name: "Remove the quick reply I am fine" }));
  const shown = within(step).getAllByRole("list", { name: "Quick replies" });
  expect(shown).toHaveLength(2);
  for (const list of shown)
    expect(
      within(list)
        .getAllByRole("listitem")
        .map((chip) => chip.textContent),
    ).toEqual(["A picture", "Another day"]);
  fireEvent.change(screen.getByRole("textbox", { name: "Name of the care plan" }), {
    target: { value: "Rest" },
  });
  await userEvent.click(screen.getByRole("button", { name: "Save draft" }));
  const quickReplies = [
    { type: "camera", label: "A picture" },
    { type: "postback", label: "Another day", picker: { mode: "date" } },
  ];
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith(
      "createProtocol",
      expect.objectContaining({ steps: [expect.objectContaining({ quickReplies })] }),
    ),
  );
});

test("a step comes on chosen weekdays, at times of different minutes", async () => {
  const { asked } = await openApp("/plans/new", { createProtocol: () => aProtocol });
  const step = await screen.findByRole("region", { name: "Step 1" });
  expect(within(step).queryByText(/cron/i)).toBeNull();
  await userEvent.click(within(step).getByRole("radio", { name: "On chosen weekdays" }));
  await userEvent.type(screen.getByRole("textbox", { name: "Name of the care plan" }), "Weekly");
  await userEvent.click(screen.getByRole("button", { name: "Save draft" }));
  expect(await within(step).findByText("Choose a day of the week.")).toBeVisible();
  expect(asked).not.toHaveBeenCalledWith("createProtocol", expect.anything());
  await userEvent.click(within(step).getByRole("checkbox", { name: "Mon" }));
  await userEvent.click(within(step).getByRole("checkbox", { name: "Fri" }));
  fireEvent.change(within(step).getByLabelText("Time 1"), { target: { value: "09:00" } });
  await userEvent.click(within(step).getByRole("button", { name: "Add a time" }));
  fireEvent.change(within(step).getByLabelText("Time 2"), { target: { value: "17:30" } });
  expect(within(step).getByText("Every Monday, Friday, at 09:00, 17:30")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Save draft" }));
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith(
      "createProtocol",
      expect.objectContaining({
        steps: [
          expect.objectContaining({
            trigger: { type: "scheduled", value: "09:00,17:30", weekdays: ["mon", "fri"] },
          }),
        ],
      }),
    ),
  );
});

test("cards to swipe are written in a form: what one card's buttons are, all cards have", async () => {
  const { asked } = await openApp("/plans/new", { createProtocol: () => aProtocol });
  const step = await screen.findByRole("region", { name: "Step 1" });
  const write = (where: HTMLElement, label: string, value: string) =>
    fireEvent.change(within(where).getByLabelText(label), { target: { value } });
  await userEvent.selectOptions(within(step).getByLabelText("Kind of message"), "Buttons, or cards to swipe");
  await userEvent.click(await within(step).findByRole("radio", { name: "Cards to swipe" }));
  write(step, "Text for the lock screen", "Two visits");
  await userEvent.click(within(step).getByRole("button", { name: "Add card" }));
  for (const [card, words, label] of [
    ["Card 1", "On Monday", "Monday"],
    ["Card 2", "A label of more than twenty", "Friday is a day that is too long"],
  ] as const) {
    const here = within(step).getByRole("group", { name: card });
    write(here, "Words", words);
    write(here, "On the button", label);
  }
  const second = within(step).getByRole("group", { name: "Card 2" });
  expect(within(second).getByText("At most 20 characters.")).toBeVisible();
  write(second, "On the button", "Friday");
  expect(within(second).queryByText("At most 20 characters.")).toBeNull();
  expect(within(second).getByText("6 / 20")).toBeVisible();
  fireEvent.change(screen.getByRole("textbox", { name: "Name of the care plan" }), {
    target: { value: "A" },
  });
  await userEvent.click(screen.getByRole("button", { name: "Save draft" }));
  const column = (text: string, label: string) => ({
    text,
    actions: [{ type: "message", label, text: label }],
  });
  const template = {
    type: "carousel",
    columns: [column("On Monday", "Monday"), column("A label of more than twenty", "Friday")],
  };
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith(
      "createProtocol",
      expect.objectContaining({
        steps: [expect.objectContaining({ content: { altText: "Two visits", template } })],
      }),
    ),
  );
});

test("what the core refuses of a button stands at the button, and is named as staff say it", async () => {
  const says = (label: string) => ({ type: "message", label, text: label });
  const template = { type: "confirm", text: "Coming?", actions: [says("Yes"), says("No")] };
  await openApp("/plans/c1/edit", {
    getProtocol: () => ({
      ...aProtocol,
      steps: aProtocol.steps.map((step) => ({
        ...step,
        messageType: "template" as const,
        content: { altText: "Coming?", template },
      })),
    }),
    updateProtocol: refuse("one field needs another value", [
      { field: "steps[0].content.template.actions[1].label", message: "", code: "empty" },
    ]),
  });
  await userEvent.click(await screen.findByRole("button", { name: "Save as new version" }));
  await userEvent.click(
    await screen.findByRole("button", { name: "Step 1, message 1, Button 2: must not be empty" }),
  );
  const button = screen.getByRole("group", { name: "Button 2" });
  expect(within(button).getByLabelText("On the button")).toHaveFocus();
});
