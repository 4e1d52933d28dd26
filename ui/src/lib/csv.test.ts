import { expect, test } from "vitest";
import { csvOf } from "./csv";

test("a spreadsheet knows the letters, and where a cell ends", () => {
  expect(csvOf([["ใคร", 'says "yes", twice'], ["a\nb"]])).toBe(
    '\uFEFFใคร,"says ""yes"", twice"\r\n"a\nb"\r\n',
  );
});

test("no cell is a formula", () => {
  // The cases of the core's own test, in `ops/exports.rs`, each with its like.
  for (const text of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "＋1", "－1", "＠SUM(A1)"])
    expect(csvOf([[text]])).toBe(`\uFEFF'${text}\r\n`);
  for (const text of ["\r=1", "\n=1"]) expect(csvOf([[text]])).toBe(`\uFEFF"'${text}"\r\n`);
  expect(csvOf([["done"]])).toBe("\uFEFFdone\r\n");
});
