// Why somebody is on the worklist, in staff words, and how it looks.

import type { WorkReason } from "../bindings";
import type { Label } from "../i18n";

export const REASONS: Record<WorkReason, [label: Label, color: string]> = {
  worrying: ["Worrying answer", "red"],
  postponed: ["Postponed too often", "orange"],
  missed: ["No answer in time", "orange"],
  blocked: ["Blocked the clinic", "red"],
  unlinked: ["LINE does not know them", "red"],
  failed: ["Message failed", "red"],
  expired: ["Not sent in time", "orange"],
  wrote: ["Wrote a message", "blue"],
  relink: ["Wants to be linked", "blue"],
};
