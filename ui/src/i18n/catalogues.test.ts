import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LOCALES } from ".";
import ja from "./ja";
import th from "./th";
import zhTW from "./zh-TW";

const catalogues: Record<string, Record<string, string>> = { th, ja, "zh-TW": zhTW };

/** Every sentence the screens ask the catalogue for, as far as it stands in the source. */
function used(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => /\.tsx?$/.test(entry.name) && !entry.name.includes(".test."))
    .flatMap((entry) => {
      const text = readFileSync(join(entry.parentPath, entry.name), "utf8");
      return [...text.matchAll(/\b(?:t|say)\(\s*"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? "");
    });
}

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

describe.each(Object.keys(LOCALES).filter((locale) => locale !== "en"))("the words of %s", (locale) => {
  const words = catalogues[locale] ?? {};

  it("cover every sentence of the screens", () => {
    const missing = [...new Set(used("ui/src"))].filter((sentence) => !(sentence in words));
    expect(missing).toEqual([]);
  });

  it("keep the same places to fill in", () => {
    const wrong = Object.entries(words).filter(
      ([en, other]) => `${placeholders(en)}` !== `${placeholders(other)}`,
    );
    expect(wrong).toEqual([]);
  });
});
