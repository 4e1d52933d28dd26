import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { LIMITS } from "../../bindings";
import { openApp } from "../../testing/app";
import { aPatient, aStranger, aWorkItem, page } from "../../testing/fixtures";

test("someone unknown who wrote is linked to a patient", async () => {
  const { asked } = await openApp("/worklist", {
    listWorklist: () => page(),
    listStrangers: () => page(aStranger),
    listPatients: () => page({ ...aPatient, lineUserId: null }),
    linkStranger: () => aPatient,
  });
  const entry = await screen.findByRole("listitem");
  expect(entry).toHaveTextContent("Malee");
  expect(entry).toHaveTextContent("is this the clinic?");
  await userEvent.click(screen.getByRole("button", { name: "Link to a patient" }));
  const patient = await screen.findByRole("combobox", { name: "Patient" });
  expect(patient).toHaveAttribute("maxlength", String(LIMITS.ListPatients.search.maxLength));
  await userEvent.click(patient);
  await userEvent.click(await screen.findByRole("option", { name: /Somchai Jaidee/ }));
  await userEvent.click(screen.getByRole("button", { name: "Link" }));
  expect(await screen.findByText("Linked to Somchai Jaidee.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("linkStranger", { id: "x1", patientId: "p1" });
});

test("whoever is chosen is not searched for by all that stands in the field, which may be too long", async () => {
  const long = {
    ...aPatient,
    lineUserId: null,
    displayName: "Somchai ".repeat(12).trim(),
    externalRef: "HN 1234",
  };
  const { asked } = await openApp("/worklist", {
    listWorklist: () => page(),
    listStrangers: () => page(aStranger),
    listPatients: () => page(long),
    linkStranger: () => aPatient,
  });
  await userEvent.click(await screen.findByRole("button", { name: "Link to a patient" }));
  await userEvent.click(await screen.findByRole("combobox", { name: "Patient" }));
  await userEvent.type(screen.getByRole("combobox", { name: "Patient" }), "som");
  await waitFor(() => expect(asked).toHaveBeenCalledWith("listPatients", { search: "som", limit: "20" }));
  await userEvent.click(await screen.findByRole("option", { name: /HN 1234/ }));
  // Longer than what is typed is waited for.
  await new Promise((resolve) => setTimeout(resolve, 400));
  const sought = asked.mock.calls.filter(([name]) => name === "listPatients").map(([, { search }]) => search);
  expect(sought.filter((text) => text?.includes("1234"))).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Link" }));
  await waitFor(() => expect(asked).toHaveBeenCalledWith("linkStranger", { id: "x1", patientId: "p1" }));
});

test("someone unknown who wrote is settled", async () => {
  const { asked } = await openApp("/worklist", {
    listWorklist: () => page(),
    listStrangers: () => page({ ...aStranger, displayName: null }),
    resolveStranger: () => aStranger,
  });
  expect(await screen.findByText("Someone on LINE")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Settle" }));
  expect(asked).toHaveBeenCalledWith("resolveStranger", { id: "x1" });
});

test("unknown people stand above the patients when they are urgent, and below when not", async () => {
  await openApp("/worklist", {
    listWorklist: () => page(aWorkItem),
    listStrangers: () => page({ ...aStranger, id: "x2", displayName: "Niran", urgent: true }, aStranger),
  });
  await screen.findByText("Malee");
  await screen.findByText("Somchai Jaidee");
  const names = screen.getAllByRole("heading", { level: 3 }).map((heading) => heading.textContent);
  expect(names).toEqual(["Niran", "Somchai Jaidee", "Malee"]);
});
