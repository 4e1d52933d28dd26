import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LOCALES } from ".";
import glossary from "./glossary.json";
import ja from "./ja.json";
import { shortOf } from "./short";
import th from "./th.json";
import zhTW from "./zh-TW.json";

/** One word for one thing in each language, and what is never written instead. */
const glossaries: Record<string, { en: string; word: string; never: string }[]> = glossary;

const catalogues: Record<string, Record<string, string>> = { th, ja, "zh-TW": zhTW };

const source = readdirSync("ui/src", { withFileTypes: true, recursive: true })
  .filter(({ name }) => /\.tsx?$/.test(name) && !/\.test\.|^(bindings|queries|fixtures)\./.test(name))
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
  .join("\n");

/** Every string that stands in the source: the labels are among them. */
const strings = new Set(
  [...source.matchAll(/"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'/g)].map(([, double, single]) =>
    (double ?? single ?? "").replace(/\\(["'])/g, "$1"),
  ),
);

/** What the screens ask for by a sentence; the compiler looks at the tables of labels. */
const asked = [...source.matchAll(/\b(?:t|say)\(\s*"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? "");

const placeholders = (text: string) =>
  [...text.matchAll(/\{(\w+)(?:\}|, (?:number\}|plural,))/g)].map((m) => m[1]).sort();

it("no words reach a screen past the catalogues", () => {
  const text = />\s*([A-Za-z][a-z]+ [^<>{}()="]*)<\//g;
  const attribute = /\b(?:label|title|aria-label|description|alt)="([^"]*[a-z]{3}[^"]*)"/g;
  const bare = [text, attribute].flatMap((pattern) => [...source.matchAll(pattern)].map((match) => match[1]));
  expect(bare).toEqual([]);
});

it("no two sentences have the same short name", () => {
  const names = Object.keys(th).map(shortOf);
  expect(names.filter((name, n) => names.indexOf(name) !== n)).toEqual([]);
});

describe.each(Object.keys(LOCALES).filter((locale) => locale !== "en"))("the words of %s", (locale) => {
  const words = catalogues[locale] ?? {};

  it("cover every sentence of the screens", () => {
    expect([...new Set(asked)].filter((sentence) => !(sentence in words))).toEqual([]);
  });

  it("are those of every other language", () => {
    expect(Object.keys(words)).toEqual(Object.keys(th));
  });

  it("are all used", () => {
    const unused = Object.keys(words).filter((sentence) => !strings.has(sentence));
    expect(unused).toEqual([]);
  });

  it("are those of the glossary", () => {
    const sentences = Object.values(words);
    const wrong = (glossaries[locale] ?? []).flatMap(({ word, never }) => [
      ...sentences.filter((sentence) => new RegExp(never).test(sentence)),
      ...(sentences.some((sentence) => sentence.includes(word)) ? [] : [`nobody writes ${word}`]),
    ]);
    expect(glossaries[locale]).toBeDefined();
    expect(wrong).toEqual([]);
  });

  it("write a number as the reader's language does, however many forms English has", () => {
    const counted = Object.entries(words).filter(([en]) => en.includes(", plural,"));
    expect(counted.length).toBeGreaterThan(20);
    expect(counted.filter(([, other]) => !/, (number|plural)/.test(other))).toEqual([]);
  });

  it("keep the same places to fill in", () => {
    const wrong = Object.entries(words).filter(
      ([en, other]) => `${placeholders(en)}` !== `${placeholders(other)}`,
    );
    expect(wrong).toEqual([]);
  });
});
