import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { MessageTemplate } from "../../bindings";
import { type Core, openApp, refuse } from "../../testing/app";
import { aTemplate, page } from "../../testing/fixtures";

test("a template is shown filled in, and put away", async () => {
  const { asked } = await openApp("/plans/templates", {
    listMessageTemplates: () => page(aTemplate),
    archiveMessageTemplate: () => aTemplate,
  });
  const card = await screen.findByRole("region", { name: "Welcome" });
  expect(within(card).getByText("Hi Anna")).toBeVisible();
  await userEvent.click(within(card).getByRole("button", { name: "Archive" }));
  expect(asked).toHaveBeenCalledWith("archiveMessageTemplate", { id: "t1" });
});

test("a new template is written", async () => {
  const { asked } = await openApp("/plans/templates", {
    listMessageTemplates: () => page<MessageTemplate>(),
    createMessageTemplate: () => aTemplate,
  });
  await screen.findByText("No template yet.");
  await userEvent.click(screen.getAllByRole("button", { name: "New template" })[0] as HTMLElement);
  const dialog = await screen.findByRole("dialog");
  await userEvent.type(within(dialog).getByRole("textbox", { name: "Name of the template" }), "Bye");
  await userEvent.type(within(dialog).getByLabelText("Text"), "Bye");
  await userEvent.click(within(dialog).getByRole("button", { name: "Save" }));
  await waitFor(() =>
    expect(asked).toHaveBeenCalledWith("createMessageTemplate", {
      name: "Bye",
      locale: null,
      messageType: "text",
      content: { text: "Bye" },
      furtherMessages: [],
      quickReplies: [],
    }),
  );
});

test("a template is inserted into a step as a copy", async () => {
  const quickReplies = [{ type: "message" as const, label: "Thanks", text: "Thank you" }];
  await openApp("/plans/new", { listMessageTemplates: () => page({ ...aTemplate, quickReplies }) });
  const step = await screen.findByRole("region", { name: "Step 1" });
  await userEvent.click(within(step).getByRole("button", { name: "Insert a template" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Welcome (ไทย)" }));
  expect(within(step).getByLabelText("Text")).toHaveValue("Hi {{patient.nickname}}");
  expect(within(step).getAllByRole("group", { name: /^Message/ })).toHaveLength(1);
  expect(within(step).getByRole("button", { name: "Remove the quick reply Thanks" })).toBeVisible();
});

async function changed(core: Core) {
  const opened = await openApp("/plans/templates", { listMessageTemplates: () => page(aTemplate), ...core });
  await userEvent.click(await screen.findByRole("button", { name: "Edit" }));
  const dialog = within(await screen.findByRole("dialog"));
  const name = dialog.getByRole("textbox", { name: "Name of the template" });
  await userEvent.clear(name);
  await userEvent.type(name, "Hello");
  await userEvent.click(dialog.getByRole("button", { name: "Save" }));
  return { ...opened, dialog };
}

test("a template is changed, unless somebody else changed it meanwhile", async () => {
  const { asked } = await changed({ updateMessageTemplate: () => aTemplate });
  await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  expect(asked).toHaveBeenCalledWith(
    "updateMessageTemplate",
    expect.objectContaining({ id: "t1", name: "Hello", unchangedSince: aTemplate.updatedAt }),
  );
});

test("a template whose change is refused stays open with what is wrong", async () => {
  const { dialog } = await changed({ updateMessageTemplate: refuse("somebody else changed this meanwhile") });
  expect(await dialog.findByRole("alert")).toHaveTextContent("somebody else changed this meanwhile");
  expect(dialog.getByRole("textbox", { name: "Name of the template" })).toHaveValue("Hello");
});
