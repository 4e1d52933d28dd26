import { describe, expect, it } from "vitest";
import { chosen, dateTime, isoDay, longDay, relative } from "./format";

describe("times", () => {
  it("are shown in the clinic's zone", () => {
    expect(dateTime("2026-11-24T05:00:00.000Z", "en", "Asia/Bangkok")).toContain("12:00");
    expect(dateTime("2026-11-24T05:00:00.000Z", "en", "Asia/Tokyo")).toContain("14:00");
  });

  it("are in a day of the clinic's zone, whatever way a browser writes days", () => {
    const proto = Intl.DateTimeFormat.prototype;
    const at = Date.parse("2026-11-24T18:00:00.000Z");
    const oddly = { ...Object.getOwnPropertyDescriptor(proto, "format"), get: () => () => "25/11/2026" };
    const usual = Object.getOwnPropertyDescriptor(proto, "format") ?? {};
    Object.defineProperty(proto, "format", oddly);
    expect(isoDay(at, "Asia/Bangkok")).toBe("2026-11-25");
    expect(isoDay(at, "America/Lima")).toBe("2026-11-24");
    Object.defineProperty(proto, "format", usual);
  });

  it("have the Buddhist year in Thai", () => {
    expect(longDay("2026-11-24", "th")).toContain("2569");
    expect(longDay("2026-11-24", "ja")).toContain("2026");
  });

  it("that a patient chose are read as they stand, whatever the zone here", () => {
    expect(chosen("2026-12-01", "en")).toBe("Tue, 1 Dec 2026");
    expect(chosen("2026-12-01", "th")).toContain("2569");
    expect(chosen("09:30", "en")).toBe("09:30");
    expect(chosen("2026-12-01T23:45", "ja")).toMatch(/2026.*12.*1.*23:45/);
    for (const other of ["yes", "2026-12", "2026-12-01 to 03", "9:30"])
      expect(chosen(other, "th")).toBe(other);
  });

  it("say how far away they are", () => {
    const now = Date.parse("2026-11-24T05:00:00Z");
    expect(relative("2026-11-26T05:00:00Z", now, "en")).toBe("in 2 days");
    expect(relative("2026-11-24T04:57:00Z", now, "en")).toBe("3 minutes ago");
  });

  it("counts hours up to two days, and says no day of the calendar that is another one", () => {
    const now = Date.parse("2026-11-24T05:00:00Z");
    // Tomorrow for some, the day after for others.
    expect(relative("2026-11-25T21:00:00Z", now, "en")).toBe("in 40 hours");
    expect(relative("2026-11-27T04:00:00Z", now, "ja")).toBe("2 日後");
  });

  it("that passed since the clock was looked at are not said to come", () => {
    const now = Date.parse("2026-11-24T05:00:00Z");
    expect(relative("2026-11-24T05:00:04Z", now, "en")).toBe("now");
    expect(relative("2026-11-24T05:00:11Z", now, "en")).toBe("in 11 seconds");
    expect(relative("2026-11-24T04:59:56Z", now, "en")).toBe("4 seconds ago");
  });
});
