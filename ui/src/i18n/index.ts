// Languages. The English sentence itself is the key, as with gettext and in Lingui's own
// examples: a screen reads as what it says, and an English sentence that changes is a new key,
// which no old translation can fit by accident. So English needs no catalogue, and the compiler
// refuses a sentence that has no translation.

import frame from "virtual:words/frame";
import whole from "virtual:words/whole";
import { i18n } from "@lingui/core";
import { compile } from "./compile";
import { shortOf } from "./short";
import type th from "./th.json";

/** An English sentence with a translation; `catalogues.test.ts` holds the languages together. */
type Words = keyof typeof th;

/**
 * The names of the places to fill in: `n` of `"{n} rows"`, and of
 * `"{n, plural, one {# row} other {# rows}}"`, which is written where English has two forms.
 */
type Places<W> = W extends `${string}{${infer Inside}}${infer Rest}` ? Named<Inside> | Places<Rest> : never;
type Named<Inside> = Inside extends `${infer Name}, plural,${string}`
  ? Name
  : Inside extends `${string}#${string}`
    ? never
    : Inside;
/** A sentence whose places to fill in are all among `N`. */
export type WordsWith<N> = { [W in Words]: [Places<W>] extends [N] ? W : never }[Words];

/** A sentence without places to fill in: what a table of labels holds. */
export type Label = WordsWith<never>;

type Value = string | number;

/** The sentence in another language, its places filled in. */
export type Translate = <W extends Words>(
  words: W,
  ...values: [Places<W>] extends [never] ? [] : [Record<Places<W>, Value>]
) => string;

export const LOCALES = {
  en: "English",
  th: "ไทย",
  ja: "日本語",
  "zh-TW": "繁體中文",
} as const;

export type Locale = keyof typeof LOCALES;

/** A language by its own name; one that another program gave as it is. */
export const nameOfLocale = (locale: string): string => (isLocale(locale) ? LOCALES[locale] : locale);

/** A code of the core with its parts, as the sentence that a table has for it. */
export type Tell = <C extends string>(sayings: Record<C, Words>, found: { code: C }) => string;

const isLocale = (text: string | null | undefined): text is Locale => !!text && text in LOCALES;

/** A language of the program; English for what is none. */
export const localeOf = (text: string): Locale => (isLocale(text) ? text : "en");

const KEPT = "clinicue.locale";

/**
 * The language chosen before, else that of the sign-in link one comes by, else the system's, else
 * English.
 */
export function firstLocale(): Locale {
  const kept = localStorage.getItem(KEPT);
  if (isLocale(kept)) return kept;
  const linked = new URLSearchParams(location.search).get("lang");
  if (isLocale(linked)) return linked;
  for (const wished of navigator.languages) {
    if (isLocale(wished)) return wished;
    const base = wished.split("-")[0];
    if (base === "zh") return "zh-TW";
    if (isLocale(base)) return base;
  }
  return "en";
}

/** Sentences by their short names. */
type Catalogue = Record<string, string>;
/** A part of the catalogues, each language read when it is needed; English is in the screens. */
type Part = Partial<Record<Locale, () => Promise<{ default: Catalogue }>>>;

const parts: Part[] = [frame];
/** What is on the screen or about to be. */
let wanted: Locale = "en";

const readPart = async (part: Part, locale: Locale) => (await part[locale]?.())?.default ?? {};

const readAll = async (locale: Locale): Promise<Catalogue> =>
  Object.assign({}, ...(await Promise.all(parts.map((part) => readPart(part, locale)))));

/** The words of a feature, before it is drawn: the build puts this before its first line. */
export async function withWords(part: Part): Promise<void> {
  parts.push(part);
  let locale: Locale;
  do {
    locale = wanted;
    i18n.load(locale, await readPart(part, locale));
  } while (locale !== wanted);
}

/**
 * A sentence that is shown where the build did not foresee it would stay English: all of the
 * language is read then, and the console says so.
 */
i18n.on("missing", ({ locale, id }) => {
  if (locale !== wanted || locale === "en" || parts.includes(whole)) return;
  console.warn(`the words of a sentence did not come with its screen: ${id}`);
  // Without an answer the sentence stays English.
  withWords(whole).catch(() => undefined);
});

/** Words of another language than the one on the screen: for what a patient reads. */
export async function wordsOf(locale: Locale): Promise<Translate> {
  const catalogue = await readAll(locale);
  return (words, ...[values]) => fill(catalogue[shortOf(words)] ?? words, values);
}

const fill = (text: string, values: Partial<Record<string, Value>> = {}) =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));

/** A sentence in the language on the screen. */
export const inWords = (words: Words, values?: Record<string, unknown>): string =>
  i18n._(shortOf(words), values, { message: words });

export async function chooseLocale(locale: Locale): Promise<void> {
  wanted = locale;
  i18n.setMessagesCompiler(compile);
  i18n.load(locale, await readAll(locale));
  i18n.activate(locale);
  localStorage.setItem(KEPT, locale);
  document.documentElement.lang = locale;
}
