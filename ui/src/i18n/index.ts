// Languages. The English sentence itself is the key, as with gettext and in Lingui's own
// examples: a screen reads as what it says, and an English sentence that changes is a new key,
// which no old translation can fit by accident. So English needs no catalogue, and the compiler
// refuses a sentence that has no translation.

import { i18n } from "@lingui/core";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import type th from "./th.json";

/** An English sentence with a translation; `catalogues.test.ts` holds the languages together. */
export type Words = keyof typeof th;

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

export type Value = string | number;

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

/** The language chosen before, else the system's, else English. */
export function firstLocale(): Locale {
  const kept = localStorage.getItem(KEPT);
  if (isLocale(kept)) return kept;
  for (const wished of navigator.languages) {
    if (isLocale(wished)) return wished;
    const base = wished.split("-")[0];
    if (base === "zh") return "zh-TW";
    if (isLocale(base)) return base;
  }
  return "en";
}

const catalogues: Record<Locale, () => Promise<Record<string, string>>> = {
  en: async () => ({}),
  th: async () => (await import("./th.json")).default,
  ja: async () => (await import("./ja.json")).default,
  "zh-TW": async () => (await import("./zh-TW.json")).default,
};

/** Words of another language than the one on the screen: for what a patient reads. */
export async function wordsOf(locale: Locale): Promise<Translate> {
  const catalogue = await catalogues[locale]();
  return (words, ...[values]) => fill(catalogue[words] ?? words, values);
}

const fill = (text: string, values: Partial<Record<string, Value>> = {}) =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));

export async function chooseLocale(locale: Locale): Promise<void> {
  i18n.setMessagesCompiler(compileMessage);
  i18n.load(locale, await catalogues[locale]());
  i18n.activate(locale);
  localStorage.setItem(KEPT, locale);
  document.documentElement.lang = locale;
}
