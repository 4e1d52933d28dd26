import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import type { Role } from "../bindings";
import { chooseLocale } from "../i18n";
import { type Core, openApp, Refusal, refuse } from "../testing/app";
import { aStatus, page, theSettings } from "../testing/fixtures";
import { screens } from "./screens";

afterEach(() => {
  vi.useRealTimers();
});

const as = (role: Role, more = {}): Core => ({
  status: () => ({ ...aStatus, role, ...more }),
  listProtocols: () => page(),
});
const menu = async () =>
  within(await screen.findByRole("navigation", { name: "Screens" })).getAllByRole("link");
const addresses = async () => (await menu()).map((link) => link.getAttribute("href"));
const inMenu = screens
  .filter((route) => route.options.staticData?.screen?.Icon)
  .map((route) => route.fullPath);

test("the menu has the screens a role may see, and how many need somebody", async () => {
  await openApp(
    "/plans",
    as("operator", { worklistOpen: 3, needsAttention: 2, held: 1, practice: false, sending: "running" }),
  );
  expect(await addresses()).toEqual(inMenu.filter((path) => path !== "/phone" && path !== "/settings"));
  expect(screen.getByRole("link", { name: "People who need you 6 things to look at" })).toBeVisible();
});

test("an administrator in practice mode sees all of them", async () => {
  await openApp("/plans", as("admin"));
  expect(await addresses()).toEqual(inMenu);
});

test("an address that a role may not see says so, and asks the core for nothing of it", async () => {
  const { asked } = await openApp("/settings", { ...as("operator"), getSettings: () => theSettings });
  expect(await screen.findByText("You are not allowed to do this")).toBeVisible();
  expect(asked).not.toHaveBeenCalledWith("getSettings", {});
});

test("without a session there is only the way in", async () => {
  await openApp("/", {
    status: () => {
      throw new Refusal({ code: "unauthenticated", status: 401, title: "", detail: "sign in" });
    },
  });
  expect(await screen.findByRole("heading", { name: "Sign in to Clinicue" })).toBeVisible();
  expect(screen.queryByRole("navigation")).toBeNull();
});

