import { expect, test, vi } from "vitest";
import type { LookAtMessages, LookedAtMessages } from "../bindings";
import { aLook } from "../testing/fixtures";
import { lookAt } from "./looked";

const blocked = {
  state: "failed",
  cause: "blocked",
  maybeSentLongAgo: false,
  followUpOver: false,
  repeats: false,
  count: 2,
} as const;

/** What the core sees of each part that is asked for. */
const core = (see: (part: LookAtMessages) => Partial<LookedAtMessages>) => {
  const asked: LookAtMessages[] = [];
  vi.stubGlobal("fetch", async (_: string, { body }: RequestInit) => {
    const part: LookAtMessages = JSON.parse(String(body));
    asked.push(part);
    return new Response(JSON.stringify({ ...aLook, ...see(part) }), {
      headers: { "content-type": "application/json" },
    });
  });
  return asked;
};

test("more chosen ones than the core takes at once are looked at in parts, and told as one", async () => {
  const ids = Array.from({ length: 1_500 }, (_, n) => `m${n}`);
  const asked = core(({ ids: part = [] }) => ({
    matched: part?.length,
    ids: part ?? [],
    others: [blocked],
    outlook: [
      {
        cause: "quiet_hours",
        until: part?.length === 500 ? "2026-11-25T01:00:00Z" : "2026-11-26T01:00:00Z",
        count: 3,
      },
    ],
  }));
  const all = await lookAt("retry", { ids });
  expect(asked.map((part) => part.ids?.length)).toEqual([1_000, 500]);
  expect(all).toMatchObject({ matched: 1_500, others: [{ ...blocked, count: 4 }] });
  expect(all.ids).toEqual(ids);
  expect(all.outlook).toEqual([{ cause: "quiet_hours", until: "2026-11-25T01:00:00Z", count: 6 }]);
});

test("all that match are asked for by their filter", async () => {
  const asked = core(() => ({}));
  await lookAt("cancel", { matching: { stage: "failed", cause: "blocked" } });
  expect(asked).toEqual([{ act: "cancel", stage: "failed", cause: "blocked" }]);
});
