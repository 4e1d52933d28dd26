// People who need a person: what happened in plain words, and what to do about it.

import { Group, NativeSelect, Text } from "@mantine/core";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Stranger } from "../../bindings";
import { Choice, Empty, Page, Pages } from "../../components/kit";
import { WorkEntries } from "../../components/WorkEntries";
import { useWords } from "../../i18n/useWords";
import { namesOf, WORK_REASONS } from "../../labels";
import { useListStrangersPages, useListWorklistPages } from "../../queries";
import { Strangers } from "./Strangers";

/** Whether somebody unknown is to be seen before everybody else. */
const isUrgent = (stranger: Stranger) => stranger.urgent && !stranger.resolvedAt;

export function Worklist() {
  const { t } = useWords();
  const { which = "open", reason } = useSearch({ from: "/worklist" });
  const navigate = useNavigate({ from: "/worklist" });
  const choose = (value: string) =>
    navigate({ search: (was) => ({ ...was, reason: namesOf(WORK_REASONS).find((name) => name === value) }) });
  const list = useListWorklistPages(
    { resolved: which === "resolved", snoozed: which === "snoozed", reason, limit: 50 },
    // What was put off comes back by the clock, not by a change.
    { refetchInterval: 60_000 },
  );
  const all = list.data?.rows ?? [];
  const rows = which === "snoozed" ? all.filter((row) => row.snoozedUntil) : all;
  const strangers = useListStrangersPages({ resolved: which === "resolved", limit: 50 });
  const withStrangers = !reason && which !== "snoozed";
  const unknown = withStrangers ? (strangers.data?.rows ?? []) : [];
  // That nobody needs anybody is said only once both lists are known.
  const isEmpty = rows.length === 0 && unknown.length === 0 && (!withStrangers || !!strangers.data);
  return (
    <Page title={t("Worklist")}>
      <Text>
        {t("People who need a person. The urgent ones come first; what is settled leaves the list.")}
      </Text>
      <Group>
        <Choice
          label={t("Which")}
          value={which}
          onChange={(value) => navigate({ search: (was) => ({ ...was, which: value }) })}
          data={[
            { value: "open", label: t("Open") },
            { value: "snoozed", label: t("Later") },
            { value: "resolved", label: t("Settled") },
          ]}
        />
        <NativeSelect
          aria-label={t("Why")}
          value={reason ?? ""}
          onChange={(event) => choose(event.currentTarget.value)}
          data={[
            { value: "", label: t("All reasons") },
            ...namesOf(WORK_REASONS).map((value) => ({ value, label: t(WORK_REASONS[value].label) })),
          ]}
        />
      </Group>
      <Strangers rows={unknown.filter(isUrgent)} />
      <Pages list={list}>
        {list.data && isEmpty && (
          <Empty text={which === "open" ? t("Nobody needs you right now.") : t("Nothing here yet.")} />
        )}
        <WorkEntries rows={rows} />
      </Pages>
      {withStrangers && (
        <Pages list={strangers}>
          <Strangers rows={unknown.filter((stranger) => !isUrgent(stranger))} />
        </Pages>
      )}
    </Page>
  );
}