test("a paused clinic says since when, and goes on at a click", async () => {
  const paused = { sending: "paused" as const, sendingSince: "2026-11-24T03:12:00.000Z" };
  const { asked } = await openApp("/plans", { ...as("operator", paused), resumeSending: () => aStatus });
  expect(await screen.findByText("Paused · 10:12")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Send again" }));
  expect(asked).toHaveBeenCalledWith("resumeSending", {});
});

test("one screen of the menu is marked as the current one", async () => {
  await openApp("/plans/templates", { ...as("operator"), listMessageTemplates: () => page() });
  await screen.findByRole("heading", { level: 1, name: "Message templates" });
  const current = within(screen.getByRole("navigation", { name: "Screens" })).getAllByRole("link", {
    current: "page",
  });
  expect(current.map((link) => link.textContent)).toEqual(["Message templates"]);
});

test("an address that no screen has says so in the reader's language", async () => {
  await openApp("/nothing/here", as("operator"));
  expect(await screen.findByRole("heading", { level: 1, name: "There is no such page" })).toBeVisible();
  await chooseLocale("zh-TW");
  expect(await screen.findByRole("heading", { level: 1, name: "沒有這個頁面" })).toBeVisible();
});

test("the eye of a secret field is named in the reader's language", async () => {
  await openApp("/settings", { ...as("admin"), getSettings: () => theSettings });
  await screen.findByRole("heading", { level: 1, name: "Settings" });
  await chooseLocale("ja");
  expect(await screen.findAllByRole("button", { name: "入力した文字を表示または隠す" })).toHaveLength(2);
});

test("all sending is paused at a click, and what is refused is said", async () => {
  const { asked } = await openApp("/plans", { ...as("operator"), pauseSending: refuse("not now") });
  await userEvent.click(await screen.findByRole("button", { name: "Pause all sending" }));
  expect(asked).toHaveBeenCalledWith("pauseSending", {});
  expect(await screen.findByText("not now")).toBeVisible();
});

test("whoever only looks is offered nothing that changes anything", async () => {
  await openApp("/plans", as("viewer"));
  expect(await screen.findByText("No care plan yet.")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Pause all sending" })).toBeNull();
  expect(screen.queryByRole("link", { name: "New care plan" })).toBeNull();
});

test("practice stays in sight beside any other state, and who paused is said in words", async () => {
  const paused = {
    practice: true,
    sending: "paused" as const,
    pausedBy: "Nok",
    sendingSince: "2026-11-24T03:12:00.000Z",
  };
  await openApp("/plans", as("operator", paused));
  expect(await screen.findByText("Practice mode")).toBeVisible();
  expect(screen.getByText("Paused by Nok")).toBeInTheDocument();
});

test("practice stays in sight beside trouble that stops nothing", async () => {
  const trouble = { practice: true, sending: "practice" as const, alertCode: "noBackup" as const };
  await openApp("/plans", as("operator", trouble));
  expect(await screen.findByText("Something is wrong")).toBeVisible();
  expect(screen.getByText("Practice mode")).toBeVisible();
});

test("a state in a short form has all its words for who hears it, and beside it", async () => {
  const stopped = {
    sending: "cannot_write" as const,
    sendingSince: "2026-11-24T03:12:00.000Z",
    sendingTrouble: null,
  };
  await openApp("/plans", as("operator", stopped));
  const all = "Sending stopped: cannot record · 10:12";
  const pill = await screen.findByText(all);
  expect(screen.getByText("Sending stopped")).toHaveAttribute("aria-hidden");
  await userEvent.hover(pill);
  expect(await screen.findByRole("tooltip")).toHaveTextContent(all);
});

test("a screen that lost the connection says of when it is, and shows no state as if it were known", async () => {
  let gone = false;
  const { said } = await openApp("/plans", {
    ...as("operator", { sending: "running" }),
    status: () => {
      if (gone) throw new Error("nobody answers");
      return { ...aStatus, practice: false, sending: "running" as const };
    },
  });
  expect(await screen.findByText("Sending")).toBeVisible();
  await new Promise((resolve) => setTimeout(resolve, 2_100));
  gone = true;
  said("status");
  expect(await screen.findByText(/^As of \d\d:\d\d, trying again$/)).toBeVisible();
  expect(screen.queryByText("Sending")).toBeNull();
  expect(screen.queryByRole("button", { name: "Pause all sending" })).toBeNull();
});

test("a program that does not answer is said to, and asked again", async () => {
  let gone = true;
  await openApp("/plans", {
    ...as("operator"),
    status: () => {
      if (gone) throw new Error("nobody answers");
      return aStatus;
    },
  });
  const again = await screen.findByRole("button", { name: "Try again" });
  // Asked again it says so still, and not nothing.
  await userEvent.click(again);
  expect(again).toBeVisible();
  gone = false;
  await userEvent.click(again);
  expect(await screen.findByRole("heading", { level: 1, name: "Care plans" })).toBeVisible();
});

/** A core that has been asked and answers nothing; fetch never ends. */
const silence = () => new Promise<never>(() => {});

test("a page that waits for its first answer is not blank for long", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  let isSilent = true;
  const status = () => (isSilent ? silence() : aStatus);
  await openApp("/plans", { ...as("operator"), status: status as Core["status"] });
  await vi.advanceTimersByTimeAsync(4_000);
  const again = await screen.findByRole("button", { name: "Try again" });
  isSilent = false;
  // The first answer is still waited for: asking anew waits for it no longer.
  fireEvent.click(again);
  expect(await screen.findByRole("heading", { level: 1, name: "Care plans" })).toBeVisible();
});

test("a screen whose answer never comes says so, and is asked anew", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  let isSilent = true;
  const list = () => (isSilent ? silence() : page());
  await openApp("/plans", { ...as("viewer"), listProtocols: list as Core["listProtocols"] });
  await screen.findByRole("heading", { level: 1, name: "Care plans" });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await screen.findByText("Clinicue did not answer within 20 s.")).toBeVisible();
  isSilent = false;
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("No care plan yet.")).toBeVisible();
});

test("a state whose answer never comes is not said as if it were so", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  let isSilent = false;
  const sending = { ...aStatus, practice: false, sending: "running" as const };
  const status = () => (isSilent ? silence() : sending);
  await openApp("/plans", { ...as("operator"), status: status as Core["status"] });
  expect(await screen.findByText("Sending")).toBeVisible();
  isSilent = true;
  // It is asked every 15 s, and waited for for 20.
  await vi.advanceTimersByTimeAsync(36_000);
  expect(await screen.findByText(/^As of \d\d:\d\d, trying again$/)).toBeVisible();
});

test("an act without an answer says that nobody knows, and everything is looked at again", async () => {
  const pauseSending = () => {
    throw new Error("nobody answers");
  };
  const { asked } = await openApp("/plans", { ...as("operator"), pauseSending });
  const pause = await screen.findByRole("button", { name: "Pause all sending" });
  const looked = () => asked.mock.calls.filter(([name]) => name === "status").length;
  const before = looked();
  await userEvent.click(pause);
  expect(await screen.findByText(/^No answer came, so it is not known whether this was done/)).toBeVisible();
  await waitFor(() => expect(looked()).toBeGreaterThan(before));
});
