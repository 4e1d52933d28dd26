// The core's limits (`LIMITS` of the bindings) as inputs take them.

export const rangeOf = ({ minimum, maximum }: { minimum: number; maximum: number }) => ({
  min: minimum,
  max: maximum,
});

const byCharacter = new Intl.Segmenter();

/** The characters of a text as people count them: a vowel above a letter is none of its own. */
export const graphemes = (text: string) => [...byCharacter.segment(text)].length;
