import { expect, it } from "vitest";
import { operations, ROLES } from "../bindings";
import { may, type Operation } from "./roles";

it("each role may do what those before it may, and an administrator everything", () => {
  const allowed = ROLES.map((role) => Object.keys(operations).filter((name) => may(role, name as Operation)));
  const [viewer = [], operator = [], admin] = allowed;
  expect(operator).toEqual(expect.arrayContaining(viewer));
  expect(operator.length).toBeGreaterThan(viewer.length);
  expect(admin).toEqual(Object.keys(operations));
});

it("whoever only looks changes nothing", () => {
  expect(may("viewer", "list_patients")).toBe(true);
  expect(may("viewer", "send_message")).toBe(false);
  expect(may("viewer", "interactions_export")).toBe(false);
  expect(may("operator", "update_settings")).toBe(false);
});
