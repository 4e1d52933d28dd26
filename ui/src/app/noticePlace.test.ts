import { expect, test } from "vitest";
import { placeOf, type Sight } from "./noticePlace";

/** A phone of which nothing is in the way. */
const phone: Sight = { height: 100, top: 60, bottom: 700, bars: [], focused: null, around: null };

test("notices stand at the foot where nothing else does", () => {
  expect(placeOf(phone)).toEqual({ side: "foot", at: 700 });
});

test("they stand above a bar at the foot", () => {
  expect(placeOf({ ...phone, bars: [{ top: 640, bottom: 700 }] })).toEqual({ side: "foot", at: 640 });
});

test("what has the focus is not covered: they go to the head, below a bar that holds on there", () => {
  const focused = { top: 560, bottom: 640 };
  expect(placeOf({ ...phone, focused })).toEqual({ side: "head", at: 60 });
  const bars = [{ top: 68, bottom: 120 }];
  expect(placeOf({ ...phone, focused, bars })).toEqual({ side: "head", at: 120 });
});

test("a bar in the middle of the page is not covered either", () => {
  expect(placeOf({ ...phone, bars: [{ top: 610, bottom: 660 }] }).side).toBe("head");
});

test("the buttons around the focus stay free, though not at its cost", () => {
  const around = { top: 400, bottom: 690 };
  expect(placeOf({ ...phone, focused: { top: 400, bottom: 500 }, around }).side).toBe("head");
  expect(
    placeOf({ ...phone, focused: { top: 70, bottom: 170 }, around: { top: 70, bottom: 690 } }).side,
  ).toBe("foot");
});

test("a keyboard on the screen leaves less to be seen", () => {
  expect(placeOf({ ...phone, bottom: 420 })).toEqual({ side: "foot", at: 420 });
});
