// Reads a sentence with its places: `{name}`, `{n, number}` and `{n, plural, one {…} other {…}}`,
// with `#` for the number in a form. Lingui's own compiler knows all of ICU and brings two parsers;
// `compile.test.ts` holds that both read our sentences alike.

import type { CompiledMessage } from "@lingui/message-utils/compileMessage";

const FORM = "\\{((?:[^{}]|\\{[^{}]*\\})*)\\}";
const PLACE = new RegExp(`\\{(\\w+)(?:, (number)|, plural, one ${FORM} other ${FORM})?\\}`, "g");

/** In a form of a plural the sign stands for its number. */
const textOf = (text: string, counts: boolean) => (counts ? text.split(/(?=#)|(?<=#)/) : text ? [text] : []);

function read(text: string, counts: boolean): CompiledMessage {
  const parts: CompiledMessage = [];
  let from = 0;
  for (const found of text.matchAll(PLACE)) {
    const [whole, name = "", number, one, other] = found;
    parts.push(...textOf(text.slice(from, found.index), counts));
    if (other !== undefined)
      parts.push([name, "plural", { one: read(one ?? "", true), other: read(other, true) }]);
    else parts.push(number ? [name, number] : [name]);
    from = found.index + whole.length;
  }
  return [...parts, ...textOf(text.slice(from), counts)];
}

const known = new Map<string, CompiledMessage>();

export function compile(text: string): CompiledMessage {
  let parts = known.get(text);
  if (!parts) {
    parts = read(text, false);
    known.set(text, parts);
  }
  return parts;
}
