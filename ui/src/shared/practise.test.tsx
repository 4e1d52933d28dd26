import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { openApp, Refusal } from "../testing/app";
import { aStatus, page, theSettings } from "../testing/fixtures";

const { goTo } = vi.hoisted(() => ({ goTo: vi.fn() }));
vi.mock("../lib/practise", async (original) => ({
  ...(await original<typeof import("../lib/practise")>()),
  goTo,
}));

Element.prototype.scrollIntoView = () => {};

const real = { ...aStatus, practice: false };
const getSettings = () => theSettings;
/** The one of the settings; the others are in the frame. */
const open = async () => {
  const section = (await screen.findByRole("heading", { name: "Practice clinic" })).closest("section");
  return within(section as HTMLElement).getByRole("button", { name: "Open the practice clinic" });
};

test("the practice clinic is opened by its link, at the name one came by and in one's language", async () => {
  await openApp("/settings", {
    getSettings,
    status: () => real,
    openPractice: () => ({ link: "http://127.0.0.1:5555/signin?code=c" }),
  });
  await userEvent.click(await open());
  await waitFor(() => expect(goTo).toHaveBeenCalledWith("http://localhost:5555/signin?code=c&lang=en"));
  // Who comes back is told how the real clinic differs.
  expect(localStorage.getItem("clinicue.practised")).toBe("true");
});

test("a practice clinic that cannot be opened says why", async () => {
  await openApp("/settings", {
    getSettings,
    status: () => real,
    openPractice: () => {
      const refusal = { code: "practiceNotOpened" as const, error: "no room on the disk" };
      throw new Refusal({ code: "unavailable", status: 503, title: "", detail: "", errors: [], refusal });
    },
  });
  await userEvent.click(await open());
  expect(
    await screen.findByText("the practice clinic could not be opened: no room on the disk"),
  ).toBeVisible();
});

/** What the search everywhere offers to do. */
async function offeredTo(role: "viewer" | "operator") {
  await openApp("/plans", {
    status: () => ({ ...real, role }),
    listProtocols: () => page(),
    listPatients: () => page(),
  });
  await screen.findByRole("heading", { level: 1, name: "Care plans" });
  await userEvent.keyboard("{Control>}k{/Control}");
  const found = await screen.findByRole("listbox", { name: "What is found" });
  return within(found)
    .queryAllByRole("option")
    .map((one) => one.textContent);
}

test("it is opened from everywhere, by those who may", async () => {
  expect(await offeredTo("operator")).toContain("Open the practice clinic");
});

test("whoever only looks is not offered it", async () => {
  expect(await offeredTo("viewer")).not.toContain("Open the practice clinic");
});

test("in the practice clinic there is a way back to the real one, and in practice mode alone none", async () => {
  await openApp("/settings", {
    getSettings,
    status: () => ({ ...aStatus, practice: true, practiceHome: "http://127.0.0.1:4180" }),
  });
  const back = await screen.findAllByRole("link", { name: "Back to the real clinic" });
  expect(back[0]).toHaveAttribute("href", "http://localhost:4180/");
  expect(screen.queryByRole("button", { name: "Open the practice clinic" })).toBeNull();
});
