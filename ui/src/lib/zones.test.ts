import { expect, test } from "vitest";
import cases from "../../../tests/fixtures/rules/walls.json";
import { instantOf, wallOf, zonesWith } from "./zones";

test("the zone that was chosen can be chosen, also where the browser does not list it", () => {
  expect(zonesWith("UTC").filter((zone) => zone === "UTC")).toHaveLength(1);
  expect(zonesWith("Asia/Kolkata")).toContain("Asia/Kolkata");
  expect(new Set(zonesWith("Asia/Calcutta")).size).toBe(zonesWith("Asia/Calcutta").length);
  expect(zonesWith(null)).toContain("Asia/Bangkok");
});

test("a time on the wall is an instant of the zone, and back", () => {
  expect(instantOf("2026-12-01T09:00", "Asia/Bangkok")).toBe("2026-12-01T02:00:00.000Z");
  expect(wallOf(Date.parse("2026-12-01T02:00:00Z"), "Asia/Bangkok")).toBe("2026-12-01T09:00");
  expect(instantOf("2026-12-01T09:00", "Pacific/Auckland")).toBe("2026-11-30T20:00:00.000Z");
});

test.each(cases)("$wall in $zone is $instant, as the core has it", ({ wall, zone, instant }) => {
  expect(instantOf(wall, zone)).toBe(instant);
});

test("what is no time is none", () => {
  for (const wall of ["", "2026-12-01", "2026-13-01T09:00", "soon"])
    expect(instantOf(wall, "Asia/Tokyo")).toBeNull();
});
