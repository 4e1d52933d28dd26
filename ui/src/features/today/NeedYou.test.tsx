import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { WorkItem } from "../../bindings";
import { openApp } from "../../testing/app";
import { aDay, aJobsStats, aStatus, aWorkItem, page, theSettings } from "../../testing/fixtures";

const entries = ["w1", "w2", "w3", "w4", "w5"].map((id): WorkItem => ({ ...aWorkItem, id }));
const never = () => new Promise(() => {}) as never;

/** The part of those who need a person, of whom the status knows the number. */
async function needYou(worklistOpen: number, arrived: Promise<unknown>) {
  await openApp("/", {
    status: () => ({ ...aStatus, worklistOpen }),
    today: () => aDay,
    jobsStats: () => aJobsStats,
    deliveryStats: never,
    listPatients: () => page(),
    listAssignments: () => page(),
    listProtocols: () => page(),
    getSettings: () => theSettings,
    listWorklist: () => arrived.then(() => page(...entries.slice(0, worklistOpen))),
  });
  const title = await screen.findByRole("heading", { name: "People who need you" });
  await waitFor(() => expect(title).toBeVisible());
  return title.closest("section") as HTMLElement;
}

const places = (part: HTMLElement) => part.querySelectorAll(".entry-to-come");

test("entries that come late have a place for each, and nothing below them moves", async () => {
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const part = await needYou(7, arrived);
  expect(places(part)).toHaveLength(5);
  const more = within(part).getByRole("link", { name: "2 more need you" });
  arrive();
  expect(await within(part).findAllByRole("listitem")).toHaveLength(5);
  expect(places(part)).toHaveLength(0);
  expect(more).toBeInTheDocument();
});

test("of two who need a person two are waited for, and none beside them", async () => {
  const part = await needYou(2, new Promise(() => {}));
  expect(places(part)).toHaveLength(2);
  expect(within(part).queryByRole("link")).toBeNull();
});
