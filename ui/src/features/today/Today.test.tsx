import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { DeliveryStats, Message, PatientAnswer } from "../../bindings";
import { MINUTE_MS } from "../../lib/units";
import { type Core, openApp, refuse } from "../../testing/app";
import {
  aDay,
  aJobsStats,
  aMessage,
  anAssignment,
  aPatient,
  aProtocolSummary,
  aStatus,
  aWorkItem,
  page,
  theSettings,
} from "../../testing/fixtures";

const stats: DeliveryStats = {
  from: "2026-11-18T00:00:00.000Z",
  to: "2026-11-25T00:00:00.000Z",
  total: 40,
  sent: 38,
  failed: 2,
  delivered: 20,
  read: 20,
  responded: 10,
  missed: 4,
  successRate: 0.95,
  averageDeliveryMs: 900,
  responseRate: 0.5,
};

/** What stands around the day. */
const around: Core = {
  jobsStats: () => aJobsStats,
  deliveryStats: () => stats,
  listWorklist: () => page(),
  listProtocols: () => page(aProtocolSummary),
  listPatients: () => page(),
  listAssignments: () => page(),
  getSettings: () => theSettings,
};

test("the day in a sentence, what was sent, and the numbers of the queue", async () => {
  await openApp("/", { ...around, today: () => aDay });
  expect(await screen.findByTestId("sentence")).toHaveTextContent(
    "39 messages today: 31 accepted · 8 to come",
  );
  const sent = await screen.findByRole("table", { name: "Just sent" });
  expect(within(sent).getByRole("link", { name: "Somchai Jaidee" })).toHaveAttribute("href", "/patients/p1");
  expect(within(sent).getByText("Accepted by LINE")).toBeVisible();
});

test("a day without messages says when the next one goes out", async () => {
  const none = { ...aDay, accepted: 0, toCome: 0, recent: [] };
  await openApp("/", { today: () => none, ...around });
  expect(await screen.findByText(/^Nothing goes out today. Next: Tue,? 24 Nov,? 09:10\.$/)).toBeVisible();
  await waitFor(() => expect(screen.getByText("Nothing was sent yet today.")).toBeVisible());
});

test("nothing of the day is shown that would be pushed down by what is still to come", async () => {
  let answer: (() => void) | undefined;
  // The core answers when it is let go.
  const listWorklist = () =>
    new Promise((resolve) => {
      answer = () => resolve(page());
    }) as never;
  await openApp("/", { ...around, today: () => aDay, listWorklist });
  expect(await screen.findByTestId("sentence")).toBeVisible();
  await waitFor(() => expect(answer).toBeDefined());
  expect(screen.queryByRole("table", { name: "Just sent" })).toBeNull();
  answer?.();
  expect(await screen.findByRole("table", { name: "Just sent" })).toBeVisible();
});

test("a part of the day that is slow holds up the others for two seconds at most", async () => {
  const listWorklist = () => new Promise(() => {}) as never;
  await openApp("/", { ...around, today: () => aDay, listWorklist });
  const sent = await screen.findByRole("table", { name: "Just sent" }, { timeout: 10_000 });
  expect(sent).toBeVisible();
});

