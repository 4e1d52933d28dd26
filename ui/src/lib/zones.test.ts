import { expect, test } from "vitest";
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

test("of a time that exists twice it is the first, of one that does not exist the first after it", () => {
  expect(instantOf("2026-11-01T01:30", "America/New_York")).toBe("2026-11-01T05:30:00.000Z");
  expect(instantOf("2026-03-08T02:30", "America/New_York")).toBe("2026-03-08T07:00:00.000Z");
  expect(instantOf("2026-09-06T00:30", "America/Santiago")).toBe("2026-09-06T04:00:00.000Z");
});

test("what is no time is none", () => {
  for (const wall of ["", "2026-12-01", "2026-13-01T09:00", "soon"])
    expect(instantOf(wall, "Asia/Tokyo")).toBeNull();
});
