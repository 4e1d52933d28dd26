// What the guides of a new clinic have in common: what they look at, how far they are, and that they
// can be put away.

import { IconCircle, IconCircleCheck } from "@tabler/icons-react";
import { useState } from "react";
import { LIMITS } from "../../bindings";
import { useWords } from "../../i18n/useWords";

/**
 * The newest plans, patients and follow-ups that are looked at for what was done here: what the demo
 * clinic has is nobody's doing. As many for each, so that the guides share what is read.
 */
export const LOOKED_AT = LIMITS.PageOf.limit.maximum;

/** Whether the guide was put away in this browser, and the way to do it. */
export function usePutAway(kept: string): [away: boolean, putAway: () => void] {
  const [away, setAway] = useState(() => localStorage.getItem(kept) === "away");
  const putAway = () => {
    localStorage.setItem(kept, "away");
    setAway(true);
  };
  return [away, putAway];
}

export function DoneMark({ done, size }: { done: boolean; size: number }) {
  const { t } = useWords();
  const form = { size, style: { flexShrink: 0 } };
  return done ? (
    <IconCircleCheck {...form} color="var(--mantine-color-teal-7)" aria-label={t("Done")} />
  ) : (
    <IconCircle {...form} aria-label={t("Still to do")} />
  );
}
