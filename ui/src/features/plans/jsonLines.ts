// On which line of a JSON text something stands, and where it stops being JSON.

type Found = { lines: Map<string, number>; wrongAt: number | null };

const STRING = /"(?:[^"\\\n]|\\.)*"/y;
const PLAIN = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** Reads a JSON text as far as it is one; paths are written `body.contents[0].text`. */
function read(text: string): Found {
  const lines = new Map<string, number>();
  let at = 0;
  // Counted on from where it was asked for last: a long text is read once.
  let [counted, ends] = [0, 1];
  const line = () => {
    for (; counted < at; counted += 1) if (text[counted] === "\n") ends += 1;
    return ends;
  };
  const blank = () => {
    while (/\s/.test(text[at] ?? "")) at += 1;
  };
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) throw new SyntaxError();
    at += found.length;
    return found;
  };
  const sign = (expected: string) => {
    blank();
    if (text[at] !== expected) throw new SyntaxError();
    at += 1;
  };
  const several = (end: string, item: (n: number) => void) => {
    at += 1;
    blank();
    for (let n = 0; text[at] !== end; n += 1) {
      if (n > 0) sign(",");
      blank();
      item(n);
      blank();
    }
    at += 1;
  };
  const value = (path: string) => {
    blank();
    if (!lines.has(path)) lines.set(path, line());
    if (text[at] === "{")
      several("}", () => {
        const start = line();
        const name: unknown = JSON.parse(take(STRING));
        const inside = path === "" ? String(name) : `${path}.${name}`;
        lines.set(inside, start);
        sign(":");
        value(inside);
      });
    else if (text[at] === "[") several("]", (n) => value(`${path}[${n}]`));
    else take(text[at] === '"' ? STRING : PLAIN);
  };
  try {
    value("");
    blank();
    if (at < text.length) throw new SyntaxError();
    return { lines, wrongAt: null };
  } catch {
    return { lines, wrongAt: line() };
  }
}

/** The line on which a text stops being JSON; null where all of it is. */
export const wrongLineOf = (text: string): number | null => read(text).wrongAt;

/** The line of a part, or of the nearest part around it that is there. */
export function lineOf(text: string, path: string): number {
  const { lines } = read(text);
  for (let part = path; part !== ""; part = part.replace(/(?:\.?[^.[\]]+|\[\d+\])$/, "")) {
    const found = lines.get(part);
    if (found !== undefined) return found;
  }
  return 1;
}
