// What the activity is narrowed to; all of it stands in the address.

import { Button, Group, NativeSelect } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type Act, LIMITS } from "../../bindings";
import { DESCRIBED_BELOW } from "../../components/below";
import { DayField } from "../../components/DayField";
import { useWords } from "../../i18n/useWords";
import { ACTIVITIES, ACTORS, namesOf, optionsOf } from "../../labels";
import { number } from "../../lib/format";
import { useListAudit } from "../../queries";

/** There is no list of who acts: offered are those who did one of so many of the newest entries. */
const LOOKED_THROUGH = LIMITS.ListActivity.limit.maximum;

type Search = { act?: Act; who?: string; from?: string; to?: string };

export function ActivityFilters({ seen, isNarrowed }: { seen: string[]; isNarrowed: boolean }) {
  const { t, locale } = useWords();
  const { act, who, from, to } = useSearch({ from: "/system" });
  const navigate = useNavigate({ from: "/system" });
  const set = (part: Search) =>
    navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false });
  const { names, areAll } = useNames(seen, who);
  const acts = optionsOf(ACTIVITIES, t).sort((a, b) => a.label.localeCompare(b.label, locale));
  return (
    <Group align="flex-start">
      <NativeSelect
        label={t("What was done")}
        w={{ base: "100%", xs: 260 }}
        value={act ?? ""}
        onChange={({ currentTarget: { value } }) =>
          set({ act: namesOf(ACTIVITIES).find((one) => one === value) })
        }
        data={[{ value: "", label: t("Everything") }, ...acts]}
      />
      <NativeSelect
        label={t("Who")}
        w={{ base: "100%", xs: 260 }}
        value={who ?? ""}
        onChange={({ currentTarget: { value } }) => set({ who: value || undefined })}
        data={[
          { value: "", label: t("Everybody") },
          ...optionsOf(ACTORS, t),
          ...names.map((name) => ({ value: name, label: name })),
        ]}
        description={areAll ? null : t("Names of the last {n} acts", { n: number(LOOKED_THROUGH, locale) })}
        {...DESCRIBED_BELOW}
      />
      <DayField
        label={t("From")}
        value={from}
        max={to}
        onChange={(day) => set({ from: day })}
        onClear={() => set({ from: undefined })}
      />
      <DayField
        label={t("Until")}
        value={to}
        min={from}
        onChange={(day) => set({ to: day })}
        onClear={() => set({ to: undefined })}
      />
      {isNarrowed && <ClearFilters />}
    </Group>
  );
}

export function ClearFilters() {
  const { t } = useWords();
  const navigate = useNavigate({ from: "/system" });
  return (
    <Button variant="default" onClick={() => navigate({ search: {}, resetScroll: false })}>
      {t("Clear filters")}
    </Button>
  );
}

/** Who may be asked for by name, and whether the log has nobody else. */
function useNames(seen: string[], chosen: string | undefined) {
  const { locale } = useWords();
  const newest = useListAudit({ limit: LOOKED_THROUGH });
  const all = new Set([...(newest.data?.items ?? []).map(({ actor }) => actor), ...seen]);
  if (chosen) all.add(chosen);
  const names = [...all].filter((name) => !Object.hasOwn(ACTORS, name));
  return {
    names: names.sort((a, b) => a.localeCompare(b, locale)),
    areAll: !newest.data?.nextCursor,
  };
}
