import { screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { Topic } from "../bindings";
import { queryClient } from "../lib/live";
import { type Core, openApp, refuse } from "../testing/app";
import {
  answerStats,
  aPatient,
  aProtocol,
  aProtocolSummary,
  aTimeline,
  noAnswers,
  page,
  theSettings,
} from "../testing/fixtures";

const core: Core = {
  getPatient: () => aPatient,
  getProtocol: () => aProtocol,
  listAssignments: () => page(),
  listProtocols: () => page(aProtocolSummary),
  listMessageTemplates: () => page(),
  listMessages: () => page(),
  listPatients: () => page(),
  answerStats: () => answerStats(noAnswers),
  patientTimeline: () => aTimeline,
  protocolVersions: () => ({ items: [] }),
  getSettings: () => theSettings,
};

/** Answers once, and refuses from then on. */
function once<T>(answer: T) {
  const no = refuse("the disk is full");
  return vi.fn(() => no()).mockImplementationOnce(() => answer as never) as unknown as () => T;
}

test.each([
  ["/patients/p1", "getPatient", "patients", aPatient.displayName],
  ["/plans/c1", "getProtocol", "protocols", aProtocol.name],
  ["/plans/c1/edit", "getProtocol", "protocols", aProtocol.name],
] satisfies [string, keyof Core, Topic, string][])(
  "%s stays as it was read when it cannot be read again",
  async (path, name, topic, title) => {
    const answer = once(name === "getPatient" ? aPatient : aProtocol);
    const { asked, said } = await openApp(path, { ...core, [name]: answer });
    const shown = path.endsWith("edit")
      ? await screen.findByDisplayValue(title)
      : await screen.findByRole("heading", { level: 1, name: title });
    said(topic);
    await waitFor(() => expect(asked.mock.calls.filter(([what]) => what === name)).toHaveLength(2));
    const reads = () => queryClient.getQueryCache().getAll();
    await waitFor(() =>
      expect(reads().some(({ state }) => state.status === "error" && state.data)).toBe(true),
    );
    expect(shown).toBeVisible();
  },
);

test.each([
  ["/patients/p1", "getPatient", "Patients"],
  ["/plans/c1", "getProtocol", "Care plans"],
  ["/plans/c1/edit", "getProtocol", "Care plans"],
])("%s that cannot be read says so below its title, with the way back", async (path, name, list) => {
  await openApp(path, { ...core, [name]: refuse("the disk is full") });
  expect(await screen.findByRole("heading", { level: 1, name: list })).toBeVisible();
  expect(await screen.findByText(/the disk is full/)).toBeVisible();
  expect(screen.getByRole("link", { name: `← ${list}` })).toBeVisible();
});
