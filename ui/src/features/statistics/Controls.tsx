// Which days and whose messages are counted; both stand in the address.

import { Group, NativeSelect } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { DayField } from "../../components/DayField";
import { Problem } from "../../components/kit";
import { useWords } from "../../i18n/useWords";
import { DAY_PRESETS } from "../../labels/filters";
import { useAllProtocols } from "../../shared/choices";
import { type Range, USUAL } from "./range";

/** In place of a number of days: those from one day to another. */
const OWN = "own";

export function Controls({ range }: { range: Range }) {
  const { t } = useWords();
  const { days = USUAL, plan = "", from, to } = useSearch({ from: "/statistics" });
  const navigate = useNavigate({ from: "/statistics" });
  const plans = useAllProtocols();
  const isOwn = from !== undefined || to !== undefined;
  const choose = (value: string) =>
    navigate({
      search: (was) =>
        value === OWN
          ? { ...was, days: undefined, ...range }
          : { ...was, days: DAY_PRESETS.find((preset) => preset === value), from: undefined, to: undefined },
    });
  return (
    <>
      <NativeSelect
        aria-label={t("Care plan")}
        // As wide before its plans are known as after.
        w={240}
        value={plan}
        onChange={(event) => {
          const { value } = event.currentTarget;
          navigate({ search: (was) => ({ ...was, plan: value || undefined }) });
        }}
        data={[
          { value: "", label: t("All care plans") },
          ...(plans.data?.rows ?? []).map((one) => ({ value: one.id, label: one.name })),
        ]}
      />
      <NativeSelect
        aria-label={t("Which days")}
        w={240}
        value={isOwn ? OWN : days}
        onChange={(event) => choose(event.currentTarget.value)}
        data={[
          ...DAY_PRESETS.map((n) => ({ value: n, label: t("The last {n} days", { n }) })),
          { value: OWN, label: t("From one day to another") },
        ]}
      />
      <Problem error={plans.error} again={plans.refetch} />
    </>
  );
}

/** The two days, where they are chosen one by one. */
export function OwnDays({ range, today }: { range: Range; today: string }) {
  const { t } = useWords();
  const { from, to } = useSearch({ from: "/statistics" });
  const navigate = useNavigate({ from: "/statistics" });
  if (from === undefined && to === undefined) return null;
  const change = (part: Partial<Range>) => navigate({ search: (was) => ({ ...was, ...range, ...part }) });
  return (
    <Group align="flex-start">
      <DayField
        label={t("First day")}
        value={range.from}
        max={range.to}
        onChange={(from) => change({ from })}
      />
      <DayField
        label={t("Last day")}
        value={range.to}
        min={range.from}
        max={today}
        onChange={(to) => change({ to })}
      />
    </Group>
  );
}
