import { act, renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { useListForm } from "./listForm";
import { useSteady } from "./steady";
import { newStep, type PlanDraft } from "./steps";

const open = () => {
  const initialValues: PlanDraft = {
    name: "",
    description: "",
    whenUnreachable: "hold",
    sender: { name: "", iconUrl: "" },
    steps: [newStep(), newStep()],
  };
  return renderHook(() => useSteady(useListForm({ initialValues })));
};

test("a key press changes the step it belongs to, and of that the part alone", () => {
  const { result } = open();
  const [first, second] = result.current.steps;
  act(() => result.current.write.setFieldValue("steps.1.objects.0.contents.text.text", "Hi"));
  expect(result.current.steps[0]).toBe(first);
  expect(result.current.steps[1]).not.toBe(second);
  expect(result.current.steps[1]?.triggers).toBe(second?.triggers);
  expect(result.current.steps[1]?.objects[0]?.contents.text.text).toBe("Hi");
  expect(result.current.stepsNow()).toBe(result.current.steps);
});

test("a step that is moved stays what it was", () => {
  const { result } = open();
  const [first, second] = result.current.steps;
  act(() => result.current.write.reorderListItem("steps", { from: 0, to: 1 }));
  expect(result.current.steps.map(({ key }) => key)).toEqual([second?.key, first?.key]);
});

test("what stands above the steps stays the same while one of them is written", () => {
  const { result } = open();
  const { about, wrongAbout } = result.current;
  act(() => result.current.write.setFieldValue("steps.0.name", "Ring"));
  expect(result.current.about).toBe(about);
  expect(result.current.wrongAbout).toBe(wrongAbout);
  act(() => result.current.write.setFieldValue("sender.name", "Nok"));
  expect(result.current.about.sender.name).toBe("Nok");
});
