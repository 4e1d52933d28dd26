import { expect, it } from "vitest";
import { aProtocol } from "../../testing/fixtures";
import { fileNameOf, fileOf, MAX_FILE_BYTES, readPlan, readPlanFile } from "./planFile";
import { planDraftOf, planOf } from "./steps";
import { writtenOf } from "./written";

const file = (plan: object) => JSON.stringify({ format: "clinicue-care-plan", version: 1, ...plan });
const [step] = writtenOf(aProtocol).steps;

it("a plan comes back from its file as it was", () => {
  const read = readPlan(fileOf({ ...aProtocol, sender: { name: "Nurse Nok", iconUrl: null } }));
  if (!("plan" in read)) throw new Error(read.trouble);
  expect(planOf(planDraftOf(read.plan))).toEqual(
    planOf(planDraftOf({ ...aProtocol, sender: { name: "Nurse Nok" } })),
  );
});

it("a file says what it is, and nothing of whose it was", () => {
  const { format, version, steps, ...plan } = JSON.parse(fileOf(aProtocol));
  expect({ format, version, ...plan }).toEqual({
    format: "clinicue-care-plan",
    version: 1,
    name: "After surgery",
    description: "Three days of rest",
    whenUnreachable: "hold",
  });
  expect(steps[0]).not.toHaveProperty("id");
  expect(steps[0]).not.toHaveProperty("feedback");
});

it("the name of a file is one on every system", () => {
  expect(fileNameOf({ name: "Knie: links/rechts?", version: 3 })).toBe("Knie links rechts v3.json");
  expect(fileNameOf({ name: "..", version: 1 })).toBe("care plan v1.json");
});

it("what is no such file is told from one that is newer or broken", () => {
  expect(readPlan('{"format":"clinicue-care-plan",\n"version":1,\n"name":}')).toEqual({
    trouble: "noJson",
    line: 3,
  });
  expect(readPlan("[1]")).toEqual({ trouble: "noPlan" });
  expect(readPlan('{"name":"A"}')).toEqual({ trouble: "noPlan" });
  expect(readPlan(file({ version: 2, plan: {} }))).toEqual({ trouble: "newer" });
});

it("what is wrong is said at its path, all of it at once", () => {
  const wrong = {
    name: "",
    colour: "red",
    steps: [
      step,
      { ...step, trigger: { type: "soon" }, content: "Hi", silent: "no" },
      {
        ...step,
        trigger: { type: "delay" },
        feedback: { question: "All well?", buttons: [{ label: 5, value: "a", action: "dance" }] },
      },
    ],
  };
  const read = readPlan(file(wrong));
  expect("errors" in read && read.errors.map(({ field, code }) => `${field} ${code}`)).toEqual([
    "name empty",
    "steps[1].trigger.type notOneOf",
    "steps[1].content notAnObject",
    "steps[1].silent notTrueOrFalse",
    "steps[2].trigger.value missing",
    "steps[2].feedback.buttons[0].label notAText",
    "steps[2].feedback.buttons[0].action notOneOf",
    "colour unknown",
  ]);
});

it("a file without steps, or with more than the core takes, is refused", () => {
  const codes = (steps: unknown) => {
    const read = readPlan(file({ name: "A", steps }));
    return "errors" in read ? read.errors.map(({ field, code }) => `${field} ${code}`) : [];
  };
  expect(codes([])).toEqual(["steps tooFew"]);
  expect(codes(Array.from({ length: 51 }, () => step))).toEqual(["steps tooMany"]);
  expect(codes(undefined)).toEqual(["steps missing"]);
  expect(codes(Array.from({ length: 50 }, () => step))).toEqual([]);
});

it("a file of another size than a plan is not even read", async () => {
  const large = new File([" ".repeat(MAX_FILE_BYTES + 1)], "a.json");
  expect(await readPlanFile(large)).toEqual({ trouble: "tooLarge" });
  expect(await readPlanFile(new File([`\uFEFF${fileOf(aProtocol)}`], "a.json"))).toHaveProperty("plan");
});

it("names that every object has are no members of a plan", () => {
  const read = readPlan(
    `{"format":"clinicue-care-plan","version":1,"name":"A","steps":[{"trigger":{"type":"constructor"},"messageType":"text","content":{},"toString":1}]}`,
  );
  expect("errors" in read && read.errors.map(({ field, code }) => `${field} ${code}`)).toEqual([
    "steps[0].trigger.type notOneOf",
    "steps[0].toString unknown",
  ]);
});
