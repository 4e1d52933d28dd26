import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { openApp } from "../testing/app";
import { aPatient, aProtocolSummary, page } from "../testing/fixtures";

const core = {
  listPatients: () => page(aPatient),
  listProtocols: () => page(aProtocolSummary),
};

test("who opens another screen goes on at its heading, and the first screen takes nothing", async () => {
  await openApp("/patients", core);
  await screen.findByRole("heading", { level: 1, name: "Patients" });
  expect(document.body).toHaveFocus();
  await userEvent.click(screen.getByRole("link", { name: "Care plans" }));
  const title = await screen.findByRole("heading", { level: 1, name: "Care plans" });
  await waitFor(() => expect(title).toHaveFocus());
});

test("who goes on before the screen is there keeps their place", async () => {
  await openApp("/plans", core);
  await screen.findByRole("heading", { level: 1, name: "Care plans" });
  await userEvent.click(screen.getByRole("link", { name: "Patients" }));
  const field = await screen.findByRole("textbox", { name: "Search patients" });
  await userEvent.click(field);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(field).toHaveFocus();
});

test("the first thing Tab reaches leads past the menu", async () => {
  await openApp("/patients", core);
  const title = await screen.findByRole("heading", { level: 1, name: "Patients" });
  await userEvent.tab();
  expect(screen.getByRole("link", { name: "Skip to the content" })).toHaveFocus();
  await userEvent.keyboard("{Enter}");
  expect(title).toHaveFocus();
});
