// Entries of the worklist: what happened to whom, in words, and what to do about it.

import { Badge, Card, Group, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconPhone } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { WorkItem } from "../bindings";
import { Latest, When } from "../components/kit";
import { type Selection, SelectOne } from "../components/selection";
import { Untold } from "../components/Untold";
import { useWords } from "../i18n/useWords";
import { WORK_REASONS, whatHappened } from "../labels";
import { chosen } from "../lib/format";
import { whoIn } from "../sayings";
import { AllSaid, hasMore } from "./Said";
import { WorkActions } from "./WorkActions";

type Shown = {
  heading?: 2 | 3;
  /** Where several may be chosen. */
  selection?: Selection;
  /** What is offered beside the acts on the entry itself. */
  reach?: (item: WorkItem) => ReactNode;
  /** Those that arrived just now. */
  fresh?: ReadonlySet<string>;
};

export function WorkEntries({ rows, ...shown }: Shown & { rows: WorkItem[] }) {
  return (
    <Stack component="ul" gap="sm" p={0} m={0} style={{ listStyle: "none" }}>
      {rows.map((row) => (
        <Entry key={row.id} item={row} {...shown} />
      ))}
    </Stack>
  );
}

/** What is new of an entry: that it came, or what the patient said since. */
export const NEWS_OF_WORK = {
  keyOf: ({ id, said }: WorkItem) => `${id} ${said.at(-1)?.at ?? ""}`,
  at: ({ createdAt, said }: WorkItem) => said.at(-1)?.at ?? createdAt,
};

/** What was said, below the line; a few words alone stand in it. */
function shownWords({ said }: WorkItem) {
  const [only, ...more] = said;
  return only && (more.length || only.unsentAt || hasMore(only)) ? said : [];
}

function Entry({ item, heading = 2, selection, reach, fresh }: Shown & { item: WorkItem }) {
  return (
    <Card
      component="li"
      withBorder
      className={fresh?.has(item.id) ? "entry fresh" : "entry"}
      style={item.urgent && !item.resolvedAt ? { borderColor: "var(--mantine-color-red-6)" } : undefined}
    >
      <Group justify="space-between" align="flex-start">
        <Group flex={1} miw="min(260px, 100%)" gap="sm" wrap="nowrap" align="flex-start">
          {selection && <SelectOne id={item.id} name={item.patientName} selection={selection} />}
          <Stack gap={4} flex={1} miw={0}>
            <Who item={item} heading={heading} />
            <What item={item} />
            <Since item={item} />
            <Notes item={item} />
          </Stack>
        </Group>
        <WorkActions item={item} />
      </Group>
      {reach?.(item)}
    </Card>
  );
}

function Who({ item, heading }: { item: WorkItem; heading: 2 | 3 }) {
  const { t } = useWords();
  const { label, color } = WORK_REASONS[item.reason];
  return (
    <Group gap="xs">
      <Title order={heading} size="h5">
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
  );
}

/** What happened, in words; the patient's own in full. */
function What({ item }: { item: WorkItem }) {
  const { t, locale } = useWords();
  const said = shownWords(item);
  // A message of its own, outside any care plan, has no step to name.
  const about = item.protocolName ? [item.protocolName, item.stepName].filter(Boolean).join(" · ") : "";
  return (
    <>
      <Text size="sm" className="said">
        {t(whatHappened(item))}
        {item.detail && !said.length && (
          <>
            {": "}
            <b>“{item.detail}”</b>
            {item.chosen && ` – ${chosen(item.chosen, locale)}`}
          </>
        )}
      </Text>
      <AllSaid said={said} />
      {item.untold && <Untold />}
      {about && (
        <Text size="sm" c="dimmed">
          {about}
        </Text>
      )}
    </>
  );
}

/** When it came up, and when the patient last said something about it. */
function Since({ item }: { item: WorkItem }) {
  const { t } = useWords();
  return (
    <Text size="sm" c="dimmed" component="div">
      <When at={item.createdAt} />
      <Latest at={item.said.at(-1)?.at} since={item.createdAt} />
      {item.snoozedUntil && (
        <>
          {" "}
          · {t("comes back")} <When at={item.snoozedUntil} />
        </>
      )}
      {item.resolvedAt && ` · ${t("settled by {who}", { who: whoIn(item.resolvedBy ?? "", t) })}`}
    </Text>
  );
}

function Notes({ item }: { item: WorkItem }) {
  const { t } = useWords();
  return item.notes.map((note) => (
    <Text key={note.id} size="sm" className="said">
      {note.kind === "call" && <IconPhone size={14} aria-label={t("Called")} />} {note.text}{" "}
      <Text span c="dimmed" size="sm">
        ({whoIn(note.author, t)})
      </Text>
    </Text>
  ));
}
