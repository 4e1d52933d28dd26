// A page whose read has no answer yet. What was read once stays, whatever becomes of the next read.

import { useWords } from "../i18n/useWords";
import type { ProblemError } from "../lib/transport";
import { Loading, Page, Problem } from "./kit";
import { LinkAnchor } from "./links";

const LISTS = { "/patients": "Patients", "/plans": "Care plans" } as const;

type Shown = {
  read: { error: ProblemError | null; refetch: () => void };
  /** The list it stands in, to go back to. */
  list: keyof typeof LISTS;
};

/** Says that it is being read, or why it cannot be. */
export function Unread({ read, list }: Shown) {
  const { t } = useWords();
  if (!read.error) return <Loading rows={6} />;
  return (
    <Page title={t(LISTS[list])}>
      <LinkAnchor to={list} size="sm" className="back">
        ← {t(LISTS[list])}
      </LinkAnchor>
      <Problem error={read.error} again={read.refetch} />
    </Page>
  );
}
