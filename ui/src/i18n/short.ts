/** Changes every short name; another number where two sentences come to share one. */
const SALT = 0;

/**
 * A sentence's name in a catalogue that is sent to the browser: the English is in the screens
 * already and would be half of it. `catalogues.test.ts` sees to it that no two share one.
 */
export function shortOf(words: string): string {
  let hash = 0x811c9dc5 ^ SALT;
  for (let at = 0; at < words.length; at += 1) hash = Math.imul(hash ^ words.charCodeAt(at), 0x01000193);
  return (hash >>> 9).toString(36);
}
