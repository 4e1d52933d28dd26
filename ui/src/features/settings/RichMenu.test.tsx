import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { RichMenu } from "../../bindings";
import { noMenu, openApp } from "../../testing/app";
import { theSettings } from "../../testing/fixtures";

const on: RichMenu = {
  ...noMenu,
  state: "on",
  wanted: true,
  since: "2026-11-24T02:10:00.000Z",
  seenAt: "2026-11-24T03:10:00.000Z",
};

async function card(menu: RichMenu) {
  const app = await openApp("/settings", {
    getSettings: () => theSettings,
    richMenu: () => menu,
    richMenuOn: () => ({ ...menu, state: "starting", wanted: true }),
    richMenuOff: () => ({ ...menu, state: "stopping", wanted: false }),
  });
  const heading = await screen.findByRole("heading", { name: "Menu in the chat" });
  return { ...app, card: within(heading.closest("section") as HTMLElement) };
}

test("a menu that is off is switched on", async () => {
  const { asked, card: section } = await card(noMenu);
  expect(await section.findByText("It is off: patients see no menu.")).toBeVisible();
  await userEvent.click(section.getByRole("button", { name: "Switch the menu on" }));
  expect(asked).toHaveBeenCalledWith("richMenuOn", {});
});

test("a menu that is on says since when, what LINE last said and who waits for it", async () => {
  const { asked, card: section } = await card({ ...on, waiting: 3 });
  expect(await section.findByText(/^It is on since /)).toBeVisible();
  expect(section.getByText(/^LINE last said that it is there: /)).toBeVisible();
  expect(section.getByText("3 patients are not shown it in their language yet.")).toBeVisible();
  await userEvent.click(section.getByRole("button", { name: "Switch the menu off" }));
  expect(asked).toHaveBeenCalledWith("richMenuOff", {});
});

test("what LINE refuses is said, and never that the menu is on", async () => {
  const refused = { trouble: "Not allowed", troubleStatus: 403 };
  const { card: section } = await card({ ...on, state: "failed", ...refused, since: null });
  expect(await section.findByText(/LINE did not let it be done: Not allowed/)).toBeVisible();
  expect(section.queryByText(/It is on since/)).toBeNull();
});

test("where LINE could not be reached, that is said in the reader's words", async () => {
  const lost = { trouble: "no connection", troubleStatus: null };
  const { card: section } = await card({ ...on, state: "failed", ...lost, since: null });
  expect(await section.findByText(/LINE did not let it be done: LINE could not be reached/)).toBeVisible();
});

test("a clinic without a telephone is told that nobody can call by it", async () => {
  const { card: section } = await card({ ...noMenu, withCall: false });
  expect(await section.findByText(/no button to call you/)).toBeVisible();
  expect(section.getByRole("link", { name: "Enter the telephone" })).toHaveAttribute(
    "href",
    "/settings#clinic",
  );
});
