import { expect, test } from "vitest";
import { movesBy } from "./keys";

test("Alt and an arrow move by one, an arrow alone goes on to the next", () => {
  expect(movesBy({ altKey: true, key: "ArrowUp" })).toBe(-1);
  expect(movesBy({ altKey: true, key: "ArrowDown" })).toBe(1);
  expect(movesBy({ altKey: false, key: "ArrowDown" })).toBeNull();
  expect(movesBy({ altKey: true, key: "ArrowLeft" })).toBeNull();
});