test("what to begin with stands below the day where it comes once the day stands", async () => {
  let answer: (() => void) | undefined;
  const patients = page({ ...aPatient, demo: true });
  const listPatients: Core["listPatients"] = ({ limit }) =>
    // The first run asks for one alone, and has its answer.
    limit === 1
      ? patients
      : (new Promise((resolve) => {
          answer = () => resolve(patients);
        }) as never);
  await openApp("/", { ...around, today: () => aDay, listPatients });
  const sent = await screen.findByRole("table", { name: "Just sent" }, { timeout: 10_000 });
  answer?.();
  const task = await screen.findByRole("heading", { name: "Try it in a minute" });
  expect(sent.compareDocumentPosition(task)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
});

test("what to begin with stands above the day where it is known with it", async () => {
  const listPatients = () => page({ ...aPatient, demo: true });
  await openApp("/", { ...around, today: () => aDay, listPatients });
  const task = await screen.findByRole("heading", { name: "Try it in a minute" });
  const sent = await screen.findByRole("table", { name: "Just sent" });
  expect(sent.compareDocumentPosition(task)).toBe(Node.DOCUMENT_POSITION_PRECEDING);
});

test("that nobody needs anybody is said without waiting for their list", async () => {
  const listWorklist = () => new Promise(() => {}) as never;
  await openApp("/", { ...around, today: () => aDay, listWorklist });
  await screen.findByRole("table", { name: "Just sent" }, { timeout: 10_000 });
  expect(screen.getByText("Nobody needs you right now.")).toBeVisible();
});

test("a part of the day that is refused holds up no other", async () => {
  await openApp("/", { ...around, today: () => aDay, listWorklist: refuse("nobody is looked up") });
  expect(await screen.findByRole("table", { name: "Just sent" })).toBeVisible();
});

test("what the core refuses is said", async () => {
  await openApp("/", { ...around, today: refuse("the day is being counted") });
  expect(await screen.findByRole("alert")).toHaveTextContent("the day is being counted");
});

test("the main act leads to the people who need somebody, else to the patients", async () => {
  const status = () => ({ ...aStatus, worklistOpen: 3 });
  await openApp("/", { today: () => aDay, ...around, status });
  expect(await screen.findByRole("link", { name: /^People who need you 3/ })).toHaveAttribute(
    "href",
    "/worklist",
  );
});

test("nobody needs anybody: the main act is a new follow-up", async () => {
  await openApp("/", { today: () => aDay, ...around });
  expect(await screen.findByRole("link", { name: "Start a follow-up" })).toHaveAttribute("href", "/patients");
});

test("the people who need somebody are there with what may be done, the first of them", async () => {
  const { asked } = await openApp("/", {
    ...around,
    today: () => aDay,
    status: () => ({ ...aStatus, worklistOpen: 9 }),
    listWorklist: () => page({ ...aWorkItem, patientName: "Malee", actions: ["resolve"] }),
    resolveWork: () => aWorkItem,
  });
  const people = within(
    (await screen.findByRole("heading", { name: "People who need you" })).closest("section") as HTMLElement,
  );
  expect(await people.findByRole("link", { name: "Malee" })).toBeVisible();
  expect(people.getByRole("link", { name: "8 more need you" })).toHaveAttribute("href", "/worklist");
  await userEvent.click(people.getByRole("button", { name: "Settle" }));
  expect(asked).toHaveBeenCalledWith("resolveWork", { id: aWorkItem.id });
});

test("what failed stands in the sentence, so that its numbers add up, and leads to its rows", async () => {
  const status = () => ({ ...aStatus, worklistOpen: 3, needsAttention: 2, held: 1 });
  await openApp("/", { ...around, today: () => ({ ...aDay, failed: 2 }), status });
  const sentence = within(await screen.findByTestId("sentence"));
  expect(sentence.getByText(/^41 messages today:/)).toBeVisible();
  expect(sentence.getByRole("link", { name: "2 failed" })).toHaveAttribute("href", "/worklist?part=failed");
  expect(sentence.getByRole("link", { name: "3 need you" })).toHaveAttribute("href", "/worklist");
  expect(sentence.getByRole("link", { name: "3 messages need attention" })).toHaveAttribute(
    "href",
    "/worklist?part=messages",
  );
});

test("the strip of the day says when it is quiet", async () => {
  await openApp("/", { ...around, today: () => aDay });
  await waitFor(() => expect(screen.getByText("Quiet hours 20:00 to 08:00")).toBeVisible());
});

test("how the last days went leads to their statistics", async () => {
  const { asked } = await openApp("/", { ...around, today: () => aDay });
  const days = await screen.findByRole("table", { name: "The last days" });
  await waitFor(() => expect(within(days).getAllByText("38 (95%)")).toHaveLength(2));
  expect(within(days).getByRole("link", { name: "7 days" })).toHaveAttribute("href", "/statistics?days=7");
  expect(asked).toHaveBeenCalledWith("deliveryStats", expect.objectContaining({ from: expect.any(String) }));
});

test("a new clinic is led by its first steps, until they are done or put away", async () => {
  const status = () => ({ ...aStatus, role: "admin" as const });
  await openApp("/", { ...around, today: () => aDay, status });
  const steps = within(
    (await screen.findByRole("heading", { name: "First steps" })).closest("section") as HTMLElement,
  );
  const lines = steps.getAllByRole("listitem");
  expect(within(lines[0] as HTMLElement).getByLabelText("Done")).toBeVisible();
  expect(within(lines[1] as HTMLElement).getByLabelText("Done")).toBeVisible();
  expect(within(lines[2] as HTMLElement).getByLabelText("Still to do")).toBeVisible();
  await userEvent.click(steps.getByRole("button", { name: "Put away" }));
  expect(screen.queryByRole("heading", { name: "First steps" })).toBeNull();
});

test("what waits for staff and nobody needing them are not said together", async () => {
  await openApp("/", {
    ...around,
    today: () => aDay,
    status: () => ({ ...aStatus, worklistOpen: 0, held: 2 }),
  });
  expect(await screen.findByRole("link", { name: "2 messages need attention" })).toBeVisible();
  await waitFor(() => expect(screen.queryByRole("heading", { name: "People who need you" })).toBeNull());
  expect(screen.queryByText("Nobody needs you right now.")).toBeNull();
});

test("what the demo clinic has is nothing that was done", async () => {
  const status = () => ({ ...aStatus, role: "admin" as const });
  const listProtocols = () => page({ ...aProtocolSummary, demo: true });
  await openApp("/", { ...around, today: () => aDay, status, listProtocols });
  const steps = within(
    (await screen.findByRole("heading", { name: "First steps" })).closest("section") as HTMLElement,
  );
  expect(steps.getAllByLabelText("Done")).toHaveLength(1);
  expect(steps.getAllByLabelText("Still to do").length).toBeGreaterThan(2);
});

test("a clinic in which nothing was decided is led to its first run, once", async () => {
  const fresh = { ...theSettings, version: 0, lineTokenSet: false, lineSecretSet: false };
  const core: Core = { ...around, today: () => aDay, getSettings: () => fresh, listProtocols: () => page() };
  const { address } = await openApp("/", core);
  expect(await screen.findByRole("heading", { name: "Welcome to Clinicue" })).toBeVisible();
  await userEvent.click(screen.getByRole("link", { name: "Skip for now" }));
  expect(await screen.findByTestId("sentence")).toBeVisible();
  expect(address()).toBe("/");
});

test("whoever may not set up the clinic is led nowhere", async () => {
  const fresh = { ...theSettings, version: 0, lineTokenSet: false, lineSecretSet: false };
  const status = () => ({ ...aStatus, role: "operator" as const });
  const { asked } = await openApp("/", { ...around, today: () => aDay, getSettings: () => fresh, status });
  expect(await screen.findByTestId("sentence")).toBeVisible();
  expect(asked).not.toHaveBeenCalledWith("getSettings", {});
});

const anAnswer: Message["answers"][number] = {
  action: "complete",
  value: "taken",
  label: "Done",
  picked: null,
  counted: true,
  late: false,
  worrying: false,
  at: "2026-11-24T02:12:00.000Z",
};

test("the task of the first minute is ticked by what happened to a follow-up of one's own", async () => {
  let followUps = [{ ...anAssignment, createdAt: "2026-11-24T02:00:00.000Z" }];
  let messages = [{ ...aMessage, answers: [] as Message["answers"] }];
  const { said } = await openApp("/", {
    ...around,
    today: () => aDay,
    listPatients: () => page({ ...aPatient, demo: true }),
    listAssignments: () => page(...followUps),
    listMessages: () => page(...messages),
  });
  const task = within(
    (await screen.findByRole("heading", { name: "Try it in a minute" })).closest("section") as HTMLElement,
  );
  // What the demo clinic brought is nothing that was done.
  expect(task.queryByLabelText("Done")).toBeNull();
  expect(task.getByRole("link", { name: "Give Somchai Jaidee a care plan" })).toHaveAttribute(
    "href",
    "/patients/p1",
  );
  followUps = [...followUps, { ...anAssignment, id: "a2", createdAt: "2026-11-24T02:05:00.000Z" }];
  await waitFor(() => said("assignments", "messages"));
  await waitFor(() => expect(task.getAllByLabelText("Done")).toHaveLength(2));
  messages = [{ ...aMessage, answers: [anAnswer] }];
  await waitFor(() => said("messages"));
  await waitFor(() => expect(task.getAllByLabelText("Done")).toHaveLength(3));
  await userEvent.click(task.getByRole("button", { name: "Skip" }));
  expect(screen.queryByRole("heading", { name: "Try it in a minute" })).toBeNull();
});

test("an answer that arrives is marked for a while and said politely", async () => {
  let recent = aDay.recent;
  const { said } = await openApp("/", { ...around, today: () => ({ ...aDay, recent }) });
  await screen.findByRole("table", { name: "Just sent" });
  expect(document.querySelector(".fresh")).toBeNull();
  const at = new Date(Date.now() + MINUTE_MS).toISOString();
  recent = recent.map((message) => ({ ...message, outcome: "responded", answers: [{ ...anAnswer, at }] }));
  said("messages");
  expect(await screen.findByText("1 answer arrived")).toBeInTheDocument();
  expect(screen.getByRole("row", { name: /Somchai Jaidee/ })).toHaveClass("fresh");
});

const practised = () => localStorage.setItem("clinicue.practised", "true");

test("whoever comes back from practice reads how this clinic differs, until it is put away", async () => {
  const status = () => {
    practised();
    return { ...aStatus, practice: false, sending: "not_connected" as const };
  };
  const listPatients = () => page(aPatient);
  await openApp("/", { ...around, today: () => aDay, status, listPatients });
  const title = await screen.findByRole("heading", { name: "How this clinic differs from practice" });
  const card = within(title.closest("section") as HTMLElement);
  expect(card.getByText(/None goes out at the moment: LINE is not connected\./)).toBeVisible();
  expect(card.getByText("Quiet hours here are 20:00 to 08:00: messages wait for their end.")).toBeVisible();
  expect(
    card.getByText(/^This clinic is “Suan Dok Clinic”; its times are those of Asia\/Bangkok/),
  ).toBeVisible();
  // What is left of the first steps, once.
  const open = card.getAllByLabelText("Still to do");
  expect(card.getByRole("link", { name: "Connect the clinic’s LINE account" })).toBeVisible();
  expect(card.queryByRole("link", { name: "Add the first patient" })).toBeNull();
  expect(screen.queryByRole("heading", { name: "First steps" })).toBeNull();
  await userEvent.click(card.getByRole("button", { name: "Put away" }));
  expect(screen.queryByRole("heading", { name: "How this clinic differs from practice" })).toBeNull();
  expect(within(await screen.findByRole("main")).getAllByLabelText("Still to do")).toHaveLength(open.length);
});

test("where the first steps come late, the differences stand above the day all the same", async () => {
  const status = () => {
    practised();
    return { ...aStatus, practice: false };
  };
  const listAssignments = () => new Promise(() => {}) as never;
  await openApp("/", { ...around, today: () => aDay, status, listAssignments });
  const sent = await screen.findByRole("table", { name: "Just sent" }, { timeout: 10_000 });
  const title = screen.getByRole("heading", { name: "How this clinic differs from practice" });
  expect(sent.compareDocumentPosition(title)).toBe(Node.DOCUMENT_POSITION_PRECEDING);
  expect(screen.queryByRole("heading", { name: "Still to do here" })).toBeNull();
});

test("in the practice clinic nothing is said to differ from it", async () => {
  const status = () => {
    practised();
    return aStatus;
  };
  await openApp("/", { ...around, today: () => aDay, status });
  await screen.findByRole("table", { name: "Just sent" });
  expect(screen.queryByRole("heading", { name: "How this clinic differs from practice" })).toBeNull();
});

test("whoever may not set up the clinic reads the differences alone", async () => {
  const status = () => {
    practised();
    return { ...aStatus, practice: false, sending: "running" as const, role: "operator" as const };
  };
  await openApp("/", { ...around, today: () => ({ ...aDay, quietHours: null }), status });
  const goes = await screen.findByText("Messages leave this computer: they go to the LINE of real patients.");
  await waitFor(() => expect(goes).toBeVisible());
  expect(screen.getByText("There are no quiet hours here: messages go out at night, too.")).toBeVisible();
  expect(screen.queryByRole("heading", { name: "Still to do here" })).toBeNull();
});

test("answers stand alone as they came, worrying ones told from the others", async () => {
  const answer = {
    action: "complete" as const,
    value: "done",
    label: "Done",
    picked: null,
    counted: true,
    late: false,
    worrying: false,
    at: "2026-11-24T04:00:00.000Z",
  };
  const own = { patientId: "p1", messageId: "m1", stepName: "Evening", protocolName: "Knee" };
  const one: PatientAnswer = { ...own, id: "a1", patientName: "Malee", answer };
  const other: PatientAnswer = {
    ...own,
    id: "a2",
    patientName: "Nok",
    answer: { ...answer, value: "pain", label: "It hurts", worrying: true },
  };
  await openApp("/", { ...around, today: () => aDay, listAnswers: () => page(other, one) });
  const table = await screen.findByRole("table", { name: "Answers" });
  expect(
    within(table).getByRole("row", { name: /Nok Knee · Evening “It hurts” Worrying answer/ }),
  ).toBeVisible();
  expect(within(table).getByRole("row", { name: /Malee.*“Done”/ })).not.toHaveTextContent("Worrying");
});
