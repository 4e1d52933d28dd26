// What the tables of labels are made of, and how they become choices.

import type { Label } from "../i18n";

/** The names of a table, in its order. */
export const namesOf = <K extends string>(table: Record<K, unknown>): K[] => Object.keys(table) as K[];

/** A table as the options of a choice. */
export const optionsOf = <K extends string>(table: Record<K, Label>, t: (label: Label) => string) =>
  namesOf(table).map((value) => ({ value, label: t(table[value]) }));

export type Shown = { label: Label; color: string };
export type Explained = Shown & { hint: Label };
