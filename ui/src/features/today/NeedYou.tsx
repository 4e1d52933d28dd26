// The people who need a person, before everything else of the day.

import { Button, Skeleton, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useNews } from "../../components/arrivals";
import { useClinic } from "../../components/clinic";
import { Problem, Section } from "../../components/kit";
import { News } from "../../components/News";
import { useWords } from "../../i18n/useWords";
import { MINUTE_MS } from "../../lib/units";
import { useListWorklist } from "../../queries";
import { reach } from "../../shared/Reach";
import { NEWS_OF_WORK, WorkEntries } from "../../shared/WorkEntries";

/** How many are shown here; their own screen has them all. */
const SHOWN = 5;

export function NeedYou() {
  const { t } = useWords();
  const { status } = useClinic();
  const { data, error, isLoading, refetch } = useListWorklist(
    { limit: SHOWN },
    { refetchInterval: MINUTE_MS },
  );
  const rows = data?.items ?? [];
  const { fresh } = useNews(rows, NEWS_OF_WORK);
  const open = status?.worklistOpen ?? 0;
  const toCome = isLoading ? Math.min(open, SHOWN) : 0;
  const unseen = open - rows.length - toCome;
  // The status already says when there is nobody: then no room is kept while the entries are read.
  if (!error && rows.length === 0 && open === 0) {
    // Messages that are held or failed need staff, too, and are named above: "nobody" would be untrue.
    const isQuiet = !status?.needsAttention && !status?.held;
    return isQuiet ? <Text c="dimmed">{t("Nobody needs you right now.")}</Text> : null;
  }
  return (
    <Section title={t("People who need you")}>
      <News fresh={fresh.size} />
      <Problem error={error} again={refetch} />
      <Stack gap="sm">
        {isLoading ? (
          <ToCome n={toCome} />
        ) : (
          <WorkEntries rows={rows} heading={3} reach={reach} fresh={fresh} />
        )}
        {unseen > 0 && (
          <Button component={Link} to="/worklist" variant="default">
            {t("{n, plural, one {# more needs you} other {# more need you}}", { n: unseen })}
          </Button>
        )}
      </Stack>
    </Section>
  );
}

/** Entries that are not there yet: what stands below them would move when they come. */
function ToCome({ n }: { n: number }) {
  return (
    <Stack gap="sm" aria-busy="true">
      {Array.from({ length: n }, (_, row) => `row ${row}`).map((key) => (
        <Skeleton key={key} className="entry-to-come" height="var(--entry-height)" />
      ))}
    </Stack>
  );
}
