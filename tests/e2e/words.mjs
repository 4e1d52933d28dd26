// The sentences of the screens as somebody reads them: English, or from a language's catalogue.

import { readFileSync } from "node:fs";

const PLURAL = /\{(\w+), plural, one \{([^}]*)\} other \{([^}]*)\}\}/g;

/** `t` of a language, for sentences as simple as the tests need them. */
export function wordsOf(language) {
  const path = new URL(`../../ui/src/i18n/${language}.json`, import.meta.url);
  const catalogue = language === "en" ? null : JSON.parse(readFileSync(path, "utf8"));
  return (english, values = {}) => {
    const words = catalogue ? catalogue[english] : english;
    if (words === undefined) throw new Error(`${language} has no words for “${english}”`);
    const number = (n) => n.toLocaleString(language);
    return words
      .replace(PLURAL, (_, name, one, other) => (values[name] === 1 ? one : other).replace("#", number(values[name])))
      .replace(/\{(\w+), number\}/g, (_, name) => number(values[name]))
      .replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  };
}
