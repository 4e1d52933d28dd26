import { describe, expect, it } from "vitest";
import { dateTime, longDay, relative } from "./format";

describe("times", () => {
  it("are shown in the clinic's zone", () => {
    expect(dateTime("2026-11-24T05:00:00.000Z", "en", "Asia/Bangkok")).toContain("12:00");
    expect(dateTime("2026-11-24T05:00:00.000Z", "en", "Asia/Tokyo")).toContain("14:00");
  });

  it("have the Buddhist year in Thai", () => {
    expect(longDay("2026-11-24", "th")).toContain("2569");
    expect(longDay("2026-11-24", "ja")).toContain("2026");
  });

  it("say how far away they are", () => {
    const now = Date.parse("2026-11-24T05:00:00Z");
    expect(relative("2026-11-26T05:00:00Z", now, "en")).toBe("in 2 days");
    expect(relative("2026-11-24T04:57:00Z", now, "en")).toBe("3 minutes ago");
  });
});
