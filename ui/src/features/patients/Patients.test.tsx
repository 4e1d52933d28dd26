import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { LIMITS } from "../../bindings";
import { openApp, Refusal, refuse } from "../../testing/app";
import { answerStats, aPatient, aTimeline, noAnswers, page } from "../../testing/fixtures";

test("the patients with their link to LINE", async () => {
  const blocked = { ...aPatient, id: "p2", displayName: "Malee", reachability: "blocked" as const };
  await openApp("/patients", { listPatients: () => page(aPatient, blocked) });
  const table = await screen.findByRole("table", { name: "Patients" });
  expect(within(table).getByRole("row", { name: /Somchai Jaidee HN 1 Linked 1/ })).toBeVisible();
  expect(within(table).getByRole("row", { name: /Malee.*Blocked the clinic/ })).toBeVisible();
});

test("no patients yet", async () => {
  await openApp("/patients", { listPatients: () => page() });
  expect(await screen.findByText("No patients yet.")).toBeVisible();
});

test("what the core refuses is said", async () => {
  await openApp("/patients", { listPatients: refuse("the list is being mended") });
  expect(await screen.findByRole("alert")).toHaveTextContent("the list is being mended");
});

test("a search goes into the address, and is taken from it", async () => {
  const { asked, address } = await openApp("/patients?search=007", { listPatients: () => page() });
  expect(await screen.findByLabelText("Search patients")).toHaveValue("007");
  expect(asked).toHaveBeenCalledWith("listPatients", { search: "007", limit: "100" });
  await userEvent.type(screen.getByLabelText("Search patients"), "8");
  await waitFor(() => expect(address()).toBe("/patients?search=0078"));
  await userEvent.click(await screen.findByRole("button", { name: "Clear the search" }));
  await waitFor(() => expect(address()).toBe("/patients"));
  expect(screen.getByLabelText("Search patients")).toHaveValue("");
});

test("no more is taken into the search than the core looks for", async () => {
  const { asked } = await openApp("/patients", { listPatients: () => page() });
  await userEvent.click(await screen.findByLabelText("Search patients"));
  await userEvent.paste("7".repeat(120));
  const search = "7".repeat(LIMITS.ListPatients.search.maxLength);
  await waitFor(() => expect(asked).toHaveBeenCalledWith("listPatients", { search, limit: "100" }));
});

test("the group stands in the address, and an empty one leads back to all", async () => {
  const { asked, address } = await openApp("/patients?group=blocked", { listPatients: () => page() });
  expect(await screen.findByText("Nobody is in “Blocked”.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("listPatients", { group: "blocked", limit: "100" });
  await userEvent.click(screen.getByRole("button", { name: "Look among all" }));
  await waitFor(() => expect(address()).toBe("/patients"));
  await userEvent.click(screen.getByRole("radio", { name: "Waiting for an answer" }));
  await waitFor(() => expect(address()).toBe("/patients?group=unanswered"));
});

test("a label and the order stand in the address, and nobody under a label leads back to all", async () => {
  const { asked, address } = await openApp("/patients?tag=knee", {
    listPatients: () => page(),
    listTags: () => ({ items: [{ tag: "hernia", patients: 12 }] }),
  });
  expect(await screen.findByText("Nobody has the label “knee”.")).toBeVisible();
  expect(asked).toHaveBeenCalledWith("listPatients", { tag: "knee", limit: "100" });
  await userEvent.selectOptions(screen.getByLabelText("Label"), "hernia (12)");
  await waitFor(() => expect(address()).toBe("/patients?tag=hernia"));
  await userEvent.selectOptions(screen.getByLabelText("Order"), "By name");
  await waitFor(() => expect(address()).toBe("/patients?tag=hernia&sort=name"));
  expect(asked).toHaveBeenCalledWith("listPatients", { tag: "hernia", sort: "name", limit: "100" });
  await userEvent.click(await screen.findByRole("button", { name: "Look among all" }));
  await waitFor(() => expect(address()).toBe("/patients?sort=name"));
});

test("a patient is added, and their page opens", async () => {
  const { asked, address } = await openApp("/patients", {
    listPatients: () => page(),
    createPatient: () => aPatient,
    getPatient: () => aPatient,
    listAssignments: () => page(),
    listProtocols: () => page(),
    answerStats: () => answerStats(noAnswers),
    patientTimeline: () => aTimeline,
  });
  await userEvent.click((await screen.findAllByRole("button", { name: "Add patient" }))[0] as HTMLElement);
  const dialog = await screen.findByRole("dialog", { name: "Add patient" });
  await userEvent.type(within(dialog).getByRole("textbox", { name: "Name" }), "Somchai Jaidee");
  await userEvent.click(within(dialog).getByRole("button", { name: "Add patient" }));
  await waitFor(() => expect(address()).toBe("/patients/p1"));
  expect(asked).toHaveBeenCalledWith(
    "createPatient",
    expect.objectContaining({ displayName: "Somchai Jaidee", lineUserId: null }),
  );
});

test("a field that is refused says so beside it", async () => {
  const errors = [
    {
      field: "lineUserId",
      message: "takes a LINE user id: U and 32 digits or small letters from a to f",
      code: "notALineUserId" as const,
    },
  ];
  await openApp("/patients", {
    listPatients: () => page(),
    createPatient: () => {
      throw new Refusal({
        code: "out_of_limits",
        status: 422,
        title: "",
        detail: "look at the field",
        errors,
      });
    },
  });
  await userEvent.click((await screen.findAllByRole("button", { name: "Add patient" }))[0] as HTMLElement);
  const dialog = await screen.findByRole("dialog", { name: "Add patient" });
  await userEvent.type(within(dialog).getByRole("textbox", { name: "Name" }), "Somchai");
  await userEvent.click(within(dialog).getByRole("button", { name: "Add patient" }));
  await waitFor(() =>
    expect(within(dialog).getByRole("textbox", { name: "LINE user id" })).toHaveAccessibleDescription(
      /takes a LINE user id: U and 32 digits or small letters from a to f/,
    ),
  );
});
