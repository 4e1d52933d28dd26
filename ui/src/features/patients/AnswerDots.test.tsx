import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Button, Message } from "../../bindings";
import { openApp } from "../../testing/app";
import {
  aMessage,
  anAssignment,
  answerStats,
  aPatient,
  aProtocolSummary,
  aTimeline,
  noAnswers,
  page,
} from "../../testing/fixtures";

const button = (label: string, value: string): Button => ({ label, value, action: "complete" });

/** How much it hurts, asked with these buttons. */
const pain = (id: string, buttons: Button[], pressed?: Button): Message => ({
  ...aMessage,
  id,
  feedback: { question: "How much does it hurt?", buttons: [...buttons, later] },
  outcome: pressed ? "responded" : "missed",
  answers: pressed
    ? [
        {
          ...pressed,
          picked: null,
          counted: true,
          late: false,
          worrying: pressed.value === "9",
          at: aMessage.dueAt,
        },
      ]
    : [],
});

const later: Button = { label: "Ask later", value: "later", action: "postpone" };
const [no, some, bad] = [button("None", "0"), button("Some", "４.5"), button("Very bad", "9")] as const;
const ON_SCALE = "Answers to “How much does it hurt?”, the oldest first";

async function asked(...messages: Message[]) {
  await openApp("/patients/p1", {
    getPatient: () => aPatient,
    listAssignments: () => page(anAssignment),
    listProtocols: () => page(aProtocolSummary),
    patientTimeline: () => aTimeline,
    answerStats: () => answerStats({ ...noAnswers, asked: 4, responded: 3, completed: 3, missed: 1 }),
    listMessages: () => page(...messages),
  });
}

test("answers that are numbers stand as high as they are, those that are missing at the bottom", async () => {
  const scale = [no, some, bad];
  await asked(pain("q4", scale), pain("q3", scale, bad), pain("q2", scale, some), pain("q1", scale, no));
  const dots = within(await screen.findByRole("list", { name: ON_SCALE })).getAllByRole("listitem");
  expect(dots.map((one) => one.textContent)).toEqual(["0", "4.5", "9", ""]);
  expect(dots.map((one) => one.style.getPropertyValue("--level"))).toEqual(["0", "0.5", "1", "0"]);
  expect(within(dots[2] as HTMLElement).getByRole("link")).toHaveAccessibleName(
    /: Worrying answer: “Very bad”$/,
  );
  expect(
    screen.getByText("“How much does it hurt?”: 0 at the bottom, 9 at the top, the oldest first"),
  ).toBeVisible();
  const signs = within(screen.getByRole("list", { name: "What the signs mean" }));
  // A number, which stands in a form of its own, is explained by one; what was missed by its sign.
  expect(signs.getAllByRole("listitem").map((one) => one.textContent)).toEqual([
    "4.5Done",
    "9Worrying answer",
    "No answer in time",
  ]);
});

test("questions beside those on a scale have a heading of their own", async () => {
  const words = { ...pain("q2", [no, button("I do not know", "unknown")], no), stepId: "s2" };
  await asked(words, pain("q1", [no, bad], bad));
  expect(await screen.findByText("Other questions")).toBeVisible();
});

test("a question of which one answer is no number has no scale", async () => {
  const words = [no, button("I do not know", "unknown")];
  await asked(pain("q1", words, no));
  expect(
    await screen.findByRole("list", { name: "Answers to After surgery, the oldest first" }),
  ).toBeVisible();
  expect(screen.queryByText(/at the bottom/)).toBeNull();
  expect(screen.queryByText("Other questions")).toBeNull();
});
