// The people who need a person, before everything else of the day.

import { Button, Stack, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useNews } from "../../components/arrivals";
import { useClinic } from "../../components/clinic";
import { Loading, Problem, Section } from "../../components/kit";
import { News } from "../../components/News";
import { reach } from "../../components/Reach";
import { NEWS_OF_WORK, WorkEntries } from "../../components/WorkEntries";
import { useWords } from "../../i18n/useWords";
import { MINUTE_MS } from "../../lib/units";
import { useListWorklist } from "../../queries";

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
  const unseen = (status?.worklistOpen ?? 0) - rows.length;
  // That there is nobody is known with the status: no place is kept for them.
  if (!error && rows.length === 0 && unseen <= 0) {
    // What is held or failed waits for staff, too, and is said above.
    const isQuiet = !status?.needsAttention && !status?.held;
    return isQuiet ? <Text c="dimmed">{t("Nobody needs you right now.")}</Text> : null;
  }
  return (
    <Section title={t("People who need you")}>
      <News fresh={fresh.size} />
      <Problem error={error} again={refetch} />
      {isLoading && <Loading rows={3} />}
      <Stack gap="sm">
        <WorkEntries rows={rows} heading={3} reach={reach} fresh={fresh} />
        {unseen > 0 && (
          <Button component={Link} to="/worklist" variant="default">
            {t("{n, plural, one {# more needs you} other {# more need you}}", { n: unseen })}
          </Button>
        )}
      </Stack>
    </Section>
  );
}
