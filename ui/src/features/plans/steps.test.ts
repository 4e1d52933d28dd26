import { describe, expect, it } from "vitest";
import type { MessageType, Step, Trigger } from "../../bindings";
import { namesOf } from "../../labels";
import { EMPTY_CONTENTS } from "./contents";
import { fieldInForm } from "./fields";
import { saidIn } from "./saidIn";
import { draftOf, inputOf, maxObjects, newStep } from "./steps";

const step: Step = {
  id: "1",
  stepOrder: 1,
  name: "Painkiller",
  trigger: { type: "scheduled", value: "09:00,21:00", startDay: 1, days: 3 },
  messageType: "text",
  content: { text: "Time for your painkiller" },
  furtherMessages: [{ messageType: "image", content: { imageUrl: "https://example.com/a.png" } }],
  quickReplies: [
    { type: "message", label: "Thanks", text: "Thank you" },
    { type: "postback", label: "A day", picker: { mode: "date", minDays: 1 } },
    { type: "camera", label: "A picture" },
  ],
  requiresFeedback: true,
  feedback: {
    question: "Taken?",
    altText: "A question for you",
    buttons: [{ label: "Yes", value: "yes", action: "complete" }],
  },
  priority: "high",
  freshnessHours: 3,
  pressCallsStaff: false,
  silent: true,
  atNight: "send",
  translations: {
    ja: {
      messageType: "text",
      content: { text: "お薬の時間です" },
      furtherMessages: [],
      quickReplies: [{ type: "location", label: "場所" }],
      feedback: { question: "飲みましたか", buttons: [{ value: "yes", label: "はい" }] },
    },
    th: { messageType: "text", content: { text: "ได้เวลายา" }, furtherMessages: [], quickReplies: [] },
  },
};

describe("a step in the editor", () => {
  it("comes back as it was when nothing was changed", () => {
    expect(inputOf(draftOf(step))).toEqual({
      name: "Painkiller",
      trigger: step.trigger,
      messageType: "text",
      content: step.content,
      furtherMessages: step.furtherMessages,
      quickReplies: step.quickReplies,
      requiresFeedback: true,
      feedback: step.feedback,
      freshnessHours: 3,
      priority: "high",
      pressCallsStaff: false,
      silent: true,
      atNight: "send",
      translations: step.translations,
    });
  });

  it("comes back as it was with every trigger and every content", () => {
    const triggers: { [T in Trigger["type"]]: Extract<Trigger, { type: T }> } = {
      immediate: { type: "immediate" },
      delay: { type: "delay", value: "2d" },
      scheduled: { type: "scheduled", value: "09:00", startDay: 0 },
      recurring: { type: "recurring", value: "0 9 * * 1" },
    };
    const written = ["1d12h", "90s", "60m"].map((value): Trigger => ({ type: "delay", value }));
    const timetables = ["0 9 * * 1-5", "0 */4 * * *", "*/5 * * * *", "0 9 1 * mon", "30 9,14 * * *"].map(
      (value): Trigger => ({ type: "recurring", value }),
    );
    const some: Trigger = { type: "scheduled", value: "09:00, 14:30", startDay: 2, days: 3 };
    const paced: Trigger[] = [
      { type: "scheduled", value: "08:00,17:30", weekdays: ["mon", "thu"] },
      { type: "scheduled", value: "08:00", startDay: 3, days: 14, weekdays: ["sun"] },
      { type: "scheduled", value: "08:00", startDay: 0, everyDays: 3 },
      { type: "scheduled", value: "08:00", startDay: 1, days: 30, everyDays: 2 },
    ];
    for (const trigger of [...Object.values(triggers), ...written, ...timetables, some, ...paced])
      expect(inputOf(draftOf({ ...step, trigger })).trigger).toEqual(trigger);
    const contents: Record<MessageType, object> = {
      text: { text: "Rest well." },
      image: { imageUrl: "https://example.com/a.png", previewImageUrl: "https://example.com/b.png" },
      video: { videoUrl: "https://example.com/v.mp4", previewImageUrl: "https://example.com/s.png" },
      flex: { altText: "Hi", contents: { type: "bubble" } },
      template: { altText: "Hi", template: { type: "confirm" } },
    };
    for (const messageType of namesOf(contents))
      expect(inputOf(draftOf({ ...step, messageType, content: contents[messageType] })).content).toEqual(
        contents[messageType],
      );
  });

  it("leaves JSON that cannot be read for the core to refuse", () => {
    const begun = newStep();
    const contents = {
      ...EMPTY_CONTENTS,
      flex: { ...EMPTY_CONTENTS.flex, altText: "Hi", shape: "json" as const, json: "{oops" },
    };
    const objects = [{ key: "1", messageType: "flex" as const, contents }];
    expect(inputOf({ ...begun, objects }).content).toEqual({
      altText: "Hi",
      contents: "{oops",
    });
  });
});

it("what is wrong with a message of several stands at its field", () => {
  const drafts = [draftOf(step)];
  const at = (field: string) => fieldInForm(field, drafts);
  expect(at("steps[0].content.text")).toBe("steps.0.objects.0.contents.text.text");
  expect(at("steps[0].furtherMessages[0].content.imageUrl")).toBe(
    "steps.0.objects.1.contents.image.imageUrl",
  );
  expect(at("steps[0].furtherMessages")).toBe("steps.0.objects");
});

it("what is wrong with a translation stands at its field", () => {
  const drafts = [draftOf(step)];
  const at = (field: string) => fieldInForm(`steps[0].translations.ja.${field}`, drafts);
  expect(at("content.text")).toBe("steps.0.translations.ja.objects.0.contents.text.text");
  expect(at("furtherMessages")).toBe("steps.0.translations.ja.objects");
  expect(at("quickReplies[0].label")).toBe("steps.0.translations.ja.quickReplies");
  expect(fieldInForm("steps[0].quickReplies[0].label", drafts)).toBe("steps.0.quickReplies");
  expect(at("feedback.question")).toBe("steps.0.translations.ja.question");
  expect(at("feedback.altText")).toBe("steps.0.translations.ja.questionAltText");
  expect(at("feedback.buttons[0].label")).toBe("steps.0.buttons.0.labels.ja");
  expect(fieldInForm("steps[0].feedback.altText", drafts)).toBe("steps.0.questionAltText");
});

it("a step is said in its language, and in its own words where there is no other", () => {
  const question = ({ feedback }: ReturnType<typeof saidIn>) => [
    feedback?.question,
    feedback?.buttons.map(({ label, action }) => [label, action]),
  ];
  expect(question(saidIn(step, "ja"))).toEqual(["飲みましたか", [["はい", "complete"]]]);
  expect(question(saidIn(step, "th"))).toEqual(["Taken?", [["Yes", "complete"]]]);
  expect(saidIn(step, "th").content).toEqual({ text: "ได้เวลายา" });
  expect(saidIn(step, "en").content).toEqual(step.content);
});

it("a question is one of the five messages of a push", () => {
  const begun = newStep();
  expect([maxObjects(begun), maxObjects({ ...begun, asks: true })]).toEqual([5, 4]);
});
