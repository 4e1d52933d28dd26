// Cuts the catalogues to what a start needs. The frame's sentences come with it, and those that
// most screens have; every other comes with the part that shows it, before that is drawn. A sentence
// of three screens is in three catalogues: who begins at one of them reads no other's. Under test and
// while developing the frame brings all.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { shortOf } from "../src/i18n/short.ts";
import { partsFrom, type Source } from "./uses.ts";

const SRC = join(dirname(fileURLToPath(import.meta.url)), "..", "src");
const LOCALES = ["th", "ja", "zh-TW"];
/** What `virtual:words/frame/th` and `virtual:words/app/Keys.tsx` begin with. */
const PREFIX = "virtual:words/";
export const FRAME = "frame";
/** All of a language, for what nobody foresaw. */
const WHOLE = "whole";
const FIRST = "main.tsx";

/** The sentences of the frame, and of each part those that were not read before it. */
export function placesOf(sentences: string[], sources: Source[]): Map<string, string[]> {
  const parts = partsFrom(FIRST, sources);
  const screens = [...parts.values()].filter(({ askedBy }) => askedBy.has(FIRST));
  const isFrames = (sentence: string) => {
    const users = screens.filter(({ texts }) => texts.has(sentence)).length;
    const isNobodys = users === 0 && ![...parts.values()].some(({ texts }) => texts.has(sentence));
    return isNobodys || users > screens.length / 2 || parts.get(FIRST)?.texts.has(sentence);
  };
  const frames = new Set(sentences.filter(isFrames));
  const places = new Map([[FRAME, [...frames]]]);
  for (const [path, { texts, askedBy }] of parts) {
    // Whoever asks for it has read its own; the frame asks for most.
    const wasRead = (sentence: string) =>
      frames.has(sentence) || [...askedBy].every((one) => one !== FIRST && parts.get(one)?.texts.has(sentence));
    const own = sentences.filter((sentence) => texts.has(sentence) && !wasRead(sentence));
    if (path !== FIRST && own.length > 0) places.set(path, own);
  }
  return places;
}

const pathOf = (file: string) => file.slice(SRC.length + 1).replaceAll(sep, "/");

function readSources(): Source[] {
  return readdirSync(SRC, { withFileTypes: true, recursive: true })
    .filter(({ name }) => /\.tsx?$/.test(name) && !/\.test\.|^(bindings|queries|fixtures)\./.test(name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: pathOf(file), code: readFileSync(file, "utf8") }));
}

const catalogueOf = (locale: string): Record<string, string> =>
  JSON.parse(readFileSync(join(SRC, "i18n", `${locale}.json`), "utf8"));

const loaderOf = (place: string) =>
  `{ ${LOCALES.map((locale) => `"${locale}": () => import("${PREFIX}${place}/${locale}")`).join(", ")} }`;

/** `app/Keys.tsx/th` taken apart; without a language it reads the one on the screen. */
function placeIn(id: string): [place: string, locale: string | undefined] {
  const locale = LOCALES.find((one) => id.endsWith(`/${one}`));
  return [locale ? id.slice(0, -locale.length - 1) : id, locale];
}

export function wordsByScreen(): Plugin {
  let places = new Map<string, string[]>();
  let cut = false;
  const load = (id: string) => {
    const [place, locale] = placeIn(id);
    if (!locale)
      return place === FRAME || place === WHOLE
        ? `export default ${loaderOf(place)};`
        : `import { withWords } from "/src/i18n/index.ts"; await withWords(${loaderOf(place)});`;
    const words = catalogueOf(locale);
    const sentences = cut && place !== WHOLE ? (places.get(place) ?? []) : Object.keys(words);
    return `export default ${JSON.stringify(Object.fromEntries(sentences.map((one) => [shortOf(one), words[one]])))};`;
  };
  return {
    name: "words-by-screen",
    configResolved({ command }) {
      cut = command === "build";
    },
    buildStart() {
      if (cut) places = placesOf(Object.keys(catalogueOf("th")), readSources());
    },
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return;
      const name = id.slice(PREFIX.length + 1);
      const [, locale] = placeIn(name);
      if (locale) this.addWatchFile(join(SRC, "i18n", `${locale}.json`));
      return load(name);
    },
    transform(code, id) {
      if (!cut || !id.startsWith(SRC + sep) || !/\.tsx?$/.test(id)) return;
      const path = pathOf(id);
      if (!places.has(path)) return;
      // On the first line, so that every other keeps its number.
      return { code: `import "${PREFIX}${path}"; ${code}`, map: null };
    },
  };
}
