import { act, renderHook } from "@testing-library/react";
import type { SyntheticEvent } from "react";
import { expect, test, vi } from "vitest";
import { useListForm } from "./listForm";

const STEPS = ["a", "b", "c"].map((name) => ({ name, objects: [{ text: "" }] }));
const open = () =>
  renderHook(() =>
    useListForm({
      initialValues: { name: "", steps: STEPS },
      validate: ({ name }) => (name === "" ? { name: "Write a name." } : {}),
    }),
  );

test("a change makes anew what stands around it, and nothing else", () => {
  const { result } = open();
  act(() => result.current.setFieldValue("steps.1.objects.0.text", "Hi"));
  const [first, second, third] = result.current.values.steps;
  expect(second).toEqual({ name: "b", objects: [{ text: "Hi" }] });
  expect([first, third]).toEqual([STEPS[0], STEPS[2]]);
  expect(first).toBe(STEPS[0]);
});

test("several changes of one press are all kept", () => {
  const { result } = open();
  act(() => {
    result.current.setFieldValue("name", "Rest");
    result.current.insertListItem("steps.0.objects", { text: "more" });
    result.current.removeListItem("steps.0.objects", 0);
  });
  expect(result.current.values.name).toBe("Rest");
  expect(result.current.values.steps[0]?.objects).toEqual([{ text: "more" }]);
});

test("what was removed meanwhile is not written to", () => {
  const { result } = open();
  act(() => result.current.removeListItem("steps", 2));
  act(() => result.current.setFieldValue("steps.2.name", "gone"));
  expect(result.current.values.steps.map(({ name }) => name)).toEqual(["a", "b"]);
});

test("what is wrong goes with its step, and goes when its field is written", () => {
  const { result } = open();
  const fields = () => Object.keys(result.current.errors).sort();
  act(() => result.current.setErrors({ name: "?", "steps.0.name": "?", "steps.2.objects.0.text": "?" }));
  act(() => result.current.reorderListItem("steps", { from: 0, to: 2 }));
  expect(result.current.values.steps.map(({ name }) => name)).toEqual(["b", "c", "a"]);
  expect(fields()).toEqual(["name", "steps.1.objects.0.text", "steps.2.name"]);
  act(() => result.current.insertListItem("steps", { name: "new", objects: [] }, 1));
  expect(fields()).toEqual(["name", "steps.2.objects.0.text", "steps.3.name"]);
  act(() => result.current.removeListItem("steps", 3));
  act(() => result.current.getInputProps("name").onChange("Rest"));
  expect(fields()).toEqual(["steps.2.objects.0.text"]);
});

test("it is as it was saved where everything is taken back", () => {
  const { result } = open();
  act(() => result.current.setFieldValue("steps.0.name", "other"));
  expect(result.current.isDirty()).toBe(true);
  act(() => result.current.setFieldValue("steps.0.name", "a"));
  expect(result.current.isDirty()).toBe(false);
  act(() => result.current.setFieldValue("name", "Rest"));
  act(() => result.current.resetDirty());
  expect(result.current.isDirty()).toBe(false);
});

test("what is wrong is not sent", () => {
  const { result } = open();
  const event = { preventDefault: vi.fn() } as unknown as SyntheticEvent;
  const [send, onWrong] = [vi.fn(), vi.fn()];
  act(() => result.current.onSubmit(send, onWrong)(event));
  expect(onWrong).toHaveBeenCalledWith({ name: "Write a name." });
  expect(result.current.getInputProps("name").error).toBe("Write a name.");
  act(() => result.current.setFieldValue("name", "Rest"));
  act(() => result.current.onSubmit(send, onWrong)(event));
  expect(send).toHaveBeenCalledWith({ name: "Rest", steps: STEPS });
  expect(event.preventDefault).toHaveBeenCalledTimes(2);
});
