import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { Step } from "../../bindings";
import { openApp, refuse } from "../../testing/app";
import { aProtocol } from "../../testing/fixtures";
import { compare } from "./compare";

const [aStep] = aProtocol.steps as [Step];
const step = (stepOrder: number, name: string, text: string): Step => ({
  ...aStep,
  id: `${stepOrder}-${name}-${text}`,
  stepOrder,
  name,
  content: { text },
});

test("steps that moved are the same, those of one name are changed, the others came or went", () => {
  const earlier = [step(1, "Wash", "a"), step(2, "Rest", "b"), step(3, "Visit", "c")];
  const newest = [step(1, "Rest", "b"), step(2, "Wash", "other"), step(3, "Walk", "d"), step(4, "Eat", "e")];
  const told = compare(earlier, newest).map(({ change, parts, newest: now, earlier: before }) => [
    (now ?? before)?.name,
    change,
    ...parts,
  ]);
  expect(told).toEqual([
    ["Rest", "same"],
    ["Wash", "changed", "message"],
    ["Walk", "changed", "name", "message"],
    ["Eat", "added"],
  ]);
  expect(compare(earlier, []).map(({ change }) => change)).toEqual(["removed", "removed", "removed"]);
});

const versions = {
  items: [
    { version: 2, createdAt: aProtocol.createdAt, publishedAt: null, stepCount: 1, activeAssignments: 0 },
    {
      version: 1,
      createdAt: aProtocol.createdAt,
      publishedAt: aProtocol.createdAt,
      stepCount: 1,
      activeAssignments: 3,
    },
  ],
};

test("an earlier version is held against the newest, and the address says which", async () => {
  const { address } = await openApp("/plans/c1", {
    getProtocol: () => ({ ...aProtocol, version: 2, steps: [step(1, "Wash", "new words")] }),
    protocolVersions: () => versions,
    protocolVersion: () => ({ version: 1, publishedAt: null, steps: [step(1, "Wash", "old words")] }),
  });
  const table = await screen.findByRole("table", { name: "Versions" });
  expect(within(table).getByRole("row", { name: /^1 .* 1 3 Compare version 1$/ })).toBeVisible();
  await userEvent.click(within(table).getByRole("button", { name: "Compare version 1" }));
  const beside = await screen.findByRole("table", { name: "Version 1 beside the newest one, 2" });
  expect(within(beside).getByText("old words")).toBeVisible();
  expect(within(beside).getByText("new words")).toBeVisible();
  expect(within(beside).getByText("Changed")).toBeVisible();
  expect(address()).toBe("/plans/c1?version=1");
  await userEvent.click(within(table).getByRole("button", { name: "Close version 1" }));
  expect(screen.queryByRole("table", { name: /beside/ })).toBeNull();
});

test("a plan of one version shows none, and what cannot be read is said", async () => {
  await openApp("/plans/c1", { getProtocol: () => ({ ...aProtocol, version: 1 }) });
  await screen.findByRole("heading", { level: 1 });
  expect(screen.queryByText("Versions")).toBeNull();
});

test("versions that cannot be read say why", async () => {
  await openApp("/plans/c1", {
    getProtocol: () => ({ ...aProtocol, version: 2 }),
    protocolVersions: refuse("the database is busy"),
  });
  expect(await screen.findByText(/the database is busy/)).toBeVisible();
});
