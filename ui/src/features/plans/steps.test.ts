import { describe, expect, it } from "vitest";
import type { Step } from "../../bindings";
import { draftOf, inputOf, newStep } from "./steps";

const step: Step = {
  id: "1",
  stepOrder: 1,
  name: "Painkiller",
  trigger: { type: "scheduled", value: "09:00,21:00", startDay: 1, days: 3 },
  messageType: "text",
  content: { text: "Time for your painkiller" },
  requiresFeedback: true,
  feedback: { question: "Taken?", buttons: [{ label: "Yes", value: "yes", action: "complete" }] },
  priority: "normal",
  freshnessHours: 3,
};

describe("a step in the editor", () => {
  it("comes back as it was when nothing was changed", () => {
    expect(inputOf(draftOf(step))).toEqual({
      name: "Painkiller",
      trigger: step.trigger,
      messageType: "text",
      content: step.content,
      requiresFeedback: true,
      feedback: step.feedback,
      freshnessHours: 3,
    });
  });

  it("leaves JSON that cannot be read for the core to refuse", () => {
    const draft = { ...newStep(), messageType: "flex" as const, altText: "Hi", json: "{oops" };
    expect(inputOf(draft).content).toEqual({ altText: "Hi", contents: "{oops" });
  });
});
