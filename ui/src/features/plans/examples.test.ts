import { describe, expect, it } from "vitest";
import { LIMITS } from "../../bindings";
import { LOCALES, type Locale } from "../../i18n";
import { EXAMPLES, type Example, namesOf } from "../../labels";
import { graphemes } from "../../lib/limits";
import { exampleOf, exampleWords, SHAPES } from "./examples";
import { readPlan } from "./planFile";
import { planDraftOf, planOf } from "./steps";

const ALL = namesOf(LOCALES).flatMap((locale) =>
  EXAMPLES.map((example): [Locale, Example] => [locale, example]),
);

describe.each(ALL)("in %s the example %s", (locale, example) => {
  it("has words for every question and every button, and none beside", async () => {
    const { steps } = (await exampleWords(locale))[example];
    const words = steps.map(({ question, buttons }) => [question !== undefined, buttons?.length ?? 0]);
    const shapes = SHAPES[example].map((shape) => {
      const buttons = ("buttons" in shape && shape.buttons) || [];
      return [buttons.length > 0, buttons.length];
    });
    expect(words).toEqual(shapes);
    expect(steps.length).toBeGreaterThanOrEqual(4);
    expect(steps.length).toBeLessThanOrEqual(6);
  });

  it("keeps the limits of LINE and of the core", async () => {
    const plan = await exampleOf(example, locale);
    const longest = { name: "Somchai Jaidee Rattanakosin", clinic: "The clinic beside the long river" };
    const filled = (text: string) =>
      text.replaceAll("{{patient.name}}", longest.name).replaceAll("{{clinic.name}}", longest.clinic);
    expect([...plan.name].length).toBeLessThanOrEqual(LIMITS.CreateProtocol.name.maxLength);
    for (const { content, feedback } of plan.steps) {
      const { text } = content as { text: string };
      // What may have no value has words for then.
      expect(filled(text)).not.toMatch(/\{\{(?!clinic\.phone\|)/);
      expect(filled(text).length).toBeLessThanOrEqual(LIMITS.TextContent.text.maxLength);
      expect(graphemes(feedback?.question ?? "")).toBeLessThanOrEqual(LIMITS.Feedback.question.maxLength);
      const labels = feedback?.buttons.map(({ label }) => label) ?? [];
      expect(labels.filter((label) => graphemes(label) > LIMITS.Button.label.maxLength)).toEqual([]);
      expect(labels.filter((label) => label.trim() === "")).toEqual([]);
      expect(new Set(labels).size).toBe(labels.length);
    }
  });

  it("is a whole plan: its file is read, and the form gives it back", async () => {
    const plan = await exampleOf(example, locale);
    const read = readPlan(JSON.stringify({ format: "clinicue-care-plan", version: 1, ...plan }));
    expect(read).toEqual({ plan: JSON.parse(JSON.stringify(plan)) });
    const back = planOf(planDraftOf(plan));
    expect(back.steps.map(({ trigger }) => trigger)).toEqual(plan.steps.map(({ trigger }) => trigger));
    expect(back.steps.map(({ feedback }) => feedback)).toEqual(plan.steps.map(({ feedback }) => feedback));
    expect(back.steps.map(({ content }) => content)).toEqual(plan.steps.map(({ content }) => content));
  });

  it("says that a clinician is to check it", async () => {
    const asks = { en: "have a clinician check", th: "ตรวจก่อนใช้", ja: "確認してください", "zh-TW": "確認" };
    expect((await exampleOf(example, locale)).description).toContain(asks[locale]);
  });
});

it("each language has the same examples", async () => {
  for (const locale of namesOf(LOCALES)) expect(Object.keys(await exampleWords(locale))).toEqual(EXAMPLES);
});
