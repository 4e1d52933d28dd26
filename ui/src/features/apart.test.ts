import { expect, test } from "vitest";

const files = import.meta.glob<string>("./**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });

/** What a file of a feature reads of another one, `people → patients`. */
function acrossIn(path: string, text: string): string[] {
  const [, feature = ""] = path.split("/");
  const found = text.matchAll(/(?:from|import\() ?"(\.[^"]+)"/g);
  return [...found].flatMap(([, to = ""]) => {
    const { pathname } = new URL(to, `file:///${path.slice(2)}`);
    const up = to.split("/").filter((part) => part === "..").length;
    // As many steps up as it is deep leave the feature; one more leaves the features.
    const deep = path.split("/").length - 2;
    const other = pathname.split("/")[1];
    return up === deep && other && other !== feature ? [`${path}: ${to}`] : [];
  });
}

test("no feature reads another: what two of them show stands in components", () => {
  expect(Object.keys(files).length).toBeGreaterThan(100);
  expect(Object.entries(files).flatMap(([path, text]) => acrossIn(path, text))).toEqual([]);
});
