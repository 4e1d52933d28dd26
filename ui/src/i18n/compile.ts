// Reads a sentence with its places: `{name}`, `{n, number}` and
// `{n, plural, =0 {…} one {…} other {…}}`, with `#` for the number in a form. Lingui's own compiler
// knows all of ICU and brings two parsers; `compile.test.ts` holds that both read ours alike.

import type { CompiledMessage } from "@lingui/message-utils/compileMessage";

const FORM = "(=?\\w+) \\{((?:[^{}]|\\{[^{}]*\\})*)\\}";
const PLACE = new RegExp(`\\{(\\w+)(?:, (number)|, plural,((?: ${FORM})+))?\\}`, "g");

/** In a form of a plural the sign stands for its number. */
const textOf = (text: string, counts: boolean) =>
  text === "" ? [] : counts ? text.split(/(?=#)|(?<=#)/) : [text];

function read(text: string, counts: boolean): CompiledMessage {
  const parts: CompiledMessage = [];
  let from = 0;
  for (const found of text.matchAll(PLACE)) {
    const [whole, name = "", number, forms] = found;
    parts.push(...textOf(text.slice(from, found.index), counts));
    parts.push(forms ? [name, "plural", formsOf(forms)] : number ? [name, number] : [name]);
    from = found.index + whole.length;
  }
  return [...parts, ...textOf(text.slice(from), counts)];
}

/** What is said of which number: `one`, `other`, or `0` of `=0`. */
const formsOf = (forms: string) =>
  Object.fromEntries(
    [...forms.matchAll(new RegExp(FORM, "g"))].map(([, which = "", form = ""]) => [
      which.replace("=", ""),
      read(form, true),
    ]),
  );

const known = new Map<string, CompiledMessage>();

export function compile(text: string): CompiledMessage {
  let parts = known.get(text);
  if (!parts) {
    parts = read(text, false);
    known.set(text, parts);
  }
  return parts;
}
