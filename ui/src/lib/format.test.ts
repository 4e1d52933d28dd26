import { describe, expect, it } from "vitest";
import { dateTime, longDay, relative, triggerInWords } from "./format";

const plain = (id: string, values: Record<string, string | number> = {}) =>
  id.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));

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

describe("a trigger in words", () => {
  it("names days and times", () => {
    expect(triggerInWords({ type: "delay", value: "1d12h" }, plain)).toBe("1d12h after the start");
    expect(triggerInWords({ type: "scheduled", value: "09:00,14:30", startDay: 1, days: 3 }, plain)).toBe(
      "At 09:00, 14:30 for 3 days from day 1",
    );
    expect(triggerInWords({ type: "scheduled", value: "09:00", days: 1 }, plain)).toBe("At 09:00 on day 0");
  });
});
