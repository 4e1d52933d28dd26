// Cuts the catalogues to what a screen needs. A sentence that only one feature writes comes with
// that feature, before its first component is drawn; every other comes with the frame. Under test
// and while developing the frame brings all.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { shortOf } from "../src/i18n/short";

const SRC = join(dirname(fileURLToPath(import.meta.url)), "..", "src");
const LOCALES = ["th", "ja", "zh-TW"];
/** What `virtual:words/frame/th` and `virtual:words/patients` begin with. */
const PREFIX = "virtual:words/";
export const FRAME = "frame";

type Sources = { path: string; code: string }[];

/** The feature a file is of; by its path within `src`. */
export const featureOf = (path: string): string | undefined => /^features\/([^/]+)\//.exec(path)?.[1];

const stringsIn = (code: string) =>
  [...code.matchAll(/"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'/g)].map(([, double, single]) =>
    (double ?? single ?? "").replace(/\\(["'])/g, "$1"),
  );

/** The sentences that go with each feature, and those of the frame: each is in one place. */
export function placesOf(sentences: string[], sources: Sources): Map<string, string[]> {
  const users = new Map(sentences.map((sentence) => [sentence, new Set<string>()]));
  for (const { path, code } of sources)
    for (const text of stringsIn(code)) users.get(text)?.add(featureOf(path) ?? FRAME);
  const places = new Map<string, string[]>([[FRAME, []]]);
  for (const [sentence, [first = FRAME, ...others]] of users) {
    const place = others.length > 0 ? FRAME : first;
    places.set(place, [...(places.get(place) ?? []), sentence]);
  }
  return places;
}

function readSources(): Sources {
  return readdirSync(SRC, { withFileTypes: true, recursive: true })
    .filter(({ name }) => /\.tsx?$/.test(name) && !/\.test\.|^(bindings|queries|fixtures)\./.test(name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({
      path: file.slice(SRC.length + 1).replaceAll(sep, "/"),
      code: readFileSync(file, "utf8"),
    }));
}

const catalogueOf = (locale: string): Record<string, string> =>
  JSON.parse(readFileSync(join(SRC, "i18n", `${locale}.json`), "utf8"));

const loaderOf = (place: string) =>
  `{ ${LOCALES.map((locale) => `"${locale}": () => import("${PREFIX}${place}/${locale}")`).join(", ")} }`;

export function wordsByScreen(): Plugin {
  let places = new Map<string, string[]>();
  let cut = false;
  const load = (id: string) => {
    const [place = "", locale] = id.split("/");
    if (!locale)
      return place === FRAME
        ? `export default ${loaderOf(place)};`
        : `import { withWords } from "/src/i18n/index.ts"; await withWords(${loaderOf(place)});`;
    const words = catalogueOf(locale);
    const sentences = cut ? (places.get(place) ?? []) : Object.keys(words);
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
      const locale = name.split("/")[1];
      if (locale) this.addWatchFile(join(SRC, "i18n", `${locale}.json`));
      return load(name);
    },
    transform(code, id) {
      if (!cut || !id.startsWith(SRC + sep) || !/\.tsx?$/.test(id)) return;
      const feature = featureOf(id.slice(SRC.length + 1).replaceAll(sep, "/"));
      if (!feature || !places.has(feature)) return;
      // On the first line, so that every other keeps its number.
      return { code: `import "${PREFIX}${feature}"; ${code}`, map: null };
    },
  };
}
