import { expect, test } from "vitest";
import { readRows } from "./readRows";

/** Three pages of two. */
const ask = async (cursor: string | null) => {
  const n = Number(cursor ?? 0);
  return { items: [n, n + 1], nextCursor: n < 4 ? String(n + 2) : null };
};

test("a list is read to its last page", async () => {
  expect(await readRows(ask, 100)).toEqual({ rows: [0, 1, 2, 3, 4, 5], isMore: false });
});

test("enough ends it, and so does whoever hears how many there are", async () => {
  expect(await readRows(ask, 3)).toEqual({ rows: [0, 1, 2, 3], isMore: true });
  expect(await readRows(ask, 100, (rows) => rows < 2)).toEqual({ rows: [0, 1], isMore: true });
});
