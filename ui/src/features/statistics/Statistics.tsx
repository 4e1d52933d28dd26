// What became of messages and what patients answered, over some days: as charts and as tables, by
// care plan and step; and the log as a file.

import { Text } from "@mantine/core";
import { useSearch } from "@tanstack/react-router";
import { useClinic, useNow } from "../../components/clinic";
import { Page, Problem } from "../../components/kit";
import { May } from "../../components/may";
import { useWords } from "../../i18n/useWords";
import { clockTime, isoDay } from "../../lib/format";
import { Controls, OwnDays } from "./Controls";
import { Drifting } from "./Drifting";
import { Export } from "./Export";
import { HoursOfWeek } from "./HoursOfWeek";
import { LineQuota } from "./LineQuota";
import { MessagesOverTime } from "./MessagesOverTime";
import { Marks } from "./marks";
import { Openings } from "./Openings";
import { Overview, Values } from "./Overview";
import { PlanSteps } from "./PlanSteps";
import { rangeIn } from "./range";
import { TimeToAnswer } from "./TimeToAnswer";
import { useParts, useStatistics } from "./useStatistics";

export function Statistics() {
  const { t } = useWords();
  const { timeZone } = useClinic();
  const now = useNow();
  const search = useSearch({ from: "/statistics" });
  const { plan = "" } = search;
  const today = isoDay(now, timeZone);
  const range = rangeIn(search, today);
  const stats = useStatistics(range, plan);
  const all = stats.data?.all;
  const parts = useParts(range, plan, all);
  const isRefused = stats.error && !stats.data;
  return (
    <Page title={t("Statistics")} actions={<Controls range={range} />}>
      <Marks />
      <OwnDays range={range} today={today} />
      <Problem error={stats.error} again={stats.refetch} />
      <AsOf at={stats.error && stats.data ? stats.dataUpdatedAt : null} />
      {!isRefused && (
        <>
          <MessagesOverTime range={range} all={all} parts={parts} />
          <Overview all={all} />
          <TimeToAnswer stats={stats.data} plan={plan} />
          <HoursOfWeek range={range} plan={plan} />
          {stats.data?.protocols
            .filter(({ answers }) => answers.asked > 0)
            .map((one) => (
              <PlanSteps key={one.protocolId} plan={one} />
            ))}
          {all && <Values all={all} />}
        </>
      )}
      <Drifting />
      <May ask="line_quota">
        <LineQuota today={today} />
      </May>
      <Openings plan={plan} />
      <May ask="interactions_export">
        <Export range={range} />
      </May>
    </Page>
  );
}

/** When the numbers were counted, where newer ones could not be had. */
function AsOf({ at }: { at: number | null }) {
  const { t, locale } = useWords();
  const { timeZone } = useClinic();
  if (at === null) return null;
  return (
    <Text role="status" fw={600}>
      {t("As of {at}, trying again", { at: clockTime(at, locale, timeZone) })}
    </Text>
  );
}
