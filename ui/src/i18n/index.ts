// Languages. English is the source: its sentences are the keys of the other catalogues.

import { i18n } from "@lingui/core";
import { compileMessage } from "@lingui/message-utils/compileMessage";
import type { Translate } from "../lib/format";

export const LOCALES = {
  en: "English",
  th: "ไทย",
  ja: "日本語",
  "zh-TW": "繁體中文",
} as const;

export type Locale = keyof typeof LOCALES;

const isLocale = (text: string | null | undefined): text is Locale => !!text && text in LOCALES;

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
  th: async () => (await import("./th")).default,
  ja: async () => (await import("./ja")).default,
  "zh-TW": async () => (await import("./zh-TW")).default,
};

/** The language of a tag such as `th-TH`; English where there is none of ours. */
export function localeOf(tag: string | null): Locale {
  if (isLocale(tag)) return tag;
  const base = tag?.split("-")[0];
  return base === "zh" ? "zh-TW" : isLocale(base) ? base : "en";
}

/** Words of another language than the one on the screen: for what a patient reads. */
export async function wordsOf(locale: Locale): Promise<Translate> {
  const catalogue = await catalogues[locale]();
  return (id, values = {}) =>
    (catalogue[id] ?? id).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

export async function chooseLocale(locale: Locale): Promise<void> {
  i18n.setMessagesCompiler(compileMessage);
  i18n.load(locale, await catalogues[locale]());
  i18n.activate(locale);
  localStorage.setItem(KEPT, locale);
  document.documentElement.lang = locale;
}
