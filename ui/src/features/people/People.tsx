// Everybody and everything that needs a person, on one screen: patients, people unknown, messages
// that failed and messages that wait.

import { Group, NativeSelect, Stack, Text } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { Stranger } from "../../bindings";
import { Choice } from "../../components/Choice";
import { Empty, Page, Pages, Problem, When } from "../../components/kit";
import { LinkButton } from "../../components/links";
import { useWords } from "../../i18n/useWords";
import { namesOf, WORK_REASONS } from "../../labels";
import type { ProblemError } from "../../lib/transport";
import { MINUTE_MS } from "../../lib/units";
import { useLastSettled, useListWorklistPages } from "../../queries";
import { whoIn } from "../../sayings";
import { Entries } from "./Entries";
import { Failed, useFailed } from "./Failed";
import { Part } from "./Part";
import { Strangers } from "./Strangers";
import { isShown, Summary, useCounts, useStrangers } from "./Summary";
import { needsStaff, useWaiting, Waiting } from "./Waiting";

/** What is to be seen of people: those that are open, put off, or settled. */
function usePeople() {
  const { which = "open", reason } = useSearch({ from: "/worklist" });
  const entries = useListWorklistPages(
    { resolved: which === "resolved", snoozed: which === "snoozed", reason, limit: 50 },
    // What was put off comes back by the clock, not by a change.
    { refetchInterval: MINUTE_MS },
  );
  const strangers = useStrangers(which === "resolved");
  const all = entries.data?.rows ?? [];
  return {
    entries,
    rows: which === "snoozed" ? all.filter((row) => row.snoozedUntil) : all,
    strangers,
    unknown: strangers.data?.rows ?? [],
  };
}

/** The parts of the screen that are shown. */
function useShown() {
  const { which = "open", reason, part } = useSearch({ from: "/worklist" });
  // What failed or waits is neither put off nor settled here, and has causes of its own.
  const areOpen = (which === "open" && !reason) || !!part;
  return {
    people: isShown("people", part),
    unknown: isShown("unknown", part) && !reason && which !== "snoozed",
    failed: isShown("failed", part) && areOpen,
    waiting: isShown("waiting", part) && areOpen,
  };
}

export function People() {
  const { t } = useWords();
  const { part } = useSearch({ from: "/worklist" });
  const { entries, rows, strangers, unknown } = usePeople();
  const failed = useFailed();
  const waiting = useWaiting();
  const shows = useShown();
  // "Nobody needs you" is said only once all parts are known.
  const isKnown =
    !!entries.data &&
    (!shows.unknown || !!strangers.data) &&
    (!shows.failed || !!failed.list.data) &&
    (!shows.waiting || !!waiting.data);
  const groups = waiting.data?.items ?? [];
  const areAll = !strangers.hasNextPage;
  const outage = outageOf([
    shows.people && entries,
    shows.unknown && strangers,
    shows.failed && failed.list,
    shows.waiting && waiting,
  ]);
  const isClear =
    isKnown &&
    !(shows.people && rows.length) &&
    !(shows.unknown && unknown.length) &&
    !(shows.failed && failed.rows.length) &&
    !(shows.waiting && groups.some(needsStaff));
  return (
    <Page title={t("People who need you")}>
      <Summary chosen={part} />
      {(shows.people || part === "unknown") && <Which />}
      {isClear && <Clear />}
      <Problem {...outage.said} />
      {shows.unknown && <Unknown rows={unknown.filter(isUrgent)} isWhole={areAll} urgent />}
      {shows.people && (
        <Pages list={outage.told(entries)}>
          <Entries rows={rows} isWhole={!entries.hasNextPage} />
        </Pages>
      )}
      {shows.unknown && (
        <Pages list={outage.told(strangers)}>
          <Unknown rows={unknown.filter((one) => !isUrgent(one))} isWhole={areAll} />
        </Pages>
      )}
      {shows.failed && <Failed failed={{ ...failed, list: outage.told(failed.list) }} />}
      {shows.waiting && (
        <>
          <Problem error={outage.told(waiting).error} again={waiting.refetch} />
          {groups.length > 0 && <Waiting groups={groups} />}
        </>
      )}
    </Page>
  );
}

type Read = { error: ProblemError | null; refetch: () => unknown };

/** What several parts fail with alike is said once, and tried again for all of them. */
function outageOf(parts: (Read | false)[]) {
  const failing = parts.filter((part) => part !== false).filter(({ error }) => error);
  const isOne = failing.length > 1 && new Set(failing.map(({ error }) => error?.problem.code)).size === 1;
  const error = (isOne && failing[0]?.error) || null;
  return {
    said: { error, again: () => failing.map((part) => part.refetch()) },
    /** The part without what is said already. */
    told: <T extends Read>(part: T): T => (isOne ? { ...part, error: null } : part),
  };
}

/** Which people: in the address, so that Back brings them again. */
function Which() {
  const { t } = useWords();
  const { which = "open", reason, part } = useSearch({ from: "/worklist" });
  const navigate = useNavigate({ from: "/worklist" });
  const choose = (value: string) =>
    navigate({ search: (was) => ({ ...was, reason: namesOf(WORK_REASONS).find((name) => name === value) }) });
  return (
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
      {part !== "unknown" && (
        <NativeSelect
          aria-label={t("Why")}
          value={reason ?? ""}
          onChange={(event) => choose(event.currentTarget.value)}
          data={[
            { value: "", label: t("All reasons") },
            ...namesOf(WORK_REASONS).map((value) => ({ value, label: t(WORK_REASONS[value].label) })),
          ]}
        />
      )}
    </Group>
  );
}

/** Nothing is left of what is asked for. */
function Clear() {
  const { t } = useWords();
  const { which = "open", reason, part } = useSearch({ from: "/worklist" });
  const { people, unknown, failed, waiting } = useCounts();
  if (which !== "open") return <Empty text={t("Nothing here yet.")} />;
  const isNothingElse = people + (unknown ?? 0) + failed + waiting === 0;
  if (reason || (part && !isNothingElse)) return <Empty text={t("Nothing of this kind needs you.")} />;
  return (
    <Empty
      text={t("All clear. Nothing needs you.")}
      action={
        <Stack align="center" gap="xs">
          <LastSettled />
          <LinkButton to="/worklist" search={{ which: "resolved" }} variant="default">
            {t("See what was settled")}
          </LinkButton>
        </Stack>
      }
    />
  );
}

/** Who needed somebody last, and who saw to it. */
function LastSettled() {
  const { t } = useWords();
  const settled = useLastSettled({}).data?.settled;
  if (!settled) return null;
  return (
    <Text size="sm" c="dimmed" component="div">
      {t("Last:")}{" "}
      <Link to="/patients/$id" params={{ id: settled.patientId }}>
        {settled.patientName}
      </Link>
      {", "}
      <When at={settled.resolvedAt} />
      {` · ${t("settled by {who}", { who: whoIn(settled.resolvedBy ?? "", t) })}`}
    </Text>
  );
}

/** Whether somebody unknown is to be seen before everybody else. */
const isUrgent = (stranger: Stranger) => stranger.urgent && !stranger.resolvedAt;

type SomeUnknown = { rows: Stranger[]; isWhole: boolean; urgent?: boolean };

function Unknown({ rows, isWhole, urgent = false }: SomeUnknown) {
  const { t } = useWords();
  if (rows.length === 0) return null;
  return (
    <Part
      title={urgent ? t("Urgent: someone unknown wrote") : t("Someone unknown wrote")}
      count={isWhole ? rows.length : undefined}
    >
      <Strangers rows={rows} />
    </Part>
  );
}
