// People who need a person: what happened in plain words, and what to do about it.

import { Badge, Card, Group, NativeSelect, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconPhone } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { Stranger, WorkItem } from "../../bindings";
import { Choice, Empty, Page, Pages, When } from "../../components/kit";
import { hasMore, Said } from "../../components/Said";
import { useWords } from "../../i18n/useWords";
import { namesOf, WORK_REASONS, whatHappened } from "../../labels";
import { chosen } from "../../lib/format";
import { useListStrangersPages, useListWorklistPages } from "../../queries";
import { whoIn } from "../../sayings";
import { Strangers } from "./Strangers";
import { Untold } from "./Untold";
import { WorkActions } from "./WorkActions";

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
        <Entries rows={rows} />
      </Pages>
      {withStrangers && (
        <Pages list={strangers}>
          <Strangers rows={unknown.filter((stranger) => !isUrgent(stranger))} />
        </Pages>
      )}
    </Page>
  );
}

function Entries({ rows }: { rows: WorkItem[] }) {
  return (
    <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: "none" }}>
      {rows.map((row) => (
        <Entry key={row.id} item={row} />
      ))}
    </Stack>
  );
}

/** What was said, below the line; a few words alone stand in it. */
function shownWords({ said }: WorkItem) {
  const [only, ...more] = said;
  return only && (more.length || only.unsentAt || hasMore(only)) ? said : [];
}

function Entry({ item }: { item: WorkItem }) {
  const { t, locale } = useWords();
  const { label, color } = WORK_REASONS[item.reason];
  // A message of its own, outside any care plan, has no step to name.
  const said = shownWords(item);
  const about = item.protocolName ? [item.protocolName, item.stepName].filter(Boolean).join(" · ") : "";
  return (
    <Card
      component="li"
      withBorder
      style={item.urgent && !item.resolvedAt ? { borderColor: "var(--mantine-color-red-6)" } : undefined}
    >
      <Group justify="space-between" align="flex-start">
        <Stack gap={4} flex={1} miw={260}>
          <Group gap="xs">
            <Title order={2} size="h5">
              <Link to="/patients/$id" params={{ id: item.patientId }} className="row-link">
                {item.patientName}
              </Link>
            </Title>
            <Badge
              color={color}
              variant="light"
              leftSection={item.urgent ? <IconAlertTriangle size={12} aria-hidden /> : undefined}
            >
              {t(label)}
            </Badge>
            {item.owner && <Badge variant="outline">{whoIn(item.owner, t)}</Badge>}
          </Group>
          <Text size="sm">
            {t(whatHappened(item))}
            {item.detail && !said.length && (
              <>
                {": "}
                <b>“{item.detail}”</b>
                {item.chosen && ` – ${chosen(item.chosen, locale)}`}
              </>
            )}
          </Text>
          {said.map((words) => (
            <Said key={`${words.at} ${words.kind} ${words.text}`} said={words} />
          ))}
          {item.untold && <Untold />}
          {about && (
            <Text size="sm" c="dimmed">
              {about}
            </Text>
          )}
          <Text size="sm" c="dimmed" component="div">
            <When at={item.createdAt} />
            {item.snoozedUntil && (
              <>
                {" "}
                · {t("comes back")} <When at={item.snoozedUntil} />
              </>
            )}
            {item.resolvedAt && ` · ${t("settled by {who}", { who: whoIn(item.resolvedBy ?? "", t) })}`}
          </Text>
          {item.notes.map((note) => (
            <Text key={note.id} size="sm">
              {note.kind === "call" && <IconPhone size={14} aria-label={t("Called")} />} {note.text}{" "}
              <Text span c="dimmed" size="sm">
                ({whoIn(note.author, t)})
              </Text>
            </Text>
          ))}
        </Stack>
        <WorkActions item={item} />
      </Group>
    </Card>
  );
}
