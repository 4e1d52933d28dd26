// What can be found and done from everywhere, as rows of one list.

import type { IconUsers } from "@tabler/icons-react";

export type Found = {
  id: string;
  label: string;
  /** Tells it from others of the same name. */
  hint?: string;
  /** The language of its name. */
  lang?: string | undefined;
  Icon: typeof IconUsers;
  run: () => void;
};

export type Kind = { name: string; found: Found[] };

const plain = (text: string) => text.normalize("NFKC").toLowerCase();

/** Whether each word that was typed stands in one of the names. */
export const matches = (typed: string, ...names: string[]): boolean => {
  const all = plain(names.join(" "));
  return plain(typed)
    .split(/\s+/)
    .every((word) => all.includes(word));
};
